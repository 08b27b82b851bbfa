//! Backends: where the traffic of a rule goes.

use std::fmt;

use stack_model::Value;
use stack_model::{Entry, Model, Protocol, ServiceType};

use crate::fields::{port, text};
use crate::grant::{Grants, Side};
use crate::route::{Route, RouteKind};

/// Backends that some implementation knows, besides Services.
const KNOWN: &[(&str, &str)] = &[
    ("multicluster.x-k8s.io", "ServiceImport"),
    ("gateway.envoyproxy.io", "Backend"),
    ("inference.networking.k8s.io", "InferencePool"),
    ("inference.networking.x-k8s.io", "InferencePool"),
    ("networking.istio.io", "Hostname"),
    ("networking.istio.io", "ServiceEntry"),
    ("configuration.konghq.com", "KongServiceFacade"),
    ("gateway.networking.x-k8s.io", "XBackend"),
];

/// What a reference leads to.
#[derive(Clone, Copy, Debug)]
pub struct Backend<'m> {
    /// The object: a Service, or what an implementation takes besides. `None` for a host name that stands for itself.
    pub entry: Option<&'m Entry>,
    /// The name as referred to.
    pub name: &'m str,
    /// The namespace that it lies in: the reference's, else the route's.
    pub namespace: &'m str,
    /// The port of the Service that is meant.
    pub port: Option<u16>,
    /// Its share among the backends of the rule, before the sum is known.
    pub weight: u64,
    /// The reference as written, with filters.
    pub value: &'m Value,
}

/// How a gateway speaks to a backend for which a BackendTLSPolicy holds.
#[derive(Clone, Copy, Debug)]
pub struct BackendTls<'m> {
    /// The BackendTLSPolicy that wins for this port.
    pub policy: &'m Entry,
    /// The server name that the gateway asks for, and that the certificate must bear; empty where the policy has none.
    pub hostname: &'m str,
    /// Whether no authority is left that the gateway could trust: then it sends nothing.
    pub is_broken: bool,
}

/// Why a reference leads to no backend, in the specification's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BackendProblem {
    /// No implementation takes such objects.
    InvalidKind,
    /// The other namespace does not permit it.
    RefNotPermitted,
    /// The object does not exist.
    BackendNotFound,
}

impl BackendProblem {
    /// The reason in a condition.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::InvalidKind => "InvalidKind",
            Self::RefNotPermitted => "RefNotPermitted",
            Self::BackendNotFound => "BackendNotFound",
        }
    }
}

/// The reason.
impl fmt::Display for BackendProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

/// Follows a reference of a route.
///
/// # Errors
/// Why it leads nowhere, with a sentence for people.
pub(crate) fn resolve<'m>(
    model: &'m Model,
    grants: &Grants<'_>,
    route: &Route<'m>,
    value: &'m Value,
) -> Result<Backend<'m>, (BackendProblem, String)> {
    let group = text(value, "group").unwrap_or_default();
    let kind = text(value, "kind").unwrap_or("Service");
    let name = text(value, "name").unwrap_or_default();
    let namespace = text(value, "namespace").unwrap_or(route.namespace());
    let weight = value.get("weight").and_then(Value::as_u64).unwrap_or(1);
    let number = port(value, "port");
    if (group, kind) != ("", "Service") && !KNOWN.contains(&(group, kind)) {
        let group = if group.is_empty() {
            "the core group"
        } else {
            group
        };
        return Err((
            BackendProblem::InvalidKind,
            format!("{kind} of {group} is no backend"),
        ));
    }
    let from = Side {
        group: route.entry.group(),
        kind: route.entry.kind(),
        namespace: route.namespace(),
    };
    // A route of another namespace on a Service only changes how its own namespace calls that Service.
    let is_parent = route.parents.iter().any(|parent| {
        (parent.group, parent.kind, parent.namespace, parent.name) == (group, kind, namespace, name)
    });
    if !is_parent
        && !grants.allow(
            from,
            Side {
                group,
                kind,
                namespace,
            },
            name,
        )
    {
        let message =
            format!("no ReferenceGrant of namespace {namespace} permits {kind} {namespace}/{name}");
        return Err((BackendProblem::RefNotPermitted, message));
    }
    let found = |entry| Backend {
        entry,
        name,
        namespace,
        port: number,
        weight,
        value,
    };
    if kind == "Hostname" {
        return Ok(found(None));
    }
    let Some(entry) = model.get(group, kind, Some(namespace), name) else {
        return Err((
            BackendProblem::BackendNotFound,
            format!("{kind} {namespace}/{name} does not exist"),
        ));
    };
    Ok(found(Some(entry)))
}

impl Backend<'_> {
    /// Why the Service does not take the traffic at the port that is meant; `None` where it does, and for other backends.
    ///
    /// It is no reason against `ResolvedRefs`, which asks for objects only, and implementations differ; but nothing answers.
    pub fn port_problem(&self, model: &Model, kind: RouteKind) -> Option<String> {
        self.entry.filter(|entry| entry.is("", "Service"))?;
        let service = model.service(self.namespace, self.name)?;
        let Some(number) = self.port else {
            return Some(format!("{service} is meant without a port"));
        };
        let protocol = if kind == RouteKind::Udp {
            Protocol::Udp
        } else {
            Protocol::Tcp
        };
        if service.service_type() == ServiceType::ExternalName && service.ports().next().is_none() {
            return None;
        }
        let has = service
            .ports()
            .any(|port| port.port == number && port.protocol == protocol);
        (!has).then(|| format!("{service} has no {} port {number}", protocol.as_str()))
    }
}
