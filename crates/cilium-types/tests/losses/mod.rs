//! What writing an object must not lose.

use fidelity::is_empty;
use serde_json::Value;

/// Lists and maps of network policies that mean the same empty and absent. An empty one of any
/// other name must come back.
const MAY_BE_LEFT_OUT: &[&str] = &[
    "annotations",
    "conditions",
    "derivativePolicies",
    "except",
    "fields",
    "fromRequires",
    "headerMatches",
    "headers",
    "labels",
    "securityGroupsIds",
    "securityGroupsNames",
    "toRequires",
    "values",
];

/// What was lost or changed on the way from `before` to `after`. A null counts as absent.
pub fn losses(before: &Value, after: &Value) -> Vec<String> {
    let is_policy = before["kind"]
        .as_str()
        .is_some_and(|kind| kind.ends_with("NetworkPolicy"));
    fidelity::losses_but(before, after, |name, value| {
        is_empty(value) && (!is_policy || MAY_BE_LEFT_OUT.contains(&name))
    })
}
