//! Which routes attach to which listeners.

use std::collections::HashMap;

use stack_model::{Entry, Model};

use crate::fields::{GROUP, X_GROUP};
use crate::gateway::Gateways;
use crate::hostname;
use crate::route::{ParentRef, Route};

/// A listener to which a route is attached, and the hosts that both mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The listener, by position in [`Routing::listeners`](crate::Routing::listeners).
    pub listener: usize,
    /// The hosts; `None` for every host.
    pub hosts: Vec<Option<String>>,
}

/// Why a parent does not take a route, in the specification's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// No listener (or port of a Service) has this name and port.
    NoMatchingParent,
    /// No listener admits this kind of route, or this namespace.
    NotAllowedByListeners,
    /// No listener is for a host of the route.
    NoMatchingListenerHostname,
}

impl Refusal {
    /// The reason in a condition.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NoMatchingParent => "NoMatchingParent",
            Self::NotAllowedByListeners => "NotAllowedByListeners",
            Self::NoMatchingListenerHostname => "NoMatchingListenerHostname",
        }
    }

    /// What it means, for people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::NoMatchingParent => "no listener of the parent has this section name and port",
            Self::NotAllowedByListeners => {
                "no listener admits this kind of route from this namespace"
            }
            Self::NoMatchingListenerHostname => "no listener is for a host of this route",
        }
    }
}

/// What becomes of one parent reference of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// The parent is not in the input, or of a kind that is nobody's parent here: nothing can be said.
    Outside,
    /// It takes the route, at these listeners.
    Gateway(Vec<Attachment>),
    /// The route applies to calls of a Service inside the mesh.
    Service,
    /// It refuses the route.
    Refused(Refusal),
}

/// Finds the objects that parent references mean.
#[derive(Debug)]
pub(crate) struct Parents<'a, 'm> {
    model: &'m Model,
    gateways: &'a Gateways<'m>,
    by_name: HashMap<(&'m str, &'m str, &'m str), std::ops::Range<usize>>,
}

impl<'a, 'm> Parents<'a, 'm> {
    pub(crate) fn of(model: &'m Model, gateways: &'a Gateways<'m>) -> Self {
        let own = gateways
            .gateways
            .iter()
            .map(|gateway| (gateway.entry, gateway.listeners.clone()));
        let sets = gateways.sets.iter().filter(|set| set.gateway.is_some());
        let sets = sets.map(|set| {
            // What may not join has no listeners to attach to.
            let range = if set.allowed {
                set.listeners.clone()
            } else {
                0..0
            };
            (set.entry, range)
        });
        let by_name = own
            .chain(sets)
            .map(|(entry, range)| (key_of(entry), range))
            .collect();
        Self {
            model,
            gateways,
            by_name,
        }
    }

    pub(crate) fn resolve(&self, route: &Route<'m>, parent: &ParentRef<'m>) -> Parent {
        match (parent.group, parent.kind) {
            (GROUP, "Gateway" | "ListenerSet") | (X_GROUP, "XListenerSet") => {
                match self
                    .by_name
                    .get(&(parent.kind, parent.namespace, parent.name))
                {
                    Some(range) => self.attach(route, parent, range.clone()),
                    None => Parent::Outside,
                }
            }
            ("", "Service") => self.service(parent),
            _ => Parent::Outside,
        }
    }

    fn attach(
        &self,
        route: &Route<'m>,
        parent: &ParentRef<'m>,
        range: std::ops::Range<usize>,
    ) -> Parent {
        let listeners = &self.gateways.listeners;
        let mut refusal = Refusal::NoMatchingParent;
        let mut attachments = Vec::new();
        for position in range {
            let listener = &listeners[position];
            if parent
                .section
                .is_some_and(|section| section != listener.name)
                || parent.port.is_some_and(|port| port != listener.port)
            {
                continue;
            }
            if refusal == Refusal::NoMatchingParent {
                refusal = Refusal::NotAllowedByListeners;
            }
            if !listener.admits(self.model, route.kind, route.namespace()) {
                continue;
            }
            refusal = Refusal::NoMatchingListenerHostname;
            let hosts = if route.kind.has_hosts() {
                hostname::intersect(listener.hostname.as_deref(), &route.hostnames)
            } else {
                Some(vec![None])
            };
            if let Some(hosts) = hosts {
                attachments.push(Attachment {
                    listener: position,
                    hosts,
                });
            }
        }
        if attachments.is_empty() {
            Parent::Refused(refusal)
        } else {
            Parent::Gateway(attachments)
        }
    }

    fn service(&self, parent: &ParentRef<'m>) -> Parent {
        let Some(service) = self.model.service(parent.namespace, parent.name) else {
            return Parent::Outside;
        };
        let fits = service.ports().any(|port| {
            parent.port.is_none_or(|number| number == port.port)
                && parent.section.is_none_or(|name| Some(name) == port.name)
        });
        if fits || (parent.port.is_none() && parent.section.is_none()) {
            Parent::Service
        } else {
            Parent::Refused(Refusal::NoMatchingParent)
        }
    }
}

fn key_of(entry: &Entry) -> (&str, &str, &str) {
    (
        entry.kind(),
        entry.namespace().unwrap_or_default(),
        entry.name(),
    )
}
