//! ProxyConfig: settings of the proxies themselves.

use std::collections::BTreeMap;

use crate::WorkloadSelector;
use crate::status::IstioStatus;
use crd_core::{Object, ObjectMeta, Resource};

/// Settings of the proxies themselves. Changes take effect when a pod is made anew.
///
/// One without selector goes for its namespace, in the root namespace for the mesh; a narrower
/// one is merged over a wider one.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/proxy-config/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "networking.istio.io",
    version = "v1beta1",
    kind = "ProxyConfig",
    plural = "proxyconfigs",
    scope = Namespaced,
    categories = ["istio-io", "networking-istio-io"],
    status_subresource,
)]
pub struct ProxyConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The settings, and the workloads.
    pub spec: Option<ProxyConfigSpec>,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// The settings of a [`ProxyConfig`], and the workloads.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProxyConfigSpec {
    /// The workloads. Left out, all of the namespace.
    pub selector: Option<WorkloadSelector>,

    /// Worker threads, not negative; 0 means one per core. Left out, by the CPU limit.
    #[schemars(range(min = 0), extend("nullable" = true))]
    pub concurrency: Option<i32>,

    /// Further environment variables, each value of at most 2048 characters.
    #[schemars(schema_with = "crate::schema::environment")]
    pub environment_variables: BTreeMap<String, String>,

    /// Which variant of the proxy's image is used. Left out, the mesh's.
    pub image: Option<ProxyImage>,
}

/// The proxy's image.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProxyImage {
    /// Its kind: `default`, `debug` or `distroless`.
    pub image_type: Option<String>,
}
