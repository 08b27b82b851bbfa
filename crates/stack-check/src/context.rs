//! What checks see, and where their findings go.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use kube_vocab::{FieldPath, Finding, Severity, Subject};
use stack_gateway::Routing;
use stack_model::Value;
use stack_model::{
    Entry, EntryId, Extent, Model, Reference, Requirement, Resolution, Selector, Workload,
};
use stack_reach::{Reach, Remark};

use crate::group::Group;
use crate::intent::Intent;
use crate::ledger::Ledger;
use crate::variants::variants;

/// What checks see.
#[derive(Debug)]
pub(crate) struct Context<'m> {
    pub(crate) model: &'m Model,
    pub(crate) routing: Routing<'m>,
    pub(crate) extent: Extent,
    /// Where images may come from: [`Config::registries`](crate::Config).
    pub(crate) registries: Vec<String>,
    /// The references that lead nowhere.
    pub(crate) broken: Vec<(Reference<'m>, Resolution<'m>)>,
    intent: Intent<'m>,
    remarks: OnceLock<Vec<Remark<'m>>>,
    scattered: OnceLock<HashSet<&'m str>>,
    ambiguous: HashSet<EntryId>,
}

impl<'m> Context<'m> {
    pub(crate) fn of(model: &'m Model, extent: Extent) -> Self {
        let resolved = model.references().map(|reference| {
            let resolution = model.resolve(&reference, extent);
            (reference, resolution)
        });
        let ambiguous: HashSet<EntryId> = match extent {
            Extent::Part => variants(model).map(Entry::entry_id).collect(),
            Extent::Whole => HashSet::new(),
        };
        let broken = resolved.filter(|(reference, resolution)| match resolution {
            _ if reference.optional => false,
            Resolution::Missing => true,
            Resolution::KeyMissing(found) => !ambiguous.contains(&found.entry_id()),
            _ => false,
        });
        Self {
            model,
            routing: Routing::of(model),
            extent,
            registries: Vec::new(),
            broken: broken.collect(),
            intent: Intent::default(),
            remarks: OnceLock::new(),
            scattered: OnceLock::new(),
            ambiguous,
        }
    }

    /// The workloads of the object's namespace that a `LabelSelector` at a path means; `None` without a readable selector.
    pub(crate) fn selected(
        &self,
        entry: &'m Entry,
        path: &str,
    ) -> Option<(Selector, Vec<Workload<'m>>)> {
        let selector = Selector::read(entry.at(path)?).ok()?;
        let workloads = self.model.select_workloads(entry.namespace()?, &selector);
        Some((selector, workloads))
    }

    /// Whether a selector of an object, which selects no pod of a namespace, was meant for pods that are there.
    pub(crate) fn is_for_our_pods(
        &self,
        entry: &Entry,
        namespace: &str,
        selector: &Selector,
    ) -> bool {
        self.intent
            .is_for_our_pods(self.model, self.extent, entry, namespace, selector)
    }

    /// What policies and the mesh do to connections, worked out when somebody first asks. Nothing where the input has neither.
    pub(crate) fn remarks(&self) -> &[Remark<'m>] {
        self.remarks.get_or_init(|| {
            let decides = |group: &str| {
                matches!(
                    group,
                    "cilium.io" | "policy.networking.k8s.io" | "security.istio.io"
                )
            };
            let mut kinds = self.model.kinds();
            let is_of_interest = kinds
                .any(|(group, kind)| decides(group) || matches!(kind, "NetworkPolicy" | "Service"));
            match is_of_interest {
                true => Reach::of(self.model).remarks(),
                false => Vec::new(),
            }
        })
    }

    /// The label that a requirement on pods of any namespace asks for, if pods have its key and none has one of its values.
    pub(crate) fn label_that_nobody_has(&self, requirement: &Requirement) -> Option<String> {
        self.intent.label_that_nobody_has(self.model, requirement)
    }

    /// Whether two objects are surely applied together. In a part of a stack, files whose objects leave it open where they are
    /// applied may be examples of the same thing.
    pub(crate) fn are_together(&self, one: &Entry, other: &Entry) -> bool {
        let is_placed = |entry: &Entry| {
            entry.namespace().is_none() || entry.text_at("metadata.namespace").is_some()
        };
        self.extent == Extent::Whole
            || one.origin().file == other.origin().file
            || (is_placed(one) && is_placed(other))
    }

    /// Whether one object surely speaks of the other: as [`are_together`](Self::are_together), or from the same folder.
    pub(crate) fn are_near(&self, one: &Entry, other: &Entry) -> bool {
        self.are_together(one, other) || self.are_beside(one, other)
    }

    /// Whether two objects come from the same folder, or the input is whole: files far apart may describe several clusters.
    pub(crate) fn are_beside(&self, one: &Entry, other: &Entry) -> bool {
        self.extent == Extent::Whole
            || one.origin().file == other.origin().file
            || folder_of(one) == folder_of(other)
    }

    /// Whether what lies in the namespace of an object surely is applied with it: in a part of a stack not where files of several
    /// folders leave open which namespace they are for, and the object does so, too.
    pub(crate) fn is_with_its_namespace(&self, entry: &Entry) -> bool {
        let is_open = |entry: &Entry| entry.text_at("metadata.namespace").is_none();
        if self.extent == Extent::Whole || !is_open(entry) {
            return true;
        }
        let scattered = self.scattered.get_or_init(|| {
            let mut folders: HashMap<&str, Option<&str>> = HashMap::new();
            let mut scattered = HashSet::new();
            for entry in self.model.entries().filter(|entry| is_open(entry)) {
                if let Some(namespace) = entry.namespace() {
                    let folder = folder_of(entry);
                    if *folders.entry(namespace).or_insert(folder) != folder {
                        scattered.insert(namespace);
                    }
                }
            }
            scattered
        });
        !entry
            .namespace()
            .is_some_and(|namespace| scattered.contains(namespace))
    }

    /// Whether another file describes the object differently, so that nobody knows which of the two counts.
    pub(crate) fn is_ambiguous(&self, entry: &Entry) -> bool {
        self.ambiguous.contains(&entry.entry_id())
    }
}

/// The folder of the file that an object was read from.
fn folder_of(entry: &Entry) -> Option<&str> {
    let file = entry.origin().file.as_deref()?;
    Some(file.rsplit_once('/').map_or("", |(folder, _)| folder))
}

/// Takes the findings of one check.
#[derive(Debug)]
pub(crate) struct Sink<'c, 'l> {
    /// The check's code.
    pub(crate) code: &'static str,
    pub(crate) group: Group,
    /// How bad its findings are, where the configuration does not say otherwise.
    pub(crate) severity: Severity,
    /// What to do, where a finding has no remedy of its own.
    pub(crate) remedy: &'static str,
    pub(crate) ledger: &'l mut Ledger<'c>,
}

impl Sink<'_, '_> {
    /// Notes a finding with the check's own remedy.
    pub(crate) fn report(
        &mut self,
        entry: &Entry,
        path: impl Into<FieldPath>,
        message: impl Into<String>,
    ) {
        self.report_with(entry, path, message, self.remedy);
    }

    /// Notes a finding with a remedy that fits better.
    pub(crate) fn report_with(
        &mut self,
        entry: &Entry,
        path: impl Into<FieldPath>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let path = path.into();
        let location = entry.location_of(&path);
        let finding = Finding::new(self.code, self.severity, entry.id(), message)
            .at(path)
            .remedy(remedy)
            .located(location);
        self.ledger.add(self.group, Some(entry), finding);
    }

    /// Notes a finding on the stack as a whole.
    pub(crate) fn report_stack(&mut self, message: impl Into<String>) {
        let finding = Finding::new(self.code, self.severity, Subject::Stack, message);
        self.ledger
            .add(self.group, None, finding.remedy(self.remedy));
    }
}

/// The path that a text in the usual notation means.
pub(crate) fn path(text: &str) -> FieldPath {
    FieldPath::parse(text)
}

/// A number of pods that is written as a number or as a share of a total, rounded up.
pub(crate) fn scaled(value: &Value, total: u32) -> Option<u32> {
    match value {
        Value::Number(number) => u32::try_from(number.as_u64()?).ok(),
        Value::String(text) => {
            let percent: u64 = text.strip_suffix('%')?.parse().ok()?;
            u32::try_from((percent * u64::from(total)).div_ceil(100)).ok()
        }
        _ => None,
    }
}

/// `key=value, key=value` of a selector's requirements, for people.
pub(crate) fn in_words(selector: &Selector) -> String {
    let requirements = selector.requirements().iter().map(|requirement| {
        let values = requirement.values.join("|");
        if values.is_empty() {
            requirement.key.to_string()
        } else {
            format!("{}={values}", requirement.key)
        }
    });
    requirements.collect::<Vec<_>>().join(", ")
}
