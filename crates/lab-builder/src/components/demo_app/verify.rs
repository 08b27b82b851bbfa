//! Sections 8 and 11: the questions about the demo app and its chart.

use stack_builder::Bundle;
use stack_builder::verify::{Expectation, Questions, literal};

use super::chart;
use crate::ids::{ARGOCD, GATEWAY};
use crate::wiring::Wiring;

pub(super) fn ask(wiring: &Wiring, bundle: &Bundle, questions: &mut Questions) {
    let namespace = wiring.demo.namespace.as_str();
    questions.ask(
        "VFY-034",
        "the demo app is no release: it was applied",
        &["helm", "cluster"],
        &["helm", "list", "-n", namespace, "-q"],
        Expectation::Nothing,
    );
    if bundle.has(GATEWAY) {
        let routes = bundle.of_kind("gateway.networking.k8s.io", "HTTPRoute");
        for route in routes.filter(|route| route.id().namespace.as_deref() == Some(namespace)) {
            questions.kubectl(
                "VFY-036",
                "the Gateway has accepted the route",
                &[
                    "get",
                    "httproute",
                    "-n",
                    namespace,
                    &route.id().name,
                    "-o",
                    r#"jsonpath={.status.parents[*].conditions[?(@.type=="Accepted")].status}"#,
                ],
                Expectation::like("Accepted=True", ["^True( True)*$".to_owned()]),
            );
        }
        let host = format!("Host: {}", bundle.environment().host(&wiring.hosts.api));
        let frontend = format!("deploy/{}", wiring.demo.frontend);
        let url = format!("{}/status/200", wiring.gateway.proxy_url());
        questions.kubectl(
            "VFY-037",
            "Kong routes by host, asked from inside",
            &[
                "exec",
                "-n",
                namespace,
                &frontend,
                "--",
                "curl",
                "-sf",
                "-w",
                "%{http_code}",
                "-H",
                &host,
                &url,
            ],
            Expectation::like("HTTP 200", ["200$".to_owned()]),
        );
    }
    if let Some(argocd) = bundle.part(ARGOCD) {
        let folder = format!("{}/{}", argocd.folder(), chart::FOLDER);
        questions.ask(
            "VFY-039",
            "the demo app's chart is sound",
            &["helm"],
            &["helm", "lint", &folder],
            Expectation::like(
                "1 chart(s) linted, 0 chart(s) failed",
                [literal("1 chart(s) linted, 0 chart(s) failed")],
            ),
        );
    }
}
