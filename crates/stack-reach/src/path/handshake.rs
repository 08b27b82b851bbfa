//! How two ends agree to talk inside the mesh, and what the proxy before the destination makes of it.

use std::net::IpAddr;

use super::asked::End;
use crate::Reach;
use crate::answer::{Layer, Step, Verdict};
use crate::flow::Request;
use crate::istio::{ClientTls, Conversation, Dataplane, Enforcer, Identity, ServerTls};
use crate::requests::{RequestSets, Verdicts};
use crate::world::{Pod, Service};

/// The port of connections between members of an ambient mesh.
pub(crate) const HBONE: u16 = 15008;

/// Who opens a connection, as the mesh knows it.
#[derive(Clone, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) dataplane: Dataplane,
    pub(crate) identity: Option<Identity>,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) pod: Option<&'a Pod>,
}

impl<'a> Source<'a> {
    pub(crate) fn of(reach: &'a Reach<'_>, from: End) -> Self {
        let (pod, dataplane) = match from {
            End::Pod(pod) => (reach.world.pods.get(pod), reach.mesh.dataplanes.get(pod)),
            _ => (None, Dataplane::None),
        };
        let addresses = match from {
            End::Outside(address) => address.into_iter().collect(),
            End::Node { node, .. } => node
                .and_then(|node| reach.world.nodes.get(node))
                .map(|node| node.addresses.clone())
                .unwrap_or_default(),
            _ => pod.map(|pod| pod.ips.clone()).unwrap_or_default(),
        };
        let identity = pod
            .filter(|_| dataplane.is_member())
            .map(|pod| Identity::of(pod, &reach.settings));
        Self {
            dataplane,
            identity,
            addresses,
            pod,
        }
    }
}

/// What a client's proxy has been told about a destination.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told<'a> {
    /// What DestinationRules say of its Service, and of this subset.
    Subset(Option<&'a str>),
    /// Nothing at all: it passes the connection on as it is.
    Nothing,
    /// To speak TLS that proves no identity of the mesh.
    OwnTls,
}

/// One connection from a source to a port of a pod, agreed upon.
pub(crate) struct Handshake<'a> {
    reach: &'a Reach<'a>,
    source: &'a Source<'a>,
    pod: &'a Pod,
    dataplane: Dataplane,
    port: u16,
    /// The Service by which proxies know the pod.
    service: Option<&'a Service>,
    client: ClientTls,
    /// Whether the client's TLS is none of the mesh, and so shows its server name to whoever stands between.
    shows_name: bool,
    /// The DestinationRule that tells the client what to speak.
    told_by: &'a str,
    server: ServerTls,
    /// The PeerAuthentication that says what the server takes.
    server_object: &'a str,
}

impl<'a> Handshake<'a> {
    pub(crate) fn of(
        reach: &'a Reach<'a>,
        source: &'a Source<'a>,
        to: usize,
        port: u16,
        service: Option<usize>,
        told: Told<'_>,
    ) -> Option<Self> {
        let pod = reach.world.pods.get(to)?;
        let dataplane = reach.mesh.dataplanes.get(to);
        let called = service.and_then(|service| reach.world.services.get(service));
        let service = called.or_else(|| {
            let mut services = reach.world.services_of(to);
            services.find(|service| {
                service
                    .ports
                    .iter()
                    .any(|candidate| candidate.leads_to(pod, port))
            })
        });
        let shows_name = matches!(told, Told::OwnTls);
        let told = match (source.dataplane, source.pod, told) {
            (Dataplane::Sidecar | Dataplane::Gateway, Some(client), Told::Subset(subset)) => {
                let port = service_port(service, pod, port);
                let rules = &reach.mesh.destination_rules;
                rules.client(client, service, port, subset)
            }
            (_, _, Told::Nothing) => Some((ClientTls::Plain, "")),
            (_, _, Told::OwnTls) => Some((ClientTls::Other, "")),
            _ => None,
        };
        let (server, server_object) = reach.mesh.mtls.server(pod, port);
        let can_be_asked = match dataplane {
            Dataplane::None => false,
            Dataplane::Ambient | Dataplane::Waypoint => true,
            Dataplane::Sidecar | Dataplane::Gateway => server != ServerTls::Disable,
        };
        let client = match told {
            Some((tls, _)) => tls,
            None if source.dataplane.is_member() && can_be_asked => ClientTls::Mutual,
            None => ClientTls::Plain,
        };
        Some(Self {
            reach,
            source,
            pod,
            dataplane,
            port,
            service,
            client,
            shows_name,
            told_by: told.map(|(_, object)| object).unwrap_or_default(),
            server,
            server_object: server_object.unwrap_or_default(),
        })
    }

    /// Whether nobody on the way can read anything of the connection.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.client != ClientTls::Plain && !self.shows_name
    }

    /// The port that the network sees.
    pub(crate) fn wire_port(&self) -> u16 {
        let tunnelled = self.client == ClientTls::Mutual && self.dataplane == Dataplane::Ambient;
        if tunnelled { HBONE } else { self.port }
    }

    /// The proxy before the destination; `None` where there is none, and the step of a refusal that comes before any policy.
    fn enforcer(&self) -> Result<Option<Enforcer<'a>>, Step> {
        let refuse = |layer, reason: &str, object: &str, path: &str| {
            Err(Step::new(layer, Verdict::Refused, reason).by(object, path))
        };
        let enforcer = match self.dataplane {
            Dataplane::None if self.client == ClientTls::Mutual => {
                let reason = "the client speaks mutual TLS to a pod that is not in the mesh";
                return refuse(Layer::Sidecar, reason, self.told_by, "spec.trafficPolicy");
            }
            Dataplane::None | Dataplane::Waypoint => return Ok(None),
            Dataplane::Ambient => Enforcer::Ztunnel(self.pod),
            Dataplane::Sidecar => Enforcer::Sidecar(self.pod),
            Dataplane::Gateway => Enforcer::Gateway(self.pod),
        };
        let layer = enforcer.layer();
        match (self.server, self.client, self.dataplane) {
            (
                ServerTls::Strict,
                ClientTls::Plain | ClientTls::Other,
                Dataplane::Ambient | Dataplane::Sidecar,
            ) => {
                let reason = "mutual TLS is demanded (STRICT), and the client does not speak it";
                refuse(layer, reason, self.server_object, "spec.mtls")
            }
            (ServerTls::Disable, ClientTls::Mutual, Dataplane::Sidecar) => {
                let reason = "the client speaks mutual TLS, and the server takes plain text alone";
                refuse(layer, reason, self.told_by, "spec.trafficPolicy")
            }
            _ => Ok(Some(enforcer)),
        }
    }

    fn conversation<'c>(&'c self, request: Option<&'c Request>) -> Conversation<'c> {
        Conversation {
            identity: self
                .source
                .identity
                .as_ref()
                .filter(|_| self.client == ClientTls::Mutual),
            source_ips: &self.source.addresses,
            destination_ips: &self.pod.ips,
            port: self.port,
            request: request.filter(|request| match self.dataplane {
                Dataplane::Ambient => false,
                // A sidecar does not open TLS that its client speaks to the application.
                Dataplane::Sidecar => request.sni.is_none(),
                _ => true,
            }),
            sni: match (self.dataplane, self.client, self.service) {
                (Dataplane::Sidecar, ClientTls::Mutual, Some(service)) => {
                    let number = service_port(Some(service), self.pod, self.port);
                    let name = &service.name;
                    Some(format!(
                        "outbound_.{number}_._.{}.{}.svc.cluster.local",
                        name.name, name.namespace
                    ))
                }
                _ => request.and_then(|request| request.sni.clone()),
            },
        }
    }

    /// What the proxy before the destination does; nothing where there is none.
    pub(crate) fn enforce(&self, request: Option<&Request>) -> Vec<Step> {
        match self.enforcer() {
            Err(step) => vec![step],
            Ok(None) => Vec::new(),
            Ok(Some(enforcer)) => {
                let conversation = self.conversation(request);
                let authorization = &self.reach.mesh.authorization;
                let mut steps = authorization.judge(enforcer, &conversation);
                steps.extend(self.handed_on());
                steps
            }
        }
    }

    /// Where the sidecar hands a connection, if a Sidecar object says so.
    fn handed_on(&self) -> Option<Step> {
        if self.dataplane != Dataplane::Sidecar {
            return None;
        }
        let sidecar = self.reach.mesh.sidecars.of(self.pod)?;
        let (position, listener) = sidecar.listener(self.port)?;
        let path = format!("spec.ingress[{position}]");
        let step = match listener.ends_tls && self.client != ClientTls::Mutual {
            true => Step::new(
                Layer::Sidecar,
                Verdict::Depends,
                "the client speaks TLS as the listener of the proxy asks",
            ),
            false => {
                let to = listener
                    .endpoint
                    .as_deref()
                    .unwrap_or("the same port of the pod");
                Step::new(
                    Layer::Sidecar,
                    Verdict::Allowed,
                    format!("handed on to {to}"),
                )
            }
        };
        Some(step.by(&sidecar.object, path))
    }

    /// The requests that the proxy before the destination lets through. `steps` is what it does with a bare connection.
    pub(crate) fn requests(&self, steps: &[Step], sets: &mut RequestSets) -> Verdicts {
        match self.enforcer() {
            Err(_) => Verdicts::NONE,
            Ok(Some(enforcer @ (Enforcer::Sidecar(_) | Enforcer::Gateway(_)))) => {
                let conversation = self.conversation(None);
                let authorization = &self.reach.mesh.authorization;
                let found = authorization.requests(enforcer, &conversation, sets);
                match self.handed_on().map(|step| step.verdict) {
                    Some(Verdict::Depends) => sets.intersection(found, Verdicts::UNKNOWN),
                    _ => found,
                }
            }
            // Nobody reads requests: each fares as the connection does.
            Ok(_) if steps.iter().any(|step| step.verdict == Verdict::Refused) => Verdicts::NONE,
            Ok(_) if steps.iter().all(|step| step.verdict == Verdict::Allowed) => Verdicts::ALL,
            Ok(_) => Verdicts::UNKNOWN,
        }
    }
}

/// The Service's port that leads to a port of a pod; that port itself where none does.
fn service_port(service: Option<&Service>, pod: &Pod, port: u16) -> u16 {
    let found = service.and_then(|service| {
        service
            .ports
            .iter()
            .find(|candidate| candidate.leads_to(pod, port))
    });
    found.map_or(port, |found| found.port)
}
