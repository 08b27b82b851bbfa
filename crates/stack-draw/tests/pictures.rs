//! What the pictures of small stacks say.

use serde_json::{Value, json};
use stack_draw::{EdgeKind, Graph, Mark, NodeKind};
use stack_model::Model;

fn deployment(namespace: &str, name: &str, env: &[(&str, &str)]) -> Value {
    let env: Vec<Value> = env
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": namespace},
           "spec": {"replicas": 2, "selector": {"matchLabels": {"app": name}}, "template": {"metadata": {"labels": {"app": name}},
               "spec": {"containers": [{"name": name, "image": format!("{name}:1"), "env": env,
                   "ports": [{"containerPort": 8080}]}]}}}})
}

fn service(namespace: &str, name: &str, port: u16) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
           "spec": {"selector": {"app": name}, "ports": [{"port": port, "targetPort": 8080}]}})
}

/// `from → to [kind] label`, in alphabetical order.
fn arrows(graph: &Graph) -> Vec<String> {
    let name = |index: usize| graph.nodes()[index].title.clone();
    let mut arrows: Vec<String> = graph
        .edges()
        .iter()
        .map(|edge| {
            format!(
                "{} → {} [{:?}] {}",
                name(edge.from.index()),
                name(edge.to.index()),
                edge.kind,
                edge.label
            )
            .trim_end()
            .to_owned()
        })
        .collect();
    arrows.sort();
    arrows
}

#[test]
fn traffic_shows_hosts_shares_and_pods() {
    let model = Model::read([
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "edge", "namespace": "demo"},
               "spec": {"gatewayClassName": "any", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}]}}),
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "web", "namespace": "demo"},
               "spec": {"hostnames": ["web.example.com"], "parentRefs": [{"name": "edge"}], "rules": [{
                   "matches": [{"path": {"type": "PathPrefix", "value": "/api"}}],
                   "backendRefs": [{"name": "v1", "port": 80, "weight": 9}, {"name": "v2", "port": 80, "weight": 1}]}]}}),
        service("demo", "v1", 80),
        service("demo", "v2", 80),
        deployment("demo", "v1", &[]),
        deployment("demo", "v2", &[]),
    ]);
    assert_eq!(
        arrows(&stack_draw::traffic(&model)),
        [
            "edge → web [Flow]",
            "outside → web.example.com [Flow]",
            "v1 → v1 [Flow]",
            "v2 → v2 [Flow]",
            "web → v1 [Flow] /api · 90 %",
            "web → v2 [Flow] /api · 10 %",
            "web.example.com → edge [Flow]",
        ]
    );
}

#[test]
fn traffic_shows_what_policies_refuse() {
    let model = Model::read([
        deployment("demo", "front", &[("BACKEND", "http://back.demo.svc:80")]),
        deployment("demo", "back", &[]),
        service("demo", "back", 80),
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "shut", "namespace": "demo"},
               "spec": {"podSelector": {"matchLabels": {"app": "back"}}, "policyTypes": ["Ingress"]}}),
    ]);
    let graph = stack_draw::traffic(&model);
    let refused: Vec<_> = graph
        .edges()
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Refused)
        .collect();
    assert_eq!(refused.len(), 1);
    assert!(
        refused[0].label.contains("refused") && refused[0].tip.contains("NetworkPolicy demo/shut"),
        "{refused:?}"
    );
    let back = graph
        .nodes()
        .iter()
        .find(|node| node.id == "Deployment_demo_back")
        .unwrap();
    assert!(back.details.contains(&"1 policy".to_owned()));
}

/// The way from a gateway's own pods to the backend of a route is judged as any other.
#[test]
fn traffic_shows_what_policies_say_of_a_gateways_way() {
    let mut proxy = deployment("edge", "edge-proxy", &[]);
    proxy["spec"]["template"]["metadata"]["labels"] =
        json!({"app": "edge-proxy", "gateway.networking.k8s.io/gateway-name": "edge"});
    let route = |name: &str, backend: &str| {
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": name, "namespace": "demo"},
        "spec": {"parentRefs": [{"name": "edge", "namespace": "edge"}], "rules": [{"backendRefs": [{"name": backend, "port": 80}]}]}})
    };
    let policy = |name: &str, from: Value| {
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name, "namespace": "demo"},
        "spec": {"podSelector": {"matchLabels": {"app": name}}, "policyTypes": ["Ingress"], "ingress": from}})
    };
    let objects = vec![
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "edge", "namespace": "edge"},
               "spec": {"gatewayClassName": "any", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP",
                   "allowedRoutes": {"namespaces": {"from": "All"}}}]}}),
        route("open", "open"),
        route("shut", "shut"),
        route("free", "free"),
        service("demo", "open", 80),
        service("demo", "shut", 80),
        service("demo", "free", 80),
        deployment("demo", "open", &[]),
        deployment("demo", "shut", &[]),
        deployment("demo", "free", &[]),
        policy("open", json!([{"from": [{"namespaceSelector": {}}]}])),
        policy("shut", json!([])),
    ];
    let of_routes = |graph: &Graph| -> Vec<String> {
        let routes = ["open → open", "shut → shut", "free → free"];
        let arrows = arrows(graph).into_iter();
        // From Service to workload there is an arrow of the same names.
        let mut found: Vec<String> = arrows
            .filter(|arrow| routes.iter().any(|route| arrow.starts_with(route)))
            .collect();
        found.dedup();
        found
    };
    let with = Model::read(objects.iter().cloned().chain([proxy]));
    let graph = stack_draw::traffic(&with);
    assert_eq!(
        of_routes(&graph),
        [
            "free → free [Flow]",
            "open → open [Flow]",
            "open → open [Flow] policy",
            "shut → shut [Flow]",
            "shut → shut [Refused] refused",
        ]
    );
    let tip = |label: &str| {
        let edge = graph.edges().iter().find(|edge| edge.label == label);
        edge.unwrap().tip.clone()
    };
    assert_eq!(tip("policy"), "allowed by NetworkPolicy demo/open");
    assert!(tip("refused").contains("NetworkPolicy demo/shut"));
    // Without the gateway's pods nothing is claimed, and that is said.
    let graph = stack_draw::traffic(&Model::read(objects));
    assert_eq!(
        of_routes(&graph),
        [
            "free → free [Flow]",
            "open → open [Flow]",
            "shut → shut [Flow]",
        ]
    );
    assert!(graph.edges().iter().any(|edge| {
        edge.tip
            .contains("the pods of Gateway edge/edge are not in the input")
    }));
}

#[test]
fn a_backend_that_is_not_there_is_marked() {
    let model = Model::read([
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "edge", "namespace": "demo"},
               "spec": {"gatewayClassName": "any", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}]}}),
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "web", "namespace": "demo"},
               "spec": {"parentRefs": [{"name": "edge"}], "rules": [{"backendRefs": [{"name": "gone", "port": 80}]}]}}),
    ]);
    let graph = stack_draw::traffic(&model);
    assert!(
        graph
            .nodes()
            .iter()
            .any(|node| node.title == "gone" && node.mark == Mark::Missing)
    );
    assert!(
        graph
            .edges()
            .iter()
            .any(|edge| edge.kind == EdgeKind::Broken)
    );
}

#[test]
fn telemetry_follows_the_pipelines_of_a_collector() {
    let collector = "\
exporters:
  otlp/tempo: {endpoint: 'tempo.obs.svc:4317'}
  otlphttp/loki: {endpoint: 'http://loki.obs.svc:3100/otlp'}
  prometheusremotewrite: {endpoint: 'http://mimir.obs.svc/api/v1/push'}
service:
  pipelines:
    traces: {exporters: [otlp/tempo]}
    logs: {exporters: [otlphttp/loki]}
    metrics: {exporters: [prometheusremotewrite]}
";
    let sources = "apiVersion: 1\ndatasources:\n- {name: m, type: prometheus, url: 'http://mimir.obs.svc/prometheus'}\n";
    let reading = |name: &str, map: &str| {
        let mut workload = deployment("obs", name, &[]);
        workload["spec"]["template"]["spec"]["volumes"] =
            json!([{"name": "config", "configMap": {"name": map}}]);
        workload
    };
    let map = |name: &str, text: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "obs"}, "data": {"config.yaml": text}});
    let model = Model::read([
        deployment(
            "shop",
            "web",
            &[(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://collector.obs.svc:4317",
            )],
        ),
        reading("collector", "collector-config"),
        map("collector-config", collector),
        reading("grafana", "sources"),
        map("sources", sources),
        service("obs", "collector", 4317),
        service("obs", "tempo", 4317),
        service("obs", "loki", 3100),
        service("obs", "mimir", 80),
    ]);
    let graph = stack_draw::telemetry(&model, &[]);
    assert_eq!(
        arrows(&graph),
        [
            "collector → loki [Flow] logs",
            "collector → mimir [Flow] metrics",
            "collector → tempo [Flow] traces",
            "grafana → mimir [Query] metrics",
            "web → collector [Flow] OTLP",
        ]
    );
    let kind = |title: &str| {
        graph
            .nodes()
            .iter()
            .find(|node| node.title == title)
            .unwrap()
            .kind
    };
    assert_eq!(
        (kind("collector"), kind("grafana"), kind("mimir")),
        (NodeKind::Collector, NodeKind::Dashboard, NodeKind::Store)
    );
}

/// A Prometheus that reads its own file: fixed targets and what Kubernetes lists.
#[test]
fn telemetry_shows_whom_a_configuration_scrapes() {
    let file = "\
global: {scrape_interval: 15s}
scrape_configs:
- job_name: self
  static_configs: [{targets: ['localhost:9090']}]
- job_name: api
  static_configs: [{targets: ['api.shop.svc:8080', 'elsewhere.example.com:9100']}]
- job_name: pods
  kubernetes_sd_configs: [{role: pod}]
- job_name: here
  kubernetes_sd_configs: [{role: endpoints, namespaces: {names: [shop]}}]
";
    let mut prometheus = deployment("obs", "prometheus", &[]);
    prometheus["spec"]["template"]["spec"]["volumes"] =
        json!([{"name": "config", "configMap": {"name": "prometheus"}}]);
    let model = Model::read([
        prometheus,
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "prometheus", "namespace": "obs"}, "data": {"prometheus.yml": file}}),
        deployment("shop", "api", &[]),
        service("shop", "api", 8080),
    ]);
    assert_eq!(
        arrows(&stack_draw::telemetry(&model, &[])),
        [
            "all pods of Services here → prometheus [Flow] metrics, scraped",
            "all pods → prometheus [Flow] metrics, scraped",
            "api → prometheus [Flow] metrics, scraped",
        ]
    );
}

/// What the monitors of Prometheus' operator find, and who takes them.
#[test]
fn telemetry_shows_whom_monitors_find() {
    let monitor = |kind: &str, name: &str, team: &str, spec: Value| json!({"apiVersion": "monitoring.coreos.com/v1", "kind": kind, "metadata": {"name": name, "namespace": "shop", "labels": {"team": team}}, "spec": spec});
    let mut api = service("shop", "api", 8080);
    api["metadata"]["labels"] = json!({"app": "api"});
    let objects = vec![
        deployment("shop", "api", &[]),
        deployment("shop", "cart", &[]),
        deployment("shop", "unseen", &[]),
        api,
        monitor(
            "ServiceMonitor",
            "api",
            "shop",
            json!({"selector": {"matchLabels": {"app": "api"}}, "endpoints": [{"port": "http"}]}),
        ),
        monitor(
            "PodMonitor",
            "cart",
            "shop",
            json!({"selector": {"matchLabels": {"app": "cart"}}, "podMetricsEndpoints": [{"port": "http"}]}),
        ),
        monitor(
            "ServiceMonitor",
            "foreign",
            "other",
            json!({"selector": {"matchLabels": {"app": "unseen"}}, "endpoints": [{"port": "http"}]}),
        ),
    ];
    let outside = stack_draw::telemetry(&Model::read(objects.clone()), &[]);
    assert_eq!(
        arrows(&outside),
        [
            "api → Prometheus outside of the input [Flow] metrics, scraped",
            "cart → Prometheus outside of the input [Flow] metrics, scraped",
            "foreign (ServiceMonitor) → Prometheus outside of the input [Flow] metrics, scraped",
        ]
    );
    let prometheus = |selector: Value| {
        json!({"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "metadata": {"name": "main", "namespace": "obs"},
        "spec": {"serviceMonitorSelector": selector, "serviceMonitorNamespaceSelector": {}, "podMonitorSelector": {}}})
    };
    let with = |selector: Value| {
        let all = objects.iter().cloned().chain([prometheus(selector)]);
        arrows(&stack_draw::telemetry(&Model::read(all), &[]))
    };
    // Its PodMonitors must be in its own namespace, since it names no other.
    assert_eq!(
        with(json!({"matchLabels": {"team": "shop"}})),
        ["api → main [Flow] metrics, scraped"]
    );
    assert!(with(json!({"matchLabels": {"team": "nobody"}})).is_empty());
}

#[test]
fn references_show_what_names_and_what_is_named() {
    let mut web = deployment("demo", "web", &[]);
    web["spec"]["template"]["spec"]["containers"][0]["envFrom"] =
        json!([{"configMapRef": {"name": "settings"}}]);
    let model = Model::read([
        web,
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "namespace": "demo"}, "data": {"a": "b"}}),
        json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web", "namespace": "demo"},
               "spec": {"maxReplicas": 4, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}}),
    ]);
    let object = model
        .get("apps", "Deployment", Some("demo"), "web")
        .unwrap();
    let graph = stack_draw::references(&model, object, 1);
    let kinds: Vec<&str> = graph
        .nodes()
        .iter()
        .map(|node| node.details[0].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "Deployment in demo",
            "ConfigMap in demo",
            "HorizontalPodAutoscaler in demo"
        ]
    );
}

#[test]
fn components_come_behind_those_that_they_name() {
    let labelled = |mut object: Value, part: &str| {
        object["metadata"]["labels"] = json!({"app.kubernetes.io/part-of": part});
        object
    };
    let mut web = deployment("demo", "web", &[]);
    web["spec"]["template"]["spec"]["priorityClassName"] = json!("high");
    let model = Model::read([
        labelled(web, "shop"),
        labelled(
            json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "high"}, "value": 1}),
            "base",
        ),
    ]);
    assert_eq!(arrows(&stack_draw::install(&model)), ["base → shop [Then]"]);
}

#[test]
fn a_thousand_workloads_are_folded_to_what_people_can_read() {
    let mut objects = Vec::new();
    for number in 0..1000 {
        let (namespace, name) = (format!("team-{}", number % 25), format!("app-{number}"));
        let next = format!(
            "http://app-{}.team-{}.svc:80",
            (number + 1) % 1000,
            (number + 1) % 25
        );
        objects.push(deployment(&namespace, &name, &[("NEXT", &next)]));
        objects.push(service(&namespace, &name, 80));
    }
    let model = Model::read(objects);
    let graph = stack_draw::architecture(&model).folded(stack_draw::READABLE);
    assert!(
        graph.nodes().len() <= stack_draw::READABLE + 2,
        "{}",
        graph.nodes().len()
    );
    let named: usize = graph
        .nodes()
        .iter()
        .map(|node| node.folded.len().max(1))
        .sum();
    assert_eq!(named, 1000);
    assert!(graph.to_svg(&stack_draw::SvgOptions::default()).len() < 200_000);
}
