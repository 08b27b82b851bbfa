//! Scripts are told of what floats and of what fails the second time.
#![allow(clippy::unwrap_used)]

use reference_stacks::script::{check, words};

#[test]
fn scripts_are_told_of_what_floats_and_of_what_fails_the_second_time() {
    let commands = [
        "kubectl create namespace argocd",
        "kubectl apply -n argocd -f https://raw.githubusercontent.com/argoproj/argo-cd/stable/manifests/install.yaml",
        "kubectl apply --server-side -f https://raw.githubusercontent.com/argoproj/argo-cd/v3.3.2/manifests/install.yaml",
        "kubectl get pods -n argocd",
        "kubectl get pods -n web",
    ]
    .map(words);
    let findings = check(&commands, "setup.sh");
    let codes: Vec<&str> = findings.iter().map(|finding| &*finding.code).collect();
    assert_eq!(
        codes,
        [
            "script-runs-once",
            "script-manifest-floats",
            "script-annotation-too-long",
            "script-namespace-never-made",
        ]
    );
}
