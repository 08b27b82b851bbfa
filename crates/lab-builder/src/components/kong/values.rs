//! Values of the chart `ingress` that the lab sets: the chart `kong` twice, as controller and as gateway.

use std::collections::BTreeMap;

use serde::Serialize;

/// Values of the chart `ingress`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct KongValues {
    /// The controller, which watches the Gateway API.
    pub controller: KongController,
    /// The data plane, which takes the traffic.
    pub gateway: KongGateway,
}

/// Kong Ingress Controller: turns routes into Kong's configuration. `controller` of the chart.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KongController {
    /// Pods; one leads and pushes configuration. Documented: 1.
    pub replica_count: u32,
}

/// Kong itself, without a database: `gateway` of the chart.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KongGateway {
    /// Documented: 1 in the lab, 2 in the data centre.
    pub replica_count: u32,
    /// Kong's settings: `x` becomes the environment variable `KONG_X`. Documented: no database. *(Ours: tracing of all
    /// requests, so that the OpenTelemetry plugin has spans to send.)*
    pub env: BTreeMap<String, String>,
    /// The Service through which all traffic from outside comes.
    pub proxy: KongProxy,
    /// The Service of Kong's page.
    pub manager: KongManager,
    /// The API to which the controller pushes configuration, and which Kong Manager shows.
    pub admin: KongAdmin,
}

/// The Service of the proxy; its node ports come from [`GatewayWiring`](crate::GatewayWiring).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KongProxy {
    /// Type of the Service; with kind only node ports are published. Documented: `NodePort`.
    #[serde(rename = "type")]
    pub service_type: String,
}

/// The Service of Kong Manager; its node port comes from [`GatewayWiring`](crate::GatewayWiring).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KongManager {
    /// The Service's type. Documented: `NodePort`.
    #[serde(rename = "type")]
    pub service_type: String,
    /// HTTPS for Kong Manager *(ours: off, because it would open a second, random node port)*.
    pub tls: KongListener,
}

/// The Admin API. Its Service stays what the chart makes it: headless, inside the cluster, for the controller.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KongAdmin {
    /// Plain HTTP *(ours: on, so that the port can be forwarded for Kong Manager)*.
    pub http: KongListener,
}

/// A port of Kong that is open or not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KongListener {
    /// `true` opens the port, in pod and Service.
    pub enabled: bool,
}

impl Default for KongController {
    fn default() -> Self {
        KongController { replica_count: 1 }
    }
}

impl Default for KongGateway {
    fn default() -> Self {
        KongGateway {
            replica_count: 1,
            env: [
                ("database", "off"),
                ("tracing_instrumentations", "all"),
                ("tracing_sampling_rate", "1.0"),
            ]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
            proxy: KongProxy {
                service_type: "NodePort".into(),
            },
            manager: KongManager {
                service_type: "NodePort".into(),
                tls: KongListener { enabled: false },
            },
            admin: KongAdmin {
                http: KongListener { enabled: true },
            },
        }
    }
}
