//! Policies of connections: those that select nothing, and defaults that also stop DNS, the mesh, or probes.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kube_vocab::Severity;

use super::PATIENCE;
use super::{Remarks, some};
use crate::answer::Verdict;
use crate::candidates::Candidates;
use crate::istio::Dataplane;
use crate::path::{HBONE, PROBE_ADDRESS, reaches_dns};
use crate::policy::{
    Direction, Entry, KnownName, Peer, PeerMatch, Subject, Traffic, Truth, port_names,
};
use crate::{Cni, Protocol, Reach};

pub(super) fn find(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    stop_dns(reach, remarks);
    stop_mesh(reach, remarks);
    stop_probes(reach, remarks);
}

/// Pods that may open some connections, but may not ask for names. Where Cilium has no say, the manifests alone tell.
fn stop_dns(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    if reach.cni != Cni::Cilium {
        return;
    }
    let mut stopped: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (index, pod) in reach
        .world
        .pods
        .iter()
        .enumerate()
        .filter(|(_, pod)| !pod.implied)
    {
        let rules: Vec<_> = reach.policies.of_pod(index).collect();
        let isolating = rules.iter().find(|rule| rule.egress.isolates);
        // Who may open nothing needs no names, nor does who may call addresses alone.
        let opens = rules
            .iter()
            .flat_map(|rule| &rule.egress.allow)
            .any(|entry| !goes_to_addresses_alone(entry));
        if let Some(rule) = isolating.filter(|_| opens)
            && !reaches_dns(reach, index)
        {
            stopped
                .entry(&rule.object)
                .or_default()
                .insert(pod.name.to_string());
        }
    }
    for (object, pods) in stopped {
        let message = format!(
            "isolates {} in egress, and nothing lets DNS lookups out (port 53 of kube-system's DNS pods)",
            some(&pods)
        );
        let remedy = "allow UDP and TCP 53 to the DNS pods";
        remarks.add(
            "dns-blocked",
            Severity::Warning,
            (object, "spec"),
            message,
            remedy,
        );
    }
}

/// Rules that let members of an ambient mesh in on a port that they do not use: between them there is only 15008.
fn stop_mesh(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    let context = reach.context(KnownName::None);
    let mut ambient: Vec<usize> = (0..reach.world.pods.len())
        .filter(|&pod| reach.mesh.dataplanes.get(pod) == Dataplane::Ambient)
        .collect();
    ambient.sort_by_key(|&pod| reach.world.pods.get(pod).map(|pod| (&pod.name, &pod.kind)));
    let ambient = Candidates::new(reach, ambient);
    let tunnel = Traffic::new(Protocol::Tcp, HBONE);
    let mut seen: HashSet<*const Entry> = HashSet::new();
    for &to in ambient.all() {
        for rule in reach
            .policies
            .of_pod(to)
            .filter(|rule| rule.ingress.isolates)
        {
            for entry in rule
                .ingress
                .allow
                .iter()
                .filter(|entry| entry.ports.is_some())
            {
                if !seen.insert(std::ptr::from_ref(entry)) {
                    continue;
                }
                let peers = entry.peers.as_deref();
                let candidates = ambient.of(peers);
                let blocked = candidates
                    .iter()
                    .copied()
                    .filter(|&from| {
                        from != to && context.any_peer(peers, Peer::Pod(from)) == Truth::Yes
                    })
                    .take(PATIENCE)
                    .find(|&from| {
                        let (subject, peer) = (Subject::Pod(to), Peer::Pod(from));
                        let names = port_names(Direction::Ingress, subject, peer, &context);
                        entry.covers(peer, &tunnel, &names, &context) == Truth::No
                            && entry.connections(&names).1.ports(Protocol::Tcp)
                                != &crate::PortSet::none()
                            && reach
                                .policies
                                .judge(Direction::Ingress, subject, peer, &tunnel, &context)
                                .step
                                .verdict
                                == Verdict::Refused
                    });
                let names = blocked.and_then(|from| {
                    Some((reach.world.pods.get(from)?, reach.world.pods.get(to)?))
                });
                if let Some((from, to)) = names {
                    let message = format!(
                        "lets {} in to {}, both in the ambient mesh, on ports that they do not use: between them there is only TCP {HBONE}",
                        from.name, to.name,
                    );
                    let remedy = "allow TCP 15008, and leave ports to an AuthorizationPolicy";
                    let place = (rule.object.as_str(), entry.path.as_str());
                    remarks.add("mesh-port-closed", Severity::Error, place, message, remedy);
                }
            }
        }
    }
}

/// Probes of ambient pods, which Cilium takes for something outside.
fn stop_probes(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    if reach.cni != Cni::Cilium {
        return;
    }
    let context = reach.context(KnownName::None);
    let mut stopped: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (index, pod) in reach.world.pods.iter().enumerate() {
        if reach.mesh.dataplanes.get(index) != Dataplane::Ambient {
            continue;
        }
        for &port in &pod.probes {
            let traffic = Traffic::new(Protocol::Tcp, port);
            let kubelet = Peer::Outside(Some(PROBE_ADDRESS));
            let step = reach
                .policies
                .judge(
                    Direction::Ingress,
                    Subject::Pod(index),
                    kubelet,
                    &traffic,
                    &context,
                )
                .step;
            if let (Verdict::Refused, Some(object)) = (step.verdict, step.object) {
                stopped
                    .entry(object)
                    .or_default()
                    .insert(pod.name.to_string());
            }
        }
    }
    for (object, pods) in stopped {
        let message = format!(
            "stops the probes of {}: those of ambient pods come from {PROBE_ADDRESS}, which is outside for Cilium",
            some(&pods)
        );
        remarks.add(
            "probes-refused",
            Severity::Error,
            (&object, "spec"),
            message,
            format!("allow {PROBE_ADDRESS}/32 in a CiliumClusterwideNetworkPolicy"),
        );
    }
}

fn goes_to_addresses_alone(entry: &Entry) -> bool {
    let peers = entry.peers.as_deref();
    peers.is_some_and(|peers| {
        peers
            .iter()
            .all(|peer| matches!(peer, PeerMatch::Block { .. }))
    })
}
