//! Gateways with all their listeners, also those of ListenerSets that join them.

use std::collections::HashMap;

use stack_model::Value;
use stack_model::{Entry, Model};

use crate::certificate::{ObjectReference, authority_problem, key_pair_problem};
use crate::condition::{Condition, Problem};
use crate::conflict::Taken;
use crate::fields::{GROUP, X_GROUP, at, list, port, text};
use crate::grant::{Grants, Side};
use crate::listener::{AllowedNamespaces, Listener, ListenerProtocol};

/// A Gateway with what joins it, judged as its controller would.
#[derive(Clone, Debug)]
pub struct Gateway<'m> {
    /// The entry in the model, with its fields and lines.
    pub entry: &'m Entry,
    /// Its own listeners, by position in [`Routing::listeners`](crate::Routing::listeners).
    pub listeners: std::ops::Range<usize>,
    /// The ListenerSets that name it as their parent, by position in [`Routing::listener_sets`](crate::Routing::listener_sets):
    /// in their order of precedence.
    pub sets: Vec<usize>,
    /// `Accepted`, and `ResolvedRefs` where the gateway itself refers to something.
    pub conditions: Vec<Condition>,
}

impl Gateway<'_> {
    /// Whether its controller could set it up.
    pub fn is_accepted(&self) -> bool {
        self.conditions
            .iter()
            .any(|condition| condition.condition_type == "Accepted" && condition.status)
    }
}

/// A ListenerSet (or the experimental XListenerSet).
#[derive(Clone, Debug)]
pub struct ListenerSet<'m> {
    /// The entry in the model, with its fields and lines.
    pub entry: &'m Entry,
    /// Its gateway, by position in [`Routing::gateways`](crate::Routing::gateways); `None` if that is not in the input.
    pub gateway: Option<usize>,
    /// Whether the gateway lets it join.
    pub allowed: bool,
    /// Its listeners, by position in [`Routing::listeners`](crate::Routing::listeners).
    pub listeners: std::ops::Range<usize>,
    /// `Accepted`; none where the gateway is not in the input.
    pub conditions: Vec<Condition>,
}

impl ListenerSet<'_> {
    /// Whether its listeners take traffic: it may join, and its gateway and one listener at least are accepted.
    pub fn is_accepted(&self) -> bool {
        self.conditions
            .iter()
            .any(|condition| condition.condition_type == "Accepted" && condition.status)
    }
}

/// Everything that listens.
#[derive(Debug, Default)]
pub(crate) struct Gateways<'m> {
    pub(crate) gateways: Vec<Gateway<'m>>,
    pub(crate) sets: Vec<ListenerSet<'m>>,
    pub(crate) listeners: Vec<Listener<'m>>,
}

impl<'m> Gateways<'m> {
    pub(crate) fn of(model: &'m Model, grants: &Grants<'m>) -> Self {
        let mut all = Self::default();
        let mut by_name = HashMap::new();
        for entry in model.objects(GROUP, "Gateway") {
            by_name.insert((entry.namespace(), entry.name()), all.gateways.len());
            let listeners = all.read_listeners(entry);
            all.gateways.push(Gateway {
                entry,
                listeners,
                sets: Vec::new(),
                conditions: Vec::new(),
            });
        }
        let sets = [(GROUP, "ListenerSet"), (X_GROUP, "XListenerSet")];
        for entry in sets
            .iter()
            .flat_map(|(group, kind)| model.objects(group, kind))
        {
            all.read_set(model, entry, &by_name);
        }
        for position in 0..all.gateways.len() {
            all.settle(model, grants, position);
        }
        all
    }

    fn read_listeners(&mut self, owner: &'m Entry) -> std::ops::Range<usize> {
        let start = self.listeners.len();
        let values = owner.items_at("spec.listeners").iter().enumerate();
        self.listeners
            .extend(values.map(|(index, value)| Listener::read(owner, index, value)));
        start..self.listeners.len()
    }

    fn read_set(
        &mut self,
        model: &'m Model,
        entry: &'m Entry,
        by_name: &HashMap<(Option<&'m str>, &'m str), usize>,
    ) {
        let parent = entry.at("spec.parentRef");
        let member = |name: &str| parent.and_then(|parent| text(parent, name));
        let is_gateway = member("kind").is_none_or(|kind| kind == "Gateway")
            && member("group").is_none_or(|group| group == GROUP);
        let namespace = member("namespace").or(entry.namespace());
        let gateway = by_name
            .get(&(namespace, member("name").unwrap_or_default()))
            .copied()
            .filter(|_| is_gateway);
        let allowed = gateway.is_some_and(|gateway| {
            let owner = self.gateways[gateway].entry;
            let namespaces = AllowedNamespaces::read(
                owner.at("spec.allowedListeners.namespaces"),
                AllowedNamespaces::None,
            );
            namespaces.admit(
                model,
                owner.namespace().unwrap_or_default(),
                entry.namespace().unwrap_or_default(),
            )
        });
        let listeners = self.read_listeners(entry);
        if let Some(gateway) = gateway {
            self.gateways[gateway].sets.push(self.sets.len());
        }
        self.sets.push(ListenerSet {
            entry,
            gateway,
            allowed,
            listeners,
            conditions: Vec::new(),
        });
    }

    /// Judges a gateway, its listeners, and those of its sets.
    fn settle(&mut self, model: &'m Model, grants: &Grants<'m>, position: usize) {
        let entry = self.gateways[position].entry;
        let own = self.gateways[position].listeners.clone();
        let mut order = std::mem::take(&mut self.gateways[position].sets);
        // The older before the younger; who does not say its age was not made yet.
        order.sort_by_cached_key(|set| precedence_of(self.sets[*set].entry));

        let mut taken = Taken::default();
        taken.add(&mut self.listeners[own.clone()]);
        self.resolve_listeners(model, grants, entry, own.clone());
        for set in &order {
            let listeners = self.sets[*set].listeners.clone();
            if self.sets[*set].allowed {
                taken.add(&mut self.listeners[listeners.clone()]);
            }
            self.resolve_listeners(model, grants, entry, listeners);
        }

        let conditions = gateway_conditions(model, grants, entry, &self.listeners[own]);
        let accepted = conditions
            .iter()
            .any(|condition| condition.condition_type == "Accepted" && condition.status);
        for set in &order {
            let set = &mut self.sets[*set];
            let listeners = &self.listeners[set.listeners.clone()];
            set.conditions = vec![if !set.allowed {
                Condition::fails(
                    "Accepted",
                    "NotAllowed",
                    format!("{entry} does not let it add listeners"),
                )
            } else if !accepted {
                Condition::fails(
                    "Accepted",
                    "ParentNotAccepted",
                    format!("{entry} is not accepted itself"),
                )
            } else if !listeners.iter().any(Listener::is_usable) && !listeners.is_empty() {
                Condition::fails("Accepted", "ListenersNotValid", "no listener can be used")
            } else {
                accepted_with(listeners)
            }];
        }
        self.gateways[position].conditions = conditions;
        self.gateways[position].sets = order;
    }

    /// Follows what the listeners refer to.
    fn resolve_listeners(
        &mut self,
        model: &'m Model,
        grants: &Grants<'m>,
        gateway: &'m Entry,
        range: std::ops::Range<usize>,
    ) {
        for listener in &mut self.listeners[range] {
            let references = at(listener.value, "tls.certificateRefs").and_then(Value::as_array);
            if let Some(references) =
                references.filter(|_| listener.protocol.presents_certificate())
            {
                let from = Side {
                    group: listener.owner.group(),
                    kind: listener.owner.kind(),
                    namespace: listener.namespace(),
                };
                let problems: Vec<Problem> = references
                    .iter()
                    .filter_map(|reference| {
                        let reference = ObjectReference::read(reference, "Secret", from.namespace);
                        key_pair_problem(model, grants, from, reference, "InvalidCertificateRef")
                    })
                    .collect();
                listener.broken |= !references.is_empty() && problems.len() == references.len();
                listener.unresolved = listener
                    .unresolved
                    .take()
                    .or_else(|| problems.into_iter().next());
            }
            if listener.protocol == ListenerProtocol::Https
                && let Some(validation) = client_validation(gateway, listener.port)
            {
                let from = Side {
                    group: GROUP,
                    kind: "Gateway",
                    namespace: gateway.namespace().unwrap_or_default(),
                };
                let authorities = list(validation, "caCertificateRefs");
                let problems: Vec<Problem> = authorities
                    .iter()
                    .filter_map(|reference| {
                        let reference =
                            ObjectReference::read(reference, "ConfigMap", from.namespace);
                        trusted_problem(model, grants, from, reference)
                    })
                    .collect();
                if !authorities.is_empty() && problems.len() == authorities.len() {
                    listener.broken = true;
                    listener.refused = listener.refused.take().or_else(|| {
                        Some(Problem::new(
                            "NoValidCACertificate",
                            "no certificate to check clients with",
                        ))
                    });
                }
                listener.unresolved = listener
                    .unresolved
                    .take()
                    .or_else(|| problems.into_iter().next());
            }
        }
    }
}

/// How clients are checked at a port: what is said for the port before what is said for all.
pub(crate) fn client_validation(gateway: &Entry, number: u16) -> Option<&Value> {
    let frontend = gateway.at("spec.tls.frontend")?;
    let own = list(frontend, "perPort")
        .iter()
        .find(|row| port(row, "port") == Some(number));
    match own {
        Some(own) => at(own, "tls.validation"),
        None => at(frontend, "default.validation"),
    }
}

fn trusted_problem(
    model: &Model,
    grants: &Grants<'_>,
    from: Side<'_>,
    reference: ObjectReference<'_>,
) -> Option<Problem> {
    if !reference.group.is_empty() || !matches!(reference.kind, "ConfigMap" | "Secret") {
        return Some(Problem::new(
            "InvalidCACertificateKind",
            format!("{reference} is no ConfigMap"),
        ));
    }
    if !grants.allow(from, reference.side(), reference.name) {
        let message = format!(
            "no ReferenceGrant of namespace {} permits {reference}",
            reference.namespace
        );
        return Some(Problem::new("RefNotPermitted", message));
    }
    authority_problem(model, reference, "InvalidCACertificateRef")
}

fn gateway_conditions(
    model: &Model,
    grants: &Grants<'_>,
    entry: &Entry,
    listeners: &[Listener<'_>],
) -> Vec<Condition> {
    let address = entry.items_at("spec.addresses").iter().find_map(|address| {
        let kind = text(address, "type").unwrap_or("IPAddress");
        (!matches!(kind, "IPAddress" | "Hostname")).then_some(kind)
    });
    let mut conditions = vec![match address {
        Some(kind) => Condition::fails(
            "Accepted",
            "UnsupportedAddress",
            format!("no address of type `{kind}`"),
        ),
        None if !listeners.iter().any(Listener::is_accepted) && !listeners.is_empty() => {
            Condition::fails("Accepted", "ListenersNotValid", "no listener is valid")
        }
        None => accepted_with(listeners),
    }];
    if let Some(reference) = entry.at("spec.tls.backend.clientCertificateRef") {
        let from = Side {
            group: GROUP,
            kind: "Gateway",
            namespace: entry.namespace().unwrap_or_default(),
        };
        let reference = ObjectReference::read(reference, "Secret", from.namespace);
        let problem = key_pair_problem(
            model,
            grants,
            from,
            reference,
            "InvalidClientCertificateRef",
        );
        conditions.push(Condition::unless(
            "ResolvedRefs",
            "ResolvedRefs",
            problem.as_ref(),
        ));
    }
    conditions
}

/// Accepted; the reason says whether all listeners are.
fn accepted_with(listeners: &[Listener<'_>]) -> Condition {
    let all = listeners.iter().all(Listener::is_accepted);
    Condition::holds(
        "Accepted",
        if all { "Accepted" } else { "ListenersNotValid" },
    )
}

/// The order in which rival objects win: the older first, then by namespace and name.
pub(crate) fn precedence_of(entry: &Entry) -> (bool, String, String, String) {
    let created = entry
        .text_at("metadata.creationTimestamp")
        .unwrap_or_default();
    (
        created.is_empty(),
        created.to_owned(),
        entry.namespace().unwrap_or_default().to_owned(),
        entry.name().to_owned(),
    )
}
