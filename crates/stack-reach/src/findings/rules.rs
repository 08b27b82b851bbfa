//! Rules of policies that say nothing: those that are not looked at, those that another rule covers, and those that let in whom
//! their own policies do not let out.

use std::collections::BTreeSet;

use kube_vocab::Severity;

use super::{Remarks, some};
use crate::Reach;
use crate::answer::Verdict;
use crate::policy::{
    Direction, Entry, KnownName, Peer, PeerMatch, Rule, Subject, Traffic, Truth, port_names,
};

pub(super) fn find(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    ignored(reach, remarks);
    for rule in &reach.policies.rules {
        for direction in [Direction::Ingress, Direction::Egress] {
            covered(rule, direction, remarks);
        }
    }
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

/// Rules that another rule of the same policy covers wholly.
fn covered(rule: &Rule, direction: Direction, remarks: &mut Remarks<'_, '_>) {
    let allow = &rule.side(direction).allow;
    for (position, entry) in allow.iter().enumerate() {
        let by = allow.iter().enumerate().find(|(other, candidate)| {
            // Of two that say the same the later one is too much.
            *other != position
                && covers(candidate, entry)
                && (*other < position || !covers(entry, candidate))
        });
        if let Some((_, by)) = by {
            let message = format!("adds nothing: {} lets all of it through", by.path);
            let place = (rule.object.as_str(), entry.path.as_str());
            let remedy = "delete the rule, or make the other one narrower";
            remarks.add(
                "redundant-policy-rule",
                Severity::Warning,
                place,
                message,
                remedy,
            );
        }
    }
}

/// Whether one entry lets through all that another does, by what is written alone.
fn covers(wide: &Entry, narrow: &Entry) -> bool {
    // A rule that looks at requests also makes the proxy see them; one without peers means what the input does not have.
    let groups = narrow.ports.iter().flatten();
    let looks = groups.into_iter().any(|group| group.l7.is_some());
    let nobody = narrow.peers.as_ref().is_some_and(Vec::is_empty);
    if wide.authentication != narrow.authentication || looks || nobody {
        return false;
    }
    let peers = match (&wide.peers, &narrow.peers) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(wide), Some(narrow)) => narrow
            .iter()
            .all(|peer| wide.iter().any(|candidate| candidate.means_all_of(peer))),
    };
    let ports = match (&wide.ports, &narrow.ports) {
        (None, _) => wide.icmp.is_none(),
        (Some(_), None) => false,
        (Some(wide_groups), Some(narrow_groups)) => narrow_groups.iter().all(|group| {
            let open = wide_groups
                .iter()
                .filter(|candidate| candidate.l7.is_none());
            let open: Vec<_> = open.collect();
            open.iter().any(|candidate| candidate.ports.is_empty())
                || (!group.ports.is_empty()
                    && group.ports.iter().all(|port| {
                        open.iter()
                            .flat_map(|candidate| &candidate.ports)
                            .any(|candidate| candidate.means_all_of(port))
                    }))
        }),
    };
    let icmp = narrow.icmp.is_none() || (wide.ports.is_none() && wide.icmp.is_none());
    peers && ports && icmp
}

/// The number of pairs that are looked at for one rule, before it is left alone.
const PATIENCE: usize = 400;

/// Rules that let in pods by name, all of which their own policies keep from coming.
fn blocked_elsewhere(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    let context = reach.context(KnownName::None);
    let pods = &reach.world.pods;
    let mut seen = BTreeSet::new();
    for to in 0..pods.len() {
        for rule in reach.policies.of_pod(to) {
            for entry in &rule.ingress.allow {
                if !is_pointed(entry) || !seen.insert((&rule.object, &entry.path)) {
                    continue;
                }
                let mut refused = BTreeSet::new();
                let mut blockers = BTreeSet::new();
                let mut asked = 0;
                let mut passes = false;
                'pairs: for (from, client) in pods.iter().enumerate() {
                    let peer = Peer::Pod(from);
                    if client.implied
                        || client.host_network
                        || context.any_peer(entry.peers.as_deref(), peer) != Truth::Yes
                    {
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
                // Another pod that the rule is about may be one that they reach.
                let others = || reach.policies.selected_by(rule).any(|pod| pod != to);
                if passes || refused.is_empty() || others() {
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
