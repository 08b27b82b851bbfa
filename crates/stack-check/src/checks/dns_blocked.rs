//! Pods that may call others but not look up names.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use stack_model::{Entry, EntryId, Selector};
use std::collections::{BTreeMap, HashSet};

pub(super) const CHECK: Check = Check {
    code: "dns-blocked",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A network policy lets pods out, but not to DNS",
    explanation: "The pods may call others but cannot look up their names: connections fail with a timeout of the lookup.",
    remedy: "allow egress to kube-dns, UDP and TCP port 53",
    silent: "Namespaces with policies of Cilium or of the administrator, which may allow it. Pods that may call addresses \
        alone need no names.",
    failing: include_str!("../../fixtures/dns-blocked/failing.yaml"),
    passing: include_str!("../../fixtures/dns-blocked/passing.yaml"),
    run,
};

#[derive(Default)]
struct Egress<'m> {
    policies: Vec<&'m Entry>,
    names_needed: bool,
    dns_allowed: bool,
}

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    super::reach::tell(context, sink);
    let model = context.model;
    let kinds = [
        ("cilium.io", "CiliumClusterwideNetworkPolicy"),
        ("policy.networking.k8s.io", "AdminNetworkPolicy"),
        ("policy.networking.k8s.io", "ClusterNetworkPolicy"),
    ];
    if kinds
        .iter()
        .any(|(group, kind)| model.objects(group, kind).next().is_some())
    {
        return;
    }
    let mut by_workload: BTreeMap<EntryId, Egress<'_>> = BTreeMap::new();
    for policy in model.objects("networking.k8s.io", "NetworkPolicy") {
        let namespace = policy.namespace().unwrap_or_default();
        let types = policy.items_at("spec.policyTypes");
        let restricts = if types.is_empty() {
            policy.at("spec.egress").is_some()
        } else {
            types.iter().any(|kind| kind == "Egress")
        };
        if !restricts
            || model
                .objects_in("cilium.io", "CiliumNetworkPolicy", namespace)
                .next()
                .is_some()
        {
            continue;
        }
        let rules = policy.items_at("spec.egress");
        let selected = context
            .selected(policy, "spec.podSelector")
            .map(|(_, workloads)| workloads);
        // What has no name is a part of an object, such as a test compares.
        let selected = selected.into_iter().flatten();
        for workload in selected.filter(|workload| {
            !workload.name().is_empty() && context.are_near(policy, workload.entry())
        }) {
            let egress = by_workload.entry(workload.entry().entry_id()).or_default();
            egress.policies.push(policy);
            egress.names_needed |= rules.iter().any(|rule| !goes_to_addresses_alone(rule));
            egress.dns_allowed |= rules.iter().any(|rule| allows_dns(rule, namespace));
        }
    }
    let told: HashSet<EntryId> = context
        .remarks()
        .iter()
        .filter(|remark| remark.finding.code == sink.code)
        .map(|remark| remark.entry.entry_id())
        .collect();
    for (id, egress) in &by_workload {
        if egress
            .policies
            .iter()
            .any(|policy| told.contains(&policy.entry_id()))
        {
            continue;
        }
        let policy = egress
            .policies
            .iter()
            .filter(|policy| !policy.items_at("spec.egress").is_empty())
            .min_by_key(|policy| policy.name());
        if let Some(policy) = policy.filter(|_| egress.names_needed && !egress.dns_allowed) {
            let workload = model.entry(*id);
            sink.report(
                policy,
                path("spec.egress"),
                format!("{workload} may call others, but not look up their names"),
            );
        }
    }
}

fn list<'v>(value: &'v Value, member: &str) -> &'v [Value] {
    value
        .get(member)
        .and_then(Value::as_array)
        .unwrap_or_default()
}

fn goes_to_addresses_alone(rule: &Value) -> bool {
    let peers = list(rule, "to");
    !peers.is_empty() && peers.iter().all(|peer| peer.get("ipBlock").is_some())
}

/// Where clusters run their DNS servers.
const DNS_NAMESPACES: [&str; 2] = ["kube-system", "openshift-dns"];

/// Whether a rule for all ports reaches pods of a DNS server: not one that means pods of its own namespace alone.
fn reaches_dns(rule: &Value, namespace: &str) -> bool {
    let peers = list(rule, "to");
    peers.is_empty()
        || peers.iter().any(|peer| {
            let Some(selector) = peer.get("namespaceSelector") else {
                return peer.get("ipBlock").is_some() || DNS_NAMESPACES.contains(&namespace);
            };
            let Ok(selector) = Selector::read(selector) else {
                return true;
            };
            // Of other labels nobody tells here which namespaces have them.
            selector.requirements().iter().all(|requirement| {
                &*requirement.key != "kubernetes.io/metadata.name"
                    || DNS_NAMESPACES
                        .iter()
                        .any(|name| requirement.accepts(Some(name)))
            })
        })
}

/// Whether a rule lets queries through, or is written to do so: of one that names the port of DNS it is taken for granted.
fn allows_dns(rule: &Value, namespace: &str) -> bool {
    let ports = list(rule, "ports");
    (ports.is_empty() && reaches_dns(rule, namespace))
        || ports.iter().any(|port| {
            let first = port.get("port");
            let Some(number) = first.and_then(Value::as_u64) else {
                // No port means all; a name may be that of the DNS port.
                return first
                    .is_none_or(|name| name.as_str().is_some_and(|name| name.contains("dns")));
            };
            let last = port
                .get("endPort")
                .and_then(Value::as_u64)
                .unwrap_or(number);
            // Pods of a DNS server may listen elsewhere than its Service.
            (number..=last).contains(&53) || [5353, 8053, 1053, 9153].contains(&number)
        })
}
