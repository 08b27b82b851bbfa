//! Programs that call the mesh from outside it.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::mesh::{self, DataPlane};
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::{Entry, Selector, Workload};
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "caller-outside-mesh",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A program outside the mesh calls pods that take mesh traffic alone",
    explanation: "PeerAuthentication demands mutual TLS of everybody who calls these pods. The program that holds \
        the address is not in the mesh, and its connections are reset.",
    remedy: "bring the caller into the mesh, or let the port take both (PERMISSIVE)",
    silent: "Namespaces that the input does not declare. Calls that only the program knows.",
    failing: include_str!("../../fixtures/caller-outside-mesh/failing.yaml"),
    passing: include_str!("../../fixtures/caller-outside-mesh/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let model = context.model;
    let strict = Strict::of(context);
    if strict.by_namespace.is_empty() && !strict.in_mesh {
        return;
    }
    for workload in model.workloads() {
        if mesh::data_plane(model, &workload) != DataPlane::Outside {
            continue;
        }
        for call in model.calls_of(workload.template_entry()) {
            let Some(service) = model.service(call.namespace, call.service) else {
                continue;
            };
            if !context.are_near(workload.entry(), service.entry()) {
                continue;
            }
            let mut pods = service.workloads().peekable();
            if pods.peek().is_some() && pods.all(|pod| strict.holds_for(context, &pod)) {
                let message =
                    format!("{service} takes mutual TLS alone, and {workload} is outside the mesh");
                sink.report(workload.template_entry(), call.path, message);
            }
        }
    }
}

/// Where mutual TLS is demanded.
struct Strict<'m> {
    in_mesh: bool,
    by_namespace: HashMap<&'m str, Vec<&'m Entry>>,
}

impl<'m> Strict<'m> {
    fn of(context: &Context<'m>) -> Self {
        let policies = context
            .model
            .objects("security.istio.io", "PeerAuthentication");
        let mut strict = Self {
            in_mesh: false,
            by_namespace: HashMap::new(),
        };
        for policy in policies {
            let namespace = policy.namespace().unwrap_or_default();
            if namespace == "istio-system" && policy.at("spec.selector").is_none() {
                strict.in_mesh = mode(policy) == Some("STRICT");
            } else {
                strict
                    .by_namespace
                    .entry(namespace)
                    .or_default()
                    .push(policy);
            }
        }
        strict
    }

    /// Whether a workload's pods refuse plain connections at every port.
    fn holds_for(&self, context: &Context<'_>, workload: &Workload<'_>) -> bool {
        let plane = mesh::data_plane(context.model, workload);
        if !matches!(plane, DataPlane::Ambient | DataPlane::Sidecar) {
            return false;
        }
        let policies = self.by_namespace.get(workload.namespace());
        let policies = policies.map_or(&[] as &[_], Vec::as_slice);
        let own = policies.iter().find(|policy| {
            let selector = policy
                .at("spec.selector")
                .and_then(|selector| Selector::read(selector).ok());
            selector.is_some_and(|selector| selector.matches(&workload.labels()))
        });
        let whole = || {
            policies
                .iter()
                .find(|policy| policy.at("spec.selector").is_none())
        };
        let policy = own.or_else(whole);
        let has_ports = policy.is_some_and(|policy| policy.at("spec.portLevelMtls").is_some());
        match policy.and_then(|policy| mode(policy)) {
            Some("STRICT") => !has_ports,
            Some("UNSET") | None => self.in_mesh && !has_ports,
            Some(_) => false,
        }
    }
}

fn mode(policy: &Entry) -> Option<&str> {
    policy.at("spec.mtls.mode").and_then(Value::as_str)
}
