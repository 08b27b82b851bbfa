//! What gateways do with a request.

mod exposed;
mod gateway_api;
mod ingress;

use std::sync::Arc;

use stack_gateway::Routing;
use stack_model::Model;

pub(crate) use exposed::{Exposed, ExposedPort, read as read_exposed};

use crate::flow::{Name, Request};
use crate::world::{Pod, Service, World};

/// Everything that routes requests at the edge, but for Istio's own kinds.
#[derive(Debug)]
pub(crate) struct Routes<'m> {
    ingresses: ingress::Ingresses,
    gateway_api: gateway_api::GatewayApi<'m>,
}

impl<'m> Routes<'m> {
    pub(crate) fn read(model: &Model, routing: Arc<Routing<'m>>) -> Self {
        Self {
            ingresses: ingress::Ingresses::read(model),
            gateway_api: gateway_api::GatewayApi::read(model, routing),
        }
    }

    /// Where Cilium's proxy sends a request that comes in through a Service; `None` where that Service is not the proxy's.
    pub(crate) fn cilium(
        &self,
        service: &Service,
        ports: &[u16],
        request: Option<&Request>,
    ) -> Option<Routed> {
        self.ingresses
            .route(&service.name, request)
            .or_else(|| self.gateway_api.cilium(&service.name, ports, request))
    }

    /// The rule of an Ingress for a request whose controller is none that is known here. `called` is the Service by which the
    /// request came; Ingresses that lead to it are not meant.
    pub(crate) fn foreign_ingress(&self, request: &Request, called: &Name) -> Option<Foreign> {
        self.ingresses.foreign(request, called)
    }

    /// Whether the pods behind a Service serve Gateways.
    pub(crate) fn serves(&self, service: &Service, world: &World) -> bool {
        self.gateway_api.serves(service, world)
    }

    /// The pods that serve a Gateway, by their places in the world.
    pub(crate) fn pods_of(&self, gateway: &Name, world: &World) -> Vec<usize> {
        self.gateway_api.pods_of(gateway, world)
    }

    /// What the pods of gateways send requests to.
    pub(crate) fn edges(&self, world: &World) -> Vec<EdgeRoute> {
        self.gateway_api.edge_routes(world)
    }

    /// Where routes on a Service send a call from a namespace; `None` where no route is on it.
    pub(crate) fn in_mesh(
        &self,
        home: &str,
        service: &Service,
        port: u16,
        request: Option<&Request>,
    ) -> Option<Routed> {
        self.gateway_api.in_mesh(home, service, port, request)
    }

    /// Where the gateway in a pod sends a request; `None` where it is no gateway.
    pub(crate) fn route(
        &self,
        world: &World,
        pod: &Pod,
        ports: &[u16],
        request: Option<&Request>,
    ) -> Option<Routed> {
        self.gateway_api.route(world, pod, ports, request)
    }
}

/// Where an Ingress would send a request, if its controller gets it.
#[derive(Clone, Debug)]
pub(crate) struct Foreign {
    pub(crate) object: String,
    pub(crate) path: String,
    /// The class, in words.
    pub(crate) class: String,
    pub(crate) backend: Name,
}

/// A backend to which the pods of a gateway send requests.
#[derive(Clone, Debug)]
pub(crate) struct EdgeRoute {
    pub(crate) pods: Vec<usize>,
    pub(crate) backend: Name,
    pub(crate) port: Option<u16>,
    /// The route.
    pub(crate) route: String,
    pub(crate) path: String,
}

/// Where a gateway sends a request.
#[derive(Clone, Debug)]
pub(crate) enum Routed {
    /// To one of these.
    To {
        backends: Vec<Backend>,
        /// The request as it is sent on; `None`: unchanged.
        forwarded: Option<Request>,
    },
    /// Nowhere: 404, 500, or no listener.
    Refused {
        /// The object that would have to be other.
        object: String,
        /// The field of it.
        path: String,
        reason: String,
    },
    /// The gateway answers by itself: a redirect, a fixed response.
    Answered { object: String, path: String },
    /// That depends on something.
    Depends(String),
}

impl Routed {
    pub(crate) fn refused(object: &str, path: &str, reason: impl Into<String>) -> Self {
        Self::Refused {
            object: object.to_owned(),
            path: path.to_owned(),
            reason: reason.into(),
        }
    }
}

/// One backend of a route.
#[derive(Clone, Debug)]
pub(crate) struct Backend {
    /// The Service; `None` for a host outside of the cluster.
    pub(crate) service: Option<Name>,
    /// As it is written.
    pub(crate) host: String,
    /// The Service's port; `None`: the one by which the host was called, or its only one.
    pub(crate) port: Option<u16>,
    /// The port by which the host was called; 0 where that says nothing about the backend's.
    pub(crate) called_port: u16,
    /// The part of the Service's pods that is meant, by the name that a DestinationRule gives it.
    pub(crate) subset: Option<String>,
    pub(crate) weight: u32,
    /// The route.
    pub(crate) object: String,
    pub(crate) path: String,
    /// Why the gateway may not send anything there.
    pub(crate) problem: Option<String>,
    /// The server name by which the gateway speaks TLS to it.
    pub(crate) tls: Option<String>,
}
