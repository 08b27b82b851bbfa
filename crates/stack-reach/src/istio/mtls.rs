//! Mutual TLS: what servers take (PeerAuthentication), and what clients with a sidecar speak (DestinationRule).

use std::collections::BTreeMap;

use istio_types::networking::v1::{ClientTlsMode, DestinationRule, TrafficPolicy};
use istio_types::security::v1::{MutualTlsMode, PeerAuthentication};
use stack_model::Model;

use super::authorization::selected;
use crate::flow::Name;
use crate::world::{Pod, Service};
use crate::{Settings, Unread};

/// What a server takes on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerTls {
    /// Plain text alone. At ztunnel it means the same as `Permissive`.
    Disable,
    Permissive,
    Strict,
}

/// What a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientTls {
    Plain,
    /// TLS with the identity of the mesh.
    Mutual,
    /// TLS of another kind, which proves no identity of the mesh.
    Other,
}

/// PeerAuthentications and DestinationRules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mtls {
    /// Oldest first: of two at one level the older holds.
    policies: Vec<Policy>,
    rules: Vec<ClientRule>,
    root_namespace: String,
}

#[derive(Clone, Debug)]
struct Policy {
    object: String,
    namespace: String,
    created: String,
    selector: BTreeMap<String, String>,
    mode: Option<ServerTls>,
    ports: BTreeMap<u16, Option<ServerTls>>,
}

#[derive(Clone, Debug)]
struct ClientRule {
    object: String,
    namespace: String,
    host: String,
    policy: Option<TrafficPolicy>,
}

impl Mtls {
    pub(crate) fn read(model: &Model, settings: &Settings, unread: &mut Vec<Unread>) -> Self {
        let mut policies: Vec<_> = super::read_all::<PeerAuthentication>(
            model,
            "security.istio.io",
            "PeerAuthentication",
            unread,
        )
        .into_iter()
        .map(|(object, policy)| {
            let spec = policy.spec.unwrap_or_default();
            let namespace = object.namespace().unwrap_or("default").to_owned();
            Policy {
                object: format!("PeerAuthentication {namespace}/{}", object.name()),
                namespace,
                created: object
                    .text_at("metadata.creationTimestamp")
                    .unwrap_or_default()
                    .to_owned(),
                selector: spec
                    .selector
                    .and_then(|selector| selector.match_labels)
                    .unwrap_or_default(),
                mode: spec.mtls.and_then(|mtls| server(mtls.mode.as_ref())),
                ports: spec
                    .port_level_mtls
                    .iter()
                    .map(|(port, mtls)| (*port, server(mtls.mode.as_ref())))
                    .collect(),
            }
        })
        .collect();
        policies.sort_by(|a, b| (&a.created, &a.object).cmp(&(&b.created, &b.object)));
        let rules = super::read_all::<DestinationRule>(
            model,
            "networking.istio.io",
            "DestinationRule",
            unread,
        )
        .into_iter()
        .filter_map(|(object, rule)| {
            let spec = rule.spec?;
            let namespace = object.namespace().unwrap_or("default").to_owned();
            Some(ClientRule {
                object: format!("DestinationRule {namespace}/{}", object.name()),
                host: full_host(&spec.host, &namespace),
                policy: spec.traffic_policy,
                namespace,
            })
        })
        .collect();
        Self {
            policies,
            rules,
            root_namespace: settings.root_namespace.clone(),
        }
    }

    /// The ports that policies and rules set apart from others.
    pub(crate) fn named_ports(&self) -> impl Iterator<Item = u16> {
        let servers = self
            .policies
            .iter()
            .flat_map(|policy| policy.ports.keys().copied());
        let clients = self
            .rules
            .iter()
            .filter_map(|rule| rule.policy.as_ref())
            .flat_map(|policy| &policy.port_level_settings);
        let clients =
            clients.filter_map(|settings| u16::try_from(settings.port.as_ref()?.number?).ok());
        servers.chain(clients)
    }

    /// What a pod's proxy takes on a port of the pod, and the policy that says so.
    pub(crate) fn server(&self, pod: &Pod, port: u16) -> (ServerTls, Option<&str>) {
        let of_workload = self.policies.iter().find(|policy| {
            !policy.selector.is_empty()
                && policy.namespace == pod.name.namespace
                && selected(&policy.selector, &pod.labels)
        });
        let of_namespace = |namespace: &str| {
            self.policies
                .iter()
                .find(|policy| policy.selector.is_empty() && policy.namespace == namespace)
        };
        if let Some(policy) = of_workload
            && let Some(Some(mode)) = policy.ports.get(&port)
        {
            return (*mode, Some(&policy.object));
        }
        let levels = [
            of_workload,
            of_namespace(&pod.name.namespace),
            of_namespace(&self.root_namespace),
        ];
        for policy in levels.into_iter().flatten() {
            if let Some(mode) = policy.mode {
                return (mode, Some(&policy.object));
            }
        }
        (ServerTls::Permissive, None)
    }

    /// What a client with a sidecar is told to speak to a Service; `None`: mutual TLS where the server can.
    pub(crate) fn client(
        &self,
        client: &Pod,
        service: Option<&Service>,
        port: u16,
    ) -> Option<(ClientTls, &str)> {
        let service = service?;
        let host = format!(
            "{}.{}.svc.cluster.local",
            service.name.name, service.name.namespace
        );
        let visible = |rule: &&ClientRule| host_matches(&rule.host, &host);
        let in_namespace = |namespace: &str| {
            let mut rules: Vec<_> = self
                .rules
                .iter()
                .filter(|rule| rule.namespace == namespace)
                .filter(visible)
                .collect();
            // The rule that names the host most exactly holds.
            rules.sort_by_key(|rule| {
                (
                    rule.host.starts_with('*'),
                    std::cmp::Reverse(rule.host.len()),
                )
            });
            rules.into_iter().next()
        };
        let namespaces = [
            client.name.namespace.as_str(),
            &service.name.namespace,
            &self.root_namespace,
        ];
        let rule = namespaces.into_iter().find_map(in_namespace)?;
        let policy = rule.policy.as_ref()?;
        let of_port = policy.port_level_settings.iter().find(|settings| {
            settings.port.as_ref().and_then(|port| port.number) == Some(port.into())
        });
        let tls = match of_port {
            Some(settings) => settings.tls.as_ref(),
            None => policy.tls.as_ref(),
        };
        let mode = match tls?.mode.as_ref()? {
            ClientTlsMode::Disable => ClientTls::Plain,
            ClientTlsMode::IstioMutual => ClientTls::Mutual,
            _ => ClientTls::Other,
        };
        Some((mode, &rule.object))
    }
}

fn server(mode: Option<&MutualTlsMode>) -> Option<ServerTls> {
    Some(match mode? {
        MutualTlsMode::Unset => return None,
        MutualTlsMode::Disable => ServerTls::Disable,
        MutualTlsMode::Permissive => ServerTls::Permissive,
        MutualTlsMode::Strict => ServerTls::Strict,
    })
}

/// A host as Istio completes a short one: in the namespace of the object that names it.
pub(super) fn full_host(host: &str, namespace: &str) -> String {
    if host.contains('.') || host.starts_with('*') {
        host.to_owned()
    } else {
        format!("{host}.{namespace}.svc.cluster.local")
    }
}

/// The Service that a host means, as seen from a namespace.
pub(crate) fn service_of_host(host: &str, namespace: &str) -> Option<Name> {
    let mut parts = host.split('.');
    let name = parts.next().filter(|name| !name.is_empty())?;
    match (parts.next(), parts.next()) {
        (None, _) => Some(Name::new(namespace, name)),
        (Some(namespace), None | Some("svc")) => Some(Name::new(namespace, name)),
        _ => None,
    }
}

pub(super) fn host_matches(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(suffix) => host.ends_with(suffix),
        None => pattern == host,
    }
}
