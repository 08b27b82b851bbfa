//! Short constructors for what people write daily.

use crate::v1::{
    AcmeChallengeSolver, AcmeDns01Solver, AcmeHttp01Solver, AcmeIssuer, CaIssuer,
    CertificateDnsNameSelector, CertificatePrivateKey, CertificateSpec, CloudflareProvider,
    Http01GatewayHttpRoute, Http01Ingress, IssuerReference, IssuerSpec, ParentReference,
    PrivateKeyAlgorithm, SecretKeySelector, SelfSignedIssuer,
};

fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Vec<String> {
    texts.into_iter().map(Into::into).collect()
}

impl CertificateSpec {
    /// A certificate for these host names, kept in this Secret.
    pub fn for_names<N: Into<String>>(
        secret: impl Into<String>,
        issuer: IssuerReference,
        names: impl IntoIterator<Item = N>,
    ) -> Self {
        Self {
            dns_names: texts(names),
            ..Self::by(secret.into(), issuer)
        }
    }

    /// The certificate of a CA of one's own, kept in this Secret, from which a [`CaIssuer`] reads it.
    pub fn for_ca(
        secret: impl Into<String>,
        issuer: IssuerReference,
        common_name: impl Into<String>,
    ) -> Self {
        Self {
            common_name: Some(common_name.into()),
            is_ca: Some(true),
            ..Self::by(secret.into(), issuer)
        }
    }

    /// The same, valid for this long: `2160h`.
    #[must_use]
    pub fn lasting(mut self, duration: impl Into<String>) -> Self {
        self.duration = Some(duration.into());
        self
    }

    /// The same, renewed this long before its end: `360h`.
    #[must_use]
    pub fn renewed_before(mut self, duration: impl Into<String>) -> Self {
        self.renew_before = Some(duration.into());
        self
    }

    /// The same with a key of this kind.
    #[must_use]
    pub fn with_key(mut self, key: CertificatePrivateKey) -> Self {
        self.private_key = Some(key);
        self
    }

    fn by(secret_name: String, issuer_ref: IssuerReference) -> Self {
        Self {
            issuer_ref,
            secret_name,
            additional_output_formats: Vec::new(),
            common_name: None,
            dns_names: Vec::new(),
            duration: None,
            email_addresses: Vec::new(),
            encode_usages_in_request: None,
            ip_addresses: Vec::new(),
            is_ca: None,
            keystores: None,
            literal_subject: None,
            name_constraints: None,
            other_names: Vec::new(),
            private_key: None,
            renew_before: None,
            renew_before_percentage: None,
            renewal: None,
            revision_history_limit: None,
            secret_template: None,
            signature_algorithm: None,
            subject: None,
            uris: Vec::new(),
            usages: Vec::new(),
        }
    }
}

impl CertificatePrivateKey {
    /// A key for ECDSA with 256 bits.
    pub fn ecdsa() -> Self {
        Self {
            algorithm: Some(PrivateKeyAlgorithm::Ecdsa),
            size: Some(256),
            ..Self::default()
        }
    }

    /// A key for RSA with 4096 bits.
    pub fn rsa4096() -> Self {
        Self {
            algorithm: Some(PrivateKeyAlgorithm::Rsa),
            size: Some(4096),
            ..Self::default()
        }
    }
}

impl IssuerReference {
    /// An Issuer of the same namespace.
    pub fn issuer(name: impl Into<String>) -> Self {
        Self::of("Issuer", name.into())
    }

    /// A ClusterIssuer.
    pub fn cluster_issuer(name: impl Into<String>) -> Self {
        Self::of("ClusterIssuer", name.into())
    }

    fn of(kind: &str, name: String) -> Self {
        Self {
            name,
            group: None,
            kind: Some(kind.to_owned()),
        }
    }
}

impl IssuerSpec {
    /// Certificates sign themselves.
    pub fn self_signed() -> Self {
        Self {
            self_signed: Some(SelfSignedIssuer::default()),
            ..Self::default()
        }
    }

    /// A CA whose certificate and key are in this Secret.
    pub fn ca(secret: impl Into<String>) -> Self {
        Self {
            ca: Some(CaIssuer {
                secret_name: secret.into(),
                crl_distribution_points: Vec::new(),
                issuing_certificate_urls: Vec::new(),
                ocsp_servers: Vec::new(),
            }),
            ..Self::default()
        }
    }

    /// An ACME server; the account's key is kept in this Secret.
    pub fn acme(
        server: impl Into<String>,
        account_secret: impl Into<String>,
        solvers: impl IntoIterator<Item = AcmeChallengeSolver>,
    ) -> Self {
        Self {
            acme: Some(AcmeIssuer {
                private_key_secret_ref: SecretKeySelector {
                    name: account_secret.into(),
                    key: None,
                },
                server: server.into(),
                ca_bundle: None,
                disable_account_key_generation: None,
                email: None,
                enable_duration_feature: None,
                external_account_binding: None,
                preferred_chain: None,
                profile: None,
                skip_tls_verify: None,
                solvers: solvers.into_iter().collect(),
            }),
            ..Self::default()
        }
    }
}

impl AcmeChallengeSolver {
    /// By HTTP, through Ingresses of this class.
    pub fn http01_ingress(class: impl Into<String>) -> Self {
        Self {
            http01: Some(AcmeHttp01Solver {
                ingress: Some(Http01Ingress {
                    ingress_class_name: Some(class.into()),
                    ..Http01Ingress::default()
                }),
                ..AcmeHttp01Solver::default()
            }),
            ..Self::default()
        }
    }

    /// By HTTP, through a route at this Gateway.
    pub fn http01_gateway(name: impl Into<String>, namespace: impl Into<String>) -> Self {
        let gateway = ParentReference {
            name: name.into(),
            group: None,
            kind: None,
            namespace: Some(namespace.into()),
            port: None,
            section_name: None,
        };
        Self {
            http01: Some(AcmeHttp01Solver {
                gateway_http_route: Some(Http01GatewayHttpRoute {
                    parent_refs: vec![gateway],
                    ..Http01GatewayHttpRoute::default()
                }),
                ..AcmeHttp01Solver::default()
            }),
            ..Self::default()
        }
    }

    /// By DNS at Cloudflare, with the token in this key of a Secret.
    pub fn dns01_cloudflare(secret: impl Into<String>, key: impl Into<String>) -> Self {
        let token = SecretKeySelector {
            name: secret.into(),
            key: Some(key.into()),
        };
        Self {
            dns01: Some(AcmeDns01Solver {
                cloudflare: Some(CloudflareProvider {
                    api_token_secret_ref: Some(token),
                    ..CloudflareProvider::default()
                }),
                ..AcmeDns01Solver::default()
            }),
            ..Self::default()
        }
    }

    /// The same, for names in these zones alone.
    #[must_use]
    pub fn for_zones<Z: Into<String>>(mut self, zones: impl IntoIterator<Item = Z>) -> Self {
        let selector = CertificateDnsNameSelector {
            dns_zones: texts(zones),
            ..CertificateDnsNameSelector::default()
        };
        self.selector = Some(selector);
        self
    }
}
