//! AuthorizationPolicies that do not do what is written, and clients that the mesh refuses.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use istio_types::security::v1::{AuthorizationAction, Rule};
use kube_vocab::Severity;

use super::{Remarks, some};
use crate::Reach;
use crate::answer::Verdict;
use crate::flow::Name;
use crate::istio::{
    AuthorizationTarget, Conversation, Dataplane, Enforcer, Identity, Policy, ServerTls,
    never_fires, reads_requests,
};
use crate::world::Service;

pub(super) fn find(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    let served = OnceCell::new();
    for policy in &reach.mesh.authorization.policies {
        if policy.targets.is_empty() {
            at_ztunnel(reach, policy, remarks);
        } else {
            at_waypoint(reach, policy, &served, remarks);
        }
    }
    plain_text(reach, remarks);
}

/// Policies about requests at ztunnel, which reads none.
fn at_ztunnel(reach: &Reach<'_>, policy: &Policy, remarks: &mut Remarks<'_, '_>) {
    let is_lost = |rule: &Rule| match policy.action {
        AuthorizationAction::Deny => never_fires(rule),
        AuthorizationAction::Allow => reads_requests(rule),
        _ => false,
    };
    if !policy.rules.iter().any(is_lost) {
        return;
    }
    let authorization = &reach.mesh.authorization;
    let pods: BTreeSet<String> = authorization
        .pods_near(policy, &reach.pods)
        .iter()
        .filter(|&&pod| reach.mesh.dataplanes.get(pod) == Dataplane::Ambient)
        .filter_map(|&pod| reach.world.pods.get(pod))
        .filter(|pod| authorization.selects(policy, pod))
        .map(|pod| pod.name.to_string())
        .collect();
    if pods.is_empty() {
        return;
    }
    for (index, rule) in policy.rules.iter().enumerate() {
        if !is_lost(rule) {
            continue;
        }
        let (code, severity, message) = match policy.action {
            AuthorizationAction::Deny => (
                "deny-never-fires",
                Severity::Error,
                format!(
                    "never denies anything at {}: ztunnel reads no requests, and a clause that asks for nothing else never matches",
                    some(&pods),
                ),
            ),
            _ => (
                "allow-dropped",
                Severity::Warning,
                format!(
                    "allows nothing at {}: ztunnel reads no requests, so the whole rule is dropped",
                    some(&pods)
                ),
            ),
        };
        remarks.add(
            code,
            severity,
            (&policy.object, &format!("spec.rules[{index}]")),
            message,
            "give the policy targetRefs of a Service or a waypoint",
        );
    }
}

/// Policies at a waypoint that is not there, or that clients can pass by.
fn at_waypoint<'r>(
    reach: &'r Reach<'_>,
    policy: &Policy,
    served: &OnceCell<Served<'r>>,
    remarks: &mut Remarks<'_, '_>,
) {
    let mut open = BTreeSet::new();
    for (position, target) in policy.targets.iter().enumerate() {
        let path = format!("spec.targetRefs[{position}]");
        for service in services_of(reach, policy, target, served) {
            match reach.mesh.waypoints.of_service(service, &reach.world) {
                None => {
                    let message = format!(
                        "has no effect: no waypoint stands before the Service {}",
                        service.name
                    );
                    remarks.add(
                        "policy-without-waypoint",
                        Severity::Error,
                        (&policy.object, &path),
                        message,
                        "label the Service with istio.io/use-waypoint",
                    );
                }
                Some(waypoint) => {
                    for &pod in &service.pods {
                        if is_open(reach, pod, &waypoint.name)
                            && let Some(pod) = reach.world.pods.get(pod)
                        {
                            open.insert(pod.name.to_string());
                        }
                    }
                }
            }
        }
    }
    if !open.is_empty() {
        let message = format!(
            "can be passed by: {} also takes connections that do not come from the waypoint",
            some(&open)
        );
        remarks.add("waypoint-bypassable", Severity::Warning, (&policy.object, "spec.targetRefs"), message, "let the pods in only from the waypoint, by an AuthorizationPolicy with a selector and its principal");
    }
}

/// Services by the waypoint that stands before them.
type Served<'r> = HashMap<&'r Name, Vec<&'r Service>>;

fn services_of<'r>(
    reach: &'r Reach<'_>,
    policy: &Policy,
    target: &AuthorizationTarget,
    served: &OnceCell<Served<'r>>,
) -> Vec<&'r Service> {
    let name = Name::new(&policy.namespace, &target.name);
    match target.kind.as_str() {
        "Service" => {
            let service = reach.world.service_named(&name);
            let service = service.and_then(|index| reach.world.services.get(index));
            service.into_iter().collect()
        }
        "Gateway" => {
            let served = served.get_or_init(|| {
                let mut served = Served::new();
                for service in &reach.world.services {
                    let waypoint = reach.mesh.waypoints.of_service(service, &reach.world);
                    if let Some(waypoint) = waypoint {
                        served.entry(&waypoint.name).or_default().push(service);
                    }
                }
                served
            });
            served.get(&name).cloned().unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// Whether an ambient pod lets in a member of the mesh that is not the waypoint.
fn is_open(reach: &Reach<'_>, pod: usize, waypoint: &Name) -> bool {
    let Some(found) = reach.world.pods.get(pod) else {
        return false;
    };
    if reach.mesh.dataplanes.get(pod) != Dataplane::Ambient {
        return false;
    }
    let somebody = Identity {
        trust_domain: reach.settings.trust_domain.clone(),
        namespace: waypoint.namespace.clone(),
        service_account: "somebody-else".to_owned(),
    };
    let port = found.ports.first().map_or(80, |port| port.port);
    let conversation = Conversation {
        identity: Some(&somebody),
        source_ips: &[],
        destination_ips: &found.ips,
        port,
        request: None,
        sni: None,
    };
    let steps = reach
        .mesh
        .authorization
        .judge(Enforcer::Ztunnel(found), &conversation);
    steps.iter().all(|step| step.verdict == Verdict::Allowed)
}

/// Gateways outside of the mesh that route to pods which demand mutual TLS.
fn plain_text(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    for edge in reach.routes.edges(&reach.world) {
        let outside = edge
            .pods
            .iter()
            .any(|&pod| reach.mesh.dataplanes.get(pod) == Dataplane::None);
        let service = reach
            .world
            .service_named(&edge.backend)
            .and_then(|index| reach.world.services.get(index));
        let Some(service) = service.filter(|_| outside) else {
            continue;
        };
        let strict: BTreeSet<String> = service
            .pods
            .iter()
            .filter(|pod| {
                matches!(
                    reach.mesh.dataplanes.get(**pod),
                    Dataplane::Ambient | Dataplane::Sidecar
                )
            })
            .filter_map(|&pod| reach.world.pods.get(pod))
            .filter(|pod| {
                let port = service
                    .ports
                    .iter()
                    .find(|port| edge.port.is_none_or(|number| port.port == number));
                let target = port.and_then(|port| port.target_on(Some(pod))).unwrap_or(0);
                reach.mesh.mtls.server(pod, target).0 == ServerTls::Strict
            })
            .map(|pod| pod.name.to_string())
            .collect();
        if !strict.is_empty() {
            let message = format!(
                "sends plain text from a gateway outside of the mesh to {}, which demands mutual TLS (STRICT)",
                some(&strict)
            );
            remarks.add(
                "plain-text-to-strict",
                Severity::Error,
                (&edge.route, &edge.path),
                message,
                "bring the gateway into the mesh, or make the port PERMISSIVE",
            );
        }
    }
}
