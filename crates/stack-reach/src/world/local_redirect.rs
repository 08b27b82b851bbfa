//! Calls that Cilium keeps on the client's node: `CiliumLocalRedirectPolicy`.

use std::net::IpAddr;

use stack_model::{Entry, Selector, Value};

use crate::Protocol;
use crate::flow::Name;

/// A policy, as far as a connection asks for it.
#[derive(Clone, Debug)]
pub(crate) struct LocalRedirect {
    /// The policy, as steps name it.
    pub(crate) object: String,
    /// What is called.
    pub(crate) called: Called,
    /// The ports that are meant when they are called; all, where there are none.
    pub(crate) called_ports: Vec<RedirectPort>,
    /// The pods that answer, where one of them runs on the client's node.
    pub(crate) pods: Vec<usize>,
    /// Their ports.
    pub(crate) ports: Vec<RedirectPort>,
    /// Whether calls of these pods themselves are left alone.
    pub(crate) skips_own: bool,
}

/// What a policy is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    Service(Name),
    Address(IpAddr),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RedirectPort {
    pub(crate) name: Option<String>,
    pub(crate) number: u16,
    pub(crate) protocol: Protocol,
}

/// Reads a policy; `None` where a server or Cilium would not take it. `select` gives the pods of its namespace with certain
/// labels.
pub(super) fn read(
    entry: &Entry,
    select: impl FnOnce(&str, &Selector) -> Vec<usize>,
) -> Option<LocalRedirect> {
    let namespace = entry.namespace()?;
    let frontend = entry.at("spec.redirectFrontend")?;
    let text = |value: &Value, member: &str| value.get(member)?.as_str().map(str::to_owned);
    let (called, matcher) = match frontend.get("serviceMatcher") {
        Some(matcher) => {
            // Only Services of its own namespace.
            text(matcher, "namespace").filter(|of| of == namespace)?;
            let name = Name::new(namespace, text(matcher, "serviceName")?);
            (Called::Service(name), matcher)
        }
        None => {
            let matcher = frontend.get("addressMatcher")?;
            let address = text(matcher, "ip")?.parse().ok()?;
            (Called::Address(address), matcher)
        }
    };
    let backend = entry.at("spec.redirectBackend")?;
    let selector = Selector::read(backend.get("localEndpointSelector")?).ok()?;
    let ports = ports(backend)?;
    Some(LocalRedirect {
        object: entry.id().to_string(),
        called,
        called_ports: self::ports(matcher)?,
        pods: select(namespace, &selector),
        ports,
        skips_own: entry
            .at("spec.skipRedirectFromBackend")
            .and_then(Value::as_bool)
            == Some(true),
    })
}

fn ports(holder: &Value) -> Option<Vec<RedirectPort>> {
    let list = holder.get("toPorts").and_then(Value::as_array);
    let read = |port: &Value| {
        Some(RedirectPort {
            name: port.get("name").and_then(Value::as_str).map(str::to_owned),
            number: port.get("port")?.as_str()?.parse().ok()?,
            protocol: Protocol::parse(port.get("protocol")?.as_str()?)?,
        })
    };
    list.into_iter().flatten().map(read).collect()
}

impl LocalRedirect {
    /// The port of its pods to which a call of a port leads; `None` where the call is not redirected. `name` is the port's name
    /// at the Service.
    pub(crate) fn target(
        &self,
        number: u16,
        name: Option<&str>,
        protocol: Protocol,
    ) -> Option<u16> {
        let called = self
            .called_ports
            .iter()
            .find(|port| port.number == number && port.protocol == protocol);
        if called.is_none() && !self.called_ports.is_empty() {
            return None;
        }
        let of_protocol = || self.ports.iter().filter(|port| port.protocol == protocol);
        let name = called.and_then(|port| port.name.as_deref()).or(name);
        let by_name = of_protocol().find(|port| name.is_some() && port.name.as_deref() == name);
        // A single port needs no name.
        let single = || of_protocol().next().filter(|_| self.ports.len() == 1);
        by_name.or_else(single).map(|port| port.number)
    }
}
