//! Values that are exactly one of several things.

use std::marker::PhantomData;

use serde::de::{self, MapAccess};
use serde::ser::SerializeMap;

use crate::private::{Key, Listed, OneOf};

/// A union that can also live among other members of one object. [`derive(Union)`](crate::Union) implements it.
pub trait Embedded: Sized {
    /// What collects the members until the object ends.
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
    /// What came before `body`, where the API takes several members.
    others: Vec<T>,
}

impl<T> Default for Partial<T> {
    fn default() -> Self {
        Self {
            tag: None,
            body: None,
            others: Vec::new(),
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
        self.tag = map.next_value_seed(Tag::<T>(tags, PhantomData))?;
        Ok(())
    }

    #[doc(hidden)]
    pub fn read_body<'de, V: serde::Deserialize<'de>, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        arm: fn(V) -> T,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let Some(value) = map.next_value_seed(Body::<T, V>(PhantomData))? else {
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

    /// Reads a member of which several may be set.
    #[doc(hidden)]
    pub fn read_another<'de, V: serde::Deserialize<'de>, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        arm: fn(V) -> T,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let first = self.body.take();
        self.read_body(member, arm, map)?;
        match self.body {
            Some(_) => self.others.extend(first.map(|(_, value)| value)),
            None => self.body = first,
        }
        Ok(())
    }

    /// The one that was set, or all, in their order.
    #[doc(hidden)]
    pub fn into_several(mut self, several: fn(Vec<T>) -> T) -> Option<T> {
        let (_, last) = self.body?;
        if self.others.is_empty() {
            return Some(last);
        }
        self.others.push(last);
        Some(several(self.others))
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

/// Reads the value of a member of the union `T`; its name tells tools which union that is.
struct Body<T, V>(PhantomData<(T, V)>);

impl<'de, T, V: serde::Deserialize<'de>> de::DeserializeSeed<'de> for Body<T, V> {
    type Value = Option<V>;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Option<V>, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

/// Reads the discriminator of the union `T`.
struct Tag<T>(&'static [&'static str], PhantomData<T>);

impl<'de, T> de::DeserializeSeed<'de> for Tag<T> {
    type Value = Option<&'static str>;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        Nullable(OneOf(self.0)).deserialize(deserializer)
    }
}

/// Reads a union that has an object of its own.
#[doc(hidden)]
pub fn read_union<'de, U: Embedded, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<U, D::Error> {
    struct Alone<U>(std::marker::PhantomData<U>);

    impl<'de, U: Embedded> de::Visitor<'de> for Alone<U> {
        type Value = U;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "an object with one of {}", Listed(U::MEMBERS))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<U, A::Error> {
            let mut partial = U::Partial::default();
            while let Some(key) = map.next_key::<Key<'de>>()? {
                if !U::member(&mut partial, &key, &mut map)? {
                    map.next_value::<de::IgnoredAny>()?;
                }
            }
            required(U::finish(partial)?)
        }
    }

    deserializer.deserialize_map(Alone(std::marker::PhantomData))
}
