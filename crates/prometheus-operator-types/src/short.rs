//! Short constructors for what people write daily.

use k8s_openapi::api::core::v1::SecretKeySelector;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::v1::{
    BasicAuth, Endpoint, NamespaceSelector, PodMetricsEndpoint, PodMonitorSpec, ProbeSpec,
    ProbeTargetStaticConfig, ProbeTargets, ProberSpec, PrometheusRuleSpec, RelabelAction,
    RelabelConfig, Rule, RuleGroup, SafeTlsConfig, ServiceMonitorSpec,
};

fn labels<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> LabelSelector {
    let pairs = pairs.into_iter();
    let pairs = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
    LabelSelector {
        match_labels: Some(pairs.collect()),
        ..LabelSelector::default()
    }
}

impl ServiceMonitorSpec {
    /// Scrapes these ports of all Services with these labels, in the monitor's own namespace.
    pub fn of_services<'a>(
        with: impl IntoIterator<Item = (&'a str, &'a str)>,
        endpoints: impl IntoIterator<Item = Endpoint>,
    ) -> Self {
        Self {
            endpoints: endpoints.into_iter().collect(),
            selector: labels(with),
            ..Self::default()
        }
    }

    /// The same, with Services looked for there.
    #[must_use]
    pub fn in_namespaces(mut self, namespaces: NamespaceSelector) -> Self {
        self.namespace_selector = Some(namespaces);
        self
    }
}

impl PodMonitorSpec {
    /// Scrapes these ports of all pods with these labels, in the monitor's own namespace.
    pub fn of_pods<'a>(
        with: impl IntoIterator<Item = (&'a str, &'a str)>,
        endpoints: impl IntoIterator<Item = PodMetricsEndpoint>,
    ) -> Self {
        Self {
            pod_metrics_endpoints: endpoints.into_iter().collect(),
            selector: labels(with),
            ..Self::default()
        }
    }
}

impl NamespaceSelector {
    /// All namespaces.
    pub fn any() -> Self {
        Self {
            any: Some(true),
            ..Self::default()
        }
    }

    /// These namespaces.
    pub fn names<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self {
            match_names: names.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }
}

impl Endpoint {
    /// The Services' port of this name, scraped at `/metrics`.
    pub fn port(name: impl Into<String>) -> Self {
        Self {
            port: Some(name.into()),
            ..Self::default()
        }
    }

    /// The same port, scraped at another path.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same port, scraped this often: `30s`.
    #[must_use]
    pub fn every(mut self, interval: impl Into<String>) -> Self {
        self.interval = Some(interval.into());
        self
    }
}

impl PodMetricsEndpoint {
    /// The pods' port of this name, scraped at `/metrics`.
    pub fn port(name: impl Into<String>) -> Self {
        Self {
            port: Some(name.into()),
            ..Self::default()
        }
    }
}

impl ProbeSpec {
    /// Asks for these addresses, through the prober at this host and port, by one of its modules.
    pub fn of_addresses<A: Into<String>>(
        prober: impl Into<String>,
        module: impl Into<String>,
        addresses: impl IntoIterator<Item = A>,
    ) -> Self {
        let addresses = ProbeTargetStaticConfig {
            static_: addresses.into_iter().map(Into::into).collect(),
            ..ProbeTargetStaticConfig::default()
        };
        Self {
            module: Some(module.into()),
            prober: Some(ProberSpec {
                url: prober.into(),
                no_proxy: None,
                path: None,
                proxy_connect_header: Default::default(),
                proxy_from_environment: None,
                proxy_url: None,
                scheme: None,
            }),
            targets: Some(ProbeTargets {
                static_config: Some(addresses),
                ..ProbeTargets::default()
            }),
            ..Self::default()
        }
    }
}

impl PrometheusRuleSpec {
    /// These groups.
    pub fn of_groups(groups: impl IntoIterator<Item = RuleGroup>) -> Self {
        Self {
            groups: groups.into_iter().collect(),
        }
    }
}

impl RuleGroup {
    /// These rules, evaluated as often as Prometheus does by default.
    pub fn new(name: impl Into<String>, rules: impl IntoIterator<Item = Rule>) -> Self {
        Self {
            name: name.into(),
            interval: None,
            labels: Default::default(),
            limit: None,
            partial_response_strategy: None,
            query_offset: None,
            rules: rules.into_iter().collect(),
        }
    }
}

impl Rule {
    /// An alert that fires as soon as the query has results.
    pub fn alert(name: impl Into<String>, query: impl Into<String>) -> Self {
        Self {
            alert: Some(name.into()),
            ..Self::of(query.into())
        }
    }

    /// A series of this name, computed ahead.
    pub fn record(name: impl Into<String>, query: impl Into<String>) -> Self {
        Self {
            record: Some(name.into()),
            ..Self::of(query.into())
        }
    }

    fn of(query: String) -> Self {
        Self {
            expr: IntOrString::String(query),
            alert: None,
            annotations: Default::default(),
            for_: None,
            keep_firing_for: None,
            labels: Default::default(),
            record: None,
        }
    }

    /// The same alert, once the query has had results for this long: `5m`.
    #[must_use]
    pub fn lasting(mut self, duration: impl Into<String>) -> Self {
        self.for_ = Some(duration.into());
        self
    }

    /// The same rule with this label.
    #[must_use]
    pub fn with_label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// The same alert with this annotation, which may be a template.
    #[must_use]
    pub fn with_annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.annotations.insert(key.into(), value.into());
        self
    }
}

impl RelabelConfig {
    /// Drops what has a value like this in the label.
    pub fn drop_where(label: impl Into<String>, regex: impl Into<String>) -> Self {
        Self::about(RelabelAction::Drop, label.into(), regex.into())
    }

    /// Keeps only what has a value like this in the label.
    pub fn keep_where(label: impl Into<String>, regex: impl Into<String>) -> Self {
        Self::about(RelabelAction::Keep, label.into(), regex.into())
    }

    fn about(action: RelabelAction, label: String, regex: String) -> Self {
        Self {
            action: Some(action),
            regex: Some(regex),
            source_labels: vec![label],
            ..Self::default()
        }
    }
}

impl BasicAuth {
    /// The keys `username` and `password` of a Secret.
    pub fn from_secret(name: impl Into<String>) -> Self {
        let name = name.into();
        let key = |key: &str| SecretKeySelector {
            key: key.to_owned(),
            name: name.clone(),
            optional: None,
        };
        Self {
            password: Some(key("password")),
            username: Some(key("username")),
        }
    }
}

impl SafeTlsConfig {
    /// Trusts whoever answers.
    pub fn insecure() -> Self {
        Self {
            insecure_skip_verify: Some(true),
            ..Self::default()
        }
    }
}
