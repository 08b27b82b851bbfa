//! The `spec` of policies: many policies of a large stack have the same one, in one piece of memory.

use std::sync::Arc;

use cilium_types::v2::Rule as Spec;
use crd_core::parse::{ParseError, lenient};
use serde::de::DeserializeOwned;
use stack_model::kube_value::{Map, Memo};
use stack_model::{Entry as Object, Value};

/// Those that were read last.
#[derive(Default)]
pub(super) struct Specs(Memo<Option<Arc<Spec>>>);

impl Specs {
    /// A policy, and its `spec` where that was read on its own: then the policy has none.
    pub(super) fn read<T: DeserializeOwned>(
        &mut self,
        object: &Object,
    ) -> Result<(T, Option<Arc<Spec>>), ParseError> {
        let of_spec = |spec: &Map| lenient::<Spec>(&Value::Object(spec.clone())).ok();
        let written = object.at("spec").and_then(Value::as_object);
        let spec = written.and_then(|spec| self.0.of(spec, |spec| of_spec(spec).map(Arc::new)));
        if let Some(spec) = spec {
            let members = object.value().as_object().into_iter().flatten();
            let others = members.filter(|(key, _)| **key != "spec");
            let others = others.map(|(key, value)| (key.clone(), value.clone()));
            if let Ok(policy) = lenient(&Value::Object(Map::of_distinct(others))) {
                return Ok((policy, Some(spec)));
            }
        }
        // All that is wrong with it is said together.
        Ok((lenient(object.value())?, None))
    }
}
