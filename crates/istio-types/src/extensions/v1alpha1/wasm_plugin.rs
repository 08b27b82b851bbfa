//! WasmPlugin: WebAssembly extensions of the proxies.

use crate::status::IstioStatus;
use crate::{PolicyTargetReference, WorkloadSelector};
use crd_core::{Object, ObjectMeta, Resource, StringEnum};

/// Adds a WebAssembly extension to the proxies of some workloads. Without effect in ztunnel;
/// waypoints take it by `targetRefs`.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "extensions.istio.io",
    version = "v1alpha1",
    kind = "WasmPlugin",
    plural = "wasmplugins",
    scope = Namespaced,
    categories = ["istio-io", "extensions-istio-io"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
)]
pub struct WasmPlugin {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The extension, and the workloads.
    pub spec: WasmPluginSpec,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// The extension of a [`WasmPlugin`], and the workloads.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::one_attachment()))]
pub struct WasmPluginSpec {
    /// The workloads. With neither selector nor target, the whole namespace, or in the root
    /// namespace the whole mesh.
    pub selector: Option<WorkloadSelector>,

    /// The one resource that the plugin is attached to: the older form of `target_refs`.
    pub target_ref: Option<PolicyTargetReference>,

    /// The resources that the plugin is attached to, at most 16. Excludes `selector`.
    #[schemars(length(max = 16))]
    pub target_refs: Vec<PolicyTargetReference>,

    /// Where the module is, not empty: `oci://`, `file://`, `http://` or `https://`; without
    /// scheme, `oci://`.
    #[schemars(length(min = 1),
            extend("x-kubernetes-validations" = crd_core::schema::rules(&[
                (
                    "url(isURL(self) ? self : 'http://' + self).getScheme() in ['', 'oci', 'file', 'http', 'https']",
                    "the module comes by oci, file, http or https",
                ),
            ]))
        )]
    pub url: String,

    /// SHA-256 of the module in lower-case hexadecimal digits, or empty. Left out, it is not
    /// checked.
    #[schemars(regex(pattern = "(^$|^[a-f0-9]{64}$)"))]
    pub sha256: Option<String>,

    /// When the module is fetched. Left out, `IfNotPresent`, for the tag `latest` `Always`.
    pub image_pull_policy: Option<PullPolicy>,

    /// Name of the Secret, 1 to 253 characters, with the registry's credentials, in the workloads'
    /// namespace.
    #[schemars(length(min = 1, max = 253))]
    pub image_pull_secret: Option<String>,

    /// Reserved by upstream: public key that signed the module.
    pub verification_key: Option<String>,

    /// Configuration that the module is given, of its own making; order of members is kept.
    #[schemars(schema_with = "crd_core::schema::any_object")]
    pub plugin_config: Option<serde_json::Map<String, serde_json::Value>>,

    /// Name of the plugin in the module, 1 to 256 characters, where that needs one.
    #[schemars(length(min = 1, max = 256))]
    pub plugin_name: Option<String>,

    /// Where the plugin goes among the other filters. Left out, at the end, before the router.
    pub phase: Option<PluginPhase>,

    /// Rank within the phase; higher goes first. Left out, 0.
    #[schemars(extend("nullable" = true))]
    pub priority: Option<i32>,

    /// What becomes of traffic when the plugin fails. Left out, `FAIL_CLOSE`.
    pub fail_strategy: Option<FailStrategy>,

    /// The virtual machine that runs the module.
    pub vm_config: Option<VmConfig>,

    /// The traffic that is meant: any one of these. Left out, all.
    pub r#match: Vec<TrafficSelector>,

    /// Kind of filter that the plugin is. Left out, `HTTP`.
    pub r#type: Option<PluginType>,
}

/// When a module is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum PullPolicy {
    /// As for a field that is left out.
    #[arm(rename = "UNSPECIFIED_POLICY")]
    UnspecifiedPolicy,
    /// It is fetched unless the proxy has a copy.
    IfNotPresent,
    /// Whenever the object changes.
    Always,
}

/// Where a plugin goes among the other filters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = PluginPhase::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PluginPhase {
    /// At the end, before the router.
    UnspecifiedPhase,
    /// Before Istio's authentication filters.
    Authn,
    /// Before Istio's authorization filters, behind authentication.
    Authz,
    /// Before Istio's statistics filters, behind authorization.
    Stats,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What becomes of traffic when a plugin fails.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = FailStrategy::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FailStrategy {
    /// The request is refused.
    FailClose,
    /// The request goes on as if there were no plugin.
    FailOpen,
    /// The plugin is loaded anew, from time to time; until then it is refused.
    FailReload,
    /// A text that this version of the types does not know.
    Other(String),
}

/// The virtual machine that runs a module.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct VmConfig {
    /// Its environment variables, at most 256, no name twice.
    #[schemars(length(max = 256), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub env: Vec<EnvVar>,
}

/// An environment variable.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "!has(self.valueFrom) || self.valueFrom != 'HOST' || !has(self.value)",
                "a variable from the host takes no value",
            ),
        ]))
    )]
pub struct EnvVar {
    /// Its name, 1 to 256 characters.
    #[schemars(length(min = 1, max = 256))]
    pub name: String,

    /// Where its value comes from. Left out, `INLINE`.
    pub value_from: Option<EnvValueSource>,

    /// Its value, at most 2048 characters. Not with `HOST`.
    #[schemars(length(max = 2048))]
    pub value: Option<String>,
}

/// Where the value of an environment variable comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum EnvValueSource {
    /// The value stands in the object itself.
    Inline,
    /// From the proxy's environment.
    Host,
}

/// Some of the traffic of a workload: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TrafficSelector {
    /// The direction. Left out, both.
    pub mode: Option<TrafficMode>,

    /// The ports: any one of these, no number twice. Left out, all.
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["number"]))]
    pub ports: Vec<PluginPort>,
}

/// Which end of a request a proxy is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TrafficMode {
    /// As for a field that is left out.
    Undefined,
    /// The proxy on the calling side: what goes out.
    Client,
    /// The proxy on the called side: what comes in.
    Server,
    /// The proxy on either side.
    ClientAndServer,
}

/// A port that a plugin is for. Upstream calls it PortSelector.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PluginPort {
    /// The number, 1 to 65535.
    #[schemars(range(min = 1, max = 65535))]
    pub number: u32,
}

/// Kind of filter that a plugin is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = PluginType::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PluginType {
    /// As for a field that is left out.
    UnspecifiedPluginType,
    /// An HTTP filter, which sees requests.
    Http,
    /// A network filter, which sees bytes.
    Network,
    /// A text that this version of the types does not know.
    Other(String),
}
