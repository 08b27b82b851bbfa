//! Policies of connections: those that select nothing, and defaults that also stop DNS, the mesh, or probes.

use std::collections::{BTreeMap, BTreeSet};

use kube_vocab::{Finding, Severity};

use super::{Objects, some};
use crate::answer::Verdict;
use crate::istio::Dataplane;
use crate::path::{HBONE, PROBE_ADDRESS, reaches_dns};
use crate::policy::{Direction, KnownName, Peer, Subject, Traffic, Truth, Who, port_names};
use crate::{Cni, Protocol, Reach};

pub(super) fn find(reach: &Reach<'_>, objects: &Objects<'_>, findings: &mut Vec<Finding>) {
    select_nothing(reach, objects, findings);
    stop_dns(reach, objects, findings);
    stop_mesh(reach, objects, findings);
    stop_probes(reach, objects, findings);
}

fn select_nothing(reach: &Reach<'_>, objects: &Objects<'_>, findings: &mut Vec<Finding>) {
    let selecting: BTreeSet<usize> = (0..reach.world.pods.len())
        .flat_map(|pod| reach.policies.positions_of_pod(pod))
        .copied()
        .collect();
    let inhabited: BTreeSet<&str> = reach
        .world
        .pods
        .iter()
        .filter(|pod| !pod.implied)
        .map(|pod| pod.name.namespace.as_str())
        .collect();
    let mut told = BTreeSet::new();
    for (position, rule) in reach.policies.rules.iter().enumerate() {
        // Pods of a namespace of which the input has none are unknown, not missing.
        let known = match &rule.who {
            Who::Namespaced { namespace, .. } => inhabited.contains(namespace.as_str()),
            Who::Pods(_) => rule
                .namespace()
                .is_some_and(|namespace| inhabited.contains(namespace)),
            Who::Nodes(_) => false,
        };
        if known && !selecting.contains(&position) && told.insert(&rule.object) {
            let message = "selects no pod of its namespace";
            let finding = objects.finding(
                "policy-selects-nothing",
                Severity::Warning,
                &rule.object,
                rule.who_path(),
                message,
            );
            findings.extend(finding.map(|finding| {
                finding.remedy(
                    "compare the selector with the labels of the pods, or delete the policy",
                )
            }));
        }
    }
}

/// Pods that may open some connections, but may not ask for names.
fn stop_dns(reach: &Reach<'_>, objects: &Objects<'_>, findings: &mut Vec<Finding>) {
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
        // Who may open nothing needs no names.
        let opens = rules.iter().any(|rule| !rule.egress.allow.is_empty());
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
        let finding = objects.finding(
            "egress-without-dns",
            Severity::Warning,
            object,
            "spec",
            message,
        );
        findings
            .extend(finding.map(|finding| finding.remedy("allow UDP and TCP 53 to the DNS pods")));
    }
}

/// Rules that let members of an ambient mesh in on a port that they do not use: between them there is only 15008.
fn stop_mesh(reach: &Reach<'_>, objects: &Objects<'_>, findings: &mut Vec<Finding>) {
    let context = reach.context(KnownName::None);
    let ambient: Vec<usize> = (0..reach.world.pods.len())
        .filter(|&pod| reach.mesh.dataplanes.get(pod) == Dataplane::Ambient)
        .collect();
    let tunnel = Traffic::new(Protocol::Tcp, HBONE);
    let mut seen = BTreeSet::new();
    for &to in &ambient {
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
                if !seen.insert((&rule.object, &entry.path)) {
                    continue;
                }
                let blocked = ambient
                    .iter()
                    .copied()
                    .filter(|&from| from != to)
                    .find(|&from| {
                        let (subject, peer) = (Subject::Pod(to), Peer::Pod(from));
                        let names = port_names(Direction::Ingress, subject, peer, &context);
                        context.any_peer(entry.peers.as_deref(), peer) == Truth::Yes
                            && entry.covers(peer, &tunnel, &names, &context) == Truth::No
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
                    let finding = objects.finding(
                        "mesh-port-closed",
                        Severity::Error,
                        &rule.object,
                        &entry.path,
                        message,
                    );
                    findings.extend(finding.map(|finding| {
                        finding.remedy("allow TCP 15008, and leave ports to an AuthorizationPolicy")
                    }));
                }
            }
        }
    }
}

/// Probes of ambient pods, which Cilium takes for something outside.
fn stop_probes(reach: &Reach<'_>, objects: &Objects<'_>, findings: &mut Vec<Finding>) {
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
        let finding = objects.finding("probes-refused", Severity::Error, &object, "spec", message);
        findings.extend(finding.map(|finding| {
            finding.remedy(format!(
                "allow {PROBE_ADDRESS}/32 in a CiliumClusterwideNetworkPolicy"
            ))
        }));
    }
}
