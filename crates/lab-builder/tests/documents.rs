//! Every Kubernetes object that the documentation prints, built with the typed API, is the documented one.
#![allow(clippy::unwrap_used)]

use argocd_types::v1alpha1::Application;
use cilium_types::v2::CiliumNetworkPolicy;
use fidelity::data_folder;
use gatekeeper_types::constraints::{Constraint, EnforcementAction};
use gateway_api::v1::{
    HttpBackendRef, HttpRoute, HttpRouteMatch, HttpRouteRule, HttpRouteSpec, ParentReference,
};
use k8s_openapi::api::core::v1::{
    Container, Pod, PodSecurityContext, PodSpec, ResourceRequirements, SecurityContext,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use lab_builder::{Environment, Lab};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A pod of an exercise. Everything that differs between the documented ones is a field.
struct ExercisePod {
    name: &'static str,
    namespace: Option<&'static str>,
    labels: &'static [(&'static str, &'static str)],
    service_account: Option<&'static str>,
    non_root: bool,
    container: &'static str,
    image: &'static str,
    seconds: &'static str,
    privileged: bool,
    limits: Option<(&'static str, &'static str)>,
    requests: Option<(&'static str, &'static str)>,
}

const TEST_LABELS: &[(&str, &str)] = &[("app", "test"), ("env", "dev"), ("team", "platform")];
const QUOTA_LABELS: &[(&str, &str)] =
    &[("app", "quota-test"), ("env", "dev"), ("team", "platform")];

/// What most of them share.
const BASE: ExercisePod = ExercisePod {
    name: "test",
    namespace: Some("demo"),
    labels: TEST_LABELS,
    service_account: None,
    non_root: true,
    container: "test",
    image: "busybox",
    seconds: "3600",
    privileged: false,
    limits: Some(("100m", "64Mi")),
    requests: None,
};

impl ExercisePod {
    fn build(&self) -> Pod {
        let quantities = |(cpu, memory): (&str, &str)| {
            [("cpu", cpu), ("memory", memory)]
                .map(|(name, text)| (name.to_owned(), Quantity(text.to_owned())))
                .into()
        };
        let resources = ResourceRequirements {
            limits: self.limits.map(quantities),
            requests: self.requests.map(quantities),
            ..ResourceRequirements::default()
        };
        Pod {
            metadata: ObjectMeta {
                name: Some(self.name.to_owned()),
                namespace: self.namespace.map(str::to_owned),
                labels: (!self.labels.is_empty()).then(|| {
                    self.labels
                        .iter()
                        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                        .collect()
                }),
                ..ObjectMeta::default()
            },
            spec: Some(PodSpec {
                service_account_name: self.service_account.map(str::to_owned),
                security_context: self.non_root.then(|| PodSecurityContext {
                    run_as_non_root: Some(true),
                    run_as_user: Some(1000),
                    ..PodSecurityContext::default()
                }),
                containers: vec![Container {
                    name: self.container.to_owned(),
                    image: Some(self.image.to_owned()),
                    command: Some(vec!["sleep".to_owned(), self.seconds.to_owned()]),
                    security_context: self.privileged.then(|| SecurityContext {
                        privileged: Some(true),
                        ..SecurityContext::default()
                    }),
                    resources: (resources != ResourceRequirements::default()).then_some(resources),
                    ..Container::default()
                }],
                ..PodSpec::default()
            }),
            ..Pod::default()
        }
    }
}

fn assert_documented(object: &impl Serialize, documented: Value) {
    assert_eq!(serde_json::to_value(object).unwrap(), documented);
}

/// The documented pods of exercises 6-1, 6-2 and 8-1 are variations of one.
fn documented_pod(name: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut pod = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "demo", "labels": {"app": "test", "env": "dev", "team": "platform"}},
        "spec": {
            "securityContext": {"runAsNonRoot": true, "runAsUser": 1000},
            "containers": [{
                "name": "test",
                "image": "busybox",
                "command": ["sleep", "3600"],
                "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}},
            }],
        },
    });
    change(&mut pod);
    pod
}

#[test]
fn exercise_2_1_pod() {
    let pod = ExercisePod {
        name: "test-cnp",
        namespace: None,
        labels: &[("app", "test-cnp"), ("env", "dev"), ("team", "platform")],
        service_account: Some("frontend"),
        container: "curl",
        image: "curlimages/curl:8.5.0",
        seconds: "120",
        ..BASE
    };
    assert_documented(
        &pod.build(),
        json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "test-cnp", "labels": {"app": "test-cnp", "env": "dev", "team": "platform"}},
            "spec": {
                "serviceAccountName": "frontend",
                "securityContext": {"runAsNonRoot": true, "runAsUser": 1000},
                "containers": [{
                    "name": "curl",
                    "image": "curlimages/curl:8.5.0",
                    "command": ["sleep", "120"],
                    "resources": {"limits": {"cpu": "100m", "memory": "64Mi"}},
                }],
            },
        }),
    );
}

#[test]
fn exercise_6_1_pods() {
    let compliant = ExercisePod {
        name: "test-compliant",
        requests: Some(("50m", "32Mi")),
        ..BASE
    };
    assert_documented(
        &compliant.build(),
        documented_pod("test-compliant", |pod| {
            pod["spec"]["containers"][0]["resources"]["requests"] =
                json!({"cpu": "50m", "memory": "32Mi"});
        }),
    );
    let no_labels = ExercisePod {
        name: "test-no-labels",
        labels: &[],
        ..BASE
    };
    assert_documented(
        &no_labels.build(),
        documented_pod("test-no-labels", |pod| {
            pod["metadata"].as_object_mut().unwrap().remove("labels");
        }),
    );
    let root = ExercisePod {
        name: "test-root",
        non_root: false,
        ..BASE
    };
    assert_documented(
        &root.build(),
        documented_pod("test-root", |pod| {
            pod["spec"]
                .as_object_mut()
                .unwrap()
                .remove("securityContext");
        }),
    );
    let no_limits = ExercisePod {
        name: "test-no-limits",
        namespace: Some("gatekeeper-test"),
        labels: &[],
        limits: None,
        ..BASE
    };
    assert_documented(
        &no_limits.build(),
        documented_pod("test-no-limits", |pod| {
            pod["metadata"] = json!({"name": "test-no-limits", "namespace": "gatekeeper-test"});
            pod["spec"]["containers"][0]
                .as_object_mut()
                .unwrap()
                .remove("resources");
        }),
    );
}

#[test]
fn privileged_pods_of_exercises_6_1_and_6_2() {
    for name in [
        "test-privileged",
        "test-privileged-deny",
        "test-privileged-warn",
    ] {
        let pod = ExercisePod {
            name,
            privileged: true,
            ..BASE
        };
        assert_documented(
            &pod.build(),
            documented_pod(name, |pod| {
                pod["spec"]["containers"][0]["securityContext"] = json!({"privileged": true});
            }),
        );
    }
}

fn exercise_constraint() -> Constraint {
    Constraint::new("K8sRequireResourceLimits", "require-resource-limits-test")
        .enforce(EnforcementAction::Deny)
        .match_kinds("", ["Pod"])
        .in_namespaces(["gatekeeper-test"])
}

#[test]
fn exercise_6_1_constraint() {
    assert_documented(
        &exercise_constraint(),
        json!({
            "apiVersion": "constraints.gatekeeper.sh/v1beta1",
            "kind": "K8sRequireResourceLimits",
            "metadata": {"name": "require-resource-limits-test"},
            "spec": {
                "enforcementAction": "deny",
                "match": {"kinds": [{"apiGroups": [""], "kinds": ["Pod"]}], "namespaces": ["gatekeeper-test"]},
            },
        }),
    );
}

/// The second pod is made in a loop of the shell: its name ends in the loop's variable.
#[test]
fn exercise_8_1_pods() {
    for name in ["quota-test-0", "quota-test-7"] {
        let pod = ExercisePod {
            name,
            labels: QUOTA_LABELS,
            limits: Some(("500m", "512Mi")),
            requests: Some(("500m", "256Mi")),
            ..BASE
        };
        assert_documented(
            &pod.build(),
            documented_pod(name, |pod| {
                pod["metadata"]["labels"]["app"] = "quota-test".into();
                pod["spec"]["containers"][0]["resources"] = json!({
                    "limits": {"cpu": "500m", "memory": "512Mi"},
                    "requests": {"cpu": "500m", "memory": "256Mi"},
                });
            }),
        );
    }
}

fn exercise_route() -> HttpRoute {
    let mut route = HttpRoute::new(
        "test-route",
        HttpRouteSpec {
            parent_refs: vec![ParentReference::gateway("kong-gateway").in_namespace("kong")],
            hostnames: vec![Environment::Dev.host("test")],
            rules: vec![HttpRouteRule {
                matches: vec![HttpRouteMatch::path_prefix("/")],
                backend_refs: vec![HttpBackendRef::service("backend", 80)],
                ..HttpRouteRule::default()
            }],
            ..HttpRouteSpec::default()
        },
    );
    route.metadata.namespace = Some("demo".to_owned());
    route
}

#[test]
fn exercise_3_1_route() {
    assert_documented(
        &exercise_route(),
        json!({
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "HTTPRoute",
            "metadata": {"name": "test-route", "namespace": "demo"},
            "spec": {
                "parentRefs": [{"name": "kong-gateway", "namespace": "kong"}],
                "hostnames": ["test.lab-dev.local"],
                "rules": [{
                    "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                    "backendRefs": [{"name": "backend", "port": 80}],
                }],
            },
        }),
    );
}

/// These stand in the tree, as files that the exercises apply.
#[test]
fn objects_of_the_tree() {
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    let exercise = |kind: &str, name: &str| {
        bundle
            .parts()
            .iter()
            .flat_map(|part| part.exercises())
            .map(|(.., object)| object)
            .find(|object| object.id().kind == kind && object.id().name == name)
            .unwrap_or_else(|| panic!("no exercise object {kind} {name}"))
    };

    let policy = exercise("CiliumNetworkPolicy", "backend-allow-frontend-only");
    assert!(policy.get::<CiliumNetworkPolicy>().is_some());
    assert_eq!(
        *policy.value(),
        json!({
            "apiVersion": "cilium.io/v2",
            "kind": "CiliumNetworkPolicy",
            "metadata": {"name": "backend-allow-frontend-only", "namespace": "demo"},
            "spec": {
                "endpointSelector": {"matchLabels": {"app": "backend"}},
                "ingress": [{
                    "fromEndpoints": [
                        {"matchLabels": {"app": "frontend"}},
                        {"matchLabels": {"k8s:io.kubernetes.pod.namespace": "kong"}},
                    ],
                }],
            },
        })
    );

    let application = |name: &str, namespace: &str, source: Value| {
        json!({
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Application",
            "metadata": {"name": name, "namespace": "argocd"},
            "spec": {
                "project": "default",
                "source": source,
                "destination": {"server": "https://kubernetes.default.svc", "namespace": namespace},
                "syncPolicy": {"automated": {"selfHeal": true, "prune": true}},
            },
        })
    };
    let guestbook = exercise("Application", "test-guestbook");
    assert!(guestbook.get::<Application>().is_some());
    let mut documented = application(
        "test-guestbook",
        "test",
        json!({"repoURL": "https://github.com/argoproj/argocd-example-apps", "targetRevision": "HEAD", "path": "guestbook"}),
    );
    documented["spec"]["syncPolicy"]["syncOptions"] = json!(["CreateNamespace=true"]);
    assert_eq!(*guestbook.value(), documented);

    assert_eq!(
        *exercise("Application", "demo-app-helm").value(),
        application(
            "demo-app-helm",
            "demo",
            json!({
                "repoURL": "https://github.com/<your-repo>/interview-prep.git",
                "targetRevision": "main",
                "path": "lab/03-argocd/apps/demo-app",
                "helm": {"valueFiles": ["values.yaml"]},
            }),
        )
    );
}

/// All fifteen objects that the documentation of the lab prints, as files.
#[test]
fn every_printed_object_of_the_lab_is_built() {
    let Some(folder) = data_folder("SPEC_DIR") else {
        return;
    };
    let bundle = Lab::new(Environment::Dev).build().unwrap();
    let of_tree = |kind: &str, name: &str| {
        let mut objects = bundle.parts().iter().flat_map(|part| part.exercises());
        let found =
            objects.find(|(_, _, object)| object.id().kind == kind && object.id().name == name);
        found.unwrap().2.value().clone()
    };
    let pod = |pod: ExercisePod| serde_json::to_value(pod.build()).unwrap();
    let privileged = |name| {
        pod(ExercisePod {
            name,
            privileged: true,
            ..BASE
        })
    };
    let quota = |name| {
        pod(ExercisePod {
            name,
            labels: QUOTA_LABELS,
            limits: Some(("500m", "512Mi")),
            requests: Some(("500m", "256Mi")),
            ..BASE
        })
    };
    let built = [
        (
            "004-ex2-1-Pod-test-cnp.yaml",
            pod(ExercisePod {
                name: "test-cnp",
                namespace: None,
                labels: &[("app", "test-cnp"), ("env", "dev"), ("team", "platform")],
                service_account: Some("frontend"),
                container: "curl",
                image: "curlimages/curl:8.5.0",
                seconds: "120",
                ..BASE
            }),
        ),
        (
            "004-ex2-1-CiliumNetworkPolicy-backend-allow-frontend-only.yaml",
            of_tree("CiliumNetworkPolicy", "backend-allow-frontend-only"),
        ),
        (
            "004-ex3-1-HTTPRoute-test-route.yaml",
            serde_json::to_value(exercise_route()).unwrap(),
        ),
        (
            "004-ex5-1-Application-test-guestbook.yaml",
            of_tree("Application", "test-guestbook"),
        ),
        (
            "004-ex6-1-K8sRequireResourceLimits-require-resource-limits-test.yaml",
            serde_json::to_value(exercise_constraint()).unwrap(),
        ),
        (
            "004-ex6-1-Pod-test-compliant.yaml",
            pod(ExercisePod {
                name: "test-compliant",
                requests: Some(("50m", "32Mi")),
                ..BASE
            }),
        ),
        (
            "004-ex6-1-Pod-test-privileged.yaml",
            privileged("test-privileged"),
        ),
        (
            "004-ex6-1-Pod-test-no-labels.yaml",
            pod(ExercisePod {
                name: "test-no-labels",
                labels: &[],
                ..BASE
            }),
        ),
        (
            "004-ex6-1-Pod-test-root.yaml",
            pod(ExercisePod {
                name: "test-root",
                non_root: false,
                ..BASE
            }),
        ),
        (
            "004-ex6-1-Pod-test-no-limits.yaml",
            pod(ExercisePod {
                name: "test-no-limits",
                namespace: Some("gatekeeper-test"),
                labels: &[],
                limits: None,
                ..BASE
            }),
        ),
        (
            "004-ex6-2-Pod-test-privileged-deny.yaml",
            privileged("test-privileged-deny"),
        ),
        (
            "004-ex6-2-Pod-test-privileged-warn.yaml",
            privileged("test-privileged-warn"),
        ),
        ("004-ex8-1-Pod-quota-test-0.yaml", quota("quota-test-0")),
        // The name ends in the variable of a loop of the shell.
        ("004-ex8-1-Pod-quota-test-N.yaml", quota("quota-test-${i}")),
        (
            "004-ex11-4-Application-demo-app-helm.yaml",
            of_tree("Application", "demo-app-helm"),
        ),
    ];
    for (file, built) in &built {
        let text = std::fs::read_to_string(folder.join("documents").join(file)).unwrap();
        let printed: Value = kube_yaml::from_str(&text).unwrap();
        assert_eq!(*built, printed, "{file}");
    }
    let names = std::fs::read_dir(folder.join("documents")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let printed: BTreeSet<String> = names
        .filter(|name| name.starts_with("004-ex") && name.ends_with(".yaml"))
        .collect();
    assert_eq!(
        printed,
        built.iter().map(|(file, _)| (*file).to_owned()).collect()
    );
}
