//! Whether a selector that selects nothing was meant for pods that are there.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, OnceLock, PoisonError};

use stack_model::{Entry, Model, Near, Operator, Requirement, Selector};

/// What is known of labels, made when somebody first asks: most stacks have no selector that selects nothing.
#[derive(Debug, Default)]
pub(crate) struct Intent<'m> {
    labels: OnceLock<LabelIndex<'m>>,
    /// The values of a label on pods of any namespace.
    anywhere: OnceLock<HashMap<&'m str, HashSet<&'m str>>>,
    /// Values by their place among those of a label, by namespace and key.
    near: Mutex<HashMap<(String, String), Near<usize>>>,
}

#[derive(Debug, Default)]
struct LabelIndex<'m> {
    /// The lists of keys that pods of a namespace carry: each once, however many pods there are.
    keys: HashMap<&'m str, HashSet<Vec<&'m str>>>,
    /// The values of a label, by namespace and key.
    values: HashMap<(&'m str, &'m str), Vec<&'m str>>,
    /// Workloads by namespace and name.
    names: HashMap<(&'m str, &'m str), Vec<&'m Entry>>,
    /// Workloads by a label of their own, which is not one of their pods.
    own: HashMap<(&'m str, &'m str, &'m str), Vec<&'m Entry>>,
}

impl<'m> LabelIndex<'m> {
    fn of(model: &'m Model) -> Self {
        let mut index = Self::default();
        for workload in model.workloads() {
            let namespace = workload.namespace();
            let mut keys = Vec::new();
            for (key, value) in workload.labels().iter() {
                keys.push(key);
                index
                    .values
                    .entry((namespace, key))
                    .or_default()
                    .push(value);
            }
            keys.sort_unstable();
            // A template without labels is a part of an object: what a test compares, what an overlay changes.
            if keys.is_empty() {
                continue;
            }
            index.keys.entry(namespace).or_default().insert(keys);
            let place = (namespace, workload.name());
            index.names.entry(place).or_default().push(workload.entry());
            for (key, value) in workload.entry().labels().iter() {
                let labelled = index.own.entry((namespace, key, value)).or_default();
                labelled.push(workload.entry());
            }
        }
        for values in index.values.values_mut() {
            values.sort_unstable();
            values.dedup();
        }
        index
    }
}

impl<'m> Intent<'m> {
    /// Whether a selector, which selects no pod of a namespace of a whole stack, was meant for pods of it: some of them carry its
    /// keys. Others are made by an operator.
    pub(crate) fn is_of_pods(
        &self,
        model: &'m Model,
        namespace: &str,
        selector: &Selector,
    ) -> bool {
        let index = self.labels.get_or_init(|| LabelIndex::of(model));
        let lists = index.keys.get(namespace);
        lists.into_iter().flatten().any(|keys| {
            let mut wanted = selector.requirements().iter();
            wanted.all(|requirement| keys.binary_search(&&*requirement.key).is_ok())
        })
    }

    /// Whether there is evidence that a selector of an object, which selects no pod of a namespace, was meant for pods of workloads
    /// near to it, although others may be elsewhere: a value is misspelt, the labels are those of a workload and not of its pods,
    /// or a workload bears the name of the object.
    pub(crate) fn is_evident(
        &self,
        model: &'m Model,
        entry: &Entry,
        namespace: &str,
        selector: &Selector,
        is_near: &dyn Fn(&Entry) -> bool,
    ) -> bool {
        let index = self.labels.get_or_init(|| LabelIndex::of(model));
        let namesakes = index.names.get(&(namespace, entry.name()));
        namesakes.is_some_and(|found| found.iter().any(|workload| is_near(workload)))
            || is_labelled_itself(index, namespace, selector, is_near)
            || self.is_misspelt(model, index, namespace, selector, is_near)
    }

    /// The label that a requirement asks for, if pods have its key and none has one of its values.
    pub(crate) fn label_that_nobody_has(
        &self,
        model: &'m Model,
        requirement: &Requirement,
    ) -> Option<String> {
        let key = &*requirement.key;
        let key = key
            .strip_prefix("k8s:")
            .or(key.strip_prefix("any:"))
            .unwrap_or(key);
        // A key that no pod has is of something else, such as the namespace.
        let values = self
            .anywhere
            .get_or_init(|| values_anywhere(model))
            .get(key)
            .filter(|_| requirement.operator == Operator::In)?;
        let is_there = requirement
            .values
            .iter()
            .any(|value| values.contains(&**value));
        (!is_there && !requirement.values.is_empty())
            .then(|| format!("{key}={}", requirement.values.join("|")))
    }

    /// Whether pods are selected once the value of one label is written as it is elsewhere.
    fn is_misspelt(
        &self,
        model: &'m Model,
        index: &LabelIndex<'m>,
        namespace: &str,
        selector: &Selector,
        is_near: &dyn Fn(&Entry) -> bool,
    ) -> bool {
        let requirements = selector.requirements();
        requirements
            .iter()
            .enumerate()
            .any(|(position, requirement)| {
                let (Operator::In, [value]) = (requirement.operator, &*requirement.values) else {
                    return false;
                };
                let Some(values) = index.values.get(&(namespace, &*requirement.key)) else {
                    return false;
                };
                let place = (namespace.to_owned(), requirement.key.to_string());
                // A thread that panicked while it held the lock left the index as it was.
                let mut known = self.near.lock().unwrap_or_else(PoisonError::into_inner);
                let near = known.entry(place).or_insert_with(|| {
                    let mut near = Near::default();
                    for (number, value) in values.iter().enumerate() {
                        near.add(value, number);
                    }
                    near
                });
                let found: BTreeSet<usize> = near.find(value, |number| values[number]).collect();
                found.into_iter().any(|number| {
                    let value = values[number];
                    let mut corrected = requirements.to_vec();
                    corrected[position] =
                        Requirement::new(&*requirement.key, Operator::In, [value]);
                    let meant = model.select_workloads(namespace, &Selector::new(corrected));
                    meant.iter().any(|workload| is_near(workload.entry()))
                })
            })
    }
}

fn values_anywhere(model: &Model) -> HashMap<&str, HashSet<&str>> {
    let mut values: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (key, value) in model
        .workloads()
        .flat_map(|workload| workload.labels().iter())
    {
        values.entry(key).or_default().insert(value);
    }
    values
}

/// Whether a workload carries the labels itself, whose pods do not.
fn is_labelled_itself(
    index: &LabelIndex<'_>,
    namespace: &str,
    selector: &Selector,
    is_near: &dyn Fn(&Entry) -> bool,
) -> bool {
    let candidates = selector.requirements().iter().map(|requirement| {
        let values = requirement.values.iter();
        let labelled = values.filter_map(|value| {
            let label = (namespace, &*requirement.key, &**value);
            index.own.get(&label)
        });
        labelled.flatten().collect::<Vec<_>>()
    });
    let fewest = candidates.min_by_key(Vec::len).unwrap_or_default();
    fewest
        .into_iter()
        .any(|workload| selector.matches(&workload.labels()) && is_near(workload))
}
