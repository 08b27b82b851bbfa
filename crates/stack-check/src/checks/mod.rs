//! The checks, one file each. A new check is a file and a line in each of the two lists here.

mod autoscaler_bounds;
mod autoscaler_needs_requests;
mod backend_port;
mod dangling_backend;
mod dangling_parent;
mod dangling_scale_target;
mod dangling_webhook;
mod disruption_budget_blocks;
mod disruption_budget_without_pods;
mod dns_blocked;
mod duplicate_object;
mod limit_range;
mod listener_conflict;
mod missing_class;
mod missing_config;
mod missing_identity;
mod missing_policy;
mod missing_waypoint;
mod monitor_without_target;
mod more_pods_than_nodes;
mod no_node_fits;
mod no_rollout_room;
mod policy_without_pods;
mod port_claimed_twice;
mod probe_port;
mod project_forbids;
mod quota_exceeded;
mod quota_needs_amounts;
mod quota_without_room;
mod reach;
mod reference_not_permitted;
mod replicas_and_autoscaler;
mod route_not_attached;
mod secret_made_twice;
mod selector_mismatch;
mod service_without_pods;
mod shadowed_rule;
mod shared_claim;
mod stateful_set_service;
mod sync_wave_order;
mod target_port;
mod two_autoscalers;
mod two_disruption_budgets;
mod unknown_constraint;
mod unknown_service_name;
mod unknown_subset;
mod unserved_version;
mod webhook_guards_itself;

use crate::check::Check;

/// In alphabetical order.
pub(crate) const ALL: &[Check] = &[
    reach::ALLOW_BLOCKED_ELSEWHERE,
    reach::ALLOW_DROPPED,
    autoscaler_bounds::CHECK,
    autoscaler_needs_requests::CHECK,
    backend_port::CHECK,
    dangling_backend::CHECK,
    dangling_parent::CHECK,
    dangling_scale_target::CHECK,
    dangling_webhook::CHECK,
    reach::DENY_NEVER_FIRES,
    disruption_budget_blocks::CHECK,
    disruption_budget_without_pods::CHECK,
    dns_blocked::CHECK,
    duplicate_object::CHECK,
    reach::EXPOSED_WITHOUT_POLICY,
    reach::HTTP_RULE_IN_MESH,
    limit_range::CHECK,
    listener_conflict::CHECK,
    reach::MESH_PORT_CLOSED,
    missing_class::CHECK,
    missing_config::CHECK,
    missing_identity::CHECK,
    missing_policy::CHECK,
    missing_waypoint::CHECK,
    monitor_without_target::CHECK,
    more_pods_than_nodes::CHECK,
    no_node_fits::CHECK,
    no_rollout_room::CHECK,
    reach::PLAIN_TEXT_TO_STRICT,
    reach::POLICY_RULES_IGNORED,
    policy_without_pods::CHECK,
    reach::POLICY_WITHOUT_WAYPOINT,
    port_claimed_twice::CHECK,
    probe_port::CHECK,
    reach::PROBES_REFUSED,
    project_forbids::CHECK,
    quota_exceeded::CHECK,
    quota_needs_amounts::CHECK,
    quota_without_room::CHECK,
    reach::REDUNDANT_POLICY_RULE,
    reference_not_permitted::CHECK,
    replicas_and_autoscaler::CHECK,
    route_not_attached::CHECK,
    secret_made_twice::CHECK,
    selector_mismatch::CHECK,
    service_without_pods::CHECK,
    shadowed_rule::CHECK,
    shared_claim::CHECK,
    stateful_set_service::CHECK,
    sync_wave_order::CHECK,
    target_port::CHECK,
    two_autoscalers::CHECK,
    two_disruption_budgets::CHECK,
    unknown_constraint::CHECK,
    unknown_service_name::CHECK,
    unknown_subset::CHECK,
    unserved_version::CHECK,
    reach::WAYPOINT_BYPASSABLE,
    webhook_guards_itself::CHECK,
];
