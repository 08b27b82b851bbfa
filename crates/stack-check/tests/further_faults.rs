//! Faults that a check finds besides the one of its failing example, each with the nearest stack that has none.

use stack_check::{Config, Level, run};
use stack_model::{Model, SourceObject};

fn codes(text: &str) -> Vec<String> {
    let documents = kube_yaml::Manifests::new(text);
    let objects = documents.map(|document| SourceObject::read("a.yaml", document.unwrap()));
    let config = Config {
        whole: true,
        checks: [("posture".to_owned(), Level::Warn)].into(),
        ..Config::default()
    };
    let report = run(&Model::read(objects), &config);
    let codes = report.findings.into_iter();
    codes.map(|finding| finding.code.into_owned()).collect()
}

const WEB: &str = "
---
{apiVersion: v1, kind: Namespace, metadata: {name: demo}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: demo}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: web:1
        ports: [{name: http, containerPort: 8080}]
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m, memory: 128Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: demo, labels: {app: web}}
spec: {selector: {app: web}, ports: [{name: http, port: 443, targetPort: http}]}
";

fn assert_fault(code: &str, faulty: &str, sound: &str) {
    let found = codes(&format!("{WEB}---\n{faulty}"));
    assert!(
        found.contains(&code.to_owned()),
        "{code}: {found:?}\n{faulty}"
    );
    let found = codes(&format!("{WEB}---\n{sound}"));
    assert!(
        !found.contains(&code.to_owned()),
        "{code}: {found:?}\n{sound}"
    );
}

fn scaler(kind: &str, group: &str, share: u32) -> String {
    format!(
        "{{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {{name: web, namespace: demo}}, spec: {{minReplicas: 2, maxReplicas: 9, \
        scaleTargetRef: {{apiVersion: {group}/v1, kind: {kind}, name: web}}, \
        metrics: [{{type: Resource, resource: {{name: cpu, target: {{type: Utilization, averageUtilization: {share}}}}}}}]}}}}"
    )
}

#[test]
fn an_autoscaler_needs_a_target_with_replicas_and_a_share_that_pods_can_reach() {
    let sound = scaler("Deployment", "apps", 80);
    let set = "\n---\n{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: web, namespace: demo}, spec: {selector: {matchLabels: {app: d}}, \
        template: {metadata: {labels: {app: d}}, spec: {containers: [{name: d, image: 'd:1'}]}}}}";
    assert_fault(
        "dangling-scale-target",
        &format!("{}{set}", scaler("DaemonSet", "apps", 80)),
        &sound,
    );
    assert_fault(
        "autoscaler-bounds",
        &scaler("Deployment", "apps", 201),
        &scaler("Deployment", "apps", 200),
    );
}

#[test]
fn an_autoscaler_of_requests_beside_one_of_replicas() {
    let vertical = |policy: &str| {
        format!(
            "{}\n---\n{{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: {{name: web, namespace: demo}}, \
            spec: {{targetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}, {policy}}}}}",
            scaler("Deployment", "apps", 80)
        )
    };
    assert_fault(
        "two-autoscalers",
        &vertical(""),
        &vertical("updatePolicy: {updateMode: 'Off'}"),
    );
    let memory = "resourcePolicy: {containerPolicies: [{containerName: '*', controlledResources: [memory]}]}";
    assert_fault("two-autoscalers", &vertical(""), &vertical(memory));
}

#[test]
fn a_webhook_asks_a_port_of_its_service() {
    let webhook = |port: &str| {
        format!(
            "{{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {{name: w}}, webhooks: [{{name: a.b.c, \
            failurePolicy: Ignore, clientConfig: {{service: {{name: web, namespace: demo{port}}}}}, rules: []}}]}}"
        )
    };
    assert_fault("dangling-webhook", &webhook(", port: 8443"), &webhook(""));
    assert_fault(
        "dangling-webhook",
        &webhook(", port: 8443"),
        &webhook(", port: 443"),
    );
    let api = |port: u16| {
        format!(
            "{{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {{name: v1.a.b}}, spec: {{service: {{name: web, namespace: demo, port: {port}}}}}}}"
        )
    };
    assert_fault("dangling-webhook", &api(80), &api(443));
}

#[test]
fn a_pod_monitor_selects_pods_and_one_of_their_ports() {
    let monitor = |label: &str, port: &str| {
        format!(
            "{{apiVersion: monitoring.coreos.com/v1, kind: PodMonitor, metadata: {{name: web, namespace: demo}}, \
            spec: {{selector: {{matchLabels: {{app: {label}}}}}, podMetricsEndpoints: [{{port: {port}}}]}}}}"
        )
    };
    assert_fault(
        "monitor-without-target",
        &monitor("wbe", "http"),
        &monitor("web", "http"),
    );
    assert_fault(
        "monitor-without-target",
        &monitor("web", "metrics"),
        &monitor("web", "http"),
    );
}

#[test]
fn some_prometheus_selects_each_monitor() {
    let stack = |selector: &str, more: &str| {
        format!(
            "{{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {{name: web, namespace: demo, labels: {{release: kps}}}}, \
            spec: {{selector: {{matchLabels: {{app: web}}}}, endpoints: [{{port: http}}]}}}}\n---\n\
            {{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, metadata: {{name: p, namespace: demo}}, spec: {{{selector}}}}}{more}"
        )
    };
    let sound = stack("serviceMonitorSelector: {matchLabels: {release: kps}}", "");
    assert_fault(
        "monitor-without-target",
        &stack(
            "serviceMonitorSelector: {matchLabels: {release: other}}",
            "",
        ),
        &sound,
    );
    assert_fault(
        "monitor-without-target",
        &stack("podMonitorSelector: {}", ""),
        &sound,
    );
    let everything = stack("serviceMonitorSelector: {}", "");
    assert_fault("monitor-without-target", &stack("", ""), &everything);
    let elsewhere = stack("serviceMonitorSelector: {}", "")
        .replace("name: p, namespace: demo", "name: p, namespace: other");
    assert_fault("monitor-without-target", &elsewhere, &everything);
    let agent = "\n---\n{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: demo}, spec: {containers: [{name: a, image: 'grafana/alloy:v1'}]}}";
    assert_fault("monitor-without-target", &stack("", ""), &stack("", agent));
}

#[test]
fn certificates_of_other_namespaces_need_a_grant() {
    let gateway = |from: &str| {
        format!(
            "{{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {{name: g, namespace: demo}}, spec: {{gatewayClassName: any, \
            listeners: [{{name: a, port: 443, protocol: HTTPS, tls: {{certificateRefs: [{{name: tls, namespace: certs}}]}}}}]}}}}\n---\n\
            {{apiVersion: v1, kind: Secret, metadata: {{name: tls, namespace: certs}}, type: kubernetes.io/tls, data: {{tls.crt: '', tls.key: ''}}}}\n---\n\
            {{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {{name: r, namespace: certs}}, \
            spec: {{from: [{{group: gateway.networking.k8s.io, kind: Gateway, namespace: {from}}}], to: [{{group: '', kind: Secret}}]}}}}"
        )
    };
    assert_fault(
        "reference-not-permitted",
        &gateway("other"),
        &gateway("demo"),
    );
    assert_fault("unused-object", &gateway("other"), &gateway("demo"));
}

#[test]
fn backends_are_trusted_by_a_certificate_of_an_authority() {
    let policy = |data: &str| {
        format!(
            "{{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: {{name: p, namespace: demo}}, spec: {{\
            targetRefs: [{{group: '', kind: Service, name: web}}], validation: {{hostname: web.example, caCertificateRefs: [{{group: '', kind: ConfigMap, name: ca}}]}}}}}}\n---\n\
            {{apiVersion: v1, kind: ConfigMap, metadata: {{name: ca, namespace: demo}}, {data}}}"
        )
    };
    assert_fault(
        "tls-secret",
        &policy("data: {ca.pem: x}"),
        &policy("data: {ca.crt: x}"),
    );
    assert_fault(
        "tls-secret",
        &policy("data: {ca.pem: x}"),
        &policy("data: {}"),
    );
}

#[test]
fn pods_that_claim_a_port_of_their_node_want_one_each() {
    let stack = |nodes: u32, taint: &str, more: &str| {
        let nodes = (0..nodes).map(|number| {
            format!("{{apiVersion: v1, kind: Node, metadata: {{name: n{number}}}, spec: {{taints: [{taint}]}}}}\n---\n")
        });
        let pods = format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: edge, namespace: demo}}, spec: {{replicas: 3, selector: {{matchLabels: {{app: edge}}}}, \
            template: {{metadata: {{labels: {{app: edge}}}}, spec: {{containers: [{{name: e, image: 'e:1', ports: [{{containerPort: 80{more}}}]}}]}}}}}}}}"
        );
        nodes.chain([pods]).collect::<String>()
    };
    let sound = stack(3, "", ", hostPort: 80");
    assert_fault(
        "more-pods-than-nodes",
        &stack(2, "", ", hostPort: 80"),
        &sound,
    );
    assert_fault(
        "more-pods-than-nodes",
        &stack(2, "", ", hostPort: 80"),
        &stack(2, "", ""),
    );
    let taint = "{key: gpu, value: a, effect: NoSchedule}";
    assert_fault("no-node-fits", &stack(3, taint, ""), &sound);
    let preferred = "{key: gpu, value: a, effect: PreferNoSchedule}";
    assert_fault(
        "no-node-fits",
        &stack(3, taint, ""),
        &stack(3, preferred, ""),
    );
    let state = "{key: node.kubernetes.io/not-ready, effect: NoExecute}";
    assert_fault("no-node-fits", &stack(3, taint, ""), &stack(3, state, ""));
}

#[test]
fn a_toleration_fits_by_key_value_and_effect() {
    let stack = |toleration: &str| {
        format!(
            "{{apiVersion: v1, kind: Node, metadata: {{name: n}}, spec: {{taints: [{{key: gpu, value: a, effect: NoSchedule}}]}}}}\n---\n\
            {{apiVersion: v1, kind: Pod, metadata: {{name: p, namespace: demo}}, spec: {{tolerations: [{toleration}], containers: [{{name: e, image: 'e:1'}}]}}}}"
        )
    };
    for (toleration, fits) in [
        ("{operator: Exists}", true),
        ("{key: gpu, operator: Exists}", true),
        ("{key: gpu, value: a}", true),
        ("{key: gpu, value: a, effect: NoSchedule}", true),
        ("{key: gpu, value: b}", false),
        ("{key: cpu, operator: Exists}", false),
        ("{key: gpu, value: a, effect: NoExecute}", false),
    ] {
        // Of the Deployment nothing is asked: what is tolerated by one is not by the other.
        let found = codes(&stack(toleration));
        assert_eq!(
            !found.contains(&"no-node-fits".to_owned()),
            fits,
            "{toleration}: {found:?}"
        );
    }
}

#[test]
fn pods_that_may_call_their_own_namespace_alone_look_up_no_names() {
    let policy = |peers: &str| {
        format!(
            "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p, namespace: demo}}, \
            spec: {{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{peers}]}}]}}}}"
        )
    };
    let own = policy("{podSelector: {}}");
    for peers in [
        "{namespaceSelector: {}}",
        "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}",
        "{namespaceSelector: {matchLabels: {team: infra}}}",
        "{ipBlock: {cidr: 10.0.0.0/8}}",
    ] {
        assert_fault("dns-blocked", &own, &policy(peers));
    }
    let other = policy("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}}");
    assert_fault(
        "dns-blocked",
        &other,
        &policy("{podSelector: {}}, {namespaceSelector: {}}"),
    );
}

#[test]
fn passwords_stand_under_their_name() {
    let pod = |name: &str, value: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p, namespace: demo}}, spec: {{containers: [{{name: e, image: 'e:1', env: [{{name: {name}, value: '{value}'}}]}}]}}}}"
        )
    };
    let fault = pod("DB_PASSWORD", "hunter2");
    for (name, value) in [
        ("DB_PASSWORD_FILE", "hunter2"),
        ("DB_PASSWORD", "/run/secrets/db"),
        ("DB_PASSWORD", "$(OTHER)"),
        ("DB_PASSWORD", "vault://secret/db"),
        ("DB_PASSWORD", ""),
        ("ALLOW_EMPTY_PASSWORD", "yes"),
        ("COMPASSWORD", "x"),
        ("LLM_API_KEY", "not-needed"),
    ] {
        assert_fault("secret-in-plain-text", &fault, &pod(name, value));
    }
    let option = |option: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p, namespace: demo}}, spec: {{containers: [{{name: e, image: 'e:1', args: ['{option}']}}]}}}}"
        )
    };
    assert_fault(
        "secret-in-plain-text",
        &option("--db-password=hunter2"),
        &option("--db-password=$(P)"),
    );
}

#[test]
fn gatekeeper_knows_the_action_of_a_constraint() {
    let constraint = |action: &str| {
        format!(
            "{{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: Need, metadata: {{name: c}}, spec: {{enforcementAction: {action}}}}}"
        )
    };
    assert_fault(
        "unknown-constraint",
        &constraint("refuse"),
        &constraint("dryrun"),
    );
}

#[test]
fn a_gateway_of_istio_selects_pods_of_some_namespace() {
    let gateway = |label: &str| {
        format!(
            "{{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {{name: g, namespace: demo}}, spec: {{selector: {{app: {label}}}, \
            servers: [{{port: {{number: 8080, name: http, protocol: HTTP}}, hosts: ['*']}}]}}}}"
        )
    };
    assert_fault("policy-without-pods", &gateway("wbe"), &gateway("web"));
}

#[test]
fn a_waypoint_is_for_the_traffic_that_asks_for_it() {
    let stack = |serves: &str| {
        format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: s, namespace: demo, labels: {{istio.io/use-waypoint: wp}}}}, spec: {{ports: [{{port: 80}}]}}}}\n---\n\
            {{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {{name: wp, namespace: demo, labels: {{{serves}}}}}, \
            spec: {{gatewayClassName: istio-waypoint, listeners: [{{name: mesh, port: 15008, protocol: HBONE}}]}}}}"
        )
    };
    for sound in [
        "",
        "istio.io/waypoint-for: service",
        "istio.io/waypoint-for: all",
    ] {
        assert_fault(
            "missing-waypoint",
            &stack("istio.io/waypoint-for: workload"),
            &stack(sound),
        );
    }
}
