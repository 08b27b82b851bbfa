//! Section 7: the observability stack.

use k8s_openapi::api::apps::v1::Deployment;

use super::size::{Count, canaries, each_worker, mimir, number};
use super::{Checks, like};
use crate::components::LGTM;
use crate::versions;

pub(super) fn add(checks: &mut Checks<'_>) {
    if checks.component != LGTM {
        return;
    }
    let bundle = checks.bundle;
    let telemetry = &bundle.wiring().telemetry;
    let namespace = telemetry.namespace.as_str();
    let collector = bundle.objects_of::<Deployment>().find(|deployment| {
        deployment.metadata.namespace.as_deref() == Some(namespace)
            && deployment.metadata.name.as_ref() == Some(&telemetry.collector)
    });
    if let Some(collector) = collector {
        let replicas = versions::deployment_spec(collector)
            .and_then(|spec| spec.replicas)
            .unwrap_or(1);
        let replicas = Count::exactly(u32::try_from(replicas).unwrap_or(1));
        let selector = format!("app.kubernetes.io/name={}", telemetry.collector);
        checks.pods(
            "VFY-024",
            "the OpenTelemetry Collector",
            namespace,
            &selector,
            replicas,
            Some("1/1"),
        );
    }
    let of = |name: &str| format!("app.kubernetes.io/name={name}");
    if let Some(release) = bundle.release("mimir") {
        checks.pods(
            "VFY-025",
            "Mimir's nine parts",
            namespace,
            &of("mimir"),
            mimir(release),
            None,
        );
    }
    if let Some(release) = bundle.release("loki") {
        let count = Count::exactly(number(release, "/singleBinary/replicas", 1))
            .plus(canaries(bundle, release));
        checks.pods(
            "VFY-026",
            "Loki, and a canary on each worker",
            namespace,
            &of("loki"),
            count,
            None,
        );
    }
    if let Some(release) = bundle.release("tempo") {
        let count = Count::exactly(number(release, "/replicas", 1));
        checks.pods(
            "VFY-027",
            "Tempo",
            namespace,
            &of("tempo"),
            count,
            Some("1/1"),
        );
    }
    if bundle.release("alloy").is_some() {
        let count = each_worker(bundle);
        checks.pods(
            "VFY-028",
            "Alloy on each worker",
            namespace,
            &of("alloy"),
            count,
            Some("2/2"),
        );
    }
    if bundle.release("grafana").is_some() {
        data_sources(checks);
    }
}

/// Grafana is asked from outside, with the password that its chart made.
fn data_sources(checks: &mut Checks<'_>) {
    let wiring = checks.bundle.wiring();
    let host = checks.bundle.environment().host(&wiring.hosts.grafana);
    let (namespace, secret, port) = (
        &wiring.telemetry.namespace,
        &wiring.telemetry.grafana,
        wiring.gateway.http.host,
    );
    let script = format!(
        r#"password=$(kubectl get secret -n {namespace} {secret} -o 'jsonpath={{.data.admin-password}}' | base64 -d)
curl -sf --max-time 10 --resolve {host}:{port}:127.0.0.1 -u "admin:$password" http://{host}/api/datasources |
  grep -o '"uid":"[^"]*"'"#
    );
    checks.ask(
        "VFY-029",
        "Grafana's data sources",
        &["curl", "cluster"],
        &["bash", "-c", &script],
        like(
            "Mimir, Loki, Tempo and AlertManager",
            ["mimir", "loki", "tempo", "alertmanager"].map(|uid| format!("\"uid\":\"{uid}\"")),
        ),
    );
}
