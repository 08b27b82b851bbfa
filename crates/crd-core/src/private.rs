//! What the derives call; not for direct use.

use k8s_openapi::Resource;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

pub use k8s_openapi;
pub use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
#[cfg(feature = "schema")]
pub use schemars;
pub use serde;

/// The value of a field that must be there.
pub fn present<T, E: de::Error>(value: Option<T>, name: &'static str) -> Result<T, E> {
    value.ok_or_else(|| E::missing_field(name))
}

pub fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

pub fn named(name: String) -> ObjectMeta {
    ObjectMeta {
        name: Some(name),
        ..ObjectMeta::default()
    }
}

pub fn label(metadata: &mut ObjectMeta, key: String, value: String) {
    metadata.labels.get_or_insert_default().insert(key, value);
}

pub fn annotate(metadata: &mut ObjectMeta, key: String, value: String) {
    metadata
        .annotations
        .get_or_insert_default()
        .insert(key, value);
}

/// Collects apiVersion, kind and metadata while a root object is read.
pub struct Head<T> {
    api_version: bool,
    kind: bool,
    metadata: Option<ObjectMeta>,
    root: PhantomData<T>,
}

impl<T: Resource> Head<T> {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self {
            api_version: false,
            kind: false,
            metadata: None,
            root: PhantomData,
        }
    }

    /// Reads the member if it is one of the three.
    pub fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        map: &mut A,
    ) -> Result<bool, A::Error> {
        match key {
            "apiVersion" => {
                map.next_value_seed(Exactly(T::API_VERSION))?;
                self.api_version = true;
            }
            "kind" => {
                map.next_value_seed(Exactly(T::KIND))?;
                self.kind = true;
            }
            "metadata" => self.metadata = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub fn finish<E: de::Error>(self) -> Result<ObjectMeta, E> {
        if !self.api_version {
            return Err(E::missing_field("apiVersion"));
        }
        if !self.kind {
            return Err(E::missing_field("kind"));
        }
        Ok(self.metadata.unwrap_or_default())
    }
}

/// A member's name, borrowed where the format can lend it.
pub struct Key<'de>(Cow<'de, str>);

impl Deref for Key<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Key<'_> {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl<'de> de::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl<'de> Visitor<'de> for Name {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member's name")
            }

            fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }
        }

        deserializer.deserialize_str(Name)
    }
}

/// Accepts this string alone.
struct Exactly(&'static str);

impl<'de> DeserializeSeed<'de> for Exactly {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Exactly {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }

    fn visit_str<E: de::Error>(self, found: &str) -> Result<(), E> {
        if found == self.0 {
            Ok(())
        } else {
            Err(E::invalid_value(de::Unexpected::Str(found), &self))
        }
    }
}

/// Reads a discriminator and refuses what no arm has.
pub struct OneOf(pub &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for OneOf {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for OneOf {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", Listed(self.0))
    }

    fn visit_str<E: de::Error>(self, found: &str) -> Result<Self::Value, E> {
        self.0
            .iter()
            .find(|allowed| **allowed == found)
            .copied()
            .ok_or_else(|| E::invalid_value(de::Unexpected::Str(found), &self))
    }
}

/// Names as a text for people: `a`, `b`, `c`.
pub struct Listed(pub &'static [&'static str]);

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            write!(f, "`{name}`")?;
        }
        Ok(())
    }
}

/// Reads a value from its text without keeping the text.
pub fn read_text<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: std::str::FromStr,
    T::Err: fmt::Display,
    D: Deserializer<'de>,
{
    struct Text<T>(PhantomData<T>);

    impl<T: std::str::FromStr> Visitor<'_> for Text<T>
    where
        T::Err: fmt::Display,
    {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Text(PhantomData))
}

/// The error for a number that a set lacks.
pub fn no_such_number<E: de::Error>(found: i64, allowed: &[i64]) -> E {
    let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    let expected = format!("one of {}", allowed.join(", "));
    E::invalid_value(de::Unexpected::Signed(found), &expected.as_str())
}
