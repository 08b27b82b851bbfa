//! The checks, one file each. A new check is a file and a line in each of the two lists here.

mod application_set_key;
mod application_set_name;
mod application_set_namespace;
mod autoscaler_bounds;
mod autoscaler_counts_others;
mod autoscaler_needs_requests;
mod backend_port;
mod ca_bundle_drift;
mod caller_outside_mesh;
mod certificate_host;
mod certificate_renewal;
mod chaos_default_account;
mod claims_without_authentication;
mod cluster_admin_binding;
mod conflicting_gateways;
mod container_port_twice;
mod dangling_backend;
mod dangling_parent;
mod dangling_scale_target;
mod dangling_webhook;
mod default_account;
mod default_account_with_rights;
mod destination_port_required;
mod detached_route;
mod disruption_budget_blocks;
mod disruption_budget_without_pods;
mod dns_blocked;
mod drift_not_undone;
mod duplicate_object;
mod exposed_rights;
mod exposed_without_tls;
mod external_name_port;
mod floating_image;
mod gateway_certificate_twice;
mod gateway_port_not_on_service;
mod grace_period_too_short;
mod heap_exceeds_limit;
mod host_not_in_gateway;
mod http_to_tcp_port;
mod idle_gateway;
mod image_auto_without_injection;
mod image_in_two_versions;
mod inventory_not_synced;
mod limit_range;
mod listener_conflict;
mod mesh_user_id;
mod misplaced_key;
mod missing_class;
mod missing_config;
mod missing_identity;
mod missing_issuer;
mod missing_policy;
mod missing_pull_secret;
mod missing_requests;
mod missing_settings;
mod missing_waypoint;
mod misspelt_key;
mod monitor_without_target;
mod more_pods_than_nodes;
mod namespace_without_default_deny;
mod no_central_observability;
mod no_node_fits;
mod no_rollout_room;
mod no_room_after_node_loss;
mod overlapping_hosts;
mod partial_target_port;
mod peer_without_pods;
mod pod_addresses;
mod pods_do_not_fit;
mod policy_old_form;
mod policy_without_pods;
mod port_claimed_twice;
mod port_name_protocol;
mod port_of_two_protocols;
mod probe_port;
mod project_forbids;
mod quota_exceeded;
mod quota_needs_amounts;
mod quota_without_room;
mod reach;
mod reference_not_permitted;
mod replicas_and_autoscaler;
mod retention_exceeds_volume;
mod rollout_needs_a_node;
mod route_not_attached;
mod schedule_never_fires;
mod secret_in_plain_text;
mod secret_made_twice;
mod selector_mismatch;
mod service_entry_addresses;
mod service_mixes_applications;
mod service_without_pods;
mod shadowed_rule;
mod shared_claim;
mod shared_identity;
mod single_failure_domain;
mod spread_impossible;
mod stateful_set_service;
mod subset_without_pods;
mod sync_wave_order;
mod target_port;
mod target_port_of_two_ports;
mod tls_secret;
mod two_autoscalers;
mod two_disruption_budgets;
mod two_injections;
mod two_owners;
mod two_sidecars;
mod undeclared_namespace;
mod unknown_constraint;
mod unknown_principal;
mod unknown_registry;
mod unknown_service_name;
mod unknown_subset;
mod unreachable_route;
mod unrecorded_metric;
mod unserved_version;
mod unused_object;
mod version_mismatch;
mod virtual_service_conflict;
mod webhook_guards_itself;
mod wildcard_rights;

use crate::check::Check;
use crate::group::Group;

/// All checks, in alphabetical order of their codes.
pub fn all() -> &'static [Check] {
    ALL
}

/// A check by its code.
pub fn find(code: &str) -> Option<&'static Check> {
    all().iter().find(|check| check.code == code)
}

/// What the [context](crate::context::Context) works out for several checks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// What policies and the mesh do to connections.
    Remarks,
    /// What is asked of quotas.
    Quotas,
}

/// What a check only tells. Such checks come last, so that none of them holds up a thread that waits for another. Nothing but the
/// order of work depends on it, so that addresses of functions are good enough.
pub(crate) fn told_by(check: &Check) -> Option<Told> {
    const OF_QUOTAS: [&str; 3] = [
        quota_exceeded::CHECK.code,
        quota_needs_amounts::CHECK.code,
        quota_without_room::CHECK.code,
    ];
    if std::ptr::fn_addr_eq(check.run, reach::PROBES_REFUSED.run) {
        return Some(Told::Remarks);
    }
    OF_QUOTAS.contains(&check.code).then_some(Told::Quotas)
}

impl Group {
    /// The checks of the group, in alphabetical order of their codes.
    pub fn checks(self) -> impl Iterator<Item = &'static Check> {
        all().iter().filter(move |check| check.group == self)
    }
}

/// In alphabetical order.
const ALL: &[Check] = &[
    reach::ALLOW_BLOCKED_ELSEWHERE,
    reach::ALLOW_DROPPED,
    application_set_key::CHECK,
    application_set_name::CHECK,
    application_set_namespace::CHECK,
    autoscaler_bounds::CHECK,
    autoscaler_counts_others::CHECK,
    autoscaler_needs_requests::CHECK,
    backend_port::CHECK,
    ca_bundle_drift::CHECK,
    caller_outside_mesh::CHECK,
    certificate_host::CHECK,
    certificate_renewal::CHECK,
    chaos_default_account::CHECK,
    claims_without_authentication::CHECK,
    cluster_admin_binding::CHECK,
    conflicting_gateways::CHECK,
    container_port_twice::CHECK,
    dangling_backend::CHECK,
    dangling_parent::CHECK,
    dangling_scale_target::CHECK,
    dangling_webhook::CHECK,
    default_account::CHECK,
    default_account_with_rights::CHECK,
    reach::DENY_NEVER_FIRES,
    destination_port_required::CHECK,
    detached_route::CHECK,
    disruption_budget_blocks::CHECK,
    disruption_budget_without_pods::CHECK,
    dns_blocked::CHECK,
    drift_not_undone::CHECK,
    duplicate_object::CHECK,
    exposed_rights::CHECK,
    reach::EXPOSED_WITHOUT_POLICY,
    exposed_without_tls::CHECK,
    external_name_port::CHECK,
    floating_image::CHECK,
    gateway_certificate_twice::CHECK,
    gateway_port_not_on_service::CHECK,
    grace_period_too_short::CHECK,
    heap_exceeds_limit::CHECK,
    host_not_in_gateway::CHECK,
    reach::HTTP_RULE_IN_MESH,
    http_to_tcp_port::CHECK,
    idle_gateway::CHECK,
    image_auto_without_injection::CHECK,
    image_in_two_versions::CHECK,
    inventory_not_synced::CHECK,
    limit_range::CHECK,
    listener_conflict::CHECK,
    reach::MESH_PORT_CLOSED,
    mesh_user_id::CHECK,
    misplaced_key::CHECK,
    missing_class::CHECK,
    missing_config::CHECK,
    missing_identity::CHECK,
    missing_issuer::CHECK,
    missing_policy::CHECK,
    missing_pull_secret::CHECK,
    missing_requests::CHECK,
    missing_settings::CHECK,
    missing_waypoint::CHECK,
    misspelt_key::CHECK,
    monitor_without_target::CHECK,
    more_pods_than_nodes::CHECK,
    namespace_without_default_deny::CHECK,
    no_central_observability::CHECK,
    no_node_fits::CHECK,
    no_rollout_room::CHECK,
    no_room_after_node_loss::CHECK,
    overlapping_hosts::CHECK,
    partial_target_port::CHECK,
    peer_without_pods::CHECK,
    reach::PLAIN_TEXT_TO_STRICT,
    pod_addresses::CHECK,
    pods_do_not_fit::CHECK,
    policy_old_form::CHECK,
    reach::POLICY_RULES_IGNORED,
    policy_without_pods::CHECK,
    reach::POLICY_WITHOUT_WAYPOINT,
    port_claimed_twice::CHECK,
    port_name_protocol::CHECK,
    port_of_two_protocols::CHECK,
    probe_port::CHECK,
    reach::PROBES_REFUSED,
    project_forbids::CHECK,
    quota_exceeded::CHECK,
    quota_needs_amounts::CHECK,
    quota_without_room::CHECK,
    reach::REDUNDANT_POLICY_RULE,
    reference_not_permitted::CHECK,
    replicas_and_autoscaler::CHECK,
    retention_exceeds_volume::CHECK,
    rollout_needs_a_node::CHECK,
    route_not_attached::CHECK,
    schedule_never_fires::CHECK,
    secret_in_plain_text::CHECK,
    secret_made_twice::CHECK,
    selector_mismatch::CHECK,
    service_entry_addresses::CHECK,
    service_mixes_applications::CHECK,
    service_without_pods::CHECK,
    reach::SHADOWED_POLICY_RULE,
    shadowed_rule::CHECK,
    shared_claim::CHECK,
    shared_identity::CHECK,
    single_failure_domain::CHECK,
    spread_impossible::CHECK,
    stateful_set_service::CHECK,
    subset_without_pods::CHECK,
    sync_wave_order::CHECK,
    target_port::CHECK,
    target_port_of_two_ports::CHECK,
    tls_secret::CHECK,
    two_autoscalers::CHECK,
    two_disruption_budgets::CHECK,
    two_injections::CHECK,
    two_owners::CHECK,
    two_sidecars::CHECK,
    undeclared_namespace::CHECK,
    unknown_constraint::CHECK,
    unknown_principal::CHECK,
    unknown_registry::CHECK,
    unknown_service_name::CHECK,
    unknown_subset::CHECK,
    unreachable_route::CHECK,
    unrecorded_metric::CHECK,
    unserved_version::CHECK,
    unused_object::CHECK,
    version_mismatch::CHECK,
    virtual_service_conflict::CHECK,
    reach::WAYPOINT_BYPASSABLE,
    webhook_guards_itself::CHECK,
    wildcard_rights::CHECK,
];
