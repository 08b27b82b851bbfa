//! Texts that several values share.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::fingerprint;

/// A text that does not change. Its clones share one piece of memory, and so do equal short texts that one thread made in
/// succession.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<str>);

impl Text {
    /// The text as a `&str`, for where it is not read as one by itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Text {
    /// The same as `Text::from`, for a caller who knows the [`fingerprint`] of the text already. With another number the text is
    /// the same, and hardly shared.
    pub fn with_fingerprint(text: &str, fingerprint: u64) -> Self {
        if text.len() > LONGEST {
            return Self(text.into());
        }
        RECENT.with_borrow_mut(|recent| {
            if recent.is_empty() {
                recent.resize(SLOTS, None);
            }
            // The high bits depend on all others.
            let slot = &mut recent[(fingerprint >> (u64::BITS - SLOTS.ilog2())) as usize];
            match slot {
                Some(known) if known.as_str() == text => known.clone(),
                _ => slot.insert(Self(text.into())).clone(),
            }
        })
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        match text.len() > LONGEST {
            true => Self(text.into()),
            false => Self::with_fingerprint(text, fingerprint(text)),
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

/// Longer texts are hardly ever written twice.
const LONGEST: usize = 64;

/// How many texts a thread remembers: more than there are field names in common use, and few enough to stay in its cache.
const SLOTS: usize = 1 << 12;

thread_local! {
    /// The texts that were made last, each in the slot of its hash: a newer one drives an older one out, so that whoever chooses
    /// texts to collide gains nothing but room that is not shared.
    static RECENT: RefCell<Vec<Option<Text>>> = const { RefCell::new(Vec::new()) };
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

/// So that maps and sets of texts can be asked with a `&str`.
impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_short_texts_are_one_and_long_ones_are_not_kept() {
        let (one, other) = (Text::from("containerPort"), Text::from("containerPort"));
        assert!(Arc::ptr_eq(&one.0, &other.0));
        let long = "x".repeat(LONGEST + 1);
        let (one, other) = (Text::from(&long), Text::from(long));
        assert!(one == other && !Arc::ptr_eq(&one.0, &other.0));
    }

    #[test]
    fn a_text_that_drives_another_out_leaves_it_as_it_was() {
        let texts: Vec<String> = (0..4 * SLOTS).map(|number| number.to_string()).collect();
        let made: Vec<Text> = texts.iter().map(Text::from).collect();
        assert!(texts.iter().zip(&made).all(|(text, made)| *made == **text));
    }
}
