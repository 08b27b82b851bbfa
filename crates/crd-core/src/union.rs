//! Values that are exactly one of several things.

use serde::de::{self, MapAccess};
use serde::ser::SerializeMap;

use crate::private::{Listed, OneOf};

/// A union that can also live among other members of one object. Written by
/// [`union!`](crate::union!).
pub trait Embedded: Sized {
    /// What was read so far.
    type Partial: Default;

    /// Reads the value of `key` if it is one of the union's members: true if it was.
    ///
    /// # Errors
    ///
    /// Those of the value, and a second member.
    fn member<'de, A: MapAccess<'de>>(
        partial: &mut Self::Partial,
        key: &str,
        map: &mut A,
    ) -> Result<bool, A::Error>;

    /// The union, once all members are read; `Ok(None)` if there was none.
    ///
    /// # Errors
    ///
    /// A discriminator that disagrees with the members.
    fn finish<E: de::Error>(partial: Self::Partial) -> Result<Option<Self>, E>;

    /// Writes the union's members.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;

    /// The members of the union, for messages.
    const MEMBERS: &'static [&'static str];
}

/// The value of a union that must not be absent.
///
/// # Errors
///
/// A message that lists the members.
pub fn required<U: Embedded, E: de::Error>(union: Option<U>) -> Result<U, E> {
    union.ok_or_else(|| {
        E::custom(format_args!(
            "exactly one of {} must be set; none is",
            Listed(U::MEMBERS)
        ))
    })
}

/// What was read of a union.
#[doc(hidden)]
#[derive(Debug)]
pub struct Partial<T> {
    tag: Option<&'static str>,
    body: Option<(&'static str, T)>,
}

impl<T> Default for Partial<T> {
    fn default() -> Self {
        Self {
            tag: None,
            body: None,
        }
    }
}

/// One arm of a union: its tag, and its member if it has one.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    pub(crate) tag: &'static str,
    pub(crate) member: Option<&'static str>,
    pub(crate) experimental: bool,
}

impl Arm {
    #[doc(hidden)]
    pub const fn new(tag: &'static str, member: Option<&'static str>) -> Self {
        Self {
            tag,
            member,
            experimental: false,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn experimental(mut self) -> Self {
        self.experimental = true;
        self
    }
}

impl<T> Partial<T> {
    #[doc(hidden)]
    pub fn read_tag<'de, A: MapAccess<'de>>(
        &mut self,
        tags: &'static [&'static str],
        map: &mut A,
    ) -> Result<(), A::Error> {
        self.tag = map.next_value_seed(Nullable(OneOf(tags)))?;
        Ok(())
    }

    #[doc(hidden)]
    pub fn read_body<'de, V: serde::Deserialize<'de>, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        arm: fn(V) -> T,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let Some(value) = map.next_value::<Option<V>>()? else {
            return Ok(());
        };
        if let Some((first, _)) = &self.body {
            return Err(de::Error::custom(format_args!(
                "`{first}` and `{member}` exclude each other; set one of them"
            )));
        }
        self.body = Some((member, arm(value)));
        Ok(())
    }

    #[doc(hidden)]
    pub fn into_body(self) -> Option<T> {
        self.body.map(|(_, body)| body)
    }

    #[doc(hidden)]
    pub fn into_tagged<E: de::Error>(
        self,
        key: &'static str,
        arms: &'static [Arm],
        unit: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, E> {
        let member_of = |tag: &str| {
            arms.iter()
                .find(|arm| arm.tag == tag)
                .and_then(|arm| arm.member)
        };
        match (self.tag, self.body) {
            (None, None) => Ok(None),
            (None, Some((member, _))) => {
                let tag = arms.iter().find(|arm| arm.member == Some(member));
                Err(E::custom(format_args!(
                    "`{member}` is set, which demands `{key}: {}`; `{key}` is missing",
                    tag.map_or("", |arm| arm.tag)
                )))
            }
            (Some(tag), Some((member, body))) if member_of(tag) == Some(member) => Ok(Some(body)),
            (Some(tag), Some((member, _))) => Err(E::custom(format_args!(
                "`{key}` is `{tag}`, but `{member}` is set{}",
                Instead(member_of(tag))
            ))),
            (Some(tag), None) => match (unit(tag), member_of(tag)) {
                (Some(value), _) => Ok(Some(value)),
                (None, member) => Err(E::custom(format_args!(
                    "`{key}` is `{tag}`, which demands the member `{}`; it is missing",
                    member.unwrap_or_default()
                ))),
            },
        }
    }
}

struct Instead(Option<&'static str>);

impl std::fmt::Display for Instead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(member) => write!(f, " instead of `{member}`"),
            None => f.write_str(", and this type has no member of its own"),
        }
    }
}

/// Reads `null` as absent.
struct Nullable<S>(S);

impl<'de, S: de::DeserializeSeed<'de>> de::DeserializeSeed<'de> for Nullable<S> {
    type Value = Option<S::Value>;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, S: de::DeserializeSeed<'de>> de::Visitor<'de> for Nullable<S> {
    type Value = Option<S::Value>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string or null")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        self.0.deserialize(deserializer).map(Some)
    }
}

/// Writes an enum whose value is one member of an object, with serde and schema code that keeps
/// error paths and reports unknown members (serde's own tagged and flattened forms do not).
///
/// The enum gets Clone, Debug and PartialEq (`#[derive(...)]` adds others), Serialize, Deserialize,
/// a structural `schemars::JsonSchema` behind the feature `schema` of the crate that calls the
/// macro, [`Embedded`](crate::union::Embedded), and `name()`: the member's name, or the
/// discriminator's value where there is one.
///
/// # One member, named after what it is
///
/// ```
/// crd_core::union! {
///     /// How a string is compared.
///     pub enum StringMatch {
///         /// All of it.
///         Exact(String) = "exact",
///         /// Its beginning.
///         Prefix(String) = "prefix",
///     }
/// }
///
/// let read = |json: &str| serde_json::from_str::<StringMatch>(json);
/// assert_eq!(read(r#"{"exact": "x"}"#)?, StringMatch::Exact("x".to_owned()));
/// let error = read(r#"{"exact": "x", "prefix": "y"}"#).unwrap_err().to_string();
/// assert!(error.starts_with("`exact` and `prefix` exclude each other"), "{error}");
/// let error = read("{}").unwrap_err().to_string();
/// assert!(error.starts_with("exactly one of `exact`, `prefix` must be set"), "{error}");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # A discriminator and a member named after it
///
/// The discriminator's value is the arm's name, or what `#[tag("...")]` says. An arm without a
/// body is the discriminator alone.
///
/// ```
/// crd_core::union! {
///     /// What is done to a path.
///     #[union(tag = "type")]
///     pub enum PathChange {
///         /// Another path.
///         ReplaceFullPath(String) = "replaceFullPath",
///         /// Another host and path; the API shouts its name.
///         #[tag("FullURL")]
///         FullUrl(String) = "fullUrl",
///         /// Nothing.
///         Keep,
///     }
/// }
///
/// let read = |json: &str| serde_json::from_str::<PathChange>(json);
/// assert_eq!(read(r#"{"type": "Keep"}"#)?, PathChange::Keep);
/// let value = PathChange::FullUrl("u".to_owned());
/// assert_eq!(serde_json::to_string(&value)?, r#"{"type":"FullURL","fullUrl":"u"}"#);
///
/// let error = read(r#"{"type": "FullURL", "replaceFullPath": "/x"}"#).unwrap_err().to_string();
/// assert!(error.starts_with("`type` is `FullURL`, but `replaceFullPath` is set"), "{error}");
/// let error = read(r#"{"type": "FullURL"}"#).unwrap_err().to_string();
/// assert!(error.starts_with("`type` is `FullURL`, which demands the member `fullUrl`"), "{error}");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Among other members
///
/// A union of either form can be a field of an [`object!`](crate::object) or
/// [`resource!`](crate::resource) with `#[embed]`; its members then stand beside the others.
///
/// # In the schema
///
/// The members are properties, and a `oneOf` (structural, so the API server accepts it) demands
/// exactly one. With `#[union(tag = "type", cel)]` the same is said with two CEL rules per member
/// in place of the `oneOf`, as Gateway API does. `#[schemars(...)]` on the enum or on an arm adds
/// to the schema of the object or of the member.
///
/// `#[cfg(...)]` works on arms. A `null` member counts as absent.
#[macro_export]
macro_rules! union {
    (
        $(#[doc = $doc:expr])*
        #[union(tag = $tag:literal $(, $style:ident)?)]
        $(#[derive($($derive:tt)*)])*
        $(#[schemars($($schemars:tt)*)])*
        $vis:vis enum $name:ident { $($body:tt)* }
    ) => {
        $crate::__union! {
            @ { [$(#[doc = $doc])*] [$(#[derive($($derive)*)])*] [$(#[schemars($($schemars)*)])*] [$vis] $name [$tag] [$($style)?] }
            [] [] [] [] [] $($body)*
        }
    };
    (
        $(#[doc = $doc:expr])*
        $(#[derive($($derive:tt)*)])*
        $(#[schemars($($schemars:tt)*)])*
        $vis:vis enum $name:ident { $($body:tt)* }
    ) => {
        $crate::__union! {
            @ { [$(#[doc = $doc])*] [$(#[derive($($derive)*)])*] [$(#[schemars($($schemars)*)])*] [$vis] $name [] [] }
            [] [] [] [] [] $($body)*
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union {
    // One arm's attributes: [docs] [cfg] [schema attributes] [tag]
    (@ $head:tt $done:tt [$($doc:tt)*] $cfg:tt $schema:tt $tag:tt #[doc = $d:expr] $($rest:tt)*) => {
        $crate::__union! { @ $head $done [$($doc)* #[doc = $d]] $cfg $schema $tag $($rest)* }
    };
    (@ $head:tt $done:tt $doc:tt [$($cfg:tt)*] $schema:tt $tag:tt #[cfg($($c:tt)*)] $($rest:tt)*) => {
        $crate::__union! { @ $head $done $doc [$($cfg)* #[cfg($($c)*)]] $schema $tag $($rest)* }
    };
    (@ $head:tt $done:tt $doc:tt $cfg:tt [$($schema:tt)*] $tag:tt #[schemars($($s:tt)*)] $($rest:tt)*) => {
        $crate::__union! { @ $head $done $doc $cfg [$($schema)* #[schemars($($s)*)]] $tag $($rest)* }
    };
    (@ $head:tt $done:tt $doc:tt $cfg:tt $schema:tt [] #[tag($t:literal)] $($rest:tt)*) => {
        $crate::__union! { @ $head $done $doc $cfg $schema [$t] $($rest)* }
    };
    // The arm itself.
    (@ $head:tt $done:tt $doc:tt $cfg:tt $schema:tt [] $arm:ident $($rest:tt)*) => {
        $crate::__union! { @ $head $done $doc $cfg $schema [stringify!($arm)] $arm $($rest)* }
    };
    (@ $head:tt [$($done:tt)*] $doc:tt $cfg:tt $schema:tt [$tag:expr] $arm:ident ($t:ty) = $member:literal $(, $($rest:tt)*)?) => {
        $crate::__union! { @ $head [$($done)* { $doc $cfg $schema $arm ($tag) [$t] $member }] [] [] [] [] $($($rest)*)? }
    };
    (@ $head:tt [$($done:tt)*] $doc:tt $cfg:tt $schema:tt [$tag:expr] $arm:ident $(, $($rest:tt)*)?) => {
        $crate::__union! { @ $head [$($done)* { $doc $cfg $schema $arm ($tag) }] [] [] [] [] $($($rest)*)? }
    };
    // All arms are read.
    (@ { [$($docs:tt)*] [$($derive:tt)*] $rootattr:tt [$vis:vis] $name:ident $tag:tt $style:tt }
        [$({ [$($doc:tt)*] [$($cfg:tt)*] $schema:tt $arm:ident ($armtag:expr) $([$t:ty] $member:literal)? })*] [] [] [] []
    ) => {
        $($docs)*
        #[derive(Clone, Debug, PartialEq)]
        $($derive)*
        $vis enum $name {
            $($($doc)* $($cfg)* $arm $(($t))?,)*
        }

        impl $name {
            /// Which of the arms it is, in the API's own word.
            pub fn name(&self) -> &'static str {
                match self {
                    $($($cfg)* Self::$arm { .. } => $crate::__union_name!($tag ($armtag) $($member)?),)*
                }
            }
        }

        impl $crate::union::Embedded for $name {
            type Partial = $crate::union::Partial<Self>;

            const MEMBERS: &'static [&'static str] = &[$($($cfg)* $crate::__union_name!($tag ($armtag) $($member)?)),*];

            fn member<'de, A: ::serde::de::MapAccess<'de>>(
                partial: &mut Self::Partial,
                key: &str,
                map: &mut A,
            ) -> Result<bool, A::Error> {
                $crate::__union_read_tag!($tag partial key map);
                $($($cfg)* $crate::__union_read!(partial key map $arm $([$t] $member)?);)*
                Ok(false)
            }

            fn finish<E: ::serde::de::Error>(partial: Self::Partial) -> Result<::core::option::Option<Self>, E> {
                $crate::__union_finish! { $tag partial [$({ [$($cfg)*] $arm ($armtag) $($member)? })*] }
            }

            fn write<M: ::serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $crate::__union_write_tag!($tag self map);
                match self {
                    $($($cfg)* $crate::__union_bind!($arm value $($member)?) => $crate::__union_write!(map value $($member)?),)*
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $crate::union::Embedded::write(self, &mut map)?;
                ::serde::ser::SerializeMap::end(map)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::__private::read_union(deserializer)
            }
        }

        #[cfg(feature = "schema")]
        const _: () = {
            impl ::schemars::JsonSchema for $name {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                    let mut schema = $crate::__union_schema_root!(generator [$($docs)*] $rootattr);
                    $crate::__union_schema_tag!($tag schema);
                    $($($cfg)* $crate::__union_schema_arm!(schema generator [$($doc)*] $schema $arm $([$t] $member)?);)*
                    $crate::schema::finish_union(
                        &mut schema,
                        $crate::__union_tag!($tag),
                        &[$($($cfg)* $crate::union::Arm::new($armtag, $crate::__union_member!($($member)?))),*],
                        $crate::__union_cel!($style),
                    );
                    schema
                }
            }
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_name {
    ([] ($tag:expr) $member:literal) => {
        $member
    };
    ([$key:literal] ($tag:expr) $($member:literal)?) => {
        $tag
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_member {
    () => {
        ::core::option::Option::None
    };
    ($member:literal) => {
        ::core::option::Option::Some($member)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_tag {
    ([]) => {
        ::core::option::Option::None
    };
    ([$key:literal]) => {
        ::core::option::Option::Some($key)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_cel {
    ([]) => {
        false
    };
    ([cel]) => {
        true
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_read_tag {
    ([] $partial:ident $key:ident $map:ident) => {};
    ([$tag:literal] $partial:ident $key:ident $map:ident) => {
        if $key == $tag {
            $partial.read_tag(<Self as $crate::union::Embedded>::MEMBERS, $map)?;
            return Ok(true);
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_read {
    ($partial:ident $key:ident $map:ident $arm:ident) => {};
    ($partial:ident $key:ident $map:ident $arm:ident [$t:ty] $member:literal) => {
        if $key == $member {
            $partial.read_body::<$t, A>($member, Self::$arm, $map)?;
            return Ok(true);
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_finish {
    ([] $partial:ident $arms:tt) => {
        Ok($partial.into_body())
    };
    ([$key:literal] $partial:ident [$({ [$($cfg:tt)*] $arm:ident ($tag:expr) $($member:literal)? })*]) => {
        $partial.into_tagged(
            $key,
            const { &[$($($cfg)* $crate::union::Arm::new($tag, $crate::__union_member!($($member)?))),*] },
            |tag| {
                $($($cfg)* $crate::__union_unit!(tag ($tag) $arm $($member)?);)*
                let _ = tag;
                None
            },
        )
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_unit {
    ($found:ident ($tag:expr) $arm:ident $member:literal) => {};
    ($found:ident ($tag:expr) $arm:ident) => {
        if $found == $tag {
            return Some(Self::$arm);
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_bind {
    ($arm:ident $value:ident) => {
        Self::$arm
    };
    ($arm:ident $value:ident $member:literal) => {
        Self::$arm($value)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_write_tag {
    ([] $self:ident $map:ident) => {};
    ([$tag:literal] $self:ident $map:ident) => {
        $map.serialize_entry($tag, $self.name())?;
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_write {
    ($map:ident $value:ident) => {
        Ok(())
    };
    ($map:ident $value:ident $member:literal) => {
        $map.serialize_entry($member, $value)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_schema_root {
    ($generator:ident [$($docs:tt)*] [$($attrs:tt)*]) => {{
        #[derive(::schemars::JsonSchema)]
        $($docs)*
        $($attrs)*
        struct Root {}
        <Root as ::schemars::JsonSchema>::json_schema($generator)
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_schema_tag {
    ([] $schema:ident) => {};
    ([$tag:literal] $schema:ident) => {
        $crate::schema::add_tag(
            &mut $schema,
            $tag,
            <Self as $crate::union::Embedded>::MEMBERS,
        );
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __union_schema_arm {
    ($schema:ident $generator:ident $doc:tt $attrs:tt $arm:ident) => {};
    ($schema:ident $generator:ident [$($doc:tt)*] [$($attrs:tt)*] $arm:ident [$t:ty] $member:literal) => {{
        #[derive(::schemars::JsonSchema)]
        #[allow(dead_code, non_snake_case)]
        struct Member {
            $($doc)*
            $($attrs)*
            #[schemars(rename = $member)]
            $arm: ::core::option::Option<$t>,
        }
        $crate::schema::merge(
            &mut $schema,
            $crate::schema::optional(<Member as ::schemars::JsonSchema>::json_schema($generator)),
        );
    }};
}
