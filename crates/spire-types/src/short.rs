//! Short constructors for what people write daily.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::v1alpha1::{
    BundleEndpointProfile, BundleEndpointProfileType, ClusterFederatedTrustDomainSpec,
    ClusterSpiffeIdSpec, ClusterStaticEntrySpec,
};

impl ClusterSpiffeIdSpec {
    /// This ID for all pods, as a template of Go.
    pub fn of(template: impl Into<String>) -> Self {
        Self {
            spiffe_id_template: template.into(),
            admin: None,
            auto_populate_dns_names: None,
            class_name: None,
            dns_name_templates: Vec::new(),
            downstream: None,
            fallback: None,
            federates_with: Vec::new(),
            hint: None,
            jwt_ttl: None,
            namespace_selector: None,
            pod_selector: None,
            ttl: None,
            workload_selector_templates: Vec::new(),
        }
    }

    /// For each pod the ID that is usual: `spiffe://DOMAIN/ns/NAMESPACE/sa/SERVICEACCOUNT`.
    pub fn by_service_account() -> Self {
        Self::of(
            "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}",
        )
    }

    /// The same, but only pods with this label, and with those that were asked for before.
    #[must_use]
    pub fn for_pods(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        label(&mut self.pod_selector, key.into(), value.into());
        self
    }

    /// The same, but only pods in namespaces with this label, and with those that were asked for before.
    #[must_use]
    pub fn in_namespaces(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        label(&mut self.namespace_selector, key.into(), value.into());
        self
    }

    /// The same, with certificates that are valid for so long: `1h`.
    #[must_use]
    pub fn valid_for(mut self, ttl: impl Into<String>) -> Self {
        self.ttl = Some(ttl.into());
        self
    }

    /// The same, with the names of the Services that lead to the pod in its certificates.
    #[must_use]
    pub fn with_dns_names(mut self) -> Self {
        self.auto_populate_dns_names = Some(true);
        self
    }

    /// The same; the workloads get the bundles of these other trust domains, too.
    #[must_use]
    pub fn federating_with<S: Into<String>>(
        mut self,
        domains: impl IntoIterator<Item = S>,
    ) -> Self {
        self.federates_with = texts(domains);
        self
    }

    /// The same, for pods that no other ClusterSPIFFEID picks.
    #[must_use]
    pub fn as_fallback(mut self) -> Self {
        self.fallback = Some(true);
        self
    }
}

impl ClusterFederatedTrustDomainSpec {
    /// A domain whose endpoint has a certificate that public authorities vouch for.
    pub fn web(domain: impl Into<String>, url: impl Into<String>) -> Self {
        let profile = BundleEndpointProfile {
            type_: BundleEndpointProfileType::HttpsWeb,
            endpoint_spiffe_id: None,
        };
        Self::of(domain, url, profile)
    }

    /// A domain whose endpoint has a certificate of SPIFFE, with this ID.
    pub fn spiffe(
        domain: impl Into<String>,
        url: impl Into<String>,
        endpoint: impl Into<String>,
    ) -> Self {
        let profile = BundleEndpointProfile {
            type_: BundleEndpointProfileType::HttpsSpiffe,
            endpoint_spiffe_id: Some(endpoint.into()),
        };
        Self::of(domain, url, profile)
    }

    /// The same with the domain's bundle as it is now, as JSON.
    #[must_use]
    pub fn trusting(mut self, bundle: impl Into<String>) -> Self {
        self.trust_domain_bundle = Some(bundle.into());
        self
    }

    fn of(
        domain: impl Into<String>,
        url: impl Into<String>,
        profile: BundleEndpointProfile,
    ) -> Self {
        Self {
            bundle_endpoint_profile: profile,
            bundle_endpoint_url: url.into(),
            trust_domain: domain.into(),
            class_name: None,
            trust_domain_bundle: None,
        }
    }
}

impl ClusterStaticEntrySpec {
    /// This ID for a workload of which all selectors hold, such as `unix:uid:1000`, handed out by the agent with the second ID.
    pub fn of<S: Into<String>>(
        id: impl Into<String>,
        parent: impl Into<String>,
        selectors: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            parent_id: parent.into(),
            selectors: texts(selectors),
            spiffe_id: id.into(),
            admin: None,
            class_name: None,
            dns_names: Vec::new(),
            downstream: None,
            federates_with: Vec::new(),
            hint: None,
            jwt_svid_ttl: None,
            store_svid: None,
            x509_svid_ttl: None,
        }
    }
}

fn label(selector: &mut Option<LabelSelector>, key: String, value: String) {
    let selector = selector.get_or_insert_default();
    let labels = selector.match_labels.get_or_insert_default();
    labels.insert(key, value);
}

fn texts<S: Into<String>>(items: impl IntoIterator<Item = S>) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}
