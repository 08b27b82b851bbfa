//! Which rules select which pods, without asking every rule about every pod.

use stack_model::{Operator, Selector};

use super::context::Context;
use super::rule::{Rule, Who};
use crate::world::{PodIndex, World};

/// Rules by pod, and pods by rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub(super) by_pod: Vec<Vec<usize>>,
    pub(super) by_rule: Vec<Vec<usize>>,
    /// Rules of the host firewall.
    pub(super) of_nodes: Vec<usize>,
}

impl Selection {
    pub(super) fn of(
        rules: &[Rule],
        world: &World,
        pods: &PodIndex,
        context: &Context<'_>,
    ) -> Self {
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
