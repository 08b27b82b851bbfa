//! ProxyConfig: settings of the proxies themselves.

use std::collections::BTreeMap;

use crd_core::resource;
use serde::{Deserialize, Serialize};

use crate::WorkloadSelector;
use crate::root::with_spec;
use crate::status::IstioStatus;

resource! {
    /// Settings of the proxies themselves. Changes take effect when a pod is made anew.
    ///
    /// One without selector goes for its namespace, in the root namespace for the mesh; a narrower
    /// one is merged over a wider one.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/proxy-config/>
    #[resource(
        group = "networking.istio.io",
        version = "v1beta1",
        kind = "ProxyConfig",
        plural = "proxyconfigs",
        scope = Namespaced,
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
    )]
    pub struct ProxyConfig {
        /// The settings, and the workloads.
        pub spec: Option<ProxyConfigSpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

with_spec! { ProxyConfig: ProxyConfigSpec, }

/// The settings of a [`ProxyConfig`], and the workloads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProxyConfigSpec {
    /// The workloads. Left out, all of the namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<WorkloadSelector>,

    /// Worker threads, not negative; 0 means one per core. Left out, by the CPU limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0), extend("nullable" = true)))]
    pub concurrency: Option<i32>,

    /// Further environment variables, each value of at most 2048 characters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::environment")
    )]
    pub environment_variables: BTreeMap<String, String>,

    /// The proxy's image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<ProxyImage>,
}

/// The proxy's image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProxyImage {
    /// Its kind: `default`, `debug` or `distroless`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_type: Option<String>,
}
