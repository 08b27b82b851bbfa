//! MirrorPercent: a field with two spellings.

use crd_core::union::Embedded;
use serde::de::{Error, MapAccess};
use serde::ser::SerializeMap;

/// The older share of mirrored requests, in whole percent, under one of its two spellings. The meaning is the same.
///
/// A document with both is refused, though an API server takes it: nothing says which one counts.
#[derive(Clone, Debug, PartialEq)]
pub enum MirrorPercent {
    /// `mirrorPercent`.
    MirrorPercent(u32),
    /// `mirror_percent`. Kept so that it is written as it was read.
    MirrorPercentSnakeCase(u32),
}

const CAMEL: &str = "mirrorPercent";
const SNAKE: &str = "mirror_percent";

impl MirrorPercent {
    /// The share in percent, whatever the spelling.
    pub fn percent(&self) -> u32 {
        match self {
            Self::MirrorPercent(percent) | Self::MirrorPercentSnakeCase(percent) => *percent,
        }
    }
}

impl Embedded for MirrorPercent {
    type Partial = Option<Self>;

    const MEMBERS: &'static [&'static str] = &[CAMEL, SNAKE];

    fn member<'de, A: MapAccess<'de>>(
        partial: &mut Self::Partial,
        key: &str,
        map: &mut A,
    ) -> Result<bool, A::Error> {
        let spelling = match key {
            CAMEL => Self::MirrorPercent,
            SNAKE => Self::MirrorPercentSnakeCase,
            _ => return Ok(false),
        };
        if let Some(percent) = map.next_value::<Option<u32>>()? {
            if partial.is_some() {
                return Err(A::Error::custom(format_args!(
                    "`{CAMEL}` and `{SNAKE}` are the same; set one of them"
                )));
            }
            *partial = Some(spelling(percent));
        }
        Ok(true)
    }

    fn finish<E: Error>(partial: Self::Partial) -> Result<Option<Self>, E> {
        Ok(partial)
    }

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        match self {
            Self::MirrorPercent(percent) => map.serialize_entry(CAMEL, percent),
            Self::MirrorPercentSnakeCase(percent) => map.serialize_entry(SNAKE, percent),
        }
    }
}

crd_core::if_schema! {
    impl crd_core::schema::JsonSchema for MirrorPercent {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "MirrorPercent".into()
        }

        /// Two members that do not exclude each other, as upstream's CRD has them.
        fn json_schema(_: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
            let percent = crd_core::schema::json_schema!({
                "description": "The share of requests that are mirrored, in whole percent; the older form of mirrorPercentage.",
                "type": "integer",
                "minimum": 0,
                "maximum": u32::MAX,
                "nullable": true,
            });
            crd_core::schema::json_schema!({
                "type": "object",
                "properties": {"mirrorPercent": percent, "mirror_percent": percent},
            })
        }
    }
}
