//! Structs that hold a union among their other members.

/// Writes a struct one or more of whose fields are unions that have no object of their own: the
/// union's members stand beside the struct's other members. (serde's `flatten` would do the same,
/// but loses error paths and reports of unknown fields.)
///
/// ```
/// crd_core::union! {
///     /// How long a request waits.
///     pub enum Wait {
///         /// Always this long.
///         Fixed(String) = "fixedDelay",
///         /// On average this long.
///         Exponential(String) = "exponentialDelay",
///     }
/// }
///
/// crd_core::object! {
///     /// Makes requests wait.
///     pub struct Delay {
///         /// How many of a hundred requests wait.
///         pub percentage: Option<u32>,
///         /// How long they wait.
///         #[embed]
///         pub wait: Wait,
///     }
/// }
///
/// let delay: Delay = serde_json::from_str(r#"{"percentage": 10, "fixedDelay": "5s"}"#)?;
/// assert_eq!(delay, Delay { percentage: Some(10), wait: Wait::Fixed("5s".to_owned()) });
/// assert_eq!(serde_json::to_string(&delay)?, r#"{"percentage":10,"fixedDelay":"5s"}"#);
/// let error = serde_json::from_str::<Delay>(r#"{"percentage": 10}"#).unwrap_err().to_string();
/// assert!(error.starts_with("exactly one of `fixedDelay`, `exponentialDelay` must be set"), "{error}");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// An `#[embed]` field is the union, which is then required, or an `Option` of it. Other fields
/// follow the rules of [`resource!`](crate::resource#fields). The struct gets Clone, Debug,
/// PartialEq, Serialize, Deserialize and, behind the feature `schema` of the crate that calls the
/// macro, a structural `schemars::JsonSchema`; `#[derive(...)]` on it adds more, `#[schemars(...)]`
/// adds to its schema.
///
/// The macro serves structs without unions as well: it spares them `rename_all`, `default`,
/// `skip_serializing_if` and the `cfg_attr`s around schema attributes, and compiles to less code
/// than the derives.
#[macro_export]
macro_rules! object {
    (
        $(#[doc = $doc:expr])*
        $(#[derive($($derive:tt)*)])*
        $(#[schemars($($schemars:tt)*)])*
        $vis:vis struct $name:ident $body:tt
    ) => {
        $crate::__fields! {
            __object
            { [$(#[doc = $doc])*] [$(#[derive($($derive)*)])*] [$(#[schemars($($schemars)*)])*] [$vis] $name }
            $body
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    (@fields
        { [$($docs:tt)*] [$($derive:tt)*] [$($rootattr:tt)*] [$vis:vis] $name:ident }
        [$({ [$($fdoc:tt)*] [$($fcfg:tt)*] [$($fattr:tt)*] $fvis:vis $f:ident $wire:tt $mode:ident $inner:tt [$fty:ty] })*]
        $req:tt
    ) => {
        $($docs)*
        #[derive(Clone, Debug, PartialEq)]
        $($derive)*
        $vis struct $name {
            $($($fdoc)* $($fcfg)* $fvis $f: $fty,)*
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use ::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $($($fcfg)* { $crate::__field_write!($mode $inner &self.$f, map $wire); })*
                map.end()
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Members;

                impl<'de> ::serde::de::Visitor<'de> for Members {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str(concat!("an object (", stringify!($name), ")"))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<Self::Value, A::Error> {
                        $($($fcfg)* let mut $f = $crate::__field_slot!($mode $inner);)*
                        while let Some(key) = map.next_key::<$crate::__private::Key<'de>>()? {
                            $($($fcfg)* { if $crate::__field_read!($mode $inner $f key map $wire) {
                                continue;
                            } })*
                            map.next_value::<::serde::de::IgnoredAny>()?;
                        }
                        Ok($name { $($($fcfg)* $f: $crate::__field_value!($mode $inner $f $wire),)* })
                    }
                }

                deserializer.deserialize_map(Members)
            }
        }

        #[cfg(feature = "schema")]
        const _: () = {
            impl ::schemars::JsonSchema for $name {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                    #[derive(::schemars::JsonSchema)]
                    $($docs)*
                    $($rootattr)*
                    #[schemars(rename_all = "camelCase")]
                    #[allow(dead_code)]
                    struct Root {
                        $($($fdoc)* $($fcfg)* $($fattr)* $f: $crate::__field_type!($mode $inner),)*
                    }
                    let mut schema = $crate::schema::optional(
                        <Root as ::schemars::JsonSchema>::json_schema(generator),
                    );
                    $($($fcfg)* { $crate::__field_schema!(schema generator $mode $inner $wire); })*
                    schema
                }
            }
        };
    };
}
