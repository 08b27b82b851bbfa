//! Routes for requests to ports that speak something else.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::at_position;
use crate::group::Group;
use crate::protocol;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::{Purpose, Service};

pub(super) const CHECK: Check = Check {
    code: "http-to-tcp-port",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A route for requests leads to a port that speaks something else",
    explanation: "The VirtualService or route has rules for HTTP requests, but the port of the Service says that \
        it speaks plain TCP or a database protocol. The mesh does not look into it: the rules have no effect.",
    remedy: "name the port after what it speaks (`http-web`), or set `appProtocol`",
    silent: "Ports that do not say what they speak, which Istio finds out.",
    failing: include_str!("../../fixtures/http-to-tcp-port/failing.yaml"),
    passing: include_str!("../../fixtures/http-to-tcp-port/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    for entry in model.objects("networking.istio.io", "VirtualService") {
        let references = model.references_of(entry);
        for reference in references
            .iter()
            .filter(|reference| reference.purpose == Purpose::Backend)
        {
            let place = reference.path.to_string();
            let Some(place) = place.strip_suffix(".destination.host") else {
                continue;
            };
            let Some(service) = reference
                .namespace
                .and_then(|namespace| model.service(namespace, reference.name))
                .filter(|service| context.are_near(entry, service.entry()))
            else {
                continue;
            };
            let number = format!("{place}.destination.port.number");
            let number = at_position(entry.value(), &number).and_then(Value::as_u64);
            if let (true, Some(message)) =
                (place.starts_with("spec.http["), problem(&service, number))
            {
                sink.report(entry, path(&format!("{place}.destination")), message);
            }
        }
    }
    for route in context
        .routing
        .routes()
        .iter()
        .filter(|route| route.entry.kind() == "HTTPRoute")
    {
        for (number, parent) in route
            .parents
            .iter()
            .enumerate()
            .filter(|(_, parent)| parent.kind == "Service")
        {
            let service = model
                .service(parent.namespace, parent.name)
                .filter(|service| context.are_near(route.entry, service.entry()));
            let message = service.and_then(|service| problem(&service, parent.port.map(u64::from)));
            if let Some(message) = message {
                sink.report(
                    route.entry,
                    path(&format!("spec.parentRefs[{number}]")),
                    message,
                );
            }
        }
    }
}

fn problem(service: &Service<'_>, number: Option<u64>) -> Option<String> {
    let mut ports = service
        .ports()
        .filter(|port| number.is_none_or(|number| u64::from(port.port) == number));
    let (port, None) = (ports.next()?, ports.next()) else {
        return None;
    };
    let spoken = protocol::of(&port)?;
    let is_other = matches!(spoken, "tcp" | "mongo" | "mysql" | "redis");
    is_other.then(|| format!("port {} of {service} speaks {spoken}", port.port))
}
