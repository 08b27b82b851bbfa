//! Sidecar objects: which hosts a client's proxy knows, and what becomes of traffic to others.

use std::collections::BTreeMap;

use istio_types::networking::v1::{OutboundTrafficPolicyMode, Sidecar as Kind};
use stack_model::Model;

use super::attachment::selected;
use super::hosts::host_matches;
use crate::settings::OutboundTraffic;
use crate::world::Pod;
use crate::{Settings, Unread};

/// All Sidecars, the older first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sidecars {
    all: Vec<Sidecar>,
    default: OutboundTraffic,
    root_namespace: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Sidecar {
    pub(crate) object: String,
    namespace: String,
    selector: BTreeMap<String, String>,
    egress: Vec<Egress>,
    ingress: Vec<Ingress>,
    outbound: Option<OutboundTraffic>,
}

/// What the proxy of a server does with what comes in on a port.
#[derive(Clone, Debug)]
pub(crate) struct Ingress {
    port: u32,
    /// Where it hands connections on: an address and port, or a socket.
    pub(crate) endpoint: Option<String>,
    /// Whether it ends TLS that is none of the mesh, with certificates that nobody knows here.
    pub(crate) ends_tls: bool,
}

#[derive(Clone, Debug)]
struct Egress {
    port: Option<u32>,
    /// Namespace and host.
    hosts: Vec<(String, String)>,
}

impl Sidecars {
    pub(crate) fn read(model: &Model, settings: &Settings, unread: &mut Vec<Unread>) -> Self {
        let mut all: Vec<_> =
            super::reading::read_all::<Kind>(model, "networking.istio.io", "Sidecar", unread)
                .map(|(object, sidecar)| {
                    let spec = sidecar.spec.unwrap_or_default();
                    let namespace = object.namespace().unwrap_or("default").to_owned();
                    let created = object
                        .text_at("metadata.creationTimestamp")
                        .unwrap_or_default();
                    let mode = spec.outbound_traffic_policy.map(|policy| policy.mode);
                    let sidecar = Sidecar {
                        object: format!("Sidecar {namespace}/{}", object.name()),
                        selector: spec
                            .workload_selector
                            .and_then(|selector| selector.labels)
                            .unwrap_or_default(),
                        egress: spec
                            .egress
                            .into_iter()
                            .map(|listener| Egress {
                                port: listener.port.and_then(|port| port.number),
                                hosts: listener.hosts.iter().map(|host| split(host)).collect(),
                            })
                            .collect(),
                        ingress: spec
                            .ingress
                            .into_iter()
                            .filter_map(|listener| {
                                Some(Ingress {
                                    port: listener.port.number?,
                                    endpoint: listener.default_endpoint,
                                    ends_tls: listener.tls.is_some(),
                                })
                            })
                            .collect(),
                        // A policy without a mode means the first of the enumeration.
                        outbound: mode.map(|mode| match mode {
                            Some(OutboundTrafficPolicyMode::AllowAny) => OutboundTraffic::AllowAny,
                            _ => OutboundTraffic::RegistryOnly,
                        }),
                        namespace,
                    };
                    (created.to_owned(), sidecar)
                })
                .collect();
        all.sort_by(|(a, x), (b, y)| (a, &x.object).cmp(&(b, &y.object)));
        Self {
            all: all.into_iter().map(|(_, sidecar)| sidecar).collect(),
            default: settings.outbound_traffic,
            root_namespace: settings.root_namespace.clone(),
        }
    }

    /// The Sidecar that holds for a pod: one that selects it, one of its namespace, one of the root.
    pub(crate) fn of(&self, pod: &Pod) -> Option<&Sidecar> {
        let of_namespace = |namespace: &str| {
            self.all
                .iter()
                .find(|sidecar| sidecar.selector.is_empty() && sidecar.namespace == namespace)
        };
        let own = self.all.iter().find(|sidecar| {
            !sidecar.selector.is_empty()
                && sidecar.namespace == pod.name.namespace
                && selected(&sidecar.selector, &pod.labels)
        });
        own.or_else(|| of_namespace(&pod.name.namespace))
            .or_else(|| of_namespace(&self.root_namespace))
    }

    /// The ports that proxies of servers set apart from others.
    pub(crate) fn named_ports(&self) -> impl Iterator<Item = u16> {
        let listeners = self.all.iter().flat_map(|sidecar| &sidecar.ingress);
        listeners.filter_map(|listener| u16::try_from(listener.port).ok())
    }

    /// What becomes of traffic to hosts that a proxy does not know.
    pub(crate) fn outbound(&self, sidecar: Option<&Sidecar>) -> OutboundTraffic {
        sidecar
            .and_then(|sidecar| sidecar.outbound)
            .unwrap_or(self.default)
    }
}

/// `namespace/host`; a host alone is of any namespace.
fn split(text: &str) -> (String, String) {
    let (namespace, host) = text.split_once('/').unwrap_or(("*", text));
    (namespace.to_owned(), host.to_owned())
}

impl Sidecar {
    /// The listener of the server's proxy for a port, by its position; ports without one pass straight to the application.
    pub(crate) fn listener(&self, port: u16) -> Option<(usize, &Ingress)> {
        let mut listeners = self.ingress.iter().enumerate();
        listeners.find(|(_, listener)| listener.port == u32::from(port))
    }

    /// Whether the proxy knows a host of a namespace's object, on a port.
    pub(crate) fn knows(&self, host: &str, home: &str, port: u16) -> bool {
        if self.egress.is_empty() {
            return true;
        }
        self.egress
            .iter()
            .filter(|listener| listener.port.is_none_or(|number| number == u32::from(port)))
            .flat_map(|listener| &listener.hosts)
            .any(|(namespace, pattern)| {
                let here = match namespace.as_str() {
                    "*" => true,
                    "." => home == self.namespace,
                    "~" => false,
                    name => name == home,
                };
                // A pattern also means the patterns of a ServiceEntry that it covers.
                here && (host_matches(pattern, host)
                    || host
                        .strip_prefix("*.")
                        .is_some_and(|rest| host_matches(pattern, rest)))
            })
    }
}
