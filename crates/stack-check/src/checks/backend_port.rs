//! Ports that a Service does not have.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "backend-port",
    group: Group::References,
    severity: Severity::Error,
    title: "Traffic is sent to a port that the Service does not have",
    explanation: "The Service exists, the port does not: no implementation can send the request anywhere.",
    remedy: "use a port of the Service (`spec.ports[].port`), not one of the container",
    silent: "Backends that are no Services are not looked at, nor Services that are not in the input.",
    failing: include_str!("../../fixtures/backend-port/failing.yaml"),
    passing: include_str!("../../fixtures/backend-port/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for route in context.routing.routes() {
        for (at, reference) in route.backend_refs() {
            let service = reference
                .get("name")
                .and_then(Value::as_str)
                .and_then(|name| {
                    let namespace = reference.get("namespace").and_then(Value::as_str);
                    let model = context.model;
                    model.service(namespace.unwrap_or(route.namespace()), name)
                });
            if service.is_some_and(|service| {
                context.is_ambiguous(service.entry())
                    || !context.are_near(service.entry(), route.entry)
            }) {
                continue;
            }
            let backend = context.routing.backend(route, reference).ok();
            if let Some(problem) =
                backend.and_then(|backend| backend.port_problem(context.model, route.kind))
            {
                sink.report(route.entry, path(&at), problem);
            }
        }
    }
    for ingress in context.model.objects("networking.k8s.io", "Ingress") {
        let mut look = |at: String, backend: &Value| {
            let service = backend.get("service")?;
            let name = service.get("name")?.as_str()?;
            let service_of = context.model.service(ingress.namespace()?, name)?;
            if context.is_ambiguous(service_of.entry())
                || !context.are_near(service_of.entry(), ingress)
            {
                return None;
            }
            let port = service.get("port")?;
            let number = port.get("number").and_then(Value::as_u64);
            let port_name = port.get("name").and_then(Value::as_str);
            let fits = service_of.ports().any(|port| {
                Some(u64::from(port.port)) == number
                    || (port_name.is_some() && port.name == port_name)
            });
            // Controllers of some clouds put actions of their own where a port stands.
            let is_action = port_name == Some("use-annotation");
            if !fits && !is_action && service_of.ports().next().is_some() {
                let wanted = number.map_or_else(
                    || port_name.unwrap_or_default().to_owned(),
                    |number| number.to_string(),
                );
                sink.report(
                    ingress,
                    path(&at),
                    format!("{service_of} has no port {wanted}"),
                );
            }
            Some(())
        };
        if let Some(backend) = ingress.at("spec.defaultBackend") {
            look("spec.defaultBackend.service.port".to_owned(), backend);
        }
        for (rule, value) in ingress.items_at("spec.rules").iter().enumerate() {
            let paths = value
                .get("http")
                .and_then(|http| http.get("paths"))
                .and_then(Value::as_array);
            for (number, value) in paths.into_iter().flatten().enumerate() {
                if let Some(backend) = value.get("backend") {
                    look(
                        format!("spec.rules[{rule}].http.paths[{number}].backend.service.port"),
                        backend,
                    );
                }
            }
        }
    }
}
