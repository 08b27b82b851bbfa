//! What Ingress and Route objects lead to, whichever controller serves them.

use stack_model::Value;
use stack_model::{Entry, Model};

use crate::flow::Name;

/// A Service, and the port of it, to which requests from outside are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exposed {
    pub(crate) service: Name,
    pub(crate) port: ExposedPort,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ExposedPort {
    /// The Service's port by number.
    Number(u16),
    /// The Service's port by name.
    Name(String),
    /// A Route's target: the name of the Service's port, or the number or name of the pod's.
    Target(Value),
    All,
}

/// Reads what Ingress and OpenShift Route objects expose.
pub(crate) fn read(model: &Model) -> Vec<Exposed> {
    let mut found = Vec::new();
    for ingress in model.objects("networking.k8s.io", "Ingress") {
        let mut backends: Vec<&Value> = ingress.at("spec.defaultBackend").into_iter().collect();
        for rule in ingress.items_at("spec.rules") {
            let paths = rule.pointer("/http/paths").and_then(Value::as_array);
            backends.extend(
                paths
                    .into_iter()
                    .flatten()
                    .filter_map(|path| path.get("backend")),
            );
        }
        found.extend(
            backends
                .into_iter()
                .filter_map(|backend| of_ingress(ingress, backend)),
        );
    }
    for route in model.objects("route.openshift.io", "Route") {
        let port = route
            .at("spec.port.targetPort")
            .map_or(ExposedPort::All, |target| {
                ExposedPort::Target(target.clone())
            });
        let targets = route
            .at("spec.to")
            .into_iter()
            .chain(route.items_at("spec.alternateBackends"));
        let services = targets.filter(|target| {
            target
                .get("kind")
                .and_then(Value::as_str)
                .unwrap_or("Service")
                == "Service"
        });
        found.extend(services.filter_map(|target| {
            let name = target.get("name")?.as_str()?;
            Some(Exposed {
                service: Name::new(route.namespace().unwrap_or("default"), name),
                port: port.clone(),
            })
        }));
    }
    found
}

fn of_ingress(ingress: &Entry, backend: &Value) -> Option<Exposed> {
    let service = backend.get("service")?;
    let port = service.get("port");
    let port = match (
        port.and_then(|port| port.get("number")),
        port.and_then(|port| port.get("name")),
    ) {
        (Some(number), _) => ExposedPort::Number(u16::try_from(number.as_u64()?).ok()?),
        (None, Some(name)) => ExposedPort::Name(name.as_str()?.to_owned()),
        (None, None) => ExposedPort::All,
    };
    Some(Exposed {
        service: Name::new(
            ingress.namespace().unwrap_or("default"),
            service.get("name")?.as_str()?,
        ),
        port,
    })
}
