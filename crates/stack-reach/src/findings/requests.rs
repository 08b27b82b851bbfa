//! Rules about requests where nobody reads requests.

use std::collections::HashSet;

use kube_vocab::Severity;

use super::Remarks;
use crate::Reach;
use crate::candidates::Candidates;
use crate::istio::Dataplane;
use crate::policy::{Entry, KnownName, L7, Peer, Truth};

/// Cilium's rules about HTTP on connections inside an ambient mesh: its proxy sees ciphertext.
pub(super) fn find(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    let context = reach.context(KnownName::None);
    let ambient: Vec<usize> = (0..reach.world.pods.len())
        .filter(|&pod| reach.mesh.dataplanes.get(pod) == Dataplane::Ambient)
        .collect();
    let ambient = Candidates::new(reach, ambient);
    let mut seen: HashSet<*const Entry> = HashSet::new();
    for &pod in ambient.all() {
        for rule in reach.policies.of_pod(pod) {
            for entry in rule.ingress.allow.iter().chain(&rule.egress.allow) {
                let groups = entry.ports.iter().flatten();
                let reads = groups
                    .filter_map(|group| group.l7.as_ref())
                    .any(|l7| matches!(l7.rules, L7::Http(_)));
                if !reads || !seen.insert(std::ptr::from_ref(entry)) {
                    continue;
                }
                let meshed = ambient.of(entry.peers.as_deref()).iter().any(|&peer| {
                    peer != pod
                        && context.any_peer(entry.peers.as_deref(), Peer::Pod(peer)) == Truth::Yes
                });
                if meshed {
                    let message = "asks for HTTP requests between pods of the ambient mesh, where Cilium sees only ciphertext on TCP 15008: \
                                   the rule never looks at their requests";
                    remarks.add(
                        "http-rule-in-mesh",
                        Severity::Warning,
                        (&rule.object, &entry.path),
                        message,
                        "put rules about requests into an AuthorizationPolicy at a waypoint",
                    );
                }
            }
        }
    }
}
