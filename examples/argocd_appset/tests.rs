//! What is printed is what is documented, and what is reported is what is missing.
#![allow(clippy::panic, clippy::unwrap_used)]

use serde_json::Value;

use super::*;

fn chosen(name: &str) -> (Value, Vec<String>) {
    let sets = sets().unwrap();
    let chosen = examples::chosen("", &sets, &["example", name]).unwrap();
    (chosen[0].objects()[0].clone(), chosen[0].notes().to_vec())
}

fn application(name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd"}, "spec": spec})
}

#[test]
fn what_is_documented_whole_is_built_as_documented() {
    for (name, spec) in [
        (
            "observability-stack",
            json!({
            "project": "platform",
            "source": {"repoURL": "https://github.com/company/platform-manifests", "targetRevision": "HEAD",
                "path": "observability", "helm": {"valueFiles": ["values-production.yaml"]}},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "observability"},
            "syncPolicy": {"automated": {"prune": true, "selfHeal": true}, "syncOptions": ["CreateNamespace=true"],
                "retry": {"limit": 5, "backoff": {"duration": "5s", "factor": 2}}}}),
        ),
        (
            "test-guestbook",
            json!({
            "project": "default",
            "source": {"repoURL": "https://github.com/argoproj/argocd-example-apps", "path": "guestbook",
                "targetRevision": "HEAD"},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "test"},
            "syncPolicy": {"automated": {"prune": true, "selfHeal": true}, "syncOptions": ["CreateNamespace=true"]}}),
        ),
        (
            "demo-app-helm",
            json!({
            "project": "default",
            "source": {"repoURL": "https://github.com/<your-repo>/interview-prep.git", "targetRevision": "main",
                "path": "lab/03-argocd/apps/demo-app", "helm": {"valueFiles": ["values.yaml"]}},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "demo"},
            "syncPolicy": {"automated": {"prune": true, "selfHeal": true}}}),
        ),
    ] {
        assert_eq!(chosen(name), (application(name, &spec), Vec::new()));
    }
}

#[test]
fn the_missing_project_is_the_one_fault_and_the_one_addition() {
    let documented_api = application(
        "api",
        &json!({
        "source": {"repoURL": "https://github.com/acme/infra", "path": "helm/api", "targetRevision": "main",
            "helm": {"valueFiles": ["values-prod.yaml"]}},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "prod"},
        "syncPolicy": {"automated": {"prune": true, "selfHeal": true}, "syncOptions": ["CreateNamespace=true"]}}),
    );
    let documented_apps = json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "apps"}, "spec": {
        "generators": [{"list": {"elements": [
            {"name": "api-dev", "namespace": "dev", "values": "values-dev.yaml"},
            {"name": "api-prod", "namespace": "prod", "values": "values-prod.yaml"},
        ]}}],
        "template": {"metadata": {"name": "{{name}}", "namespace": "argocd"}, "spec": {
            "source": {"repoURL": "https://github.com/acme/infra", "path": "helm/api", "targetRevision": "main",
                "helm": {"valueFiles": ["{{values}}"]}},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "{{namespace}}"},
            "syncPolicy": {"automated": {"prune": true, "selfHeal": true}}}}}});
    for (name, mut documented, path) in [
        ("api", documented_api, "spec.project"),
        ("apps", documented_apps, "spec.template.spec.project"),
    ] {
        let (built, notes) = chosen(name);
        let project = path
            .split('.')
            .fold(&mut documented, |at, key| &mut at[key]);
        *project = "default".into();
        assert_eq!(built, documented);
        let [note] = notes.as_slice() else {
            panic!("{notes:?}")
        };
        let expected = format!("{path}: required field is missing; here it is `default`");
        assert!(note.ends_with(&expected), "{note}");
    }
}

#[test]
fn an_unknown_name_is_refused_with_the_names_that_exist() {
    let sets = sets().unwrap();
    let parse = |name| examples::chosen("", &sets, &["example", name]);
    let error = parse("guestbook").unwrap_err();
    assert_eq!(error.exit_code(), 2);
    for name in "observability-stack api apps test-guestbook demo-app-helm".split(' ') {
        assert!(error.to_string().contains(name), "{error}");
        assert_eq!(parse(name).unwrap().len(), 1);
    }
    assert_eq!(
        examples::chosen("", &sets, &["example"]).unwrap().len(),
        sets.len()
    );
}
