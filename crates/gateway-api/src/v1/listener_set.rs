//! ListenerSet.

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use super::{Listener, ListenerStatus};

/// More listeners for a Gateway, owned by somebody else.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#listenerset>.
///
/// ```
/// use gateway_api::v1::{Listener, ListenerSet, ListenerSetSpec, ParentGatewayReference};
///
/// let set = ListenerSet::new("team-a", ListenerSetSpec {
///     parent_ref: ParentGatewayReference::new("shared").in_namespace("infra"),
///     listeners: vec![Listener::https("a", 443, "a-tls").hostname("a.example.com")],
/// });
/// assert_eq!(set.spec.parent_ref.name, "shared");
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1", kind = "ListenerSet", plural = "listenersets", scope = Namespaced,
    short_names = ["lset"],
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [
        ("Accepted", "string", ".status.conditions[?(@.type==\"Accepted\")].status"),
        ("Programmed", "string", ".status.conditions[?(@.type==\"Programmed\")].status"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
)]
pub struct ListenerSet {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The Gateway, and the listeners that it gets beside its own.
    pub spec: ListenerSetSpec,
    /// Whether the Gateway took the listeners, and the state of each. Controllers write it.
    #[schemars(extend("default" = {"conditions": crate::schema::pending(&["Accepted", "Programmed"])}))]
    pub status: Option<ListenerSetStatus>,
}

/// The listeners and the Gateway they are for.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ListenerSetSpec {
    /// The Gateway; it must allow ListenerSets of this namespace.
    pub parent_ref: ParentGatewayReference,
    /// 1 to 64 listeners of different names, no two for the same port, protocol and host names.
    #[field(required)]
    #[schemars(
        length(min = 1, max = 64),
        extend(
            "x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"],
            "x-kubernetes-validations" = crate::schema::listeners(),
        ),
    )]
    pub listeners: Vec<Listener>,
}

/// The Gateway that listeners are for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ParentGatewayReference {
    /// The API group; `gateway.networking.k8s.io` if absent.
    #[schemars(schema_with = "crate::schema::group", extend("default" = "gateway.networking.k8s.io"))]
    pub group: Option<String>,
    /// The kind; `Gateway` if absent.
    #[schemars(schema_with = "crate::schema::kind", extend("default" = "Gateway"))]
    pub kind: Option<String>,
    /// The Gateway's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
    /// Its namespace; that of the ListenerSet if absent.
    #[schemars(schema_with = "crate::schema::namespace")]
    pub namespace: Option<String>,
}

impl ParentGatewayReference {
    /// A Gateway of the ListenerSet's own namespace.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// The same Gateway in this namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }
}

/// What the controller says of a ListenerSet.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ListenerSetStatus {
    /// One condition per type, at most 8; see [`ListenerSetConditionType`](super::ListenerSetConditionType).
    #[schemars(
        schema_with = "crate::schema::conditions", length(max = 8),
        extend("default" = crate::schema::pending(&["Accepted", "Programmed"])),
    )]
    pub conditions: Vec<Condition>,
    /// The state of each listener, at most 64.
    #[schemars(length(max = 64), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub listeners: Vec<ListenerStatus>,
}
