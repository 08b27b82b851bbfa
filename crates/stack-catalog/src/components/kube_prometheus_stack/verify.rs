//! What is waited for, and the questions of `verify-all.sh`.

use stack_builder::{Bundle, Contribution, Count, Pods, Questions};

use super::{ALERTMANAGER_SERVICE, KubePrometheusStack, PROMETHEUS_SERVICE};

/// The StatefulSets that the operator makes, after Helm has returned.
fn stateful_sets(stack: &KubePrometheusStack) -> Vec<String> {
    let alertmanager = stack.alertmanager.as_ref();
    let alertmanager = alertmanager.map(|_| format!("alertmanager-{ALERTMANAGER_SERVICE}"));
    let mut names = vec![format!("prometheus-{PROMETHEUS_SERVICE}")];
    names.extend(alertmanager);
    names
}

pub(super) fn wait(stack: &KubePrometheusStack, out: &mut Contribution) {
    let namespace = stack.home.name();
    for name in stateful_sets(stack) {
        let set = format!("statefulset/{name}");
        let (make, ready) = (
            format!("the operator makes {name}"),
            format!("{name} is ready"),
        );
        let created = ["kubectl", "wait", "--for=create", "--namespace", namespace];
        out.wait(&make, &[&created[..], &[&set, "--timeout=120s"]].concat());
        let rolled_out = ["kubectl", "rollout", "status", "--namespace", namespace];
        out.wait(
            &ready,
            &[&rolled_out[..], &[&set, "--timeout=600s"]].concat(),
        );
    }
}

pub(super) fn ask(stack: &KubePrometheusStack, bundle: &Bundle, questions: &mut Questions) {
    let namespace = stack.home.name();
    let mut ask = |id: &str, what: &str, selector: &str, count: Count| {
        questions.pods(id, what, namespace, selector, count, None);
    };
    ask(
        "PROM-1",
        "the operator runs",
        "app=kube-prometheus-stack-operator",
        Count::exactly(1),
    );
    ask(
        "PROM-2",
        "Prometheus runs",
        "app.kubernetes.io/name=prometheus",
        Count::exactly(stack.prometheus.replicas),
    );
    ask(
        "PROM-3",
        "kube-state-metrics runs",
        "app.kubernetes.io/name=kube-state-metrics",
        Count::exactly(1),
    );
    if let Some(alertmanager) = &stack.alertmanager {
        ask(
            "PROM-4",
            "Alertmanager runs",
            "app.kubernetes.io/name=alertmanager",
            Count::exactly(alertmanager.replicas),
        );
    }
    if stack.grafana.is_some() {
        ask(
            "PROM-5",
            "Grafana runs",
            "app.kubernetes.io/name=grafana",
            Count::exactly(1),
        );
    }
    if stack.node_exporter.is_some() {
        ask(
            "PROM-6",
            "a node exporter runs on each node",
            "app.kubernetes.io/name=prometheus-node-exporter",
            bundle.count(Pods::each_node()),
        );
    }
    questions.names(
        "PROM-7",
        "Prometheus knows what to scrape",
        &["servicemonitors", "-n", namespace],
        vec!["kube-prometheus-stack-prometheus".into()],
    );
}
