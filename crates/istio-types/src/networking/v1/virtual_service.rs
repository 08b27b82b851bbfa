//! VirtualService: how requests for a host are routed.

use super::destination::Destination;
use super::http_route::{HttpMatchRequest, HttpRoute, HttpRouteDestination};
use super::l4_route::{TcpRoute, TlsRoute};
use super::string_match::StringMatch;
use crate::status::IstioStatus;
use crd_core::{Object, ObjectMeta, Resource};

/// Routes the traffic for one or more hosts, through gateways or inside the mesh.
///
/// Rules are tried in order; the first that matches is taken. Sidecars, Istio gateways and
/// waypoints obey it; ztunnel does not.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/>
///
/// ```
/// use istio_types::networking::v1::{Destination, StringMatch, VirtualService, VirtualServiceSpec};
///
/// // One request in ten goes to the canary, and all of those who send the header `canary: true`.
/// let spec = VirtualServiceSpec::weighted("webapp", [("stable", 90), ("canary", 10)]).with_header_route(
///     "canary",
///     StringMatch::exact("true"),
///     Destination::host("webapp").subset("canary"),
/// );
/// let service = VirtualService::new("webapp", spec).in_namespace("demo");
/// assert_eq!(service.spec.unwrap_or_default().http.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "networking.istio.io",
    version = "v1",
    kind = "VirtualService",
    plural = "virtualservices",
    scope = Namespaced,
    short_names = ["vs"],
    categories = ["istio-io", "networking-istio-io"],
    status_subresource,
    printer_columns = [
        ("Gateways", "string", ".spec.gateways"),
        ("Hosts", "string", ".spec.hosts"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
    older(version = "v1alpha3"),
    older(version = "v1beta1"),
)]
pub struct VirtualService {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The hosts and their routes.
    pub spec: Option<VirtualServiceSpec>,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// The hosts and routes of a [`VirtualService`].
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct VirtualServiceSpec {
    /// Names that requests are addressed to: DNS names, perhaps with a wildcard as first label, or
    /// addresses for TCP.
    ///
    /// Left out only in a VirtualService that another one delegates to.
    pub hosts: Vec<String>,

    /// The Gateways (`NAMESPACE/NAME`, or `NAME` in the own namespace) whose traffic is meant, and
    /// `mesh` for that of the mesh. Left out, `mesh`.
    pub gateways: Vec<String>,

    /// Routes of plain HTTP traffic and of HTTPS that a gateway terminated, in order.
    pub http: Vec<HttpRoute>,

    /// Routes of TLS traffic that is passed through, by server name, in order.
    pub tls: Vec<TlsRoute>,

    /// Routes of any other traffic, in order.
    pub tcp: Vec<TcpRoute>,

    /// Namespaces that may see the object: `*` all, `.` its own, `~` none. Left out, the mesh's
    /// default, which is all.
    pub export_to: Vec<String>,
}

impl VirtualServiceSpec {
    /// Requests for `host` inside the mesh go to its subsets, by weight. The weights are best
    /// chosen to add up to 100.
    pub fn weighted<S: Into<String>>(
        host: impl Into<String>,
        subsets: impl IntoIterator<Item = (S, i32)>,
    ) -> Self {
        let host = host.into();
        let route = subsets
            .into_iter()
            .map(|(subset, weight)| {
                HttpRouteDestination::weighted(
                    Destination::host(host.as_str()).subset(subset),
                    weight,
                )
            })
            .collect();
        Self {
            hosts: vec![host],
            http: vec![HttpRoute {
                route,
                ..HttpRoute::default()
            }],
            ..Self::default()
        }
    }

    /// Before anything else, requests whose header `name` matches go to `destination`.
    #[must_use]
    pub fn with_header_route(
        mut self,
        name: impl Into<String>,
        value: StringMatch,
        destination: Destination,
    ) -> Self {
        let route = HttpRoute {
            r#match: vec![HttpMatchRequest::header(name, value)],
            route: vec![HttpRouteDestination::new(destination)],
            ..HttpRoute::default()
        };
        self.http.insert(0, route);
        self
    }

    /// Requests are addressed to these hosts, instead of to the service's own name.
    #[must_use]
    pub fn for_hosts<H: Into<String>>(mut self, hosts: impl IntoIterator<Item = H>) -> Self {
        self.hosts = hosts.into_iter().map(Into::into).collect();
        self
    }

    /// The traffic of these Gateways is meant, instead of that inside the mesh.
    #[must_use]
    pub fn through_gateways<G: Into<String>>(
        mut self,
        gateways: impl IntoIterator<Item = G>,
    ) -> Self {
        self.gateways = gateways.into_iter().map(Into::into).collect();
        self
    }
}
