//! What is open to the world, and no policy guards.

use std::collections::BTreeMap;

use kube_vocab::Severity;
use stack_model::Entry;

use super::Remarks;
use crate::Reach;

/// Workloads that a load balancer or a node's port makes reachable from outside, and that no policy isolates.
pub(super) fn find<'m>(reach: &Reach<'m>, remarks: &mut Remarks<'_, 'm>) {
    let mut open: BTreeMap<usize, (String, Vec<&'m Entry>)> = BTreeMap::new();
    let mut services: Vec<_> = reach.model.services().collect();
    services.sort_by_key(|service| (service.namespace(), service.name()));
    for service in services {
        let kind = match service.service_type() {
            stack_model::ServiceType::LoadBalancer => "load balancer",
            stack_model::ServiceType::NodePort => "node port",
            _ => continue,
        };
        let name = crate::flow::Name::new(service.namespace(), service.name());
        let found = reach
            .world
            .service_named(&name)
            .and_then(|index| reach.world.services.get(index));
        for &pod in found.into_iter().flat_map(|service| &service.pods) {
            let way = || (format!("the {kind} of the Service {name}"), Vec::new());
            open.entry(pod).or_insert_with(way).1.push(service.entry());
        }
    }
    for (pod, (by, services)) in open {
        let Some(found) = reach.world.pods.get(pod) else {
            continue;
        };
        let is_guarded = found.host_network
            || reach
                .policies
                .of_pod(pod)
                .any(|rule| rule.ingress.isolates || !rule.ingress.deny.is_empty())
            || !reach.policies.tiers.is_empty()
            || reach.mesh.authorization.is_selected(found);
        if !is_guarded {
            let message = format!("is open to the world through {by}, and no policy guards it");
            let remedy = "isolate the pods by a NetworkPolicy that lets in what is meant";
            let object = found.object();
            let place = (object.as_str(), "spec");
            remarks.add_because(
                "exposed-without-policy",
                Severity::Warning,
                place,
                message,
                remedy,
                services,
            );
        }
    }
}
