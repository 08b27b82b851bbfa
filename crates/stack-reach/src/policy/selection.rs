//! Which rules select which pods, without asking every rule about every pod.

use std::collections::HashMap;

use stack_model::{Operator, Requirement, Selector};

use super::context::Context;
use super::rule::{Rule, Who};
use crate::world::World;

/// Rules by pod, and pods by rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub(super) by_pod: Vec<Vec<usize>>,
    pub(super) by_rule: Vec<Vec<usize>>,
    /// Rules of the host firewall.
    pub(super) of_nodes: Vec<usize>,
}

impl Selection {
    pub(super) fn of(rules: &[Rule], world: &World, context: &Context<'_>) -> Self {
        let pods = PodsByLabel::of(world);
        let mut selection = Self {
            by_pod: vec![Vec::new(); world.pods.len()],
            by_rule: vec![Vec::new(); rules.len()],
            of_nodes: Vec::new(),
        };
        for (position, rule) in rules.iter().enumerate() {
            let (namespace, selector) = match &rule.who {
                Who::Namespaced { namespace, pods } => (Some(namespace.as_str()), pods),
                Who::Pods(selector) => (home_of(selector), selector),
                Who::Nodes(_) => {
                    selection.of_nodes.push(position);
                    continue;
                }
            };
            for &index in pods.candidates(namespace, selector) {
                let Some(pod) = world.pods.get(index) else {
                    continue;
                };
                // Policies of pods do not hold for what uses the network of its node.
                let is_subject = !pod.host_network || !context.is_cilium();
                let selects = match &rule.who {
                    Who::Pods(selector) => selector.matches(&context.identity(pod)),
                    _ => context.selects(selector, pod),
                };
                if is_subject && selects {
                    if let Some(rules) = selection.by_pod.get_mut(index) {
                        rules.push(position);
                    }
                    if let Some(pods) = selection.by_rule.get_mut(position) {
                        pods.push(index);
                    }
                }
            }
        }
        selection
    }
}

/// The only namespace whose pods a selector of Cilium can select.
fn home_of(selector: &Selector) -> Option<&str> {
    let mut requirements = selector.requirements().iter();
    requirements.find_map(
        |requirement| match (&*requirement.key, &*requirement.values) {
            ("io.kubernetes.pod.namespace", [one]) if requirement.operator == Operator::In => {
                Some(&**one)
            }
            _ => None,
        },
    )
}

/// A label of a pod: its namespace (empty for pods of any), the key, the value.
type Key<'w> = (&'w str, &'w str, &'w str);

const ANYWHERE: &str = "";

/// Pods by each of their labels.
struct PodsByLabel<'w> {
    all: Vec<usize>,
    in_namespace: HashMap<&'w str, Vec<usize>>,
    with_label: HashMap<Key<'w>, Vec<usize>>,
}

impl<'w> PodsByLabel<'w> {
    fn of(world: &'w World) -> Self {
        let mut pods = Self {
            all: (0..world.pods.len()).collect(),
            in_namespace: HashMap::new(),
            with_label: HashMap::new(),
        };
        for (index, pod) in world.pods.iter().enumerate() {
            let home = pod.name.namespace.as_str();
            pods.in_namespace.entry(home).or_default().push(index);
            for (key, value) in &pod.labels {
                for home in [home, ANYWHERE] {
                    let key = (home, key.as_str(), value.as_str());
                    pods.with_label.entry(key).or_default().push(index);
                }
            }
        }
        pods
    }

    /// Pods among which are all that a selector selects: of those that its requirements name, the fewest.
    fn candidates(&self, namespace: Option<&'w str>, selector: &'w Selector) -> &[usize] {
        let wide = match namespace {
            Some(home) => self.in_namespace.get(home).map_or(&[][..], Vec::as_slice),
            None => &self.all,
        };
        let home = namespace.unwrap_or(ANYWHERE);
        let of_labels = selector
            .requirements()
            .iter()
            .filter_map(|requirement| self.with(home, requirement));
        of_labels.fold(wide, |fewest, pods| match pods.len() < fewest.len() {
            true => pods,
            false => fewest,
        })
    }

    /// The pods with the one value that a requirement asks for; `None` where it asks for anything else, or for what is no
    /// label of the pod itself.
    fn with(&self, home: &'w str, requirement: &'w Requirement) -> Option<&[usize]> {
        let [value] = &*requirement.values else {
            return None;
        };
        let is_own = !requirement.key.starts_with("io.kubernetes.pod.")
            && !requirement.key.starts_with("io.cilium.k8s.")
            && !requirement.key.starts_with("reserved:");
        if requirement.operator != Operator::In || !is_own {
            return None;
        }
        let found = self.with_label.get(&(home, &*requirement.key, &**value));
        Some(found.map_or(&[][..], Vec::as_slice))
    }
}
