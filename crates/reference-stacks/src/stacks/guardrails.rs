//! A few policies that every cluster can live with.

use kyverno_types::v1::{ClusterPolicy, PolicySpec, Rule, RuleMatch, RuleValidation};
use kyverno_types::v2::ResourceFilter;
use serde_json::json;

/// Namespaces of the platform itself, which its charts answer for: a pod that is refused there keeps a component from starting.
const PLATFORM: [&str; 19] = [
    "kube-*",
    "argocd",
    "calico-*",
    "cert-manager",
    "falco",
    "istio-system",
    "kong",
    "kyverno",
    "linkerd*",
    "loki",
    "monitoring",
    "opentelemetry*",
    "rook-ceph",
    "spire-*",
    "tempo",
    "thanos",
    "tigera-operator",
    "trivy-system",
    "velero",
];

/// Images with a version, and containers that ask for CPU and memory: two of the guide's anti-patterns, refused on the way in.
pub(super) fn basic() -> Vec<ClusterPolicy> {
    let pinned = RuleValidation::pattern(
        "An image needs a tag other than latest, or a digest.",
        json!({"spec": {"containers": [{"image": "!*:latest & *:*"}]}}),
    );
    let requests = RuleValidation::pattern(
        "A container needs requests for CPU and memory.",
        json!({"spec": {"containers": [{"resources": {"requests": {"cpu": "?*", "memory": "?*"}}}]}}),
    );
    let policy = |name: &str, validation: RuleValidation| {
        let rule = Rule::validate(name, RuleMatch::kinds(["Pod"]), validation.enforced())
            .except(RuleMatch::any([ResourceFilter::namespaces(PLATFORM)]));
        ClusterPolicy::new(name, PolicySpec::of_rules([rule]))
    };
    vec![
        policy("pinned-images", pinned),
        policy("requests", requests),
    ]
}
