//! What a name, a kind and a scope select.

use gatekeeper_types::matching::{Kinds, Scope, Wildcard};

#[test]
fn wildcards_match_as_gatekeeper_matches() {
    for (wildcard, name, fits) in [
        ("demo", "demo", true),
        ("demo", "demo2", false),
        ("kube-*", "kube-", true),
        ("kube-*", "my-kube-x", false),
        ("*-system", "kube-system", true),
        ("*-system", "kube-systems", false),
        ("*a*", "bab", true),
        ("*", "anything", true),
        ("**", "anything", true),
        ("", "", true),
        ("", "x", false),
    ] {
        assert_eq!(
            Wildcard::from(wildcard).matches(name),
            fits,
            "{wildcard} on {name}"
        );
    }
}

#[test]
fn wildcards_know_what_the_server_accepts() {
    for (text, valid) in [
        ("kube-*", true),
        ("*", true),
        ("", true),
        ("k*s", false),
        ("Demo", false),
        ("a.b", false),
        ("system:x", true),
    ] {
        assert_eq!(Wildcard::from(text).is_valid(), valid, "{text}");
    }
}

#[test]
fn an_empty_list_selects_everything_and_a_star_too() {
    assert!(Kinds::default().selects("apps", "Deployment"));
    assert!(Kinds::new("*", ["*"]).selects("", "Pod"));
    assert!(Kinds::core(["Pod"]).selects("", "Pod"));
    assert!(!Kinds::core(["Pod"]).selects("metrics.k8s.io", "Pod"));
}

#[test]
fn unknown_scopes_survive() {
    let scope: Scope = serde_json::from_str("\"namespaced\"").unwrap();
    assert_eq!(scope, Scope::Other("namespaced".into()));
    assert_eq!(serde_json::to_string(&scope).unwrap(), "\"namespaced\"");
    assert_eq!(Scope::from("Cluster"), Scope::Cluster);
}
