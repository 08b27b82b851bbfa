//! What cannot work beside the rest of the stack.

use stack_builder::{Bundle, Finding, Severity, Subject};

use super::{KubePrometheusStack, Routing};
use crate::ids::KUBE_PROMETHEUS_STACK;
use crate::surroundings::Surroundings;

pub(super) fn of(
    stack: &KubePrometheusStack,
) -> impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static {
    let proxy = stack.control_plane.proxy;
    let silent = stack
        .alertmanager
        .as_ref()
        .is_some_and(|alertmanager| alertmanager.routing == Routing::Nowhere);
    move |bundle, findings| {
        let mut add = |code, severity, path: &str, message: &str, remedy: &str| {
            let subject = Subject::Release(KUBE_PROMETHEUS_STACK.into());
            let finding = Finding::new(code, severity, subject, message.to_owned());
            findings.push(finding.at(path).remedy(remedy));
        };
        if proxy && Surroundings::of(bundle).without_kube_proxy() {
            add(
                "kube-proxy-metrics",
                Severity::Error,
                "kubeProxy.enabled",
                "there is no kube-proxy in this stack: KubeProxyDown fires from the first minute on",
                "leave control_plane.proxy off",
            );
        }
        if silent {
            add(
                "alerts-reach-nobody",
                Severity::Note,
                "alertmanager.config",
                "no receiver is configured: alerts are seen by those who look for them",
                "set alertmanager.routing",
            );
        }
    }
}
