//! `BackendTLSPolicy`: how a gateway speaks TLS to a backend.

use std::collections::{BTreeMap, HashMap};

use stack_model::Value;
use stack_model::{Entry, Model};

use crate::backend::Backend;
use crate::certificate::{ObjectReference, authority_problem};
use crate::condition::{Condition, Problem};
use crate::fields::{GROUP, list, text};
use crate::gateway::precedence_of;

/// Group, kind, namespace, name and section of a target.
type TargetKey<'m> = (&'m str, &'m str, &'m str, &'m str, Option<&'m str>);

#[derive(Debug)]
pub(crate) struct Target<'m> {
    pub(crate) value: &'m Value,
    key: TargetKey<'m>,
    problem: Option<Problem>,
}

#[derive(Debug)]
pub(crate) struct Policy<'m> {
    pub(crate) entry: &'m Entry,
    pub(crate) targets: Vec<Target<'m>>,
    untrusted: Option<Problem>,
    unresolved: Option<Problem>,
}

/// All policies, in their order of precedence.
#[derive(Debug, Default)]
pub(crate) struct Policies<'m> {
    pub(crate) all: Vec<Policy<'m>>,
    by_target: HashMap<TargetKey<'m>, usize>,
}

impl<'m> Policies<'m> {
    pub(crate) fn of(model: &'m Model) -> Self {
        let mut entries: Vec<&Entry> = model.objects(GROUP, "BackendTLSPolicy").collect();
        entries.sort_by_cached_key(|entry| precedence_of(entry));
        let mut policies = Self::default();
        for entry in entries {
            let position = policies.all.len();
            let mut targets: Vec<Target<'m>> = entry
                .items_at("spec.targetRefs")
                .iter()
                .map(|value| read_target(model, value, entry.namespace().unwrap_or_default()))
                .collect();
            for target in &mut targets {
                let winner = *policies.by_target.entry(target.key).or_insert(position);
                if winner != position && target.problem.is_none() {
                    let message = format!(
                        "{} already says it for this target",
                        policies.all[winner].entry
                    );
                    target.problem = Some(Problem::new("Conflicted", message));
                }
            }
            let (untrusted, unresolved) = trust(model, entry);
            policies.all.push(Policy {
                entry,
                targets,
                untrusted,
                unresolved,
            });
        }
        policies
    }

    /// The policy that holds for a backend: what is said of the port before what is said of the whole Service.
    pub(crate) fn of_backend(&self, model: &Model, backend: &Backend<'_>) -> Option<&Policy<'m>> {
        if self.all.is_empty() {
            return None;
        }
        let entry = backend.entry?;
        let service = model
            .service(backend.namespace, backend.name)
            .filter(|_| entry.kind() == "Service");
        let section = service
            .and_then(|service| service.port(backend.port?))
            .and_then(|port| port.name);
        let find = |section: Option<&str>| -> Option<usize> {
            let key: TargetKey<'_> = (
                entry.group(),
                entry.kind(),
                backend.namespace,
                backend.name,
                section,
            );
            self.by_target.get(&key).copied()
        };
        let position = section
            .and_then(|section| find(Some(section)))
            .or_else(|| find(None))?;
        self.all.get(position)
    }

    /// The Services that some policy targets, by namespace and name.
    pub(crate) fn targeted_services(&self) -> BTreeMap<(&'m str, &'m str), Vec<usize>> {
        let mut found: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (position, policy) in self.all.iter().enumerate() {
            for target in &policy.targets {
                let (group, kind, namespace, name, _) = target.key;
                if (group, kind) == ("", "Service") {
                    found.entry((namespace, name)).or_default().push(position);
                }
            }
        }
        found
    }
}

impl<'m> Policy<'m> {
    /// Whether gateways cannot trust the backend, so that nothing is sent to it.
    pub(crate) const fn is_broken(&self) -> bool {
        self.untrusted.is_some()
    }

    /// The name that the gateway asks the backend for.
    pub(crate) fn hostname(&self) -> Option<&'m str> {
        self.entry.text_at("spec.validation.hostname")
    }

    /// The status for one target.
    pub(crate) fn conditions_of(&self, target: &Target<'_>) -> [Condition; 2] {
        self.conditions(target.problem.as_ref())
    }

    /// The status for a gateway through which targets are called.
    pub(crate) fn conditions_of_gateway(&self) -> [Condition; 2] {
        let problems = || {
            self.targets
                .iter()
                .filter_map(|target| target.problem.as_ref())
        };
        let missing = problems().find(|problem| problem.reason == "TargetNotFound");
        let all = (problems().count() == self.targets.len())
            .then(|| problems().next())
            .flatten();
        self.conditions(missing.or(all))
    }

    fn conditions(&self, problem: Option<&Problem>) -> [Condition; 2] {
        [
            Condition::unless("Accepted", "Accepted", problem.or(self.untrusted.as_ref())),
            Condition::unless("ResolvedRefs", "ResolvedRefs", self.unresolved.as_ref()),
        ]
    }
}

fn read_target<'m>(model: &'m Model, value: &'m Value, namespace: &'m str) -> Target<'m> {
    let group = text(value, "group").unwrap_or_default();
    let kind = text(value, "kind").unwrap_or_default();
    let name = text(value, "name").unwrap_or_default();
    let section = text(value, "sectionName").filter(|section| !section.is_empty());
    let missing = match (group, kind) {
        ("", "Service") => model.service(namespace, name).is_none_or(|service| {
            section.is_some_and(|section| service.port_named(section).is_none())
        }),
        // One that is not in the input may lie elsewhere.
        ("networking.istio.io", "ServiceEntry") => {
            let entry = model.get(group, kind, Some(namespace), name);
            entry.zip(section).is_some_and(|(entry, section)| {
                let mut ports = entry.items_at("spec.ports").iter();
                !ports.any(|port| text(port, "name") == Some(section))
            })
        }
        // Of other kinds that an implementation may take, nothing is known here.
        _ => false,
    };
    let problem = missing.then(|| {
        Problem::new(
            "TargetNotFound",
            format!("{kind} {namespace}/{name} or its port does not exist"),
        )
    });
    Target {
        value,
        key: (group, kind, namespace, name, section),
        problem,
    }
}

/// Why no certificate is left to trust, and which of them cannot be used.
fn trust(model: &Model, entry: &Entry) -> (Option<Problem>, Option<Problem>) {
    let Some(validation) = entry.at("spec.validation") else {
        return (None, None);
    };
    let references = list(validation, "caCertificateRefs");
    let namespace = entry.namespace().unwrap_or_default();
    let problems: Vec<Problem> = references
        .iter()
        .filter_map(|reference| {
            let reference = ObjectReference::read(reference, "ConfigMap", namespace);
            match (reference.group, reference.kind) {
                ("", "ConfigMap" | "Secret") => {
                    authority_problem(model, reference, "InvalidCACertificateRef")
                }
                ("certificates.k8s.io", "ClusterTrustBundle") => None,
                _ => Some(Problem::new(
                    "InvalidKind",
                    format!("{} holds no certificates", reference.kind),
                )),
            }
        })
        .collect();
    let untrusted = (!references.is_empty() && problems.len() == references.len()).then(|| {
        Problem::new(
            "NoValidCACertificate",
            "no certificate of an authority is left to trust",
        )
    });
    (untrusted, problems.into_iter().next())
}
