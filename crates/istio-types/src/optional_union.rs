//! Unions that may be empty objects.

/// Writes an enum whose value is an object with one member, or with none: `crd_core::union!` with an arm for the empty object, which
/// comes first and carries `#[empty]`.
macro_rules! optional_union {
    (
        $(#[doc = $doc:expr])*
        pub enum $name:ident {
            $(#[doc = $empty_doc:expr])*
            #[empty]
            $empty:ident,
            $(
                $(#[doc = $arm_doc:expr])*
                $(#[schemars($($schema:tt)*)])?
                $arm:ident($t:ty) = $member:literal,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $(#[doc = $empty_doc])*
            $empty,
            $($(#[doc = $arm_doc])* $arm($t),)*
        }

        const _: () = {
            crd_core::union! {
                $(#[doc = $doc])*
                pub enum OneMember {
                    $(
                        $(#[doc = $arm_doc])*
                        $(#[schemars($($schema)*)])?
                        $arm($t) = $member,
                    )*
                }
            }

            crd_core::object! {
                $(#[doc = $doc])*
                pub struct Shell {
                    /// The member, if there is one.
                    #[embed]
                    pub member: Option<OneMember>,
                }
            }

            impl ::serde::Serialize for $name {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    use ::serde::ser::SerializeMap as _;
                    let mut map = serializer.serialize_map(None)?;
                    match self {
                        Self::$empty => {}
                        $(Self::$arm(value) => map.serialize_entry($member, value)?,)*
                    }
                    map.end()
                }
            }

            impl<'de> ::serde::Deserialize<'de> for $name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let shell = <Shell as ::serde::Deserialize>::deserialize(deserializer)?;
                    Ok(match shell.member {
                        None => Self::$empty,
                        $(Some(OneMember::$arm(value)) => Self::$arm(value),)*
                    })
                }
            }

            #[cfg(feature = "schema")]
            impl ::schemars::JsonSchema for $name {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                    <Shell as ::schemars::JsonSchema>::json_schema(generator)
                }
            }
        };
    };
}

pub(crate) use optional_union;
