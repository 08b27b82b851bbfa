//! Section 3: the questions about Kong and its routes.

use gateway_api::v1::GatewayClass;
use stack_builder::Bundle;
use stack_builder::verify::{Expectation, Questions, columns, literal};

use crate::wiring::{PublishedPort, Wiring};

pub(super) fn ask(wiring: &Wiring, bundle: &Bundle, questions: &mut Questions) {
    let (gateway, namespace) = (&wiring.gateway, wiring.gateway.namespace.as_str());
    for class in bundle.objects_of::<GatewayClass>() {
        let controller = class.spec.controller_name.as_str();
        questions.kubectl(
            "VFY-008",
            "the controller has accepted the GatewayClass",
            &["get", "gatewayclass", "--no-headers"],
            Expectation::like(
                &format!("{} {controller} Accepted=True", gateway.class),
                [columns(&[&gateway.class, controller, "True"])],
            ),
        );
    }
    let programmed = Expectation::like("Programmed=True", ["^True$".to_owned()]);
    questions.kubectl(
        "VFY-009",
        "the Gateway is programmed",
        &["get", "gateway", "-n", namespace, "--no-headers"],
        Expectation::like(
            "Programmed=True",
            [format!(
                "^{} +{} .*True",
                literal(&gateway.name),
                literal(&gateway.class)
            )],
        ),
    );
    let routes = bundle.of_kind("gateway.networking.k8s.io", "HTTPRoute");
    let routes = routes.map(|object| object.id().name.clone()).collect();
    questions.names(
        "VFY-010",
        "the routes",
        &["httproutes", "--all-namespaces"],
        routes,
    );
    let mapping = |port: PublishedPort| format!("{}:{}/TCP", port.service, port.node);
    let (http, https) = (mapping(gateway.http), mapping(gateway.https));
    questions.kubectl(
        "VFY-011",
        "the proxy's ports",
        &[
            "get",
            "svc",
            "-n",
            namespace,
            &gateway.proxy_service,
            "--no-headers",
        ],
        Expectation::like(
            &format!("{http}, {https}"),
            [literal(&http), literal(&https)],
        ),
    );
    let deployment = format!("deploy/{}", gateway.name);
    questions
        .kubectl(
            "VFY-012",
            "the proxy logs requests",
            &["logs", "-n", namespace, &deployment, "--tail=20"],
            Expectation::like("lines of requests", [r#""[A-Z]+ /[^ ]* HTTP/"#.to_owned()]),
        )
        .lenient = Some("no request has come lately".to_owned());
    questions.kubectl(
        "VFY-035",
        "the Gateway's condition",
        &[
            "get",
            "gateway",
            "-n",
            namespace,
            &gateway.name,
            "-o",
            r#"jsonpath={.status.conditions[?(@.type=="Programmed")].status}"#,
        ],
        programmed,
    );
    questions.kubectl(
        "VFY-038",
        "Kong's own opinion",
        &[
            "exec",
            "-n",
            namespace,
            &deployment,
            "-c",
            "proxy",
            "--",
            "kong",
            "health",
        ],
        Expectation::like("Kong is healthy", ["Kong is healthy".to_owned()]),
    );
}
