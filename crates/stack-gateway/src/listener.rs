//! Listeners: of a Gateway, or of a ListenerSet that joins one.

use stack_model::Value;
use stack_model::{Entry, Model, Selector};

use crate::condition::Problem;
use crate::fields::{GROUP, at, list, port, text};
use crate::route::RouteKind;

/// What a listener speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListenerProtocol {
    /// HTTP in plain text.
    Http,
    /// HTTP inside TLS that ends here.
    Https,
    /// TLS that ends here.
    TlsTerminate,
    /// TLS that is passed on unopened.
    TlsPassthrough,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// Istio's tunnel, of waypoints.
    Hbone,
    /// None that the specification knows.
    Unknown,
}

impl ListenerProtocol {
    fn read(listener: &Value) -> Self {
        match text(listener, "protocol").unwrap_or_default() {
            "HTTP" => Self::Http,
            "HTTPS" => Self::Https,
            "TLS" if at(listener, "tls.mode").and_then(Value::as_str) == Some("Passthrough") => {
                Self::TlsPassthrough
            }
            "TLS" => Self::TlsTerminate,
            "TCP" => Self::Tcp,
            "UDP" => Self::Udp,
            "HBONE" => Self::Hbone,
            _ => Self::Unknown,
        }
    }

    /// The kinds of routes that make sense on it.
    pub const fn route_kinds(self) -> &'static [RouteKind] {
        match self {
            Self::Http | Self::Https => &[RouteKind::Grpc, RouteKind::Http],
            Self::TlsTerminate => &[RouteKind::Tcp, RouteKind::Tls],
            Self::TlsPassthrough => &[RouteKind::Tls],
            Self::Tcp => &[RouteKind::Tcp],
            Self::Udp => &[RouteKind::Udp],
            Self::Hbone | Self::Unknown => &[],
        }
    }

    /// Whether it begins with TLS and so knows the name that the client asks for before anything is answered.
    pub const fn is_tls(self) -> bool {
        matches!(
            self,
            Self::Https | Self::TlsTerminate | Self::TlsPassthrough
        )
    }

    /// Whether certificates are presented here.
    pub(crate) const fn presents_certificate(self) -> bool {
        matches!(self, Self::Https | Self::TlsTerminate)
    }
}

/// From which namespaces something may attach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedNamespaces {
    /// From none.
    None,
    /// From the owner's own.
    Same,
    /// From all.
    All,
    /// From those with these labels.
    Selected(Selector),
}

impl AllowedNamespaces {
    /// Reads `namespaces: {from, selector}`; `default` is what an absent `from` means.
    pub(crate) fn read(namespaces: Option<&Value>, default: Self) -> Self {
        let from = namespaces.and_then(|namespaces| text(namespaces, "from"));
        match from {
            None => default,
            Some("All") => Self::All,
            Some("Same") => Self::Same,
            Some("Selector") => {
                // A missing or malformed selector admits nobody: the API server refuses it where it can.
                let selector = namespaces.and_then(|namespaces| namespaces.get("selector"));
                let selector = selector
                    .filter(|selector| is_sound(selector))
                    .and_then(|selector| Selector::read(selector).ok());
                Self::Selected(selector.unwrap_or(Selector::nothing()))
            }
            Some(_) => Self::None,
        }
    }

    /// Whether something of a namespace may attach to what lives in `owner`.
    pub fn admit(&self, model: &Model, owner: &str, namespace: &str) -> bool {
        match self {
            Self::None => false,
            Self::Same => owner == namespace,
            Self::All => true,
            Self::Selected(selector) => model
                .namespace(namespace)
                .is_some_and(|namespace| selector.matches(&namespace.labels())),
        }
    }
}

/// Whether values stand where the operator takes some, and only there.
fn is_sound(selector: &Value) -> bool {
    selector.is_object()
        && list(selector, "matchExpressions").iter().all(|expression| {
            let takes_values = matches!(text(expression, "operator"), Some("In" | "NotIn"));
            takes_values != list(expression, "values").is_empty()
        })
}

/// A listener of a gateway.
#[derive(Clone, Debug)]
pub struct Listener<'m> {
    /// The Gateway or ListenerSet in which it stands.
    pub owner: &'m Entry,
    /// Its position there.
    pub index: usize,
    /// The name, unique in its owner.
    pub name: &'m str,
    /// The port at which the gateway listens; 0 where none is given.
    pub port: u16,
    /// What is spoken; of TLS also where it ends.
    pub protocol: ListenerProtocol,
    /// The hosts that it is for, in lower case; `None` for all.
    pub hostname: Option<String>,
    /// The kinds of routes that may attach.
    pub kinds: Vec<RouteKind>,
    /// The namespaces from which routes may attach.
    pub namespaces: AllowedNamespaces,
    pub(crate) value: &'m Value,
    /// Why it clashes with another listener.
    pub(crate) conflict: Option<Problem>,
    /// Why it cannot be set up at all.
    pub(crate) refused: Option<Problem>,
    /// What it refers to in vain.
    pub(crate) unresolved: Option<Problem>,
    /// Whether nothing is left to present or to trust, so that no connection can succeed.
    pub(crate) broken: bool,
}

impl<'m> Listener<'m> {
    pub(crate) fn read(owner: &'m Entry, index: usize, value: &'m Value) -> Self {
        let protocol = ListenerProtocol::read(value);
        let (kinds, unresolved) = allowed_kinds(value, protocol);
        let refused = (protocol == ListenerProtocol::Unknown).then(|| {
            Problem::new(
                "UnsupportedProtocol",
                format!(
                    "no protocol `{}`",
                    text(value, "protocol").unwrap_or_default()
                ),
            )
        });
        Self {
            owner,
            index,
            name: text(value, "name").unwrap_or_default(),
            port: port(value, "port").unwrap_or_default(),
            protocol,
            hostname: text(value, "hostname")
                .filter(|host| !host.is_empty())
                .map(str::to_ascii_lowercase),
            kinds,
            namespaces: AllowedNamespaces::read(
                at(value, "allowedRoutes.namespaces"),
                AllowedNamespaces::Same,
            ),
            value,
            conflict: None,
            refused,
            unresolved,
            broken: false,
        }
    }

    /// The namespace of its owner.
    pub fn namespace(&self) -> &'m str {
        self.owner.namespace().unwrap_or_default()
    }

    /// Whether traffic can pass: it is accepted, clashes with no other, and has a certificate where it needs one.
    pub fn is_usable(&self) -> bool {
        self.conflict.is_none() && self.refused.is_none() && !self.broken
    }

    /// Why no traffic can pass; `None` where it can.
    pub(crate) fn unusable_because(&self) -> Option<&str> {
        let broken = self.unresolved.as_ref().filter(|_| self.broken);
        let problem = self.conflict.as_ref().or(self.refused.as_ref()).or(broken);
        problem.map(|problem| problem.message.as_str())
    }

    /// Why it clashes with another listener; `None` where it does not.
    pub fn conflict_message(&self) -> Option<&str> {
        self.conflict
            .as_ref()
            .map(|problem| problem.message.as_str())
    }

    /// Whether routes of this kind and namespace may attach.
    pub fn admits(&self, model: &Model, kind: RouteKind, namespace: &str) -> bool {
        self.kinds.contains(&kind) && self.namespaces.admit(model, self.namespace(), namespace)
    }

    /// Whether a server would accept it.
    pub(crate) fn is_accepted(&self) -> bool {
        self.conflict.is_none() && self.refused.is_none()
    }
}

fn allowed_kinds(
    listener: &Value,
    protocol: ListenerProtocol,
) -> (Vec<RouteKind>, Option<Problem>) {
    let possible = protocol.route_kinds();
    let wanted = at(listener, "allowedRoutes.kinds").and_then(Value::as_array);
    let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else {
        return (possible.to_vec(), None);
    };
    if matches!(
        protocol,
        ListenerProtocol::Hbone | ListenerProtocol::Unknown
    ) {
        return (Vec::new(), None);
    }
    let mut kinds = Vec::new();
    let mut problem = None;
    for row in wanted {
        let kind = text(row, "kind").unwrap_or_default();
        let known = (text(row, "group").unwrap_or(GROUP) == GROUP)
            .then(|| RouteKind::of(kind))
            .flatten()
            .filter(|kind| possible.contains(kind));
        match known {
            Some(kind) if kinds.contains(&kind) => {}
            Some(kind) => kinds.push(kind),
            None => {
                problem = problem.or_else(|| {
                    Some(Problem::new(
                        "InvalidRouteKinds",
                        format!("no {kind} can attach here"),
                    ))
                })
            }
        }
    }
    (kinds, problem)
}
