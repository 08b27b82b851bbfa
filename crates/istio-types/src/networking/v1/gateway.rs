//! Gateway: what the proxies at the edge of the mesh listen to.

use std::collections::BTreeMap;

use super::destination::{Port, Protocol};
use super::tls::ServerTlsSettings;
use crate::status::IstioStatus;
use crd_core::{Object, ObjectMeta, Resource};

/// Opens ports on the proxies at the edge of the mesh. Where their traffic goes is said by
/// VirtualServices.
///
/// Not to be confused with the Gateway of the Gateway API.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/gateway/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "networking.istio.io",
    version = "v1",
    kind = "Gateway",
    plural = "gateways",
    scope = Namespaced,
    short_names = ["gw"],
    categories = ["istio-io", "networking-istio-io"],
    status_subresource,
    older(version = "v1alpha3"),
    older(version = "v1beta1"),
)]
pub struct Gateway {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The ports, and the proxies.
    pub spec: Option<GatewaySpec>,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// The ports and proxies of a [`Gateway`].
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GatewaySpec {
    /// The ports and what is served on them.
    pub servers: Vec<Server>,

    /// Labels that a proxy's pod carries, all of them. By default in any namespace.
    pub selector: BTreeMap<String, String>,
}

/// One port of a gateway and what is served on it.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct Server {
    /// Port and protocol on which the proxies take connections.
    pub port: Port,

    /// Address to listen on, or `unix://PATH`. Left out, all.
    pub bind: Option<String>,

    /// Hosts that are served: `NAMESPACE/NAME`, or `NAME` for any namespace; a name may begin with
    /// a wildcard.
    #[field(required)]
    pub hosts: Vec<String>,

    /// How TLS ends. Left out, it does not.
    pub tls: Option<ServerTlsSettings>,

    /// Reserved by upstream: where traffic goes in any case.
    pub default_endpoint: Option<String>,

    /// A name for logs.
    pub name: Option<String>,
}

impl Server {
    /// HTTPS on port 443 for `hosts`, with the certificate of the Secret `credential`.
    pub fn https<H: Into<String>>(
        credential: impl Into<String>,
        hosts: impl IntoIterator<Item = H>,
    ) -> Self {
        Self {
            tls: Some(ServerTlsSettings::credential(credential)),
            ..Self::new(Port::new(443, Protocol::Https, "https"), hosts)
        }
    }

    /// Plain HTTP on port 80 for `hosts`.
    pub fn http<H: Into<String>>(hosts: impl IntoIterator<Item = H>) -> Self {
        Self::new(Port::new(80, Protocol::Http, "http"), hosts)
    }

    fn new<H: Into<String>>(port: Port, hosts: impl IntoIterator<Item = H>) -> Self {
        Self {
            port,
            bind: None,
            hosts: hosts.into_iter().map(Into::into).collect(),
            tls: None,
            default_endpoint: None,
            name: None,
        }
    }
}
