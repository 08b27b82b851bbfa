//! Gateways of `networking.istio.io`; VirtualServices route behind them.

use istio_types::networking::v1::{Gateway, Protocol as ServerProtocol, ServerTlsMode};
use stack_model::Model;

use super::attachment::selected;
use super::by_selector::BySelector;
use super::hosts::host_matches;
use super::virtual_service::{Asker, VirtualServices};
use crate::Unread;
use crate::flow::{Name, Request};
use crate::route::Routed;
use crate::world::{LabelMap, Pod, World};

#[derive(Clone, Debug, Default)]
pub(crate) struct Gateways {
    gateways: Vec<Edge>,
    by_selector: BySelector,
}

#[derive(Clone, Debug)]
struct Edge {
    object: String,
    name: Name,
    selector: LabelMap,
    servers: Vec<Server>,
}

#[derive(Clone, Debug)]
struct Server {
    port: u32,
    form: Form,
    hosts: Vec<String>,
    /// Whether plain requests are sent on to TLS.
    sends_on: bool,
}

/// What a server's proxy can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Http,
    /// Bytes: TCP, or TLS that is passed on.
    Raw,
}

impl Gateways {
    pub(crate) fn read(model: &Model, unread: &mut Vec<Unread>) -> Self {
        let gateways: Vec<Edge> =
            super::reading::read_all::<Gateway>(model, "networking.istio.io", "Gateway", unread)
                .map(|(object, gateway)| {
                    let spec = gateway.spec.unwrap_or_default();
                    let name = Name::new(object.namespace().unwrap_or("default"), object.name());
                    Edge {
                        object: format!("Gateway {name}"),
                        name,
                        selector: spec.selector.into_iter().collect(),
                        servers: spec
                            .servers
                            .into_iter()
                            .map(|server| Server {
                                port: server.port.number,
                                form: form(&server),
                                sends_on: server
                                    .tls
                                    .as_ref()
                                    .is_some_and(|tls| tls.https_redirect == Some(true)),
                                hosts: server.hosts,
                            })
                            .collect(),
                    }
                })
                .collect();
        // Selectors of Gateways select in all namespaces.
        let selectors = gateways.iter().map(|gateway| ("", &gateway.selector));
        Self {
            by_selector: BySelector::of(selectors),
            gateways,
        }
    }

    /// Whether a pod is the proxy of a Gateway.
    pub(crate) fn select(&self, pod: &Pod) -> bool {
        self.of_pod(pod).next().is_some()
    }

    /// The Gateways whose proxy a pod is.
    fn of_pod<'s>(&'s self, pod: &'s Pod) -> impl Iterator<Item = &'s Edge> {
        let places = self.by_selector.candidates(&[""], &pod.labels);
        let near = places
            .into_iter()
            .filter_map(|place| self.gateways.get(place));
        near.filter(|gateway| {
            !gateway.selector.is_empty() && selected(&gateway.selector, &pod.labels)
        })
    }

    /// Where a request to a gateway's pod goes, or a bare connection. `ports` are the numbers by which the port is known: the
    /// Service's and the pod's. `None` where no Gateway selects the pod.
    pub(crate) fn route(
        &self,
        pod: &Pod,
        ports: &[u16],
        request: Option<&Request>,
        routes: &VirtualServices,
        world: &World,
    ) -> Option<Routed> {
        let edges: Vec<_> = self.of_pod(pod).collect();
        let first = edges.first()?;
        let host = request
            .and_then(|request| request.sni.as_deref().or(request.host.as_deref()))
            .unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let servers = |edge: &&Edge| {
            let found = edge.servers.iter().filter(|server| {
                ports.iter().any(|port| u32::from(*port) == server.port)
                    && (host.is_empty() && server.form == Form::Raw
                        || server.hosts.iter().any(|pattern| {
                            host_matches(pattern.rsplit('/').next().unwrap_or(pattern), host)
                        }))
            });
            found.cloned().collect::<Vec<_>>()
        };
        let open: Vec<_> = edges
            .iter()
            .map(|edge| (*edge, servers(edge)))
            .filter(|(_, servers)| !servers.is_empty())
            .collect();
        let Some((edge, server)) = open
            .first()
            .and_then(|(edge, servers)| Some((edge, servers.first()?)))
        else {
            if request.is_none() {
                return Some(Routed::Depends("the HTTP request finds a route".to_owned()));
            }
            return Some(Routed::refused(
                &first.object,
                "spec.servers",
                "no server listens on this port for this host",
            ));
        };
        if request.is_none() && server.form != Form::Raw {
            return Some(Routed::Depends("the HTTP request finds a route".to_owned()));
        }
        if server.sends_on && request.is_some_and(|request| request.sni.is_none()) {
            return Some(Routed::Answered {
                object: edge.object.clone(),
                path: "spec.servers".to_owned(),
            });
        }
        // The gateway ends TLS, and routes what it finds in it.
        let opened = match server.form {
            Form::Http => request.map(|request| Request {
                sni: None,
                ..request.clone()
            }),
            Form::Raw => None,
        };
        let gateways: Vec<&Name> = open.iter().map(|(edge, _)| &edge.name).collect();
        let asker = Asker {
            pod,
            gateways: Some(&gateways),
            port: u16::try_from(server.port).unwrap_or(0),
            world,
        };
        let routed = routes.at_gateway(host, asker, opened.as_ref().or(request));
        Some(
            routed.unwrap_or_else(|| {
                Routed::refused(&first.object, "", "no route matches the request")
            }),
        )
    }
}

fn form(server: &istio_types::networking::v1::Server) -> Form {
    let passes_on = server.tls.as_ref().is_some_and(|tls| {
        matches!(
            tls.mode,
            Some(ServerTlsMode::Passthrough | ServerTlsMode::AutoPassthrough)
        )
    });
    match server.port.protocol {
        ServerProtocol::Tcp | ServerProtocol::Tls => Form::Raw,
        _ if passes_on => Form::Raw,
        _ => Form::Http,
    }
}
