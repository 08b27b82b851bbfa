//! The false alarms that users of other linters complain of most: none of them here.
#![allow(clippy::unwrap_used)]

use stack_check::{Config, run};
use stack_model::{Model, SourceObject};

fn findings(files: &[&str], whole: bool) -> Vec<String> {
    let objects = files.iter().enumerate().flat_map(|(number, text)| {
        let documents = kube_yaml::Manifests::new(text);
        documents
            .map(move |document| SourceObject::read(format!("{number}.yaml"), document.unwrap()))
    });
    let config = Config {
        whole,
        ..Config::default()
    };
    let report = run(&Model::read(objects), &config);
    report.findings.iter().map(ToString::to_string).collect()
}

fn assert_silent(what: &str, files: &[&str]) {
    for whole in [false, true] {
        assert_eq!(
            findings(files, whole),
            [] as [&str; 0],
            "{what}, whole: {whole}"
        );
    }
}

const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: demo, labels: {app: other}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, version: v1}}
    spec: {containers: [{name: web, image: 'web:1', ports: [{name: http, containerPort: 8080}], resources: {requests: {cpu: 100m}}}]}
";

#[test]
fn a_service_is_not_dangling_when_a_pod_template_matches_and_the_deployment_does_not() {
    let service = "{apiVersion: v1, kind: Service, metadata: {name: front, namespace: demo}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}";
    assert_silent("labels of the template", &[WEB, service]);
}

#[test]
fn a_service_without_node_ports_claims_none() {
    let service = |name: &str, kind: &str| {
        format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: {name}, namespace: demo}}, \
            spec: {{type: {kind}, selector: {{app: web}}, ports: [{{port: 80, targetPort: http, nodePort: 30308}}]}}}}"
        )
    };
    let own = service("own", "ClusterIP");
    assert_silent("types", &[WEB, &own, &service("front", "NodePort")]);
    let two = [service("a", "LoadBalancer"), service("b", "NodePort")];
    let found = findings(&[WEB, &two[0], &two[1]], false);
    assert!(found.iter().any(|line| line.contains("30308")), "{found:?}");
}

#[test]
fn a_budget_counts_with_the_minimum_of_the_autoscaler() {
    let scaler = "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: demo}, \
        spec: {minReplicas: 3, maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}";
    let budget = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: demo}, \
        spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}}";
    assert_silent("replicas by an autoscaler", &[WEB, scaler, budget]);
}

#[test]
fn an_action_of_a_load_balancer_is_no_service() {
    let service = "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: demo}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}";
    let ingress = "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: demo, annotations: {alb.ingress.kubernetes.io/actions.web: '{}'}}
spec:
  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: use-annotation}}}}]}}]
";
    assert_silent("use-annotation", &[WEB, service, ingress]);
}

#[test]
fn what_is_somewhere_else_is_not_missing_in_a_part() {
    let ingress = "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: demo}
spec:
  ingressClassName: nginx
  tls: [{hosts: [web.example.com], secretName: made-by-hand}]
  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: elsewhere, port: {number: 80}}}}]}}]
";
    let service = "{apiVersion: v1, kind: Service, metadata: {name: other, namespace: demo}, spec: {selector: {app: far}, ports: [{port: 80}]}}";
    assert_eq!(findings(&[WEB, ingress, service], false), [] as [&str; 0]);
    assert_ne!(findings(&[WEB, ingress, service], true), [] as [&str; 0]);
}

#[test]
fn what_an_operator_makes_is_there() {
    let cluster =
        "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: db, namespace: demo}}";
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: demo}, spec: {containers: [{name: c, image: 'c:1', \
        env: [{name: DB, value: 'postgres://db-rw.demo.svc:5432'}], envFrom: [{secretRef: {name: db-app}}]}]}}";
    assert_silent("an operator", &[cluster, pod]);
}

#[test]
fn variants_of_one_object_are_no_faults() {
    let variant = WEB.replace("app: web", "app: shop");
    let service = "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: demo}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}";
    assert_eq!(findings(&[WEB, service, &variant], false), [] as [&str; 0]);
}

#[test]
fn examples_that_leave_their_namespace_open_do_not_conflict() {
    let telemetry = |name: &str| {
        format!(
            "{{apiVersion: telemetry.istio.io/v1, kind: Telemetry, metadata: {{name: {name}}}, spec: {{accessLogging: []}}}}"
        )
    };
    assert_eq!(
        findings(&[&telemetry("a"), &telemetry("b")], false),
        [] as [&str; 0]
    );
    assert_eq!(findings(&[&telemetry("a"), &telemetry("b")], true).len(), 1);
}

#[test]
fn a_part_of_an_object_is_not_judged_as_an_object() {
    // What a test of a controller compares: no labels, no containers.
    let expected = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: demo}, spec: {selector: {matchLabels: {app: web}}, \
        template: {spec: {serviceAccountName: web}}}, status: {readyReplicas: 1}}";
    let service = "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: demo}, spec: {selector: {app: web}, ports: [{port: 80}]}}";
    assert_eq!(findings(&[expected, service], false), [] as [&str; 0]);
}

#[test]
fn names_that_differ_by_a_number_or_a_word_are_names() {
    let service = |name: &str| {
        format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: {name}, namespace: demo}}, spec: {{ports: [{{port: 80}}]}}}}"
        )
    };
    let route = "\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: demo}
spec:
  parentRefs: [{name: edge, namespace: infra}]
  rules: [{backendRefs: [{name: backend-v3, port: 80}, {name: orders, port: 80}, {name: tcp-echo, port: 80}]}]
";
    let files = [
        route,
        &service("backend-v1"),
        &service("order"),
        &service("tls-echo"),
    ];
    assert_eq!(findings(&files, false), [] as [&str; 0]);
}

/// What is found in objects of files in folders, with the checks of posture.
fn codes_in_folders(files: &[(&str, &str)]) -> Vec<String> {
    let objects = files.iter().flat_map(|(path, text)| {
        let documents = kube_yaml::Manifests::new(text);
        documents.map(|document| SourceObject::read(*path, document.unwrap()))
    });
    let config = Config {
        checks: [("posture".to_owned(), stack_check::Level::Warn)].into(),
        ..Config::default()
    };
    let report = run(&Model::read(objects), &config);
    let codes = report.findings.into_iter();
    codes.map(|finding| finding.code.into_owned()).collect()
}

#[test]
fn objects_of_folders_far_apart_are_not_held_against_each_other() {
    let plain = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 1, selector: {matchLabels: {app: web}}, \
        template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'web:1'}]}}}}";
    let placed = plain.replace(
        "name: web}, spec: {rep",
        "name: web, namespace: demo}, spec: {rep",
    );
    let open = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}";
    let scaler = "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: demo}, spec: {minReplicas: 3, \
        maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, \
        metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]}}";
    let telemetry = |name: &str| {
        format!(
            "{{apiVersion: telemetry.istio.io/v1, kind: Telemetry, metadata: {{name: {name}, namespace: demo}}, spec: {{}}}}"
        )
    };
    let (one, two) = (telemetry("one"), telemetry("two"));
    let newer = plain
        .replace("name: web}, spec: {rep", "name: newer}, spec: {rep")
        .replace("web:1", "web:2");
    for (code, first, second) in [
        ("exposed-without-policy", plain, open),
        ("autoscaler-needs-requests", &*placed, scaler),
        ("single-failure-domain", &*placed, scaler),
        ("two-sidecars", &*one, &*two),
        ("image-in-two-versions", plain, &*newer),
    ] {
        let code = code.to_owned();
        let beside = codes_in_folders(&[("a/1.yaml", first), ("a/2.yaml", second)]);
        assert!(beside.contains(&code), "{code}: {beside:?}");
        let apart = codes_in_folders(&[("a/1.yaml", first), ("b/2.yaml", second)]);
        assert!(!apart.contains(&code), "{code}: {apart:?}");
    }
}
