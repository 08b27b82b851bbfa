//! `connection.gatekeeper.sh/v1alpha1`.

use crd_core::{Object, ObjectMeta, Resource};
use serde_json::Value;

use crate::status::ConnectionPodStatusStatus;

/// Where audit sends the violations that it finds. Lives in Gatekeeper's own namespace, under the name that the audit
/// pod is given.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/export>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "connection.gatekeeper.sh", version = "v1alpha1", kind = "Connection", plural = "connections", scope = Namespaced,
    status_subresource,
)]
pub struct Connection {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The driver and its configuration.
    pub spec: Option<ConnectionSpec>,
    /// What each of Gatekeeper's pods reports; written by them alone.
    pub status: Option<ConnectionStatus>,
}

/// A driver and its configuration.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConnectionSpec {
    /// What carries the messages: `disk` or `dapr`.
    pub driver: String,
    /// The configuration, in the shape that the driver asks for.
    #[schemars(schema_with = "crate::schema::anything")]
    pub config: Value,
}

/// What Gatekeeper reports of a Connection.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConnectionStatus {
    /// What each Gatekeeper pod says.
    pub by_pod: Vec<ConnectionPodStatusStatus>,
}
