//! Network policies, of one namespace and of the whole cluster.

use std::collections::BTreeMap;

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::policy::Rule;

/// Who may talk to the pods of one namespace, and with whom they may talk.
///
/// ```
/// use cilium_types::v2::{CiliumNetworkPolicy, EndpointSelector, IngressRule, PortRule, PortRuleHttp, Rule};
///
/// // Only pods `app: frontend` and the namespace `kong` reach the backend.
/// let backend = EndpointSelector::labels([("app", "backend")]);
/// let frontend = EndpointSelector::labels([("app", "frontend")]);
/// let allow = CiliumNetworkPolicy::new(
///     "backend-allow-frontend-only",
///     Rule::endpoints(backend.clone()).allow_ingress([
///         IngressRule::from_endpoints([frontend.clone(), EndpointSelector::namespace("kong")]),
///     ]),
/// )
/// .in_namespace("demo");
///
/// // The frontend reaches it with two kinds of requests alone.
/// let l7 = CiliumNetworkPolicy::new(
///     "backend-l7-http-policy",
///     Rule::endpoints(backend).allow_ingress([
///         IngressRule::from_endpoints([frontend]).on([
///             PortRule::tcp(80).http([PortRuleHttp::get("/status/.*"), PortRuleHttp::get("/get")]),
///         ]),
///     ]),
/// )
/// .in_namespace("demo");
/// # assert_eq!(serde_json::to_value(&allow).unwrap(), serde_json::json!({
/// #     "apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy",
/// #     "metadata": { "name": "backend-allow-frontend-only", "namespace": "demo" },
/// #     "spec": {
/// #         "endpointSelector": { "matchLabels": { "app": "backend" } },
/// #         "ingress": [ { "fromEndpoints": [
/// #             { "matchLabels": { "app": "frontend" } },
/// #             { "matchLabels": { "k8s:io.kubernetes.pod.namespace": "kong" } },
/// #         ] } ],
/// #     },
/// # }));
/// # assert_eq!(serde_json::to_value(&l7).unwrap()["spec"]["ingress"][0], serde_json::json!({
/// #     "fromEndpoints": [ { "matchLabels": { "app": "frontend" } } ],
/// #     "toPorts": [ {
/// #         "ports": [ { "port": "80", "protocol": "TCP" } ],
/// #         "rules": { "http": [
/// #             { "path": "/status/.*", "method": "GET" },
/// #             { "path": "/get", "method": "GET" },
/// #         ] },
/// #     } ],
/// # }));
/// ```
///
/// <https://docs.cilium.io/en/stable/network/kubernetes/policy/#ciliumnetworkpolicy>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumNetworkPolicy",
    plural = "ciliumnetworkpolicies", scope = Namespaced,
    short_names = ["cnp", "ciliumnp"],
    categories = ["cilium", "ciliumpolicy"],
    status_subresource,
    printer_columns = [
        ("Age", "date", ".metadata.creationTimestamp"),
        ("Valid", "string", ".status.conditions[?(@.type=='Valid')].status"),
    ],
)]
pub struct CiliumNetworkPolicy {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The policy's rule, where it has just one. At least one of `spec` and `specs` must
    /// be there for the policy to have an effect; both together add up.
    pub spec: Option<Rule>,
    /// Further rules, each with a subject of its own. Absent and `[]` are the same.
    pub specs: Option<Vec<Rule>>,
    /// What Cilium made of the policy.
    pub status: Option<CiliumNetworkPolicyStatus>,
}

/// Who may talk to the pods of all namespaces, or to the nodes themselves, and with whom they
/// may talk.
///
/// ```
/// use cilium_types::v2::{CiliumClusterwideNetworkPolicy, EgressRule, EndpointSelector, Rule};
///
/// // Every pod may look up names, and Hubble sees them.
/// let dns = CiliumClusterwideNetworkPolicy::new(
///     "allow-dns",
///     Rule::endpoints(EndpointSelector::everything()).allow_egress([EgressRule::dns_lookups(["*"])]),
/// );
/// ```
///
/// <https://docs.cilium.io/en/stable/network/kubernetes/policy/#ciliumclusterwidenetworkpolicy>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumClusterwideNetworkPolicy",
    plural = "ciliumclusterwidenetworkpolicies", scope = Cluster,
    short_names = ["ccnp"],
    categories = ["cilium", "ciliumpolicy"],
    status_subresource,
    printer_columns = [
        ("Valid", "string", ".status.conditions[?(@.type=='Valid')].status"),
    ],
)]
pub struct CiliumClusterwideNetworkPolicy {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The policy's rule, where it has just one. At least one of `spec` and `specs` must
    /// be there for the policy to have an effect; both together add up.
    pub spec: Option<Rule>,
    /// Further rules, each with a subject of its own. Absent and `[]` are the same.
    pub specs: Option<Vec<Rule>>,
    /// What Cilium made of the policy.
    pub status: Option<CiliumNetworkPolicyStatus>,
}

impl CiliumNetworkPolicy {
    /// A policy of this name with several rules.
    pub fn with_rules(name: impl Into<String>, rules: impl IntoIterator<Item = Rule>) -> Self {
        Self {
            metadata: named(name),
            spec: None,
            specs: Some(rules.into_iter().collect()),
            status: None,
        }
    }

    /// All rules of the policy: that of `spec`, then those of `specs`.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.spec.iter().chain(self.specs.iter().flatten())
    }
}

impl CiliumClusterwideNetworkPolicy {
    /// A policy of this name with several rules.
    pub fn with_rules(name: impl Into<String>, rules: impl IntoIterator<Item = Rule>) -> Self {
        Self {
            metadata: named(name),
            spec: None,
            specs: Some(rules.into_iter().collect()),
            status: None,
        }
    }

    /// All rules of the policy: that of `spec`, then those of `specs`.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.spec.iter().chain(self.specs.iter().flatten())
    }
}

/// What Cilium made of a network policy. Written by Cilium.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumNetworkPolicyStatus {
    /// Verdicts on the policy as a whole, one per type. `Valid` says whether the operator
    /// could read it.
    #[schemars(extend(
        "x-kubernetes-list-type" = "map",
        "x-kubernetes-list-map-keys" = ["type"]
    ))]
    pub conditions: Vec<NetworkPolicyCondition>,
    /// State of the policies that the operator made from this one (for `toGroups`), by name.
    pub derivative_policies: BTreeMap<String, CiliumNetworkPolicyNodeStatus>,
}

/// One verdict on a network policy.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct NetworkPolicyCondition {
    /// What is judged: `Valid`.
    #[field(rename = "type")]
    pub type_: String,
    /// The verdict: `True`, `False` or `Unknown`.
    pub status: String,
    /// When the verdict last changed.
    pub last_transition_time: Option<Time>,
    /// Why, in one word, for programs.
    pub reason: Option<String>,
    /// Why the status is what it is, for people.
    pub message: Option<String>,
}

/// State of one derived policy.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumNetworkPolicyNodeStatus {
    /// Whether the policy was read and taken over without error.
    pub ok: Option<bool>,
    /// What went wrong, if something did.
    pub error: Option<String>,
    /// When this state was written.
    pub last_updated: Option<Time>,
    /// Number of the agent's rule set that was the first to hold the policy.
    #[field(rename = "localPolicyRevision")]
    pub revision: Option<i64>,
    /// Whether all endpoints that were there at the time obey the policy.
    pub enforcing: Option<bool>,
    /// The annotations that the policy had when it was taken over.
    pub annotations: BTreeMap<String, String>,
}

fn named(name: impl Into<String>) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.into()),
        ..ObjectMeta::default()
    }
}
