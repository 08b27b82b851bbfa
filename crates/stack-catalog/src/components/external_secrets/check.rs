//! Definitions that are not there.

use serde_json::Value;
use stack_builder::{Bundle, Finding, Severity};

use crate::ids::EXTERNAL_SECRETS;

/// Objects of a version that this operator no longer serves.
pub(super) fn is_served(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let Some(release) = bundle.release(EXTERNAL_SECRETS) else {
        return;
    };
    if release.values["crds"]["unsafeServeV1Beta1"] == Value::Bool(true) {
        return;
    }
    for object in bundle.objects() {
        let id = object.id();
        if id.group() == "external-secrets.io" && id.version() == "v1beta1" {
            let message = "this operator does not serve v1beta1";
            let finding = Finding::new(
                "version-not-served",
                Severity::Error,
                id.clone(),
                message.to_owned(),
            );
            findings.push(
                finding
                    .at("apiVersion")
                    .remedy("write external-secrets.io/v1"),
            );
        }
    }
}
