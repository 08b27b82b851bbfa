//! Routes and what they attach to.

use std::fmt::Display;

use serde::{Serialize, Serializer};
use stack_model::Value;
use stack_model::{Entry, Model};

use crate::fields::{GROUP, list, port, text};

/// The kinds of routes that Gateway API has, in alphabetical order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteKind {
    /// `GRPCRoute`.
    Grpc,
    /// `HTTPRoute`.
    Http,
    /// `TCPRoute`.
    Tcp,
    /// `TLSRoute`.
    Tls,
    /// `UDPRoute`.
    Udp,
}

impl RouteKind {
    /// All kinds, in alphabetical order.
    pub const ALL: [Self; 5] = [Self::Grpc, Self::Http, Self::Tcp, Self::Tls, Self::Udp];

    /// The kind of an object of Gateway API.
    pub fn of(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.as_str() == kind)
    }

    /// The kind as objects write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grpc => "GRPCRoute",
            Self::Http => "HTTPRoute",
            Self::Tcp => "TCPRoute",
            Self::Tls => "TLSRoute",
            Self::Udp => "UDPRoute",
        }
    }

    /// Whether hosts tell its routes apart.
    pub const fn has_hosts(self) -> bool {
        matches!(self, Self::Grpc | Self::Http | Self::Tls)
    }
}

/// What a route names as its parent.
#[derive(Clone, Copy, Debug)]
pub struct ParentRef<'m> {
    /// The reference as written: statuses repeat it so.
    pub value: &'m Value,
    /// The group; Gateway API's where it is left out.
    pub group: &'m str,
    /// The kind; `Gateway` where it is left out.
    pub kind: &'m str,
    /// The namespace; the route's own where it is left out.
    pub namespace: &'m str,
    /// The name that the reference gives; empty where it gives none.
    pub name: &'m str,
    /// The listener, or the port of a Service, that is meant alone.
    pub section: Option<&'m str>,
    /// The port that is meant alone.
    pub port: Option<u16>,
}

impl<'m> ParentRef<'m> {
    fn read(value: &'m Value, namespace: &'m str) -> Self {
        Self {
            value,
            group: text(value, "group").unwrap_or(GROUP),
            kind: text(value, "kind").unwrap_or("Gateway"),
            namespace: text(value, "namespace").unwrap_or(namespace),
            name: text(value, "name").unwrap_or_default(),
            section: text(value, "sectionName").filter(|section| !section.is_empty()),
            port: port(value, "port"),
        }
    }
}

/// Serialised as it is written.
impl Serialize for ParentRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// A route of any kind.
#[derive(Clone, Debug)]
pub struct Route<'m> {
    /// The route's entry in the model, with its fields and lines.
    pub entry: &'m Entry,
    /// Which of the kinds of routes it is.
    pub kind: RouteKind,
    /// The hosts that it is for, in lower case; none for all that its listeners are for.
    pub hostnames: Vec<String>,
    /// Its parents, in order.
    pub parents: Vec<ParentRef<'m>>,
}

impl<'m> Route<'m> {
    pub(crate) fn all(model: &'m Model) -> Vec<Self> {
        RouteKind::ALL
            .into_iter()
            .flat_map(|kind| {
                model
                    .objects(GROUP, kind.as_str())
                    .map(move |entry| Self::read(entry, kind))
            })
            .collect()
    }

    fn read(entry: &'m Entry, kind: RouteKind) -> Self {
        let namespace = entry.namespace().unwrap_or_default();
        let hostnames = entry
            .items_at("spec.hostnames")
            .iter()
            .filter(|_| kind.has_hosts());
        Self {
            entry,
            kind,
            hostnames: hostnames
                .filter_map(Value::as_str)
                .map(str::to_ascii_lowercase)
                .collect(),
            parents: entry
                .items_at("spec.parentRefs")
                .iter()
                .map(|parent| ParentRef::read(parent, namespace))
                .collect(),
        }
    }

    /// The namespace of the route; references without one mean it.
    pub fn namespace(&self) -> &'m str {
        self.entry.namespace().unwrap_or_default()
    }

    /// The rules as written, in order; empty for a route that has none.
    pub fn rules(&self) -> &'m [Value] {
        self.entry.items_at("spec.rules")
    }

    /// Every reference to a backend, in rules and in filters that copy requests, with where it stands.
    pub fn backend_refs(&self) -> Vec<(String, &'m Value)> {
        let mut found = Vec::new();
        for (number, rule) in self.rules().iter().enumerate() {
            for (position, backend) in list(rule, "backendRefs").iter().enumerate() {
                let path = format!("spec.rules[{number}].backendRefs[{position}]");
                mirrors(&path, backend, &mut found);
                found.push((path, backend));
            }
            mirrors(format_args!("spec.rules[{number}]"), rule, &mut found);
        }
        found
    }
}

fn mirrors<'m>(path: impl Display, holder: &'m Value, found: &mut Vec<(String, &'m Value)>) {
    for (position, filter) in list(holder, "filters").iter().enumerate() {
        if let Some(backend) = filter
            .get("requestMirror")
            .and_then(|mirror| mirror.get("backendRef"))
        {
            found.push((
                format!("{path}.filters[{position}].requestMirror.backendRef"),
                backend,
            ));
        }
    }
}
