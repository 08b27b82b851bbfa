//! The code of a template, per engine.

use crd_core::{Object, StringEnum};
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::fmt;

/// The code that finds violations, written for one engine.
///
/// Upstream keeps the engine's name in `engine` and the code, whose shape depends on it, in `source`. A target has at most
/// one code per engine; Gatekeeper takes the first engine it runs itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Code {
    /// Rego, evaluated by Open Policy Agent.
    Rego(RegoSource),
    /// CEL, evaluated by Gatekeeper or, as a ValidatingAdmissionPolicy, by the API server.
    K8sNativeValidation(CelSource),
    /// An engine that this version of the library does not know; its source is kept as written.
    Other {
        /// The engine that the code is for, such as `Rego`.
        engine: String,
        /// The engine's source, as it was written; its shape is the engine's.
        source: Value,
    },
}

impl Code {
    /// The engine's name as upstream spells it.
    #[must_use]
    pub fn engine(&self) -> &str {
        match self {
            Self::Rego(_) => "Rego",
            Self::K8sNativeValidation(_) => "K8sNativeValidation",
            Self::Other { engine, .. } => engine,
        }
    }

    /// The Rego code, to change it; `None` for another engine.
    pub(crate) fn as_rego_mut(&mut self) -> Option<&mut RegoSource> {
        match self {
            Self::Rego(source) => Some(source),
            _ => None,
        }
    }
}

/// A policy in Rego.
///
/// The module defines `violation[{"msg": msg}]` and reads the object from `input.review.object` and the constraint's
/// parameters from `input.parameters`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RegoSource {
    /// The dialect of the module and its libraries. Absent means `v0`.
    pub version: Option<RegoVersion>,
    /// The module with the rule `violation`.
    pub rego: String,
    /// Modules that the policy imports; each one's package starts with `lib`.
    pub libs: Vec<String>,
}

/// The dialect of Rego: OPA 1.0 made `if` and `contains` mandatory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "camelCase")]
pub enum RegoVersion {
    /// The syntax before OPA 1.0.
    V0,
    /// The syntax of OPA 1.0.
    V1,
}

/// A policy in CEL, with the members of a ValidatingAdmissionPolicy.
///
/// Expressions see `object`, `oldObject`, `request`, `params` and `variables` as there, and `anyObject`, which is the old
/// object on deletion and the object otherwise.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CelSource {
    /// What each object must fulfil.
    pub validations: Vec<Validation>,
    /// What happens when an expression fails to run. Absent means that the object is refused.
    pub failure_policy: Option<FailurePolicy>,
    /// Requests for which one of these is false are let through unchecked. Upstream's key is singular.
    #[field(rename = "matchCondition")]
    pub match_conditions: Vec<MatchCondition>,
    /// Named expressions that later ones read as `variables.NAME`. `params` and `anyObject` are taken.
    pub variables: Vec<Variable>,
    /// Whether Gatekeeper turns the template into a ValidatingAdmissionPolicy. Absent follows the flag of the controller.
    #[field(rename = "generateVAP")]
    pub generate_vap: Option<bool>,
}

/// One CEL expression that must be true for an object to pass.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Validation {
    /// A CEL expression of type bool; false is a violation.
    #[field(default)]
    pub expression: String,
    /// The message of a violation, where no message expression gives one.
    pub message: Option<String>,
    /// A CEL expression of type string that gives the message of a violation.
    pub message_expression: Option<String>,
}

/// A named CEL expression that decides whether a request is checked at all.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MatchCondition {
    /// A name for messages; must not start with `gatekeeper_internal_`.
    pub name: String,
    /// A CEL expression of type bool; false lets the request through.
    pub expression: String,
}

/// A named CEL expression for use in later ones.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Variable {
    /// The name behind `variables.`; must not start with `gatekeeper_internal_`.
    #[field(default)]
    pub name: String,
    /// A CEL expression of any type.
    #[field(default)]
    pub expression: String,
}

/// What an expression that fails to run means for the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum FailurePolicy {
    /// The request is refused.
    Fail,
    /// The expression counts as fulfilled.
    Ignore,
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("engine", self.engine())?;
        match self {
            Self::Rego(source) => map.serialize_entry("source", source)?,
            Self::K8sNativeValidation(source) => map.serialize_entry("source", source)?,
            Self::Other { source, .. } => map.serialize_entry("source", source)?,
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(CodeVisitor)
    }
}

struct CodeVisitor;

/// The code, or its source while the engine is still to come.
enum Pending {
    Source(Value),
    Code(Code),
}

impl<'de> Visitor<'de> for CodeVisitor {
    type Value = Code;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the members `engine` and `source`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Code, A::Error> {
        let mut engine: Option<String> = None;
        let mut pending: Option<Pending> = None;
        while let Some(key) = map.next_key::<String>()? {
            match (key.as_str(), &engine) {
                ("engine", _) => engine = Some(map.next_value()?),
                ("source", Some(engine)) => {
                    pending = Some(Pending::Code(match engine.as_str() {
                        "Rego" => Code::Rego(map.next_value()?),
                        "K8sNativeValidation" => Code::K8sNativeValidation(map.next_value()?),
                        _ => Code::Other {
                            engine: engine.clone(),
                            source: map.next_value()?,
                        },
                    }));
                }
                ("source", None) => pending = Some(Pending::Source(map.next_value()?)),
                _ => {
                    map.next_value::<de::IgnoredAny>()?;
                }
            }
        }
        let engine = engine.ok_or_else(|| de::Error::missing_field("engine"))?;
        match pending {
            None => Err(de::Error::missing_field("source")),
            Some(Pending::Code(code)) => Ok(code),
            Some(Pending::Source(source)) => {
                let in_source = |error| de::Error::custom(format_args!("source: {error}"));
                match engine.as_str() {
                    "Rego" => RegoSource::deserialize(source)
                        .map(Code::Rego)
                        .map_err(in_source),
                    "K8sNativeValidation" => CelSource::deserialize(source)
                        .map(Code::K8sNativeValidation)
                        .map_err(in_source),
                    _ => Ok(Code::Other { engine, source }),
                }
            }
        }
    }
}

crd_core::if_schema! {
    impl crd_core::schema::JsonSchema for Code {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Code".into()
        }

        fn json_schema(generator: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
            crd_core::schema::json_schema!({
                "type": "object",
                "required": ["engine", "source"],
                "properties": {"engine": {"type": "string"}, "source": crate::schema::anything(generator)},
            })
        }
    }
}
