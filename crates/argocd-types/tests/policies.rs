//! Lines of a project's policies.

use argocd_types::v1alpha1::PolicyRule;

#[test]
fn lines_are_taken_apart_whatever_their_spacing() {
    let tight = PolicyRule::from("p,proj:a:b,applications,get,a/*,deny");
    let loose = PolicyRule::deny("proj:a:b", "applications", "get", "a/*");
    assert_ne!(tight, loose);
    assert_eq!(tight.policy().unwrap(), loose.policy().unwrap());
}

#[test]
fn errors_say_what_is_wrong() {
    let error = |line: &str| PolicyRule::from(line).policy().unwrap_err().to_string();
    assert!(error("p, a, b").contains("3 parts"));
    assert!(error("g, a, b, c, d, allow").contains("begins with `g`"));
    assert!(error("p, a, b, c, d, permit").contains("ends with `permit`"));
}
