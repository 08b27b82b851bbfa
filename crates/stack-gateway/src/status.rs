//! Statuses as controllers would write them, as far as the objects alone decide.

use serde::Serialize;
use serde_json::json;
use stack_model::Entry;
use stack_model::Value;

use crate::attachment::Parent;
use crate::condition::Condition;
use crate::fields::GROUP;
use crate::listener::Listener;
use crate::route::Route;
use crate::routing::Routing;

/// Whose status it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectRef {
    /// The object's kind, such as `HTTPRoute`.
    pub kind: String,
    /// The object's namespace; `None` where the kind has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The object's name, as in its metadata.
    pub name: String,
}

impl From<&Entry> for ObjectRef {
    fn from(entry: &Entry) -> Self {
        Self {
            kind: entry.kind().to_owned(),
            namespace: entry.namespace().map(str::to_owned),
            name: entry.name().to_owned(),
        }
    }
}

/// A condition of an object, of one of its listeners, or towards one of its parents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConditionRow {
    /// The object that the status belongs to.
    pub object: ObjectRef,
    /// Of a Gateway or ListenerSet: the listener that is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listener: Option<String>,
    /// Of a route: the parent, as the route writes it.
    #[serde(rename = "parentRef", skip_serializing_if = "Option::is_none")]
    pub parent_ref: Option<Value>,
    /// Of a policy: what it applies to (as the policy writes its target), or the gateway through which it applies.
    #[serde(rename = "ancestorRef", skip_serializing_if = "Option::is_none")]
    pub ancestor_ref: Option<Value>,
    /// What holds or does not, and why.
    #[serde(flatten)]
    pub condition: Condition,
}

/// What a listener counts and admits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListenerRow {
    /// The Gateway or ListenerSet in which the listener stands.
    pub object: ObjectRef,
    /// The listener's name, unique in its owner.
    pub name: String,
    /// How many routes attach, in order or not.
    #[serde(rename = "attachedRoutes")]
    pub attached_routes: usize,
    /// The kinds of routes that may attach.
    #[serde(rename = "supportedKinds")]
    pub supported_kinds: Vec<Value>,
}

/// What a Gateway counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GatewayRow {
    /// The Gateway whose sets are counted.
    pub object: ObjectRef,
    /// How many ListenerSets add listeners to it.
    #[serde(rename = "attachedListenerSets")]
    pub attached_listener_sets: usize,
}

/// All statuses: `Accepted`, `ResolvedRefs`, `Conflicted`, `PartiallyInvalid`. Whether something is `Programmed` only a
/// cluster knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// All conditions: of gateways, ListenerSets, routes and policies.
    pub conditions: Vec<ConditionRow>,
    /// What each listener counts and admits: of gateways, and of the sets that may join them.
    pub listeners: Vec<ListenerRow>,
    /// What each gateway counts.
    pub gateways: Vec<GatewayRow>,
}

impl Routing<'_> {
    /// The statuses of all objects of Gateway API. Parents that are not in the input get none.
    pub fn status(&self) -> Status {
        let mut status = Status::default();
        for gateway in self.gateways() {
            status.add(gateway.entry, gateway.conditions.iter().cloned());
            self.add_listeners(&mut status, gateway.listeners.clone());
            let attached = gateway
                .sets
                .iter()
                .filter(|set| self.listener_sets()[**set].is_accepted());
            status.gateways.push(GatewayRow {
                object: gateway.entry.into(),
                attached_listener_sets: attached.count(),
            });
        }
        for set in self.listener_sets() {
            status.add(set.entry, set.conditions.iter().cloned());
            if set.allowed {
                self.add_listeners(&mut status, set.listeners.clone());
            }
        }
        for (position, route) in self.routes().iter().enumerate() {
            self.add_route(&mut status, position, route);
        }
        self.add_policies(&mut status);
        status
    }

    fn add_listeners(&self, status: &mut Status, range: std::ops::Range<usize>) {
        for position in range {
            let listener = &self.listeners()[position];
            for condition in listener_conditions(listener) {
                status.conditions.push(ConditionRow {
                    listener: Some(listener.name.to_owned()),
                    ..row(listener.owner, condition)
                });
            }
            let mut kinds = listener.kinds.clone();
            kinds.sort_unstable();
            status.listeners.push(ListenerRow {
                object: listener.owner.into(),
                name: listener.name.to_owned(),
                attached_routes: self.attached(position).len(),
                supported_kinds: kinds
                    .iter()
                    .map(|kind| json!({"group": GROUP, "kind": kind.as_str()}).into())
                    .collect(),
            });
        }
    }

    fn add_route(&self, status: &mut Status, position: usize, route: &Route<'_>) {
        let unresolved = route
            .backend_refs()
            .into_iter()
            .find_map(|(path, reference)| Some((path, self.backend(route, reference).err()?)));
        let resolved = match unresolved {
            None => Condition::holds("ResolvedRefs", "ResolvedRefs"),
            Some((path, (problem, message))) => Condition::fails(
                "ResolvedRefs",
                problem.reason(),
                format!("{path}: {message}"),
            ),
        };
        let unreadable: Vec<bool> = route
            .rules()
            .iter()
            .map(|rule| !self.patterns.are_sound_in(rule))
            .collect();
        for (parent, outcome) in route.parents.iter().zip(self.parents(position)) {
            let mut conditions = Vec::new();
            match outcome {
                Parent::Outside => continue,
                Parent::Refused(refusal) => conditions.push(Condition::fails(
                    "Accepted",
                    refusal.reason(),
                    refusal.message(),
                )),
                Parent::Gateway(_) | Parent::Service => {
                    let message = "a regular expression cannot be read";
                    if !unreadable.is_empty() && unreadable.iter().all(|unreadable| *unreadable) {
                        conditions.push(Condition::fails("Accepted", "UnsupportedValue", message));
                    } else {
                        conditions.push(Condition::holds("Accepted", "Accepted"));
                    }
                    if unreadable.contains(&true) && unreadable.contains(&false) {
                        let message = message.to_owned();
                        conditions.push(Condition {
                            message,
                            ..Condition::holds("PartiallyInvalid", "UnsupportedValue")
                        });
                    }
                }
            }
            conditions.push(resolved.clone());
            status
                .conditions
                .extend(conditions.into_iter().map(|condition| ConditionRow {
                    parent_ref: Some(parent.value.clone()),
                    ..row(route.entry, condition)
                }));
        }
    }

    fn add_policies(&self, status: &mut Status) {
        let mut add = |entry: &Entry, ancestor: Value, conditions: [Condition; 2]| {
            status
                .conditions
                .extend(conditions.into_iter().map(|condition| ConditionRow {
                    ancestor_ref: Some(ancestor.clone()),
                    ..row(entry, condition)
                }));
        };
        for policy in &self.policies.all {
            for target in &policy.targets {
                add(
                    policy.entry,
                    target.value.clone(),
                    policy.conditions_of(target),
                );
            }
        }
        for (policy, ancestor) in self.policy_ancestors() {
            let policy = &self.policies.all[policy];
            add(policy.entry, ancestor, policy.conditions_of_gateway());
        }
    }

    /// Through which gateways each policy applies: those whose routes name a Service that it targets.
    fn policy_ancestors(&self) -> Vec<(usize, Value)> {
        let targeted = self.policies.targeted_services();
        let mut found: Vec<(usize, Value)> = Vec::new();
        if targeted.is_empty() {
            return found;
        }
        let mut seen = std::collections::HashSet::new();
        for (position, route) in self.routes().iter().enumerate() {
            let mut policies: Vec<usize> = route
                .backend_refs()
                .into_iter()
                .filter_map(|(_, reference)| {
                    let name = reference.get("name")?.as_str()?;
                    let namespace = reference
                        .get("namespace")
                        .and_then(Value::as_str)
                        .unwrap_or(route.namespace());
                    targeted.get(&(namespace, name))
                })
                .flatten()
                .copied()
                .collect();
            policies.sort_unstable();
            policies.dedup();
            for (parent, outcome) in route.parents.iter().zip(self.parents(position)) {
                if !matches!(outcome, Parent::Gateway(_)) {
                    continue;
                }
                let whole = json!({"group": parent.group, "kind": parent.kind, "namespace": parent.namespace, "name": parent.name});
                for ancestor in [parent.value.clone(), whole.into()] {
                    for policy in &policies {
                        if seen.insert((*policy, ancestor.to_string())) {
                            found.push((*policy, ancestor.clone()));
                        }
                    }
                }
            }
        }
        found.sort_by_key(|(policy, _)| *policy);
        found
    }
}

impl Status {
    fn add(&mut self, entry: &Entry, conditions: impl IntoIterator<Item = Condition>) {
        self.conditions.extend(
            conditions
                .into_iter()
                .map(|condition| row(entry, condition)),
        );
    }
}

fn row(entry: &Entry, condition: Condition) -> ConditionRow {
    ConditionRow {
        object: entry.into(),
        listener: None,
        parent_ref: None,
        ancestor_ref: None,
        condition,
    }
}

fn listener_conditions(listener: &Listener<'_>) -> [Condition; 3] {
    let conflicted = match &listener.conflict {
        None => Condition::fails("Conflicted", "NoConflicts", ""),
        Some(problem) => Condition {
            message: problem.message.clone(),
            ..Condition::holds("Conflicted", problem.reason)
        },
    };
    [
        Condition::unless(
            "Accepted",
            "Accepted",
            listener.conflict.as_ref().or(listener.refused.as_ref()),
        ),
        conflicted,
        Condition::unless("ResolvedRefs", "ResolvedRefs", listener.unresolved.as_ref()),
    ]
}
