//! Numbers that may have a fraction.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number that may have a fraction, kept as it was written: `50` stays `50`, `50.0` stays `50.0`, and they compare unequal.
///
/// ```
/// use istio_types::Double;
///
/// let half = Double::from(50);
/// assert_eq!(half.value(), 50.0);
/// assert_eq!(serde_json::to_string(&half).unwrap(), "50");
/// assert_eq!(Double::new(0.1).unwrap().to_string(), "0.1");
/// assert_eq!(Double::new(f64::NAN), None);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Double(serde_json::Number);

impl Double {
    /// The number; nothing for infinities and NaN, which JSON cannot write.
    pub fn new(value: f64) -> Option<Self> {
        serde_json::Number::from_f64(value).map(Self)
    }

    /// The number as a float; digits that a float cannot hold are rounded.
    pub fn value(&self) -> f64 {
        // Every number that JSON can write has one.
        self.0.as_f64().unwrap_or_default()
    }
}

impl From<i32> for Double {
    fn from(value: i32) -> Self {
        Self(value.into())
    }
}

impl From<u32> for Double {
    fn from(value: u32) -> Self {
        Self(value.into())
    }
}

impl fmt::Display for Double {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

crd_core::if_schema! {
    impl crd_core::schema::JsonSchema for Double {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Double".into()
        }

        fn inline_schema() -> bool {
            true
        }

        fn json_schema(_: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
            crd_core::schema::json_schema!({"type": "number", "format": "double"})
        }
    }
}
