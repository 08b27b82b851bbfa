//! WasmPlugin: WebAssembly extensions of the proxies.

use crd_core::resource;
use serde::{Deserialize, Serialize};

use crate::status::IstioStatus;
use crate::{PolicyTargetReference, WorkloadSelector};

resource! {
    /// Adds a WebAssembly extension to the proxies of some workloads. Without effect in ztunnel;
    /// waypoints take it by `targetRefs`.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/>
    #[resource(
        group = "extensions.istio.io",
        version = "v1alpha1",
        kind = "WasmPlugin",
        plural = "wasmplugins",
        scope = Namespaced,
        categories = ["istio-io", "extensions-istio-io"],
        status_subresource = true,
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct WasmPlugin {
        /// The extension, and the workloads.
        pub spec: WasmPluginSpec,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

/// The extension of a [`WasmPlugin`], and the workloads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = crate::schema::one_attachment())))]
pub struct WasmPluginSpec {
    /// The workloads. With neither selector nor target, the whole namespace, or in the root
    /// namespace the whole mesh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<WorkloadSelector>,

    /// The one resource that the plugin is attached to: the older form of `target_refs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_ref: Option<PolicyTargetReference>,

    /// The resources that the plugin is attached to, at most 16. Excludes `selector`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 16)))]
    pub target_refs: Vec<PolicyTargetReference>,

    /// Where the module is, not empty: `oci://`, `file://`, `http://` or `https://`; without
    /// scheme, `oci://`.
    #[cfg_attr(
        feature = "schema",
        schemars(length(min = 1),
            extend("x-kubernetes-validations" = crd_core::schema::rules(&[
                (
                    "url(isURL(self) ? self : 'http://' + self).getScheme() in ['', 'oci', 'file', 'http', 'https']",
                    "the module comes by oci, file, http or https",
                ),
            ]))
        )
    )]
    pub url: String,

    /// SHA-256 of the module in lower-case hexadecimal digits, or empty. Left out, it is not
    /// checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "(^$|^[a-f0-9]{64}$)")))]
    pub sha256: Option<String>,

    /// When the module is fetched. Left out, `IfNotPresent`, for the tag `latest` `Always`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_pull_policy: Option<PullPolicy>,

    /// Name of the Secret, 1 to 253 characters, with the registry's credentials, in the workloads'
    /// namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 253)))]
    pub image_pull_secret: Option<String>,

    /// Reserved by upstream: public key that signed the module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification_key: Option<String>,

    /// Configuration that the module is given, of its own making; order of members is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crd_core::schema::any_object")
    )]
    pub plugin_config: Option<serde_json::Map<String, serde_json::Value>>,

    /// Name of the plugin in the module, 1 to 256 characters, where that needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 256)))]
    pub plugin_name: Option<String>,

    /// Where the plugin goes among the other filters. Left out, at the end, before the router.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<PluginPhase>,

    /// Rank within the phase; higher goes first. Left out, 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub priority: Option<i32>,

    /// What becomes of traffic when the plugin fails. Left out, `FAIL_CLOSE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_strategy: Option<FailStrategy>,

    /// The virtual machine that runs the module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vm_config: Option<VmConfig>,

    /// The traffic that is meant: any one of these. Left out, all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub r#match: Vec<TrafficSelector>,

    /// Kind of filter that the plugin is. Left out, `HTTP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<PluginType>,
}

crd_core::string_enum! {
    /// When a module is fetched.
    pub enum PullPolicy {
        /// As for a field that is left out.
        UnspecifiedPolicy = "UNSPECIFIED_POLICY",
        /// Unless there is a copy.
        IfNotPresent = "IfNotPresent",
        /// Whenever the object changes.
        Always = "Always",
    }
}

crd_core::string_enum! {
    /// Where a plugin goes among the other filters.
    #[open]
    #[schemars(extend("enum" = PluginPhase::ALL))]
    pub enum PluginPhase {
        /// At the end, before the router.
        UnspecifiedPhase = "UNSPECIFIED_PHASE",
        /// Before Istio's authentication filters.
        Authn = "AUTHN",
        /// Before Istio's authorization filters, behind authentication.
        Authz = "AUTHZ",
        /// Before Istio's statistics filters, behind authorization.
        Stats = "STATS",
    }
}

crd_core::string_enum! {
    /// What becomes of traffic when a plugin fails.
    #[open]
    #[schemars(extend("enum" = FailStrategy::ALL))]
    pub enum FailStrategy {
        /// It is refused.
        FailClose = "FAIL_CLOSE",
        /// It goes past the plugin.
        FailOpen = "FAIL_OPEN",
        /// The plugin is loaded anew, from time to time; until then it is refused.
        FailReload = "FAIL_RELOAD",
    }
}

/// The virtual machine that runs a module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VmConfig {
    /// Its environment variables, at most 256, no name twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 256), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"])))]
    pub env: Vec<EnvVar>,
}

/// An environment variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "schema",
    schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "!has(self.valueFrom) || self.valueFrom != 'HOST' || !has(self.value)",
                "a variable from the host takes no value",
            ),
        ]))
    )
)]
pub struct EnvVar {
    /// Its name, 1 to 256 characters.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 256)))]
    pub name: String,

    /// Where its value comes from. Left out, `INLINE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_from: Option<EnvValueSource>,

    /// Its value, at most 2048 characters. Not with `HOST`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(max = 2048)))]
    pub value: Option<String>,
}

crd_core::string_enum! {
    /// Where the value of an environment variable comes from.
    pub enum EnvValueSource {
        /// From the object.
        Inline = "INLINE",
        /// From the proxy's environment.
        Host = "HOST",
    }
}

/// Some of the traffic of a workload: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TrafficSelector {
    /// The direction. Left out, both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<TrafficMode>,

    /// The ports: any one of these, no number twice. Left out, all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["number"])))]
    pub ports: Vec<PluginPort>,
}

crd_core::string_enum! {
    /// Which end of a request a proxy is at.
    pub enum TrafficMode {
        /// As for a field that is left out.
        Undefined = "UNDEFINED",
        /// The calling one.
        Client = "CLIENT",
        /// The called one.
        Server = "SERVER",
        /// Either.
        ClientAndServer = "CLIENT_AND_SERVER",
    }
}

/// A port that a plugin is for. Upstream calls it PortSelector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PluginPort {
    /// The number, 1 to 65535.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 65535)))]
    pub number: u32,
}

crd_core::string_enum! {
    /// Kind of filter that a plugin is.
    #[open]
    #[schemars(extend("enum" = PluginType::ALL))]
    pub enum PluginType {
        /// As for a field that is left out.
        UnspecifiedPluginType = "UNSPECIFIED_PLUGIN_TYPE",
        /// An HTTP filter.
        Http = "HTTP",
        /// A network filter.
        Network = "NETWORK",
    }
}
