//! What is written is what the programs read, and each check finds its fault and nothing in a sound file.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use stack_config::collector::{self, Collector, Signal, exporter, processor, receiver};
use stack_config::kustomize::Kustomization;
use stack_config::prometheus::{self, Discovery, PrometheusConfig, Relabel, Role, ScrapeConfig};
use stack_config::promtail::{self, LogJob, PromtailConfig, Stage};
use stack_config::template::Holes;
use stack_config::workflow::{self, Access, Job, Step, Triggers, Workflow, expression};
use stack_config::{Finding, grafana, promql, to_yaml};

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| &*finding.code).collect()
}

#[test]
fn prometheus_is_told_of_jobs_of_one_name_and_of_relabelling_that_never_matches() {
    let sound = PrometheusConfig::every("15s").scraping([
        ScrapeConfig::discovering("pods", Discovery::of(Role::Pod).in_namespaces(["web"])),
        ScrapeConfig::of_targets("self", ["localhost:9090"]),
    ]);
    let mut value = serde_json::to_value(&sound).unwrap();
    assert_eq!(prometheus::check(&value, "prometheus.yml"), []);
    value["scrape_configs"][1]["job_name"] = "pods".into();
    value["scrape_configs"][0]["bearer_token_file"] = "/token".into();
    let uneven = Relabel::keep(["a", "b"], "default;kubernetes;https");
    value["scrape_configs"][0]["relabel_configs"] = json!([uneven]);
    let found = prometheus::check(&value, "prometheus.yml");
    assert_eq!(
        codes(&found),
        [
            "scrape-old-token",
            "relabel-never-matches",
            "scrape-job-twice"
        ]
    );
}

#[test]
fn a_query_for_a_job_that_nobody_scrapes_is_found_unless_jobs_are_renamed() {
    let mut config = serde_json::to_value(
        PrometheusConfig::every("1m").scraping([ScrapeConfig::of_targets("apiserver", ["a:1"])]),
    )
    .unwrap();
    let queries = [
        ("one", r#"up{job="apiserver"}"#),
        ("two", r#"up{job="nodes"} == 0"#),
    ];
    let found = prometheus::check_jobs(&config, queries, "board.json");
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("`nodes`"));
    let renames = Relabel::copy("__meta_kubernetes_service_name", "job");
    config["scrape_configs"][0]["relabel_configs"] = json!([renames]);
    assert_eq!(prometheus::check_jobs(&config, queries, "board.json"), []);
}

#[test]
fn promtail_needs_a_path_and_the_format_of_its_runtime() {
    let sound = PromtailConfig {
        scrape_configs: vec![LogJob::of_pods("pods", [Stage::cri()]).labelled_as_usual()],
        ..PromtailConfig::default()
    };
    let value = serde_json::to_value(&sound).unwrap();
    assert_eq!(
        promtail::check(&value, "promtail.yaml", Some("containerd")),
        []
    );
    assert_eq!(
        codes(&promtail::check(&value, "promtail.yaml", Some("docker"))),
        ["logs-of-another-runtime"]
    );
    assert_eq!(promtail::check(&value, "promtail.yaml", None), []);
    let bare = PromtailConfig {
        scrape_configs: vec![LogJob::of_pods("pods", [Stage::docker()])],
        ..PromtailConfig::default()
    };
    let value = serde_json::to_value(&bare).unwrap();
    assert_eq!(
        value["scrape_configs"][0]["pipeline_stages"],
        json!([{"docker": {}}])
    );
    assert_eq!(
        codes(&promtail::check(
            &value,
            "promtail.yaml",
            Some("containerd")
        )),
        ["logs-without-path", "logs-of-another-runtime"]
    );
}

#[test]
fn the_collector_is_told_of_missing_parts_listeners_and_tls() {
    let sound = Collector::default()
        .with_receiver("otlp", receiver::otlp("0.0.0.0"))
        .with_processor("memory_limiter", processor::memory_limiter(400, 80))
        .with_exporter("otlp/tempo", exporter::otlp_without_tls("tempo:4317"))
        .with_exporter("otlp/away", exporter::otlp("otlp.example.com:443"))
        .with_pipeline(
            Signal::Traces,
            &["otlp"],
            &["memory_limiter"],
            &["otlp/tempo", "otlp/away"],
        );
    let mut value = serde_json::to_value(&sound).unwrap();
    assert_eq!(collector::check(&value, "config.yaml"), []);
    value["receivers"]["otlp"] = receiver::otlp_by_default();
    value["exporters"]["otlp/tempo"] = exporter::otlp("tempo:4317");
    value["service"]["pipelines"]["traces"]["processors"] = json!(["batch"]);
    assert_eq!(
        codes(&collector::check(&value, "config.yaml")),
        [
            "collector-part-missing",
            "collector-listens-locally",
            "collector-listens-locally",
            "collector-expects-tls",
            "collector-without-memory-limit",
        ]
    );
}

#[test]
fn a_dashboard_in_the_wrapper_of_the_api_is_no_file() {
    use grafana::{Dashboard, Panel, Target};
    let board = Dashboard::new(
        "Stack",
        [Panel::new(
            "timeseries",
            "Up",
            [Target::new("up", "{{job}}")],
        )],
    );
    let arranged = serde_json::to_value(board.clone().arranged(2, 8)).unwrap();
    assert_eq!(grafana::check(&arranged, "a.json"), []);
    assert_eq!(
        arranged["panels"][0]["gridPos"],
        json!({"h": 8, "w": 12, "x": 0, "y": 0})
    );
    let wrapped = serde_json::to_value(board.import()).unwrap();
    assert_eq!(
        codes(&grafana::check(&wrapped, "a.json")),
        ["dashboard-in-wrapper"]
    );
    let place = "dashboard.panels[0].targets[0].expr".to_owned();
    assert_eq!(grafana::queries(&wrapped), [(place, "up".to_owned())]);
}

#[test]
fn a_workflow_that_pushes_needs_the_permission() {
    let job = Job::on(
        "ubuntu-24.04",
        [
            Step::uses("docker/login-action@v3")
                .with("registry", "ghcr.io")
                .with("password", expression("secrets.GITHUB_TOKEN")),
            Step::run("push", "docker push ghcr.io/acme/api:1\n"),
        ],
    );
    let workflow = Workflow::new("ci", Triggers::push_to(["main"]))
        .with_job("build", &job)
        .unwrap();
    let value = serde_json::to_value(&workflow).unwrap();
    assert_eq!(
        codes(&workflow::check(&value, "ci.yaml")),
        ["workflow-may-not-push"]
    );
    let allowed = workflow.permitting("packages", Access::Write);
    assert_eq!(
        workflow::check(&serde_json::to_value(&allowed).unwrap(), "ci.yaml"),
        []
    );
    // YAML 1.1 would read a bare `on` as true.
    let text = to_yaml(&allowed).unwrap();
    assert!(text.contains("\"on\":"), "{text}");
}

#[test]
fn expressions_stand_where_the_holes_are() {
    let mut holes = Holes::default();
    let object = json!({
        "metadata": {"name": holes.bare(r#"include "api.fullname" ."#), "annotations": {"a": "{{ kept }}"}},
        "spec": {"containers": [{"image": holes.text("{{ .Values.repository }}:1"), "resources": holes.block(".Values.resources")}]},
    });
    assert_eq!(
        holes.write(&object).unwrap(),
        "metadata:\n  name: {{ include \"api.fullname\" . }}\n  annotations:\n    a: \"{{ \"{{\" }} kept }}\"\nspec:\n  containers:\n  \
         - image: \"{{ .Values.repository }}:1\"\n    resources: {{- toYaml .Values.resources | nindent 6 }}\n"
    );
}

#[test]
fn what_an_expression_makes_of_lines_stands_below_its_key() {
    let mut holes = Holes::default();
    let object = json!({
        "labels": holes.lines(r#"include "labels" ."#),
        "list": [{"resources": holes.lines("toYaml .Values.resources"), "name": holes.bare(".Values.name | quote")}],
    });
    let expected = "labels:\n  {{- include \"labels\" . | nindent 2 }}\nlist:\n- resources:\n    {{- toYaml .Values.resources | \
                    nindent 4 }}\n  name: {{ .Values.name | quote }}\n";
    assert_eq!(holes.write(&object).unwrap(), expected);
    let yaml = kube_yaml::to_string(&object).unwrap();
    assert_eq!(holes.fill(&yaml), expected);
}

#[test]
fn kustomizations_name_their_kind_and_leave_out_what_is_not_set() {
    let overlay = Kustomization::of(["../../base"])
        .prefixed("dev-")
        .scaled("api", 2);
    assert_eq!(
        serde_json::to_value(&overlay).unwrap(),
        json!({
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": ["../../base"],
            "namePrefix": "dev-",
            "replicas": [{"name": "api", "count": 2}],
        })
    );
}

#[test]
fn queries_are_read_and_judged() {
    let sound = [
        "up",
        "sum(rate(a_total{code=~\"5..\"}[5m])) / sum(rate(a_total[5m])) > 0.1",
        "sum by (job) (rate(a_total{code!=\"200\"}[5m])) / sum(rate(a_total[5m])) by (job)",
        "rate(a_total[5m]) / on(pod) group_left(node) kube_pod_info",
        "rate(a[5m]) / on(pod, container) group_left kube_pod_container_resource_requests",
        "histogram_quantile(0.99, sum by (le) (rate(a_bucket[5m] offset 1h)))",
        "-(a + b) ^ 2 ^ c == bool 1 and on() vector(1) # a comment",
        "max_over_time((a - b)[1h:5m]) unless {__name__=~\"a.*\"} @ end()",
        "label_replace(a, 'b', '$1', \"c\", `d\\d`)",
    ];
    for query in sound {
        assert!(
            promql::parse(query).is_ok(),
            "{query}: {:?}",
            promql::parse(query)
        );
        assert_eq!(promql::check(query, "", "a"), [], "{query}");
    }
    let faulty = [
        (
            "rate(a{code!~\"2..\"}[5m]) / rate(a[5m]) > 0.1",
            "query-ratio-is-one",
        ),
        ("a{b=\"c\"} / a", "query-ratio-is-one"),
        (
            "100 * rate(c{d!=\"\"}[5m]) / on(pod) group_left kube_pod_container_resource_requests{resource=\"cpu\"}",
            "query-many-to-many",
        ),
    ];
    for (query, code) in faulty {
        assert_eq!(codes(&promql::check(query, "", "a")), [code], "{query}");
    }
    for text in ["", "a{", "sum(", "a b", "a{b}", "\"open", "((", "a[5m"] {
        assert!(promql::parse(text).is_err(), "{text}");
    }
    let deep = "(".repeat(100_000);
    assert!(promql::parse(&deep).is_err());
    let value: Value = json!(null);
    assert_eq!(prometheus::check(&value, ""), []);
}
