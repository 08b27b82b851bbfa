//! Section 7: the questions about the observability stack.

use stack_builder::verify::{Expectation, Questions};
use stack_builder::{Bundle, Count, Pods};

use super::pods;
use crate::wiring::Wiring;

pub(super) fn ask(wiring: &Wiring, bundle: &Bundle, questions: &mut Questions) {
    let telemetry = &wiring.telemetry;
    let namespace = telemetry.namespace.as_str();
    let collector = bundle.of_kind("apps", "Deployment").find(|deployment| {
        let id = deployment.id();
        id.namespace.as_deref() == Some(namespace) && id.name == telemetry.collector
    });
    if let Some(collector) = collector {
        let replicas = collector.to_value()["spec"]["replicas"]
            .as_u64()
            .unwrap_or(1);
        let replicas = Count::exactly(u32::try_from(replicas).unwrap_or(1));
        let selector = format!("app.kubernetes.io/name={}", telemetry.collector);
        questions.pods(
            "VFY-024",
            "the OpenTelemetry Collector",
            namespace,
            &selector,
            replicas,
            Some("1/1"),
        );
        questions.kubectl(
            "STATUS collector-logs",
            "the collector logs what it does",
            &[
                "logs",
                "-n",
                namespace,
                &format!("deploy/{}", telemetry.collector),
                "--tail=20",
            ],
            Expectation::Lines {
                of: "lines".to_owned(),
                count: Count::at_least(1),
            },
        );
    }
    let of = |name: &str| format!("app.kubernetes.io/name={name}");
    if let Some(release) = bundle.release("mimir") {
        questions.pods(
            "VFY-025",
            "Mimir's nine parts",
            namespace,
            &of("mimir"),
            Count::exactly(pods::mimir_parts(release)),
            None,
        );
        questions.pods(
            "STATUS ruler",
            "Mimir's ruler, which evaluates the alert rules",
            namespace,
            "app.kubernetes.io/component=ruler",
            Count::exactly(release.number("/ruler/replicas", 1)),
            None,
        );
    }
    if let Some(release) = bundle.release("loki") {
        let count = bundle.count(
            Pods::exactly(release.number("/singleBinary/replicas", 1)) + pods::canaries(release),
        );
        questions.pods(
            "VFY-026",
            "Loki, and a canary on each worker",
            namespace,
            &of("loki"),
            count,
            None,
        );
    }
    if let Some(release) = bundle.release("tempo") {
        let count = Count::exactly(release.number("/replicas", 1));
        questions.pods(
            "VFY-027",
            "Tempo",
            namespace,
            &of("tempo"),
            count,
            Some("1/1"),
        );
    }
    if bundle.release("alloy").is_some() {
        let count = bundle.count(Pods::each_worker());
        questions.pods(
            "VFY-028",
            "Alloy on each worker",
            namespace,
            &of("alloy"),
            count,
            Some("2/2"),
        );
    }
    if bundle.release("grafana").is_some() {
        data_sources(wiring, bundle, questions);
    }
}

/// Grafana is asked from outside, with the password that its chart made.
fn data_sources(wiring: &Wiring, bundle: &Bundle, questions: &mut Questions) {
    let host = bundle.environment().host(&wiring.hosts.grafana);
    let (namespace, secret, port) = (
        &wiring.telemetry.namespace,
        &wiring.telemetry.grafana,
        wiring.gateway.http.host,
    );
    let page = wiring.gateway.page(&host);
    let script = format!(
        r#"password=$(kubectl get secret -n {namespace} {secret} -o 'jsonpath={{.data.admin-password}}' | base64 -d)
curl -sf --max-time 10 --resolve {host}:{port}:127.0.0.1 -u "admin:$password" {page}/api/datasources |
  grep -o '"uid":"[^"]*"'"#
    );
    questions.ask(
        "VFY-029",
        "Grafana's data sources",
        &["curl", "cluster"],
        &["bash", "-c", &script],
        Expectation::like(
            "Mimir, Loki, Tempo and AlertManager",
            ["mimir", "loki", "tempo", "alertmanager"].map(|uid| format!("\"uid\":\"{uid}\"")),
        ),
    );
}
