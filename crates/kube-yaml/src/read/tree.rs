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
    use std::cell::Cell;

    use kube_value::Text;
    use serde_json::Value;

    use crate::read::fast::{self, Blocks, Read};

    thread_local! {
        /// What was read last, for the next text: a value there is shared, and its text is not read again.
        static BLOCKS: Cell<Blocks<kube_value::Value>> = Cell::default();
    }

    /// How readers make a value, and look at one.
    pub trait Build: Sized + Send + Sync + Clone + std::fmt::Debug {
        /// The key of a member.
        type Key;

        /// [`fast::read`] for this sort of value: compiled here, where all that it calls can be part of it.
        #[allow(clippy::option_option)]
        fn read(text: &str, first_line: usize, depth: usize) -> Option<Option<Read<Self>>>;

        /// The blocks that this thread has read, of values that several may share.
        fn blocks() -> Option<Blocks<Self>> {
            None
        }

        /// Keeps them for the next text.
        fn keep_blocks(_: Blocks<Self>) {}

        /// A key of which the fingerprint is known.
        fn key(text: Cow<'_, str>, fingerprint: u64) -> Self::Key;
        fn null() -> Self;
        fn text(text: Cow<'_, str>) -> Self;
        /// Of the items from `first` on, which are taken out.
        fn list(items: &mut Vec<Self>, first: usize) -> Self;
        /// Of the members from `first` on, whose keys differ; they are taken out.
        fn map(members: &mut Vec<(Self::Key, Self)>, first: usize) -> Self;
        fn from_json(value: Value) -> Self;

        /// The text of a member.
        fn member_text(&self, key: &str) -> Option<&str>;
        fn has(&self, key: &str) -> bool;
        fn is_object(&self) -> bool;
        fn is_null(&self) -> bool;
        /// Whether it is a list or an object.
        fn is_collection(&self) -> bool;
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

        fn list(items: &mut Vec<Self>, first: usize) -> Self {
            Self::Array(items.drain(first..).collect())
        }

        fn map(members: &mut Vec<(String, Self)>, first: usize) -> Self {
            Self::Object(members.drain(first..).collect())
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

        fn is_collection(&self) -> bool {
            self.is_object() || self.is_array()
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

        fn blocks() -> Option<Blocks<Self>> {
            Some(BLOCKS.take())
        }

        fn keep_blocks(blocks: Blocks<Self>) {
            BLOCKS.set(blocks);
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

        fn list(items: &mut Vec<Self>, first: usize) -> Self {
            Self::Array(items.drain(first..).collect())
        }

        fn map(members: &mut Vec<(Text, Self)>, first: usize) -> Self {
            Self::Object(kube_value::Map::of_distinct(members.drain(first..)))
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

        fn is_collection(&self) -> bool {
            self.is_object() || self.is_array()
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
