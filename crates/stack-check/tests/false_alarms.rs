//! The false alarms that users of other linters complain of most: none of them here.

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
fn variants_of_one_object_are_no_faults_and_a_note_says_what_is_not_looked_at() {
    let variant = WEB.replace("app: web", "app: shop");
    let service = "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: demo}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}";
    let found = findings(&[WEB, service, &variant], false);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("note: Deployment demo/web: another file of the folder"));
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

const ODD: [&str; 2] = [
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: odd, namespace: demo}, data: {a: '1'}}",
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: odd, namespace: demo}, data: {a: '2'}}",
];

#[test]
fn files_of_a_folder_that_holds_alternatives_are_not_held_against_each_other() {
    let scaler = |name: &str| {
        format!(
            "{{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {{name: {name}, namespace: demo}}, \
            spec: {{maxReplicas: 9, scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}}}}}"
        )
    };
    let policy = |name: &str, peers: &str| {
        format!(
            "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: {name}, namespace: demo}}, \
            spec: {{podSelector: {{}}, ingress: [{{{peers}}}]}}}}"
        )
    };
    let newer = WEB.replace("name: web, n", "name: new, n");
    let newer = newer.replace("web:1", "web:2");
    let budget = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: demo}, \
        spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}}";
    let few = policy("few", "ports: [{port: 80}]");
    let (all, few) = (policy("all", ""), format!("{few}\n---\n{WEB}"));
    let blind = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: blind, namespace: demo}, \
        spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}}";
    for (code, first, second) in [
        ("two-autoscalers", &*scaler("a"), &*scaler("b")),
        ("redundant-policy-rule", &all, &few),
        ("image-in-two-versions", WEB, &newer),
        ("disruption-budget-blocks", WEB, budget),
        ("dns-blocked", WEB, blind),
    ] {
        let code = code.to_owned();
        let files = [("a/1.yaml", first), ("a/2.yaml", second)];
        let found = codes_in_folders(&files);
        assert!(found.contains(&code), "{code}: {found:?}");
        // A Namespace that several files repeat is no evidence.
        let namespaces = ["", "labels: {a: b}"].map(|more| {
            format!("{{apiVersion: v1, kind: Namespace, metadata: {{name: demo, {more}}}}}")
        });
        let with = |odd: &[&str; 2], places: [&str; 2]| {
            let mut all = files.to_vec();
            all.extend([(places[0], odd[0]), (places[1], odd[1])]);
            codes_in_folders(&all)
        };
        let repeated = with(&[&namespaces[0], &namespaces[1]], ["a/3.yaml", "a/4.yaml"]);
        assert!(repeated.contains(&code), "{code}: {repeated:?}");
        let beside = with(&ODD, ["a/3.yaml", "a/4.yaml"]);
        assert!(!beside.contains(&code), "{code}: {beside:?}");
        let far = [
            ("a/1.yaml", first),
            ("b/2.yaml", second),
            ("a/3.yaml", ODD[0]),
            ("a/4.yaml", ODD[1]),
        ];
        let far = codes_in_folders(&far);
        assert!(!far.contains(&code), "{code}: {far:?}");
        // Alternatives of other folders say nothing of this one; those of its own and another's do.
        let elsewhere = with(&ODD, ["b/3.yaml", "c/4.yaml"]);
        assert!(elsewhere.contains(&code), "{code}: {elsewhere:?}");
        let apart = [
            ("a/1.yaml", first),
            ("b/2.yaml", second),
            ("a/3.yaml", ODD[0]),
            ("b/4.yaml", ODD[1]),
        ];
        let apart = codes_in_folders(&apart);
        assert!(!apart.contains(&code), "{code}: {apart:?}");
    }
}

#[test]
fn what_is_an_alternative_does_not_depend_on_the_order_of_the_input() {
    let files = [
        ("a/1.yaml", ODD[0]),
        ("b/2.yaml", ODD[0]),
        ("c/3.yaml", ODD[1]),
    ];
    let scaler = |name: &str| {
        format!(
            "{{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {{name: {name}, namespace: demo}}, \
            spec: {{maxReplicas: 9, scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}}}}}"
        )
    };
    let (one, two) = (scaler("one"), scaler("two"));
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let mut all: Vec<_> = order.iter().map(|place| files[*place]).collect();
        all.extend([("a/one.yaml", &*one), ("b/two.yaml", &two)]);
        assert_eq!(codes_in_folders(&all), [] as [&str; 0], "{order:?}");
    }
}

#[test]
fn tags_that_are_no_versions_are_not_two_versions() {
    for (one, other, differ) in [
        ("web:1", "web:2", true),
        ("web:v1.2.0-alpine", "web:1.3.0", true),
        ("web:1.2", "web:1.2.3-alpine", false),
        ("web:signed", "web:unsigned", false),
        ("web:latest", "web:1.2", false),
        ("web@sha256:aa", "web:1.2", false),
    ] {
        let text = format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p, namespace: demo}}, spec: {{containers: [\
            {{name: a, image: '{one}'}}, {{name: b, image: '{other}'}}]}}}}"
        );
        let found = codes_in_folders(&[("a/1.yaml", &text)]);
        let is_found = found.contains(&"image-in-two-versions".to_owned());
        assert_eq!(is_found, differ, "{one} {other}");
    }
}

#[test]
fn an_ingress_whose_controller_has_the_certificate_is_encrypted() {
    for (annotation, class, open) in [
        ("", "nginx", true),
        ("a.example/b: c", "nginx", true),
        ("cert-manager.io/cluster-issuer: ca", "nginx", true),
        (
            "alb.ingress.kubernetes.io/listen-ports: '[{\"HTTP\": 80}]'",
            "alb",
            true,
        ),
        (
            "alb.ingress.kubernetes.io/listen-ports: '[{\"HTTPS\": 443}]'",
            "alb",
            false,
        ),
        (
            "alb.ingress.kubernetes.io/certificate-arn: 'arn:aws:acm:x'",
            "alb",
            false,
        ),
        ("networking.gke.io/managed-certificates: web", "gce", false),
        (
            "nginx.ingress.kubernetes.io/ssl-passthrough: 'true'",
            "nginx",
            false,
        ),
        (
            "nginx.ingress.kubernetes.io/ssl-passthrough: 'false'",
            "nginx",
            true,
        ),
        ("kubernetes.io/ingress.allow-http: 'false'", "gce", false),
        ("", "tailscale", false),
    ] {
        let text = format!(
            "{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: web, namespace: demo, annotations: {{{annotation}}}}}, \
            spec: {{ingressClassName: {class}, rules: [{{host: a.example}}]}}}}"
        );
        let found = codes_in_folders(&[("a/1.yaml", &text)]);
        let is_found = found.contains(&"exposed-without-tls".to_owned());
        assert_eq!(is_found, open, "{annotation} {class}: {found:?}");
    }
}

#[test]
fn a_secret_that_somebody_fills_in_is_no_fault() {
    for (body, fault) in [
        ("data: {}", false),
        ("type: Opaque, data: {}, stringData: {}", false),
        ("type: kubernetes.io/tls, data: {}", false),
        ("type: kubernetes.io/tls, data: {other: YQ==}", true),
        ("data: {other: YQ==}", true),
        ("data: {tls.crt: '', tls.key: ''}", false),
    ] {
        let text = format!(
            "{{apiVersion: v1, kind: Secret, metadata: {{name: tls, namespace: demo}}, {body}}}\n---\n\
            {{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: web, namespace: demo}}, \
            spec: {{tls: [{{secretName: tls}}], rules: [{{host: a.example}}]}}}}"
        );
        let found = codes_in_folders(&[("a/1.yaml", &text)]);
        assert_eq!(found.contains(&"tls-secret".to_owned()), fault, "{body}");
    }
}

#[test]
fn a_selector_mismatch_names_what_differs_alone() {
    let text = WEB.replace(
        "matchLabels: {app: web}",
        "matchLabels: {app: web}, matchExpressions: [{key: version, operator: NotIn, values: [v1, v2]}, {key: tier, operator: Exists}]",
    );
    let found = findings(&[&text], false);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("do not fit tier, version!=v1|v2 of its own selector"),
        "{found:?}"
    );
}

#[test]
fn a_part_of_an_object_has_no_posture() {
    let template = "{labels: {app: web}}, spec: {containers: [{name: web, image: web}]}";
    for (template, judged) in [
        (template, true),
        ("{}, spec: {containers: [{name: web, image: web}]}", false),
        ("{labels: {app: web}}, spec: {}", false),
    ] {
        let text = format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web}}, spec: {{replicas: 2, template: {{metadata: {template}}}}}}}"
        );
        let found = codes_in_folders(&[("a/1.yaml", &text)]);
        assert_eq!(!found.is_empty(), judged, "{template}: {found:?}");
    }
    let whole = "spec: {project: p, source: {repoURL: 'https://a.example'}, destination: {name: in-cluster}, syncPolicy: {syncOptions: []}}";
    for (spec, judged) in [
        (whole, true),
        ("spec: {syncPolicy: {syncOptions: []}}", false),
    ] {
        let text = format!(
            "{{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {{name: a}}, {spec}}}"
        );
        let found = codes_in_folders(&[("a/1.yaml", &text)]);
        assert_eq!(
            found.contains(&"drift-not-undone".to_owned()),
            judged,
            "{spec}"
        );
    }
}

#[test]
fn two_control_planes_of_istio_side_by_side_are_an_upgrade() {
    let pod = |name: &str, image: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: istio-system}}, spec: {{containers: [{{name: a, image: '{image}'}}]}}}}"
        )
    };
    let old = pod("old", "docker.io/istio/pilot:1.26.1");
    let new = pod("new", "docker.io/istio/pilot:1.29.0");
    let proxy = pod("proxy", "docker.io/istio/proxyv2:1.26.4");
    for (pods, fault) in [
        (vec![&new, &proxy], true),
        (vec![&old, &new, &proxy], false),
        (vec![&old, &proxy], false),
    ] {
        let files: Vec<(&str, &str)> = pods.iter().map(|pod| ("a/1.yaml", pod.as_str())).collect();
        let found = codes_in_folders(&files);
        assert_eq!(
            found.contains(&"version-mismatch".to_owned()),
            fault,
            "{found:?}"
        );
    }
}

#[test]
fn a_pod_that_a_node_runs_from_a_file_has_no_account() {
    for (annotation, fault) in [("kubernetes.io/config.mirror: abc", false), ("a: b", true)] {
        let text = format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: etcd, namespace: kube-system, annotations: {{{annotation}}}}}, \
            spec: {{containers: [{{name: a, image: 'etcd:3.6'}}]}}}}"
        );
        let found = codes_in_folders(&[("a/1.yaml", &text)]);
        assert_eq!(
            found.contains(&"default-account".to_owned()),
            fault,
            "{found:?}"
        );
    }
}
