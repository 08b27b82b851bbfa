//! Whether a component lets itself be scraped.

use stack_builder::Context;

use crate::ids::MONITORING_CRDS;

/// Whether a component brings ServiceMonitors or PodMonitors of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Monitoring {
    /// Where a component of the stack brings their kinds, which then comes first.
    #[default]
    Auto,
    /// Always: something outside the stack brings their kinds.
    On,
    /// Never, even where somebody would read them.
    Off,
}

impl Monitoring {
    /// Whether they are brought into this stack.
    pub fn is_on(self, context: &Context<'_>) -> bool {
        match self {
            Monitoring::Auto => context.has(MONITORING_CRDS),
            Monitoring::On => true,
            Monitoring::Off => false,
        }
    }

    /// What the component adds to [`Component::after`](stack_builder::Component::after).
    pub fn after(self) -> impl Iterator<Item = &'static str> {
        (self == Monitoring::Auto)
            .then_some(MONITORING_CRDS)
            .into_iter()
    }
}
