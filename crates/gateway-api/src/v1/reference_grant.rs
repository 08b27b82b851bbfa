//! ReferenceGrant.

use crd_core::{Object, ObjectMeta, Resource};

/// Lets objects of other namespaces refer to objects of its own namespace.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant>.
///
/// ```
/// use gateway_api::v1::{ReferenceGrant, ReferenceGrantFrom, ReferenceGrantSpec, ReferenceGrantTo};
///
/// let grant = ReferenceGrant::new("routes-to-services", ReferenceGrantSpec {
///     from: vec![ReferenceGrantFrom::http_routes("kong")],
///     to: vec![ReferenceGrantTo::services()],
/// })
/// .in_namespace("demo");
/// assert!(grant.spec.is_some());
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1", kind = "ReferenceGrant", plural = "referencegrants", scope = Namespaced,
    short_names = ["refgrant"],
    categories = ["gateway-api"],
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    stored = "v1beta1",
    older(version = "v1beta1"),
)]
pub struct ReferenceGrant {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Who may refer to what. Without it, nobody may.
    pub spec: Option<ReferenceGrantSpec>,
}

/// Who may refer to what: each of `from` to each of `to`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ReferenceGrantSpec {
    /// The objects that may refer, 1 to 16 entries.
    #[field(required)]
    #[schemars(length(min = 1, max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub from: Vec<ReferenceGrantFrom>,
    /// The objects that may be referred to, 1 to 16 entries.
    #[field(required)]
    #[schemars(length(min = 1, max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub to: Vec<ReferenceGrantTo>,
}

/// All objects of one kind in one namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ReferenceGrantFrom {
    /// The API group; the empty string is the core group.
    #[schemars(schema_with = "crate::schema::group")]
    pub group: String,
    /// The kind, such as `HTTPRoute`, or `Gateway` for references to Secrets.
    #[schemars(schema_with = "crate::schema::kind")]
    pub kind: String,
    /// The namespace that the references come from.
    #[schemars(schema_with = "crate::schema::namespace")]
    pub namespace: String,
}

impl ReferenceGrantFrom {
    /// The HTTPRoutes of a namespace.
    pub fn http_routes(namespace: impl Into<String>) -> Self {
        Self::gateway_api("HTTPRoute", namespace)
    }

    /// The Gateways of a namespace.
    pub fn gateways(namespace: impl Into<String>) -> Self {
        Self::gateway_api("Gateway", namespace)
    }

    fn gateway_api(kind: &str, namespace: impl Into<String>) -> Self {
        Self {
            group: "gateway.networking.k8s.io".to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.into(),
        }
    }
}

/// Objects of one kind in the grant's own namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ReferenceGrantTo {
    /// The API group; the empty string is the core group.
    #[schemars(schema_with = "crate::schema::group")]
    pub group: String,
    /// The kind, such as `Service` or `Secret`.
    #[schemars(schema_with = "crate::schema::kind")]
    pub kind: String,
    /// One object, by name; all of the kind if absent.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: Option<String>,
}

impl ReferenceGrantTo {
    /// All Services.
    pub fn services() -> Self {
        Self::core("Service")
    }

    /// All Secrets.
    pub fn secrets() -> Self {
        Self::core("Secret")
    }

    fn core(kind: &str) -> Self {
        Self {
            group: String::new(),
            kind: kind.to_owned(),
            name: None,
        }
    }
}
