//! Which nodes answer for the addresses of Services.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector};
use serde::{Deserialize, Serialize};

crd_core::resource! {
    /// Lets nodes answer ARP and NDP requests for the addresses of Services, so that these are
    /// reached from the local network without a load balancer.
    ///
    /// ```
    /// use cilium_types::v2alpha1::{CiliumL2AnnouncementPolicy, CiliumL2AnnouncementPolicySpec};
    ///
    /// let mut policy = CiliumL2AnnouncementPolicy::new("lan");
    /// policy.spec = Some(CiliumL2AnnouncementPolicySpec {
    ///     load_balancer_ips: Some(true),
    ///     interfaces: vec!["^eth[0-9]+".into()],
    ///     ..Default::default()
    /// });
    /// ```
    ///
    /// <https://docs.cilium.io/en/stable/network/l2-announcements/>
    #[resource(
        group = "cilium.io", version = "v2alpha1", kind = "CiliumL2AnnouncementPolicy",
        plural = "ciliuml2announcementpolicies", scope = Cluster,
        short_names = ["l2announcement"],
        categories = ["cilium"],
        status_subresource = true,
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct CiliumL2AnnouncementPolicy {
        /// Which addresses, and which nodes. Without it the policy has no effect.
        pub spec: Option<CiliumL2AnnouncementPolicySpec>,
        /// What Cilium made of the policy.
        pub status: Option<CiliumL2AnnouncementPolicyStatus>,
    }
}

/// Which addresses are announced by which nodes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumL2AnnouncementPolicySpec {
    /// Nodes that may answer; for each Service one of them does. Absent and the empty selector
    /// are the same: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::LabelSelector>")
    )]
    pub node_selector: Option<LabelSelector>,
    /// Services whose addresses are announced. Absent and the empty selector are the same: all
    /// whose `loadBalancerClass` is absent or `io.cilium/l2-announcer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<crate::schema::LabelSelector>")
    )]
    pub service_selector: Option<LabelSelector>,
    /// Whether addresses of load balancers are announced. Absent: they are not.
    #[serde(rename = "loadBalancerIPs", skip_serializing_if = "Option::is_none")]
    pub load_balancer_ips: Option<bool>,
    /// Whether addresses in `spec.externalIPs` are announced. Absent: they are not.
    #[serde(rename = "externalIPs", skip_serializing_if = "Option::is_none")]
    pub external_ips: Option<bool>,
    /// Regular expressions of the interfaces that answer, such as `^eth[0-9]+`. Empty and
    /// absent are the same: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interfaces: Vec<String>,
}

/// What Cilium made of the policy. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CiliumL2AnnouncementPolicyStatus {
    /// Verdicts, one per type, such as `io.cilium/bad-service-selector`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crd_core::schema::conditions")
    )]
    pub conditions: Vec<Condition>,
}
