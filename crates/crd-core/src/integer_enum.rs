//! Sets of numbers.

/// Writes an enum of whole numbers, such as the HTTP statuses that may be chosen.
///
/// ```
/// crd_core::integer_enum! {
///     /// The status of a redirect.
///     pub enum RedirectStatus {
///         /// For good.
///         MovedPermanently = 301,
///         /// For now.
///         Found = 302,
///     }
/// }
///
/// assert_eq!(serde_json::to_string(&RedirectStatus::Found)?, "302");
/// assert_eq!(RedirectStatus::MovedPermanently.value(), 301);
/// let error = serde_json::from_str::<RedirectStatus>("200").unwrap_err().to_string();
/// assert!(error.starts_with("invalid value: integer `200`, expected one of 301, 302"), "{error}");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The enum gets Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord and Hash, `value`, `ALL` (the
/// numbers), Serialize, Deserialize and, behind the feature `schema` of the crate that calls the
/// macro, `schemars::JsonSchema`: an integer without a format, with an `enum`.
#[macro_export]
macro_rules! integer_enum {
    (
        $(#[$attr:meta])*
        $vis:vis enum $name:ident { $($(#[$armattr:meta])* $arm:ident = $value:literal),* $(,)? }
    ) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $($(#[$armattr])* $arm,)*
        }

        impl $name {
            /// The numbers of all arms, in the order of the arms.
            pub const ALL: &'static [i64] = &[$($value),*];

            /// The number, as it stands in JSON.
            pub const fn value(self) -> i64 {
                match self {
                    $(Self::$arm => $value,)*
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.value())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let found = <i64 as ::serde::Deserialize>::deserialize(deserializer)?;
                $(if found == $value {
                    return Ok(Self::$arm);
                })*
                Err($crate::__private::no_such_number(found, Self::ALL))
            }
        }

        #[cfg(feature = "schema")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({"type": "integer", "enum": Self::ALL})
            }
        }
    };
}
