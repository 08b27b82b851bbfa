//! One AuthorizationPolicy.

use istio_types::security::v1::{AuthorizationAction, AuthorizationPolicy, Rule};

use super::attachment::{Attached, Target};
use crate::world::LabelMap;

/// The header in which proxies tell from where a request came.
pub(super) const FORWARDED_FOR: &str = "x-forwarded-for";

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) object: String,
    pub(crate) namespace: String,
    pub(super) selector: LabelMap,
    pub(crate) targets: Vec<Target>,
    pub(crate) action: AuthorizationAction,
    pub(super) provider: Option<String>,
    pub(crate) rules: Vec<Rule>,
}

impl Policy {
    pub(super) fn attached(&self) -> Attached<'_> {
        Attached {
            namespace: &self.namespace,
            selector: &self.selector,
            targets: &self.targets,
        }
    }

    pub(super) fn of(namespace: &str, name: &str, policy: AuthorizationPolicy) -> Self {
        let spec = policy.spec.unwrap_or_default();
        let targets = spec.target_refs.iter().chain(&spec.target_ref);
        Self {
            object: format!("AuthorizationPolicy {namespace}/{name}"),
            namespace: namespace.to_owned(),
            selector: spec
                .selector
                .and_then(|selector| selector.match_labels)
                .into_iter()
                .flatten()
                .collect(),
            targets: targets.map(Target::of).collect(),
            action: spec.action.unwrap_or(AuthorizationAction::Allow),
            provider: spec.provider.and_then(|provider| provider.name),
            rules: spec.rules.unwrap_or_default(),
        }
    }
}
