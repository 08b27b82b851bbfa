//! What the control plane says about an object.

use std::fmt;

use crd_core::{Object, StringEnum};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

/// What the control plane says about an object. The same for all kinds of Istio; controllers fill it in, people do not.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/meta/v1beta1/istio-status/>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IstioStatus {
    /// What holds of the object right now, such as `Reconciled`.
    pub conditions: Vec<IstioCondition>,

    /// What Istio's analyzers have to say about the object.
    pub validation_messages: Vec<AnalysisMessageBase>,

    /// Generation of the object that the status was made from. Istio writes it as a string.
    pub observed_generation: Option<IntOrString>,

    /// Further members, in order: the CRDs allow any. A ServiceEntry has `addresses` here, for the addresses that Istio gave it.
    pub other: Map<String, Value>,
}

impl Serialize for IstioStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.conditions.is_empty() {
            map.serialize_entry("conditions", &self.conditions)?;
        }
        if !self.validation_messages.is_empty() {
            map.serialize_entry("validationMessages", &self.validation_messages)?;
        }
        if let Some(generation) = &self.observed_generation {
            map.serialize_entry("observedGeneration", generation)?;
        }
        for (key, value) in &self.other {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for IstioStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = IstioStatus;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object (IstioStatus)")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<IstioStatus, A::Error> {
                let mut status = IstioStatus::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "conditions" => {
                            status.conditions = map.next_value::<Option<_>>()?.unwrap_or_default()
                        }
                        "validationMessages" => {
                            status.validation_messages =
                                map.next_value::<Option<_>>()?.unwrap_or_default();
                        }
                        "observedGeneration" => status.observed_generation = map.next_value()?,
                        _ => {
                            status.other.insert(key, map.next_value()?);
                        }
                    }
                }
                Ok(status)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// One thing that holds, or does not, of an object.
///
/// Times are kept as they were written, since Istio writes fractions of seconds.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct IstioCondition {
    /// Which condition it is, such as `Reconciled`.
    pub r#type: Option<String>,

    /// Whether it holds: `True`, `False` or `Unknown`.
    pub status: Option<String>,

    /// When it was last looked at (RFC 3339).
    #[schemars(extend("format" = "date-time"))]
    pub last_probe_time: Option<String>,

    /// When it last changed (RFC 3339).
    #[schemars(extend("format" = "date-time"))]
    pub last_transition_time: Option<String>,

    /// Why it last changed, in one word.
    pub reason: Option<String>,

    /// Why it last changed, for people.
    pub message: Option<String>,

    /// Generation of the object that it is about.
    #[schemars(schema_with = "crd_core::schema::int_or_string")]
    pub observed_generation: Option<IntOrString>,
}

/// Something that an analyzer found.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AnalysisMessageBase {
    /// Which message it is: its code and name.
    pub r#type: Option<AnalysisMessageType>,

    /// How bad it is: whether it will, or may, not work.
    pub level: Option<AnalysisLevel>,

    /// Page with more about it.
    pub documentation_url: Option<String>,
}

/// Which of its messages an analyzer gives.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AnalysisMessageType {
    /// The message's name for people, such as `ReferencedResourceNotFound`.
    pub name: Option<String>,

    /// Its code: `IST` and four digits.
    pub code: Option<String>,
}

/// How bad something is that an analyzer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum AnalysisLevel {
    /// Upstream's default, which it does not use.
    Unknown,
    /// It will not work.
    Error,
    /// It may not work.
    Warning,
    /// Good to know.
    Info,
}

crd_core::if_schema! {
    impl crd_core::schema::JsonSchema for IstioStatus {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "IstioStatus".into()
        }

        fn json_schema(generator: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
            let mut generation = crd_core::schema::int_or_string(generator);
            generation.insert(
                "description".to_owned(),
                "Generation of the object that the status was made from.".into(),
            );
            crd_core::schema::json_schema!({
                "type": "object",
                "properties": {
                    "conditions": generator.subschema_for::<Vec<IstioCondition>>(),
                    "validationMessages": generator.subschema_for::<Vec<AnalysisMessageBase>>(),
                    "observedGeneration": generation,
                },
                "x-kubernetes-preserve-unknown-fields": true,
            })
        }
    }
}
