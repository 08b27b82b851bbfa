//! `connection.gatekeeper.sh/v1alpha1`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::status::ConnectionPodStatusStatus;

crd_core::resource! {
    /// Where audit sends the violations that it finds. Lives in Gatekeeper's own namespace, under the name that the audit
    /// pod is given.
    ///
    /// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/export>.
    #[resource(
        group = "connection.gatekeeper.sh", version = "v1alpha1", kind = "Connection", plural = "connections", scope = Namespaced,
        status_subresource = true,
    )]
    pub struct Connection {
        /// The driver and its configuration.
        pub spec: Option<ConnectionSpec>,
        /// What Gatekeeper reports.
        pub status: Option<ConnectionStatus>,
    }
}

/// A driver and its configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConnectionSpec {
    /// `disk` or `dapr`.
    pub driver: String,
    /// The configuration, in the shape that the driver asks for.
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::anything"))]
    pub config: Value,
}

/// What Gatekeeper reports of a Connection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConnectionStatus {
    /// What each Gatekeeper pod says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_pod: Vec<ConnectionPodStatusStatus>,
}
