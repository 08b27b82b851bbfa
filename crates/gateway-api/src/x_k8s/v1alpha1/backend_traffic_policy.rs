//! XBackendTrafficPolicy.

use crate::Duration;
use crate::v1::{LocalPolicyTargetReference, PolicyStatus, SessionPersistence};
use crd_core::{Object, ObjectMeta, Resource};

/// How traffic to a backend behaves: how much of it may be retries, and whether clients stick to one endpoint.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#xbackendtrafficpolicy>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.x-k8s.io", version = "v1alpha1", kind = "XBackendTrafficPolicy",
    plural = "xbackendtrafficpolicies", scope = Namespaced,
    short_names = ["xbtrafficpolicy"],
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    experimental,
)]
pub struct XBackendTrafficPolicy {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Which Services it is for, and what holds for sessions and retries.
    pub spec: BackendTrafficPolicySpec,
    /// What controllers made of it.
    pub status: Option<PolicyStatus>,
}

/// How traffic to some backends behaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct BackendTrafficPolicySpec {
    /// The backends, 1 to 16, of the same namespace, each once.
    #[field(required)]
    #[schemars(
        length(min = 1, max = 16),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["group", "kind", "name"]),
    )]
    pub target_refs: Vec<LocalPolicyTargetReference>,
    /// How much of the traffic may be retries.
    pub retry_constraint: Option<RetryConstraint>,
    /// That requests of one client keep going to one endpoint; they need not if absent.
    pub session_persistence: Option<SessionPersistence>,
}

/// How much of the traffic may be retries. Beyond it, failed requests are not tried again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct RetryConstraint {
    /// The share; 20 percent over 10 seconds if absent.
    #[schemars(extend("default" = {"percent": 20, "interval": "10s"}))]
    pub budget: Option<BudgetDetails>,
    /// The rate that is allowed in any case; 10 per second if absent.
    #[schemars(extend("default" = {"count": 10, "interval": "1s"}))]
    pub min_retry_rate: Option<RequestRate>,
}

/// A share of the traffic over some time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct BudgetDetails {
    /// How many of a hundred requests, 0 to 100; 20 if absent.
    #[schemars(schema_with = "crate::schema::budget_percent")]
    pub percent: Option<i64>,
    /// Over how long, 1 second to 1 hour; 10 seconds if absent.
    #[schemars(extend(
        "default" = "10s",
        "x-kubernetes-validations" = crate::schema::rules(&[(
            "duration(self) >= duration('1s') && duration(self) <= duration('1h')",
            "the interval is between one second and one hour",
        )]),
    ))]
    pub interval: Option<Duration>,
}

/// A number of requests per time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct RequestRate {
    /// How many, 1 to 1000000.
    #[schemars(schema_with = "crate::schema::retry_count")]
    pub count: Option<i64>,
    /// In how long, more than nothing and at most 1 hour.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::rules(&[(
        "duration(self) != duration('0s') && duration(self) <= duration('1h')",
        "the interval is more than nothing and at most one hour",
    )])))]
    pub interval: Option<Duration>,
}
