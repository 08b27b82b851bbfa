//! XMesh.

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use crate::v1::{ParametersReference, SupportedFeature};

/// A service mesh of the cluster, and who runs it.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#xmesh>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.x-k8s.io", version = "v1alpha1", kind = "XMesh", plural = "xmeshes", scope = Cluster,
    short_names = ["mesh"],
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [
        ("Accepted", "string", ".status.conditions[?(@.type==\"Accepted\")].status"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
    experimental,
)]
pub struct XMesh {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The controller that runs the mesh, and its parameters.
    pub spec: MeshSpec,
    /// What the controller says of it.
    #[schemars(extend("default" = {"conditions": crate::schema::pending(&["Accepted"])}))]
    pub status: Option<MeshStatus>,
}

/// Who runs a mesh, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct MeshSpec {
    /// The controller, as a domain and a path: `example.net/mesh-controller`. It can never change.
    #[schemars(
        schema_with = "crate::schema::controller_name",
        extend("x-kubernetes-validations" = crate::schema::rules(&[("oldSelf == self", "the controller of a mesh never changes")])),
    )]
    pub controller_name: String,
    /// Where the controller finds its settings for the mesh.
    pub parameters_ref: Option<ParametersReference>,
    /// What the mesh is for, at most 64 characters.
    #[schemars(length(max = 64))]
    pub description: Option<String>,
}

/// What the controller says of a mesh.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MeshStatus {
    /// One condition per type, at most 8.
    #[schemars(
        schema_with = "crate::schema::conditions", length(max = 8),
        extend("default" = crate::schema::pending(&["Accepted", "Programmed"])),
    )]
    pub conditions: Vec<Condition>,
    /// What the mesh can do, at most 64 features, sorted by name.
    #[schemars(length(max = 64), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub supported_features: Vec<SupportedFeature>,
}
