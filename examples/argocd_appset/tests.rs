//! What is printed is what is documented, and what is reported is what is missing.

use super::*;

fn built(name: Name) -> Value {
    name.object().unwrap()
}

fn application(name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd"}, "spec": spec})
}

#[test]
fn what_is_documented_whole_is_built_as_documented() {
    let spec = json!({
        "project": "platform",
        "source": {"repoURL": "https://github.com/company/platform-manifests", "targetRevision": "HEAD",
            "path": "observability", "helm": {"valueFiles": ["values-production.yaml"]}},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "observability"},
        "syncPolicy": {"automated": {"prune": true, "selfHeal": true}, "syncOptions": ["CreateNamespace=true"],
            "retry": {"limit": 5, "backoff": {"duration": "5s", "factor": 2}}}});
    assert_eq!(
        built(Name::ObservabilityStack),
        application("observability-stack", &spec)
    );
    let spec = json!({
        "project": "default",
        "source": {"repoURL": "https://github.com/argoproj/argocd-example-apps", "path": "guestbook", "targetRevision": "HEAD"},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "test"},
        "syncPolicy": {"automated": {"prune": true, "selfHeal": true}, "syncOptions": ["CreateNamespace=true"]}});
    assert_eq!(
        built(Name::TestGuestbook),
        application("test-guestbook", &spec)
    );
    let spec = json!({
        "project": "default",
        "source": {"repoURL": "https://github.com/<your-repo>/interview-prep.git", "targetRevision": "main",
            "path": "lab/03-argocd/apps/demo-app", "helm": {"valueFiles": ["values.yaml"]}},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "demo"},
        "syncPolicy": {"automated": {"prune": true, "selfHeal": true}}});
    assert_eq!(
        built(Name::DemoAppHelm),
        application("demo-app-helm", &spec)
    );
}

#[test]
fn the_missing_project_is_the_one_fault_and_the_one_addition() {
    for (name, mut documented, path) in [
        (Name::Api, documented_api(), "spec.project"),
        (Name::Apps, documented_apps(), "spec.template.spec.project"),
    ] {
        let error = name.fault().unwrap();
        let problems: Vec<String> = error.problems().iter().map(ToString::to_string).collect();
        assert_eq!(problems, [format!("{path}: required field is missing")]);
        let project = path
            .split('.')
            .fold(&mut documented, |at, key| &mut at[key]);
        *project = "default".into();
        assert_eq!(built(name), documented);
    }
}

#[test]
fn an_unknown_name_is_refused_with_the_names_that_exist() {
    let parse = |name| Arguments::try_parse_from(["argocd_appset", name]);
    let error = parse("guestbook").err().unwrap();
    assert_eq!(error.exit_code(), 2);
    for name in "observability-stack api apps test-guestbook demo-app-helm".split(' ') {
        assert!(error.to_string().contains(name), "{error}");
        assert!(parse(name).is_ok());
    }
}
