//! Selectors and entities, as the labels of peers have them.

use std::borrow::Cow;

use cilium_types::v2::{EndpointSelector, Entity, LabelKey, LabelSelectorOperator, LabelSource};
use stack_model::{Operator, Requirement, Selector};

use crate::policy::peer::EntityMatch;

pub(super) const NAMESPACE: &str = "io.kubernetes.pod.namespace";
pub(super) const NAMESPACE_LABELS: &str = "io.cilium.k8s.namespace.labels.";

pub(super) fn equals(key: &str, value: &str) -> Requirement {
    Requirement::new(key, Operator::In, [value])
}

/// A selector with its keys as [`PodIdentity`](crate::policy::identity::PodIdentity) has them.
pub(super) fn requirements(selector: &EndpointSelector) -> Selector {
    let labels = selector
        .match_labels
        .iter()
        .flatten()
        .map(|(name, value)| equals(&key(name), value));
    let expressions = selector
        .match_expressions
        .iter()
        .flatten()
        .map(|expression| {
            let operator = match expression.operator {
                LabelSelectorOperator::In => Operator::In,
                LabelSelectorOperator::NotIn => Operator::NotIn,
                LabelSelectorOperator::Exists => Operator::Exists,
                LabelSelectorOperator::DoesNotExist => Operator::DoesNotExist,
            };
            Requirement::new(
                &*key(&expression.key),
                operator,
                expression.values.iter().map(String::as_str),
            )
        });
    Selector::new(labels.chain(expressions))
}

fn key(key: &LabelKey) -> Cow<'_, str> {
    match key.source() {
        Some(LabelSource::Reserved) => format!("reserved:{}", key.name()).into(),
        Some(LabelSource::Any | LabelSource::K8s) => key.name().into(),
        // Some other source: no pod or node has such a label.
        Some(_) => key.as_str().into(),
        None => match key.as_str().strip_prefix("reserved.") {
            Some(name) => format!("reserved:{name}").into(),
            None => key.as_str().into(),
        },
    }
}

pub(super) fn entity_match(entity: &Entity) -> EntityMatch {
    match entity {
        Entity::All => EntityMatch::All,
        Entity::World => EntityMatch::World,
        Entity::Cluster => EntityMatch::Cluster,
        Entity::Host => EntityMatch::Host,
        Entity::Ingress => EntityMatch::Ingress,
        Entity::RemoteNode => EntityMatch::RemoteNode,
        Entity::KubeApiserver => EntityMatch::KubeApiserver,
        Entity::Init | Entity::Unmanaged | Entity::Health => EntityMatch::Other,
        other => match other.as_str() {
            "world-ipv4" => EntityMatch::WorldIpv4,
            "world-ipv6" => EntityMatch::WorldIpv6,
            _ => EntityMatch::None,
        },
    }
}
