//! GatewayClass.

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use super::ParametersReference;

/// A kind of Gateway that the cluster offers, and who makes Gateways of it.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclass>.
///
/// ```
/// use gateway_api::v1::{GatewayClass, GatewayClassSpec};
///
/// let class = GatewayClass::new("kong", GatewayClassSpec::new("konghq.com/kic-gateway-controller"));
/// assert_eq!(serde_json::to_value(&class)?["spec"]["controllerName"], "konghq.com/kic-gateway-controller");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1", kind = "GatewayClass", plural = "gatewayclasses", scope = Cluster,
    short_names = ["gc"],
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [
        ("Controller", "string", ".spec.controllerName"),
        ("Accepted", "string", ".status.conditions[?(@.type==\"Accepted\")].status"),
        ("Age", "date", ".metadata.creationTimestamp"),
        ("Description", "string", ".spec.description", 1),
    ],
    older(version = "v1beta1"),
)]
pub struct GatewayClass {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Who makes Gateways of this class, and how.
    pub spec: GatewayClassSpec,
    /// Whether the controller took the class on.
    #[schemars(extend("default" = {"conditions": crate::schema::pending(&["Accepted"])}))]
    pub status: Option<GatewayClassStatus>,
}

/// Who makes Gateways of a class, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct GatewayClassSpec {
    /// The controller, as a domain and a path: `example.net/gateway-controller`. It can never change.
    #[schemars(
        schema_with = "crate::schema::controller_name",
        extend("x-kubernetes-validations" = crate::schema::rules(&[("oldSelf == self", "the controller of a class never changes")])),
    )]
    pub controller_name: String,
    /// Where the controller finds its settings for the class.
    pub parameters_ref: Option<ParametersReference>,
    /// What the class is for, at most 64 characters.
    #[schemars(length(max = 64))]
    pub description: Option<String>,
}

impl GatewayClassSpec {
    /// A class of this controller, without further settings.
    pub fn new(controller_name: impl Into<String>) -> Self {
        Self {
            controller_name: controller_name.into(),
            parameters_ref: None,
            description: None,
        }
    }
}

/// What the controller says of a class.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct GatewayClassStatus {
    /// One condition per type, at most 8; see [`GatewayClassConditionType`](super::GatewayClassConditionType).
    #[schemars(
        schema_with = "crate::schema::conditions", length(max = 8),
        extend("default" = crate::schema::pending(&["Accepted"])),
    )]
    pub conditions: Vec<Condition>,
    /// What Gateways of the class can do, at most 64 features, sorted by name.
    #[schemars(length(max = 64), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub supported_features: Vec<SupportedFeature>,
}

/// A feature of the conformance suite that an implementation has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct SupportedFeature {
    /// The suite's name for it, such as `HTTPRoutePathRewrite`.
    pub name: String,
}
