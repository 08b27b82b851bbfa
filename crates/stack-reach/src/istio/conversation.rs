//! Who talks to whom, as a proxy of the mesh knows it.

use std::net::IpAddr;

use crate::Settings;
use crate::answer::Layer;
use crate::flow::{Name, Request};
use crate::world::{Pod, Service};

/// Who a client is, proved by mutual TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) trust_domain: String,
    pub(crate) namespace: String,
    pub(crate) service_account: String,
}

impl Identity {
    pub(crate) fn of(pod: &Pod, settings: &Settings) -> Self {
        Self {
            trust_domain: settings.trust_domain.clone(),
            namespace: pod.name.namespace.clone(),
            service_account: pod.service_account.clone(),
        }
    }

    pub(super) fn principal(&self) -> String {
        format!(
            "{}/ns/{}/sa/{}",
            self.trust_domain, self.namespace, self.service_account
        )
    }

    pub(super) fn account(&self) -> String {
        format!("{}/{}", self.namespace, self.service_account)
    }
}

/// What a proxy knows of a connection, and of the request on it.
#[derive(Clone, Debug)]
pub(crate) struct Conversation<'a> {
    /// `None` for a client that speaks plain text.
    pub(crate) identity: Option<&'a Identity>,
    pub(crate) source_ips: &'a [IpAddr],
    pub(crate) destination_ips: &'a [IpAddr],
    /// The port of the destination's pod.
    pub(crate) port: u16,
    /// `None`: a plain TCP connection.
    pub(crate) request: Option<&'a Request>,
    /// The server name of the TLS handshake, where there is one.
    pub(crate) sni: Option<String>,
}

/// The proxy that enforces, and for what.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Enforcer<'a> {
    /// The ztunnel before a pod.
    Ztunnel(&'a Pod),
    /// The sidecar of a pod.
    Sidecar(&'a Pod),
    /// A gateway's pod.
    Gateway(&'a Pod),
    /// A waypoint, and the Service or the ServiceEntry that is called, if one is.
    Waypoint {
        waypoint: &'a Name,
        service: Option<&'a Service>,
        entry: Option<&'a Name>,
    },
}

impl Enforcer<'_> {
    pub(crate) const fn layer(&self) -> Layer {
        match self {
            Self::Ztunnel(_) => Layer::Ztunnel,
            Self::Sidecar(_) => Layer::Sidecar,
            Self::Gateway(_) => Layer::Gateway,
            Self::Waypoint { .. } => Layer::Waypoint,
        }
    }
}
