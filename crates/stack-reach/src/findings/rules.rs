//! Rules of policies that say nothing: those that are not looked at, and those that let in whom their own policies do not let out.

use std::collections::{BTreeSet, HashSet};

use kube_vocab::Severity;

use super::PATIENCE;
use super::{Remarks, some};
use crate::Reach;
use crate::answer::Verdict;
use crate::candidates::Candidates;
use crate::policy::{
    Direction, Entry, KnownName, Peer, PeerMatch, Subject, Traffic, Truth, port_names,
};

pub(super) fn find(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    ignored(reach, remarks);
    blocked_elsewhere(reach, remarks);
}

/// Rules of a direction that `policyTypes` leaves out.
fn ignored(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    for policy in reach.model.objects("networking.k8s.io", "NetworkPolicy") {
        let types = policy.items_at("spec.policyTypes");
        if types.is_empty() {
            continue;
        }
        for (kind, list) in [("Ingress", "spec.ingress"), ("Egress", "spec.egress")] {
            let is_named = types
                .iter()
                .any(|name| name.as_str().is_some_and(|name| name == kind));
            if !is_named && !policy.items_at(list).is_empty() {
                let message = format!("is not looked at: `policyTypes` does not name {kind}");
                let remedy = format!("add {kind} to `policyTypes`, or delete the rules");
                let object = policy.id().to_string();
                let place = (object.as_str(), list);
                remarks.add(
                    "policy-rules-ignored",
                    Severity::Warning,
                    place,
                    message,
                    remedy,
                );
            }
        }
    }
}

/// Rules that let in pods by name, all of which their own policies keep from coming.
fn blocked_elsewhere(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    let context = reach.context(KnownName::None);
    let pods = &reach.world.pods;
    let clients = pods
        .iter()
        .enumerate()
        .filter(|(_, pod)| !pod.implied && !pod.host_network);
    let clients = Candidates::new(reach, clients.map(|(index, _)| index).collect());
    let mut seen: HashSet<*const Entry> = HashSet::new();
    for to in 0..pods.len() {
        for &number in reach.policies.positions_of_pod(to) {
            let Some(rule) = reach.policies.rules.get(number) else {
                continue;
            };
            for entry in &rule.ingress.allow {
                if !is_pointed(entry) || !seen.insert(std::ptr::from_ref(entry)) {
                    continue;
                }
                // Another pod that the rule is about may be one that they reach.
                if reach.policies.selects_another(number, to) {
                    continue;
                }
                let mut refused = BTreeSet::new();
                let mut blockers = BTreeSet::new();
                let mut asked = 0;
                let mut passes = false;
                let peers = entry.peers.as_deref();
                'pairs: for &from in clients.of(peers).iter() {
                    let peer = Peer::Pod(from);
                    let Some(client) = pods.get(from) else {
                        continue;
                    };
                    if context.any_peer(peers, peer) != Truth::Yes {
                        continue;
                    }
                    let names = port_names(Direction::Ingress, Subject::Pod(to), peer, &context);
                    let (_, all) = entry.connections(&names);
                    for protocol in crate::Protocol::WITH_PORTS {
                        for &(first, _) in all.ports(protocol).ranges() {
                            asked += 1;
                            let traffic = Traffic::new(protocol, first);
                            let step = reach
                                .policies
                                .judge(
                                    Direction::Egress,
                                    Subject::Pod(from),
                                    Peer::Pod(to),
                                    &traffic,
                                    &context,
                                )
                                .step;
                            if step.verdict != Verdict::Refused || asked > PATIENCE {
                                passes = true;
                                break 'pairs;
                            }
                            blockers.extend(step.object);
                            refused.insert(client.name.to_string());
                        }
                    }
                }
                if passes || refused.is_empty() {
                    continue;
                }
                let message = format!(
                    "lets {} in, but {} does not let them out to there",
                    some(&refused),
                    some(&blockers)
                );
                let place = (rule.object.as_str(), entry.path.as_str());
                let remedy = "allow the same connection in the egress rules of the clients";
                remarks.add(
                    "allow-blocked-elsewhere",
                    Severity::Warning,
                    place,
                    message,
                    remedy,
                );
            }
        }
    }
}

/// Whether an entry means certain pods on certain ports, and so is about a connection that somebody wants.
fn is_pointed(entry: &Entry) -> bool {
    let by_selector = entry.peers.as_deref().is_some_and(|peers| {
        !peers.is_empty()
            && peers.iter().all(|peer| match peer {
                PeerMatch::Pods { pods, .. } => !pods.is_everything(),
                PeerMatch::Endpoints(selector) => selector.requirements().len() > 1,
                _ => false,
            })
    });
    by_selector && entry.ports.is_some()
}
