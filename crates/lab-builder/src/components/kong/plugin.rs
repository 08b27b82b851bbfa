//! Kong's own kind for plugins, as far as the lab needs a family that has no crate of its own yet.

use std::collections::BTreeMap;

use crd_core::{Object, ObjectMeta, Resource, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use serde_json::{Map, Value};

/// A plugin of Kong with its configuration, for the routes, services or consumers that name it in the annotation
/// `konghq.com/plugins`. It must stand in their namespace.
///
/// See <https://developer.konghq.com/kubernetes-ingress-controller/reference/custom-resources/#kongplugin>.
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "configuration.konghq.com", version = "v1", kind = "KongPlugin", plural = "kongplugins", scope = Namespaced,
    short_names = ["kp"],
    categories = ["kong-ingress-controller", "kong"],
    status_subresource,
    printer_columns = [
        ("Plugin-Type", "string", ".plugin"),
        ("Age", "date", ".metadata.creationTimestamp"),
        ("Disabled", "boolean", ".disabled", 1),
        ("Config", "string", ".config", 1),
        ("Programmed", "string", ".status.conditions[?(@.type==\"Programmed\")].status"),
    ],
)]
#[schemars(extend("x-kubernetes-validations" = rules()))]
pub struct KongPlugin {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Which plugin, for example `opentelemetry`.
    pub plugin: String,
    /// The plugin's configuration, as the plugin documents it. Not together with `config_from`.
    #[schemars(schema_with = "crd_core::schema::any_object")]
    pub config: Option<Map<String, Value>>,
    /// Where the whole configuration comes from, when it is secret. Not together with `config`.
    pub config_from: Option<ConfigSource>,
    /// Single values of the configuration that come from Secrets.
    pub config_patches: Option<Vec<ConfigPatch>>,
    /// The consumer for which the plugin runs; all of them where absent.
    pub consumer_ref: Option<String>,
    /// Whether the plugin is switched off. Default: it is on.
    pub disabled: Option<bool>,
    /// A name of this use of the plugin, where it is used more than once.
    #[field(rename = "instance_name")]
    pub instance_name: Option<String>,
    /// When the plugin runs among others; Kong Enterprise only.
    pub ordering: Option<PluginOrdering>,
    /// The protocols of the requests on which it runs. Default: those that the plugin supports.
    pub protocols: Option<Vec<PluginProtocol>>,
    /// On which node of a Kong mesh it runs.
    #[field(rename = "run_on")]
    pub run_on: Option<RunOn>,
    /// What the controller says of it.
    pub status: Option<KongPluginStatus>,
}

/// A configuration that stands in a Secret.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct ConfigSource {
    /// The key of the Secret.
    pub secret_key_ref: SecretKeyRef,
}

/// A key of a Secret in the same namespace.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct SecretKeyRef {
    /// The Secret.
    pub name: String,
    /// The key in it.
    pub key: String,
}

/// One value of the configuration that comes from a Secret.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct ConfigPatch {
    /// Where it goes, as a JSON pointer.
    pub path: String,
    /// Where it comes from.
    pub value_from: ConfigSource,
}

/// Before and after which plugins this one runs, by phase.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PluginOrdering {
    /// Plugins that run after this one, by phase.
    pub before: BTreeMap<String, Vec<String>>,
    /// Plugins that run before this one, by phase.
    pub after: BTreeMap<String, Vec<String>>,
}

/// A protocol on which a plugin runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "lowercase")]
pub enum PluginProtocol {
    /// HTTP.
    Http,
    /// HTTPS.
    Https,
    /// gRPC without TLS.
    Grpc,
    /// gRPC over TLS.
    Grpcs,
    /// TCP.
    Tcp,
    /// TLS that is ended by Kong.
    Tls,
    /// UDP.
    Udp,
}

/// On which node of a Kong mesh a plugin runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "lowercase")]
pub enum RunOn {
    /// On the first that the request meets.
    First,
    /// On the second.
    Second,
    /// On both.
    All,
}

/// What the controller says of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct KongPluginStatus {
    /// `Programmed` says whether Kong runs it.
    #[schemars(schema_with = "crd_core::schema::conditions", extend("maxItems" = 8, "default" = waiting()))]
    pub conditions: Vec<Condition>,
}

crd_core::if_schema! {
    fn rules() -> Value {
        crd_core::schema::rules(&[
            (
                "!has(self.config) || !has(self.configFrom)",
                "config and configFrom exclude each other",
            ),
            (
                "!has(self.configPatches) || !has(self.configFrom)",
                "configPatches and configFrom exclude each other",
            ),
            ("oldSelf.plugin == self.plugin", "plugin cannot be changed"),
        ])
    }

    /// What stands there until the controller has spoken.
    fn waiting() -> Value {
        serde_json::json!([{
            "type": "Programmed",
            "status": "Unknown",
            "reason": "Pending",
            "message": "Waiting for controller",
            "lastTransitionTime": "1970-01-01T00:00:00Z",
        }])
    }
}
