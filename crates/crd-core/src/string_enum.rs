//! Sets of strings.

/// A string that is none of a set's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is none of {}", crate::private::Listed(allowed))]
#[non_exhaustive]
pub struct UnknownName {
    /// What was found.
    pub found: String,
    /// What is allowed.
    pub allowed: &'static [&'static str],
}

impl UnknownName {
    #[doc(hidden)]
    pub fn new(found: &str, allowed: &'static [&'static str]) -> Self {
        Self {
            found: found.to_owned(),
            allowed,
        }
    }
}

/// Writes an enum of strings, closed or open.
///
/// ```
/// crd_core::string_enum! {
///     /// Where TLS ends.
///     pub enum TlsMode {
///         /// At the gateway.
///         Terminate,
///         /// At the backend; the API writes it with a hyphen.
///         PassThrough = "pass-through",
///     }
/// }
///
/// crd_core::string_enum! {
///     /// Why something is as it is; upstream may add to these.
///     #[open]
///     pub enum Reason {
///         /// All is well.
///         Accepted,
///     }
/// }
///
/// assert_eq!(TlsMode::PassThrough.to_string(), "pass-through");
/// assert_eq!("Terminate".parse(), Ok(TlsMode::Terminate));
/// assert!("terminate".parse::<TlsMode>().is_err());
/// assert_eq!(Reason::from("Odd"), Reason::Other("Odd".to_owned()));
/// ```
///
/// An arm's text is its name, or what stands behind `=`. The enum gets Clone, Debug, PartialEq, Eq,
/// PartialOrd, Ord and Hash (a closed one also Copy), `as_str`, `ALL` (the known texts), Display,
/// FromStr, Serialize, Deserialize and, behind the feature `schema` of the crate that calls the
/// macro, `schemars::JsonSchema`: a string with an `enum`, or any string if the set is `#[open]`.
/// An open set has an arm `Other(String)` for what it does not know, and `From<&str>`; its FromStr
/// never fails. `#[derive(Default)]` works with `#[default]` on an arm, `#[cfg(...)]` works on arms,
/// and `#[schemars(...)]` on the enum adds to the schema.
#[macro_export]
macro_rules! string_enum {
    (
        $(#[doc = $doc:expr])*
        #[open]
        $(#[derive($($derive:tt)*)])*
        $(#[schemars($($schemars:tt)*)])*
        $vis:vis enum $name:ident { $($body:tt)* }
    ) => {
        $crate::__string_enum! { @ { open [$(#[doc = $doc])* $(#[derive($($derive)*)])*] [$(#[schemars($($schemars)*)])*] [$vis] $name } [] [] [] $($body)* }
    };
    (
        $(#[doc = $doc:expr])*
        $(#[derive($($derive:tt)*)])*
        $(#[schemars($($schemars:tt)*)])*
        $vis:vis enum $name:ident { $($body:tt)* }
    ) => {
        $crate::__string_enum! { @ { closed [$(#[doc = $doc])* $(#[derive($($derive)*)])*] [$(#[schemars($($schemars)*)])*] [$vis] $name } [] [] [] $($body)* }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum {
    (@ $head:tt $done:tt $attrs:tt [$($cfg:tt)*] #[cfg($($c:tt)*)] $($rest:tt)*) => {
        $crate::__string_enum! { @ $head $done $attrs [$($cfg)* #[cfg($($c)*)]] $($rest)* }
    };
    (@ $head:tt $done:tt [$($attrs:tt)*] $cfg:tt #[$($a:tt)*] $($rest:tt)*) => {
        $crate::__string_enum! { @ $head $done [$($attrs)* #[$($a)*]] $cfg $($rest)* }
    };
    (@ $head:tt [$($done:tt)*] $attrs:tt $cfg:tt $arm:ident = $text:literal $(, $($rest:tt)*)?) => {
        $crate::__string_enum! { @ $head [$($done)* { $attrs $cfg $arm ($text) }] [] [] $($($rest)*)? }
    };
    (@ $head:tt [$($done:tt)*] $attrs:tt $cfg:tt $arm:ident $(, $($rest:tt)*)?) => {
        $crate::__string_enum! { @ $head [$($done)* { $attrs $cfg $arm (stringify!($arm)) }] [] [] $($($rest)*)? }
    };
    (@ { closed [$($enumattr:tt)*] $schemars:tt [$vis:vis] $name:ident } [$({ [$($attr:tt)*] [$($cfg:tt)*] $arm:ident ($text:expr) })*] [] []) => {
        $($enumattr)*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $($($attr)* $($cfg)* $arm,)*
        }

        impl $name {
            /// The texts of all arms, in the order of the arms.
            pub const ALL: &'static [&'static str] = &[$($($cfg)* $text),*];

            /// The text, as it stands in JSON.
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $($($cfg)* Self::$arm => $text,)*
                }
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $($($cfg)* if text == $text {
                    return Ok(Self::$arm);
                })*
                Err($crate::UnknownName::new(text, Self::ALL))
            }
        }

        $crate::__string_enum_common! { $name closed $schemars }
    };
    (@ { open [$($enumattr:tt)*] $schemars:tt [$vis:vis] $name:ident } [$({ [$($attr:tt)*] [$($cfg:tt)*] $arm:ident ($text:expr) })*] [] []) => {
        $($enumattr)*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $vis enum $name {
            $($($attr)* $($cfg)* $arm,)*
            /// A text that this version of the types does not know.
            Other(::std::string::String),
        }

        impl $name {
            /// The texts of the known arms, in the order of the arms.
            pub const ALL: &'static [&'static str] = &[$($($cfg)* $text),*];

            /// The text, as it stands in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $($($cfg)* Self::$arm => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $($($cfg)* if text == $text {
                    return Self::$arm;
                })*
                Self::Other(text.to_owned())
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        $crate::__string_enum_common! { $name open $schemars }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum_common {
    ($name:ident $kind:ident [$($schemars:tt)*]) => {
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::__private::read_text(deserializer)
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

            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                #[derive(::schemars::JsonSchema)]
                #[schemars(transparent)]
                $($schemars)*
                #[allow(dead_code)]
                struct Text(::std::string::String);
                $crate::schema::string_set(
                    <Text as ::schemars::JsonSchema>::json_schema(generator),
                    $crate::__string_enum_known!($kind),
                    &[],
                )
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum_known {
    (open) => {
        &[]
    };
    (closed) => {
        Self::ALL
    };
}
