//! Alloy's pipeline hangs together.

use super::*;

/// Components of an Alloy configuration, and what it refers to outside of strings.
fn components_and_references(text: &str) -> (BTreeSet<String>, Vec<String>) {
    let component = Regex::new(r#"(?m)^([a-z_.]+) "([A-Za-z_][A-Za-z0-9_]*)" \{$"#).unwrap();
    let mut components = BTreeSet::new();
    for found in component.captures_iter(text) {
        let (_, [kind, label]) = found.extract();
        assert!(
            components.insert(format!("{kind}.{label}")),
            "{kind}.{label} twice"
        );
    }
    let string = Regex::new(r#""(?:[^"\\]|\\.)*""#).unwrap();
    let comment = Regex::new(r"(?m)^ *//.*$").unwrap();
    let bare = string.replace_all(text, "\"\"");
    let bare = comment.replace_all(&bare, "");
    let head = Regex::new(r#"(?m)^ *[a-z_.]+( "")? \{"#).unwrap();
    let bare = head.replace_all(&bare, "{");
    for (open, close) in [('{', '}'), ('[', ']'), ('(', ')')] {
        assert_eq!(
            bare.matches(open).count(),
            bare.matches(close).count(),
            "{open}{close}"
        );
    }
    let reference =
        Regex::new(r"\b(?:discovery|local|loki|prometheus)\.[a-z_]+(?:\.[A-Za-z_][A-Za-z0-9_]*)+")
            .unwrap();
    let references = reference
        .find_iter(&bare)
        .map(|found| found.as_str().to_owned())
        .collect();
    (components, references)
}

#[test]
fn alloy_refers_to_what_is_defined_and_all_of_it_is_used() {
    let bundle = built();
    let (components, references) = components_and_references(alloy(&bundle));
    assert!(components.len() > 20, "{components:?}");
    assert!(
        !alloy(&bundle).contains("{{"),
        "the chart would take it for a template"
    );
    let mut used = BTreeSet::new();
    for reference in &references {
        let (component, export) = reference.rsplit_once('.').unwrap();
        assert!(components.contains(component), "{reference}");
        assert!(
            ["targets", "output", "receiver"].contains(&export),
            "{reference}"
        );
        used.insert(component.to_owned());
    }
    for component in components.difference(&used) {
        let begins =
            component.starts_with("prometheus.scrape.") || component.starts_with("loki.source.");
        assert!(begins, "nothing comes from {component}");
    }
    // A typo is noticed.
    let broken = alloy(&bundle).replacen(
        "discovery.kubernetes.pods.targets",
        "discovery.kubernetes.pod.targets",
        1,
    );
    let (components, references) = components_and_references(&broken);
    assert!(
        references
            .iter()
            .any(|r| !components.contains(r.rsplit_once('.').unwrap().0))
    );
}

#[test]
fn alloy_labels_logs_and_metrics_as_the_documented_queries_ask() {
    let bundle = built();
    let alloy = alloy(&bundle);
    let block = |name: &str| {
        let begin = alloy.find(name).unwrap();
        let end = alloy[begin..].find("\n}\n").unwrap();
        &alloy[begin..begin + end]
    };
    for label in ["namespace", "pod", "container"] {
        let set = format!("target_label  = \"{label}\"");
        assert!(
            block("discovery.relabel \"pod_logs\"").contains(&set),
            "{label}"
        );
    }
    for (scrape, path) in [("kubelet", "/metrics"), ("cadvisor", "/metrics/cadvisor")] {
        assert!(block(&format!("prometheus.scrape \"{scrape}\"")).contains(&format!("\"{path}\"")));
    }
    assert!(block("discovery.relabel \"hubble\"").contains("\"9965\""));
    let without = dev()
        .detach("kong", "cilium")
        .detach("istio", "cilium")
        .without("cilium")
        .build()
        .unwrap();
    assert!(!self::alloy(&without).contains("hubble"));
}
