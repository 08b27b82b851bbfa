//! Labels and annotations that controllers know.

use stack_model::is_misspelt;

/// Where a key has an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    Label,
    Annotation,
}

use Where::{Annotation as A, Label as L};

/// The key, whether it is a label or an annotation, and the kinds that may carry it; none for all, or where pods are among them.
const KEYS: [(&str, Where, &[&str]); 56] = [
    ("admission.gatekeeper.sh/ignore", L, &["Namespace"]),
    ("app.kubernetes.io/component", L, &[]),
    ("app.kubernetes.io/instance", L, &[]),
    ("app.kubernetes.io/managed-by", L, &[]),
    ("app.kubernetes.io/name", L, &[]),
    ("app.kubernetes.io/part-of", L, &[]),
    ("app.kubernetes.io/version", L, &[]),
    ("argocd.argoproj.io/compare-options", A, &[]),
    ("argocd.argoproj.io/hook", A, &[]),
    ("argocd.argoproj.io/hook-delete-policy", A, &[]),
    ("argocd.argoproj.io/managed-by", L, &[]),
    ("argocd.argoproj.io/refresh", A, &[]),
    ("argocd.argoproj.io/secret-type", L, &[]),
    ("argocd.argoproj.io/sync-options", A, &[]),
    ("argocd.argoproj.io/sync-wave", A, &[]),
    ("cert-manager.io/cluster-issuer", A, &[]),
    ("cert-manager.io/inject-ca-from", A, &[]),
    ("cert-manager.io/issuer", A, &[]),
    ("cluster-autoscaler.kubernetes.io/safe-to-evict", A, &[]),
    ("helm.sh/chart", L, &[]),
    ("helm.sh/hook", A, &[]),
    ("helm.sh/hook-delete-policy", A, &[]),
    ("helm.sh/hook-weight", A, &[]),
    ("helm.sh/resource-policy", A, &[]),
    ("ingressclass.kubernetes.io/is-default-class", A, &[]),
    ("istio-injection", L, &["Namespace"]),
    ("istio.io/dataplane-mode", L, &[]),
    ("istio.io/rev", L, &[]),
    ("istio.io/tag", L, &[]),
    ("istio.io/use-waypoint", L, &[]),
    ("istio.io/use-waypoint-namespace", L, &[]),
    ("istio.io/waypoint-for", L, &[]),
    ("konghq.com/methods", A, &[]),
    ("konghq.com/override", A, &[]),
    ("konghq.com/plugins", A, &[]),
    ("konghq.com/preserve-host", A, &[]),
    ("konghq.com/protocols", A, &[]),
    ("konghq.com/strip-path", A, &[]),
    ("kubernetes.io/ingress.class", A, &[]),
    ("nginx.ingress.kubernetes.io/proxy-body-size", A, &[]),
    ("nginx.ingress.kubernetes.io/rewrite-target", A, &[]),
    ("nginx.ingress.kubernetes.io/ssl-redirect", A, &[]),
    ("pod-security.kubernetes.io/audit", L, &["Namespace"]),
    (
        "pod-security.kubernetes.io/audit-version",
        L,
        &["Namespace"],
    ),
    ("pod-security.kubernetes.io/enforce", L, &["Namespace"]),
    (
        "pod-security.kubernetes.io/enforce-version",
        L,
        &["Namespace"],
    ),
    ("pod-security.kubernetes.io/warn", L, &["Namespace"]),
    ("pod-security.kubernetes.io/warn-version", L, &["Namespace"]),
    ("prometheus.io/path", A, &[]),
    ("prometheus.io/port", A, &[]),
    ("prometheus.io/scheme", A, &[]),
    ("prometheus.io/scrape", A, &[]),
    ("proxy.istio.io/config", A, &[]),
    ("service.kubernetes.io/topology-mode", A, &[]),
    ("storageclass.kubernetes.io/is-default-class", A, &[]),
    ("traffic.sidecar.istio.io/excludeOutboundPorts", A, &[]),
];

/// Whether a key is of several words. All of the table are; nearly all that people make up themselves are not.
pub(crate) fn has_words(key: &str) -> bool {
    key.bytes()
        .any(|byte| matches!(byte, b'-' | b'.' | b'_' | b'/'))
}

/// Where a known key has an effect, and on which kinds; none for keys that stand in several places.
pub(crate) fn place(key: &str) -> Option<(Where, &'static [&'static str])> {
    if !has_words(key) {
        return None;
    }
    // These are read from both, or written by tools into both.
    let in_both = key.starts_with("app.kubernetes.io/")
        || key.starts_with("helm.sh/")
        || key.starts_with("prometheus.io/")
        || matches!(
            key,
            "istio.io/rev" | "argocd.argoproj.io/managed-by" | "istio.io/dataplane-mode"
        );
    let position = KEYS.binary_search_by(|row| row.0.cmp(key)).ok()?;
    let (_, place, kinds) = KEYS[position];
    (!in_both).then_some((place, kinds))
}

/// The known key that an unknown one nearly is. Both have the same domain, or the domain is what is misspelt.
pub(crate) fn meant(key: &str) -> Option<&'static str> {
    // What is nearly a key has as many words.
    if !has_words(key) || KEYS.binary_search_by(|row| row.0.cmp(key)).is_ok() {
        return None;
    }
    let mut known = KEYS.iter().map(|row| row.0);
    known.find(|known| is_misspelt(key, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_finds_misspelt_keys() {
        assert!(KEYS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(KEYS.iter().all(|row| has_words(row.0)));
        for (key, expected) in [
            ("istio.io/dataplan-mode", Some("istio.io/dataplane-mode")),
            (
                "argocd.argoproj.io/sync-wvae",
                Some("argocd.argoproj.io/sync-wave"),
            ),
            (
                "pod-security.kubernetes.io/enfroce",
                Some("pod-security.kubernetes.io/enforce"),
            ),
            ("istio.io/rev", None),
            ("helm.sh/charts", None),
            ("argocd.argoproj.io/sync-waves", None),
        ] {
            assert_eq!(meant(key), expected, "{key}");
        }
    }
}
