//! What documents are read into.

use serde_json::Value;

use self::build::Build;

/// A value that documents are read into: `serde_json`'s, which can be changed, or `kube_value`'s, which takes less than half the
/// memory and is read in less time. There are no others.
pub trait Tree: Build {}

impl Tree for Value {}
impl Tree for kube_value::Value {}

pub(super) mod build {
    use std::borrow::Cow;

    use kube_value::Text;
    use serde_json::{Map, Value};

    use crate::read::fast::{self, Read};

    /// How readers make a value, and look at one.
    pub trait Build: Sized + Send + Sync + Clone + std::fmt::Debug {
        /// The key of a member.
        type Key;

        /// [`fast::read`] for this sort of value: compiled here, where all that it calls can be part of it.
        #[allow(clippy::option_option)]
        fn read(text: &str, first_line: usize, depth: usize) -> Option<Option<Read<Self>>>;

        /// A key of which the fingerprint is known.
        fn key(text: Cow<'_, str>, fingerprint: u64) -> Self::Key;
        fn null() -> Self;
        fn text(text: Cow<'_, str>) -> Self;
        fn list(items: impl ExactSizeIterator<Item = Self>) -> Self;
        /// Of members whose keys differ.
        fn map(members: impl ExactSizeIterator<Item = (Self::Key, Self)>) -> Self;
        fn from_json(value: Value) -> Self;

        /// The text of a member.
        fn member_text(&self, key: &str) -> Option<&str>;
        fn has(&self, key: &str) -> bool;
        fn is_object(&self) -> bool;
        fn is_null(&self) -> bool;
        /// The value of a member; what is left is of no use.
        fn into_member(self, key: &str) -> Option<Self>;
        fn into_items(self) -> Option<Vec<Self>>;
        /// The object with a member more.
        fn with_text(self, key: &str, text: &str) -> Self;
    }

    impl Build for Value {
        type Key = String;

        fn read(text: &str, first_line: usize, depth: usize) -> Option<Option<Read<Self>>> {
            fast::read(text, first_line, depth)
        }

        fn key(text: Cow<'_, str>, _: u64) -> String {
            text.into_owned()
        }

        fn null() -> Self {
            Self::Null
        }

        fn text(text: Cow<'_, str>) -> Self {
            Self::String(text.into_owned())
        }

        fn list(items: impl ExactSizeIterator<Item = Self>) -> Self {
            Self::Array(items.collect())
        }

        fn map(members: impl ExactSizeIterator<Item = (String, Self)>) -> Self {
            let mut map = Map::with_capacity(members.len());
            for (key, value) in members {
                map.insert(key, value);
            }
            Self::Object(map)
        }

        fn from_json(value: Value) -> Self {
            value
        }

        fn member_text(&self, key: &str) -> Option<&str> {
            self.get(key)?.as_str()
        }

        fn has(&self, key: &str) -> bool {
            self.get(key).is_some()
        }

        fn is_object(&self) -> bool {
            self.is_object()
        }

        fn is_null(&self) -> bool {
            self.is_null()
        }

        fn into_member(mut self, key: &str) -> Option<Self> {
            self.get_mut(key).map(Self::take)
        }

        fn into_items(self) -> Option<Vec<Self>> {
            match self {
                Self::Array(items) => Some(items),
                _ => None,
            }
        }

        fn with_text(mut self, key: &str, text: &str) -> Self {
            if let Some(members) = self.as_object_mut() {
                members.insert(key.to_owned(), text.into());
            }
            self
        }
    }

    impl Build for kube_value::Value {
        type Key = Text;

        fn read(text: &str, first_line: usize, depth: usize) -> Option<Option<Read<Self>>> {
            fast::read(text, first_line, depth)
        }

        fn key(text: Cow<'_, str>, fingerprint: u64) -> Text {
            Text::with_fingerprint(&text, fingerprint)
        }

        fn null() -> Self {
            Self::Null
        }

        fn text(text: Cow<'_, str>) -> Self {
            Self::String(Text::from(&*text))
        }

        fn list(items: impl ExactSizeIterator<Item = Self>) -> Self {
            Self::Array(items.collect())
        }

        fn map(members: impl ExactSizeIterator<Item = (Text, Self)>) -> Self {
            Self::Object(kube_value::Map::of_distinct(members))
        }

        fn from_json(value: Value) -> Self {
            value.into()
        }

        fn member_text(&self, key: &str) -> Option<&str> {
            self.get(key)?.as_str()
        }

        fn has(&self, key: &str) -> bool {
            self.get(key).is_some()
        }

        fn is_object(&self) -> bool {
            self.is_object()
        }

        fn is_null(&self) -> bool {
            self.is_null()
        }

        fn into_member(self, key: &str) -> Option<Self> {
            let Self::Object(members) = self else {
                return None;
            };
            let mut members = members.into_iter();
            members.find_map(|(name, value)| (name == *key).then_some(value))
        }

        fn into_items(self) -> Option<Vec<Self>> {
            self.into_array()
        }

        fn with_text(self, key: &str, text: &str) -> Self {
            self.with(key, text)
        }
    }
}
