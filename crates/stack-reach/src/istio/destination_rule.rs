//! DestinationRules: what clients with a proxy speak to a host, and which of its pods a subset is.

use std::collections::BTreeMap;

use istio_types::networking::v1::{ClientTlsMode, DestinationRule, Subset, TrafficPolicy};
use stack_model::Model;

use super::attachment::selected;
use super::hosts::{exported, full_host, host_matches, host_of, specificity};
use super::mtls::ClientTls;
use crate::world::{Pod, Service};
use crate::{Settings, Unread};

/// All DestinationRules.
#[derive(Clone, Debug, Default)]
pub(crate) struct DestinationRules {
    rules: Vec<Rule>,
    root_namespace: String,
}

#[derive(Clone, Debug)]
struct Rule {
    object: String,
    namespace: String,
    host: String,
    export_to: Vec<String>,
    /// Which clients it is for; empty: all.
    clients: BTreeMap<String, String>,
    policy: Option<TrafficPolicy>,
    subsets: Vec<Subset>,
}

impl DestinationRules {
    pub(crate) fn read(model: &Model, settings: &Settings, unread: &mut Vec<Unread>) -> Self {
        let mut rules: Vec<_> = super::reading::read_all::<DestinationRule>(
            model,
            "networking.istio.io",
            "DestinationRule",
            unread,
        )
        .filter_map(|(object, rule)| {
            let spec = rule.spec?;
            let namespace = object.namespace().unwrap_or("default").to_owned();
            let created = object
                .text_at("metadata.creationTimestamp")
                .unwrap_or_default();
            let rule = Rule {
                object: format!("DestinationRule {namespace}/{}", object.name()),
                host: full_host(&spec.host, &namespace),
                export_to: spec.export_to,
                clients: spec
                    .workload_selector
                    .and_then(|selector| selector.match_labels)
                    .unwrap_or_default(),
                policy: spec.traffic_policy,
                subsets: spec.subsets,
                namespace,
            };
            Some((created.to_owned(), rule))
        })
        .collect();
        rules.sort_by(|(a, x), (b, y)| (a, &x.object).cmp(&(b, &y.object)));
        Self {
            rules: rules.into_iter().map(|(_, rule)| rule).collect(),
            root_namespace: settings.root_namespace.clone(),
        }
    }

    /// The ports that rules set apart from others.
    pub(crate) fn named_ports(&self) -> impl Iterator<Item = u16> {
        let policies = self.rules.iter().filter_map(|rule| rule.policy.as_ref());
        policies
            .flat_map(|policy| &policy.port_level_settings)
            .filter_map(|settings| u16::try_from(settings.port.as_ref()?.number?).ok())
    }

    /// The rule that holds for a client and a Service: of the client's namespace, of the Service's, of the root; of several
    /// the one with the most exact host.
    fn rule(&self, client: &Pod, service: &Service) -> Option<&Rule> {
        let host = host_of(&service.name);
        let in_namespace = |namespace: &str| {
            let fitting = self
                .rules
                .iter()
                .filter(|rule| rule.namespace == namespace && host_matches(&rule.host, &host))
                .filter(|rule| exported(&rule.export_to, &rule.namespace, &client.name.namespace))
                .filter(|rule| {
                    rule.clients.is_empty()
                        || (rule.namespace == client.name.namespace
                            && selected(&rule.clients, &client.labels))
                });
            let mut fitting: Vec<_> = fitting.collect();
            // A rule for these clients goes before one for all; the older of equals stays first.
            fitting.sort_by_key(|rule| {
                (
                    rule.clients.is_empty(),
                    std::cmp::Reverse(specificity(&rule.host)),
                )
            });
            fitting.into_iter().next()
        };
        let namespaces = [
            client.name.namespace.as_str(),
            &service.name.namespace,
            &self.root_namespace,
        ];
        namespaces.into_iter().find_map(in_namespace)
    }

    /// What a client with a proxy is told to speak to a Service's port; `None`: mutual TLS where the server can.
    pub(crate) fn client(
        &self,
        client: &Pod,
        service: Option<&Service>,
        port: u16,
        subset: Option<&str>,
    ) -> Option<(ClientTls, &str)> {
        let rule = self.rule(client, service?)?;
        let of_subset = rule
            .subsets
            .iter()
            .find(|candidate| Some(candidate.name.as_str()) == subset)
            .and_then(|subset| subset.traffic_policy.as_ref());
        let told = |policy: &TrafficPolicy| {
            let of_port = policy.port_level_settings.iter().find(|settings| {
                settings.port.as_ref().and_then(|port| port.number) == Some(port.into())
            });
            let tls = match of_port {
                Some(settings) => settings.tls.as_ref(),
                None => policy.tls.as_ref(),
            };
            Some(match tls?.mode.as_ref()? {
                ClientTlsMode::Disable => ClientTls::Plain,
                ClientTlsMode::IstioMutual => ClientTls::Mutual,
                _ => ClientTls::Other,
            })
        };
        let mode = of_subset
            .and_then(told)
            .or_else(|| rule.policy.as_ref().and_then(told))?;
        Some((mode, &rule.object))
    }

    /// The labels of a subset's pods; `None` where no rule that holds defines it.
    pub(crate) fn subset(
        &self,
        client: &Pod,
        service: &Service,
        name: &str,
    ) -> Option<&BTreeMap<String, String>> {
        let rule = self.rule(client, service)?;
        let subset = rule.subsets.iter().find(|subset| subset.name == name);
        subset.map(|subset| &subset.labels)
    }
}
