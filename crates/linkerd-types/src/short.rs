//! Short constructors for what people write daily.

use k8s_openapi::api::networking::v1::IPBlock;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::policy::v1alpha1::{
    AuthenticationRef, AuthorizationPolicySpec, HttpLocalRateLimitPolicySpec, IdentityRef,
    LocalTargetRef, MeshTlsAuthenticationSpec, NetworkAuthenticationSpec, RateLimit,
};
use crate::policy::v1beta1::{
    MeshTlsClient, ServerAuthorizationSpec, ServerClient, ServerSelector, ServiceAccountName,
};
use crate::policy::v1beta3::{
    AccessPolicy, HttpBackendRef, HttpMethod, HttpPathMatch, HttpRouteMatch, HttpRouteRule,
    HttpRouteSpec, ParentReference, PathMatchType, ProxyProtocol, ServerSpec, ServerTarget,
};
use crate::v1alpha2::{RequestMatch, RouteSpec, ServiceProfileSpec};

const GROUP: &str = "policy.linkerd.io";

impl ServerSpec {
    /// A port, by number or name, of pods with this label.
    pub fn of_pods(label: (&str, &str), port: IntOrString) -> Self {
        Self {
            port,
            access_policy: None,
            proxy_protocol: None,
            choice: ServerTarget::PodSelector(labelled(label)),
        }
    }

    /// The same, spoken to so.
    #[must_use]
    pub fn speaking(mut self, protocol: ProxyProtocol) -> Self {
        self.proxy_protocol = Some(protocol);
        self
    }

    /// The same; without a policy for it, these are let in.
    #[must_use]
    pub fn letting_in(mut self, policy: AccessPolicy) -> Self {
        self.access_policy = Some(policy);
        self
    }
}

impl AuthorizationPolicySpec {
    /// Lets in to this Server whoever proves all of this.
    pub fn to_server(
        server: impl Into<String>,
        proofs: impl IntoIterator<Item = AuthenticationRef>,
    ) -> Self {
        Self::to(LocalTargetRef::of("Server", server), proofs)
    }

    /// Lets in to this HTTPRoute whoever proves all of this.
    pub fn to_route(
        route: impl Into<String>,
        proofs: impl IntoIterator<Item = AuthenticationRef>,
    ) -> Self {
        Self::to(LocalTargetRef::of("HTTPRoute", route), proofs)
    }

    fn to(target: LocalTargetRef, proofs: impl IntoIterator<Item = AuthenticationRef>) -> Self {
        Self {
            target_ref: target,
            required_authentication_refs: proofs.into_iter().collect(),
        }
    }
}

impl LocalTargetRef {
    /// An object of Linkerd's policies, by kind and name.
    pub fn of(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            name: name.into(),
            group: Some(GROUP.to_owned()),
        }
    }
}

impl AuthenticationRef {
    /// A MeshTLSAuthentication of the same namespace.
    pub fn mesh_tls(name: impl Into<String>) -> Self {
        Self::of(GROUP, "MeshTLSAuthentication", name)
    }

    /// A NetworkAuthentication of the same namespace.
    pub fn network(name: impl Into<String>) -> Self {
        Self::of(GROUP, "NetworkAuthentication", name)
    }

    /// A ServiceAccount.
    pub fn service_account(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            namespace: Some(namespace.into()),
            ..Self::of("", "ServiceAccount", name)
        }
    }

    fn of(group: &str, kind: &str, name: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            name: name.into(),
            group: (!group.is_empty()).then(|| group.to_owned()),
            namespace: None,
        }
    }
}

impl MeshTlsAuthenticationSpec {
    /// Clients with these names, such as `*.demo.serviceaccount.identity.linkerd.cluster.local`; `*` is everybody in the mesh.
    pub fn identities<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        Self::Identities(texts(names))
    }

    /// Clients with these ServiceAccounts, each by namespace and name.
    pub fn service_accounts<'a>(accounts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let accounts = accounts.into_iter().map(|(namespace, name)| IdentityRef {
            kind: "ServiceAccount".to_owned(),
            group: None,
            name: Some(name.to_owned()),
            namespace: Some(namespace.to_owned()),
        });
        Self::IdentityRefs(accounts.collect())
    }
}

impl NetworkAuthenticationSpec {
    /// Clients with addresses in these ranges: `10.0.0.0/8`.
    pub fn of<S: Into<String>>(ranges: impl IntoIterator<Item = S>) -> Self {
        Self {
            networks: ranges.into_iter().map(range).collect(),
        }
    }
}

impl HttpLocalRateLimitPolicySpec {
    /// So many requests a second of all clients of this Server together, for each of its pods.
    pub fn of_server(server: impl Into<String>, requests: u32) -> Self {
        Self {
            target_ref: LocalTargetRef::of("Server", server),
            total: Some(RateLimit {
                requests_per_second: requests.into(),
            }),
            identity: None,
            overrides: Vec::new(),
        }
    }

    /// The same, and so many of each client.
    #[must_use]
    pub fn per_client(mut self, requests: u32) -> Self {
        self.identity = Some(RateLimit {
            requests_per_second: requests.into(),
        });
        self
    }
}

impl HttpRouteSpec {
    /// Requests that come in to this Server: what policies for the route are about.
    pub fn of_server(
        server: impl Into<String>,
        rules: impl IntoIterator<Item = HttpRouteRule>,
    ) -> Self {
        Self::of(ParentReference::of(GROUP, "Server", server), rules)
    }

    /// Requests that go out to a port of this Service.
    pub fn of_service(
        service: impl Into<String>,
        port: i32,
        rules: impl IntoIterator<Item = HttpRouteRule>,
    ) -> Self {
        let parent = ParentReference {
            port: Some(port),
            ..ParentReference::of("core", "Service", service)
        };
        Self::of(parent, rules)
    }

    fn of(parent: ParentReference, rules: impl IntoIterator<Item = HttpRouteRule>) -> Self {
        Self {
            hostnames: Vec::new(),
            parent_refs: vec![parent],
            rules: rules.into_iter().collect(),
        }
    }
}

impl ParentReference {
    fn of(group: &str, kind: &str, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            group: Some(group.to_owned()),
            kind: Some(kind.to_owned()),
            namespace: None,
            port: None,
            section_name: None,
        }
    }
}

impl HttpRouteRule {
    /// Requests of which one of these fits, and where they go.
    pub fn of(
        matches: impl IntoIterator<Item = HttpRouteMatch>,
        backends: impl IntoIterator<Item = HttpBackendRef>,
    ) -> Self {
        Self {
            backend_refs: backends.into_iter().collect(),
            matches: matches.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl HttpRouteMatch {
    /// Requests whose path begins so.
    pub fn prefix(path: impl Into<String>) -> Self {
        Self::path(PathMatchType::PathPrefix, path)
    }

    /// Requests with this path.
    pub fn exact(path: impl Into<String>) -> Self {
        Self::path(PathMatchType::Exact, path)
    }

    /// The same with this method alone.
    #[must_use]
    pub fn with_method(mut self, method: HttpMethod) -> Self {
        self.method = Some(method);
        self
    }

    fn path(kind: PathMatchType, value: impl Into<String>) -> Self {
        let path = HttpPathMatch {
            type_: Some(kind),
            value: Some(value.into()),
        };
        Self {
            path: Some(path),
            ..Self::default()
        }
    }
}

impl HttpBackendRef {
    /// A port of a Service of the same namespace.
    pub fn service(name: impl Into<String>, port: i32) -> Self {
        Self {
            name: name.into(),
            group: None,
            kind: None,
            namespace: None,
            port: Some(port),
            weight: None,
            filters: Vec::new(),
        }
    }

    /// The same with this share of the requests, in proportion to those of the others.
    #[must_use]
    pub fn weighted(mut self, weight: i32) -> Self {
        self.weight = Some(weight);
        self
    }
}

impl ServerAuthorizationSpec {
    /// Lets these ServiceAccounts, each by namespace and name, in to this Server.
    pub fn service_accounts<'a>(
        server: impl Into<String>,
        accounts: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let accounts = accounts.into_iter();
        let accounts = accounts.map(|(namespace, name)| ServiceAccountName {
            name: name.to_owned(),
            namespace: Some(namespace.to_owned()),
        });
        let mesh = MeshTlsClient {
            service_accounts: accounts.collect(),
            ..MeshTlsClient::default()
        };
        Self {
            server: ServerSelector::Name(server.into()),
            client: ServerClient {
                mesh_tls: Some(mesh),
                ..ServerClient::default()
            },
        }
    }
}

impl ServiceProfileSpec {
    /// A Service with these routes.
    pub fn of(routes: impl IntoIterator<Item = RouteSpec>) -> Self {
        Self {
            routes: routes.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl RouteSpec {
    /// Requests with this method whose whole path fits a regular expression, called after both.
    pub fn of(method: &str, path_regex: &str) -> Self {
        let condition = RequestMatch {
            path_regex: Some(path_regex.to_owned()),
            method: Some(method.to_owned()),
            ..RequestMatch::default()
        };
        Self {
            condition,
            name: format!("{method} {path_regex}"),
            is_retryable: None,
            timeout: None,
            response_classes: Vec::new(),
        }
    }

    /// The same, sent again when they fail.
    #[must_use]
    pub fn retried(mut self) -> Self {
        self.is_retryable = Some(true);
        self
    }

    /// The same, given up after this time: `300ms`.
    #[must_use]
    pub fn within(mut self, timeout: impl Into<String>) -> Self {
        self.timeout = Some(timeout.into());
        self
    }
}

fn labelled((key, value): (&str, &str)) -> LabelSelector {
    LabelSelector {
        match_labels: Some([(key.to_owned(), value.to_owned())].into()),
        ..LabelSelector::default()
    }
}

fn range(cidr: impl Into<String>) -> IPBlock {
    IPBlock {
        cidr: cidr.into(),
        except: None,
    }
}

fn texts<S: Into<String>>(items: impl IntoIterator<Item = S>) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}
