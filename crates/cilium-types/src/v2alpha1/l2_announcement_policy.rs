//! Which nodes answer for the addresses of Services.

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector};

/// Lets nodes answer ARP and NDP requests for the addresses of Services, so that these are
/// reached from the local network without a load balancer.
///
/// ```
/// use cilium_types::v2alpha1::{CiliumL2AnnouncementPolicy, CiliumL2AnnouncementPolicySpec};
///
/// let spec = CiliumL2AnnouncementPolicySpec {
///     load_balancer_ips: Some(true),
///     interfaces: vec!["^eth[0-9]+".into()],
///     ..Default::default()
/// };
/// let policy = CiliumL2AnnouncementPolicy::new("lan", spec);
/// ```
///
/// <https://docs.cilium.io/en/stable/network/l2-announcements/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2alpha1", kind = "CiliumL2AnnouncementPolicy",
    plural = "ciliuml2announcementpolicies", scope = Cluster,
    short_names = ["l2announcement"],
    categories = ["cilium"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
)]
pub struct CiliumL2AnnouncementPolicy {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Which addresses, and which nodes. Without it the policy has no effect.
    pub spec: Option<CiliumL2AnnouncementPolicySpec>,
    /// What Cilium made of the policy.
    pub status: Option<CiliumL2AnnouncementPolicyStatus>,
}

/// Which addresses are announced by which nodes.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumL2AnnouncementPolicySpec {
    /// Nodes that may answer; for each Service one of them does. Absent and the empty selector
    /// are the same: all.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub node_selector: Option<LabelSelector>,
    /// Services whose addresses are announced. Absent and the empty selector are the same: all
    /// whose `loadBalancerClass` is absent or `io.cilium/l2-announcer`.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub service_selector: Option<LabelSelector>,
    /// Whether addresses of load balancers are announced. Absent: they are not.
    #[field(rename = "loadBalancerIPs")]
    pub load_balancer_ips: Option<bool>,
    /// Whether addresses in `spec.externalIPs` are announced. Absent: they are not.
    #[field(rename = "externalIPs")]
    pub external_ips: Option<bool>,
    /// Regular expressions of the interfaces that answer, such as `^eth[0-9]+`. Empty and
    /// absent are the same: all.
    pub interfaces: Vec<String>,
}

/// What Cilium made of the policy. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumL2AnnouncementPolicyStatus {
    /// Verdicts, one per type, such as `io.cilium/bad-service-selector`.
    #[schemars(schema_with = "crd_core::schema::conditions")]
    pub conditions: Vec<Condition>,
}
