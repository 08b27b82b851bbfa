//! What checks see, and where their findings go.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use kube_vocab::{FieldPath, Finding, Severity, Subject};
use stack_gateway::Routing;
use stack_model::Value;
use stack_model::{
    Entry, Extent, Model, Operator, Reference, Requirement, Resolution, Selector, Workload,
    WorkloadKind,
};
use stack_reach::{Reach, Remark};

use crate::capacity::Quotas;
use crate::group::Group;
use crate::intent::Intent;
use crate::ledger::Ledger;
use crate::variants::{Variants, folder_of};

/// What checks see.
#[derive(Debug)]
pub(crate) struct Context<'m> {
    pub(crate) model: &'m Model,
    pub(crate) routing: Arc<Routing<'m>>,
    pub(crate) extent: Extent,
    /// Where images may come from: [`Config::registries`](crate::Config).
    pub(crate) registries: Vec<String>,
    /// The references that lead nowhere.
    pub(crate) broken: Vec<(Reference<'m>, Resolution<'m>)>,
    intent: Intent<'m>,
    remarks: OnceLock<Vec<Remark<'m>>>,
    quotas: OnceLock<Quotas<'m>>,
    scattered: OnceLock<HashSet<&'m str>>,
    variants: Variants<'m>,
}

impl<'m> Context<'m> {
    pub(crate) fn of(model: &'m Model, extent: Extent) -> Self {
        let resolved = model.references().map(|reference| {
            let resolution = model.resolve(&reference, extent);
            (reference, resolution)
        });
        let variants = match extent {
            Extent::Part => Variants::of(model),
            Extent::Whole => Variants::default(),
        };
        let broken = resolved.filter(|(reference, resolution)| match resolution {
            _ if reference.optional => false,
            Resolution::Missing => true,
            Resolution::KeyMissing(found) => !variants.is_ambiguous(found),
            _ => false,
        });
        Self {
            model,
            routing: Arc::new(Routing::of(model)),
            extent,
            registries: Vec::new(),
            broken: broken.collect(),
            intent: Intent::default(),
            remarks: OnceLock::new(),
            quotas: OnceLock::new(),
            scattered: OnceLock::new(),
            variants,
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
        let is_near = |workload: &Entry| self.are_near(entry, workload);
        match self.extent {
            Extent::Whole => self.intent.is_of_pods(self.model, namespace, selector),
            Extent::Part => {
                !self.variants.has_in(namespace)
                    && self
                        .intent
                        .is_evident(self.model, entry, namespace, selector, &is_near)
            }
        }
    }

    /// The workloads that are written whole. One without containers or the labels of its pods is a part of an object: what a test
    /// compares, what an overlay changes.
    pub(crate) fn written_workloads(&self) -> impl Iterator<Item = Workload<'m>> + use<'m> {
        self.model.workloads().filter(|workload| {
            let is_alone = matches!(
                workload.kind(),
                WorkloadKind::Pod | WorkloadKind::Job | WorkloadKind::CronJob
            );
            (is_alone || !workload.labels().is_empty()) && workload.containers().next().is_some()
        })
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
                true => Reach::of_routed(self.model, Arc::clone(&self.routing)).remarks(),
                false => Vec::new(),
            }
        })
    }

    /// What is asked of all quotas, worked out when somebody first asks.
    pub(crate) fn quotas(&self) -> &Quotas<'m> {
        self.quotas.get_or_init(|| Quotas::of(self.model))
    }

    /// The label that a requirement on pods of any namespace asks for, if pods have its key and none has one of its values.
    pub(crate) fn label_that_nobody_has(&self, requirement: &Requirement) -> Option<String> {
        self.intent.label_that_nobody_has(self.model, requirement)
    }

    /// Whether two objects are surely applied together. In a part of a stack, files whose objects leave it open where they are
    /// applied may be examples of the same thing, and files that describe one object in two ways are alternatives.
    pub(crate) fn are_together(&self, one: &Entry, other: &Entry) -> bool {
        self.are_of_one_text(one, other)
            || (is_placed(one) && is_placed(other) && !self.are_alternatives(one, other))
    }

    /// Whether one object surely speaks of the other: as [`are_together`](Self::are_together), or from the same folder.
    pub(crate) fn are_near(&self, one: &Entry, other: &Entry) -> bool {
        self.are_together(one, other) || self.are_beside(one, other)
    }

    /// Whether two objects come from the same folder, or the input is whole: files far apart may describe several clusters.
    pub(crate) fn are_beside(&self, one: &Entry, other: &Entry) -> bool {
        self.are_of_one_text(one, other)
            || (folder_of(one) == folder_of(other) && !self.are_alternatives(one, other))
    }

    fn are_of_one_text(&self, one: &Entry, other: &Entry) -> bool {
        self.extent == Extent::Whole || one.origin().file == other.origin().file
    }

    fn are_alternatives(&self, one: &Entry, other: &Entry) -> bool {
        let folders = folder_of(one).zip(folder_of(other));
        folders.is_some_and(|(one, other)| self.variants.are_alternatives(one, other))
    }

    /// What an object is surely applied with: two of one circle are [together](Self::are_together) or of one folder.
    pub(crate) fn circle_of(&self, entry: &'m Entry) -> Circle<'m> {
        let (Extent::Part, Some(folder), Some(file)) = (
            self.extent,
            folder_of(entry),
            entry.origin().file.as_deref(),
        ) else {
            return Circle::Input;
        };
        if self.variants.is_collection(folder) {
            Circle::File(file)
        } else if !is_placed(entry) || self.variants.has_alternatives(folder) {
            Circle::Folder(folder)
        } else {
            Circle::Input
        }
    }

    /// Folders whose files are alternatives, each with an object of which it has several variants.
    pub(crate) fn collections(&self) -> impl Iterator<Item = (&'m str, &'m Entry)> {
        self.variants.collections()
    }

    /// Whether what lies in the namespace of an object surely is applied with it: in a part of a stack not where files of several
    /// folders leave open which namespace they are for, and the object does so, too.
    pub(crate) fn is_with_its_namespace(&self, entry: &Entry) -> bool {
        let is_open = |entry: &Entry| entry.text_at("metadata.namespace").is_none();
        if self.extent == Extent::Whole {
            return true;
        }
        if folder_of(entry).is_some_and(|folder| self.variants.is_collection(folder)) {
            return false;
        }
        if !is_open(entry) {
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
        self.variants.is_ambiguous(entry)
    }
}

/// What an object is surely applied with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Circle<'m> {
    /// All objects of the input that are so.
    Input,
    /// Those of its folder.
    Folder(&'m str),
    /// Those of its file.
    File(&'m str),
}

/// Whether an object says where it is applied, or needs no place.
fn is_placed(entry: &Entry) -> bool {
    entry.namespace().is_none() || entry.text_at("metadata.namespace").is_some()
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

    /// Notes something that is no fault, but that one should know.
    pub(crate) fn remark(&mut self, entry: &Entry, message: impl Into<String>, remedy: &str) {
        let location = entry.location_of(&FieldPath::root());
        let finding = Finding::new(self.code, Severity::Note, entry.id(), message);
        let finding = finding.remedy(remedy).located(location);
        self.ledger.note(self.group, entry, finding);
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

/// `key=value, key!=value` of a selector's requirements, for people.
pub(crate) fn in_words(selector: &Selector) -> String {
    let requirements = selector.requirements().iter().map(|requirement| {
        let (key, values) = (&requirement.key, requirement.values.join("|"));
        match requirement.operator {
            Operator::In => format!("{key}={values}"),
            Operator::NotIn => format!("{key}!={values}"),
            Operator::Exists => key.to_string(),
            Operator::DoesNotExist => format!("!{key}"),
            Operator::Gt => format!("{key}>{values}"),
            Operator::Lt => format!("{key}<{values}"),
        }
    });
    requirements.collect::<Vec<_>>().join(", ")
}
