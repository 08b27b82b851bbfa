//! Texts that several values share.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::fingerprint;
use crate::recent::Recent;

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
            recent
                .find(fingerprint, |known: &Self| equal(known, text))
                .unwrap_or_else(|| {
                    let made = Self(text.into());
                    recent.offer(fingerprint, &made);
                    made
                })
        })
    }

    /// Where it stands, if it may stand in several values: a text that nobody else holds is a long one.
    #[inline]
    pub(crate) fn shared_place(&self) -> Option<usize> {
        (Arc::strong_count(&self.0) > 1).then(|| self.place())
    }

    /// Where it stands.
    #[inline]
    pub(crate) fn place(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
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

/// Whether two texts are equal. Names of fields are compared so often that a call for each would be most of what it costs: they are
/// compared in words from both ends, which may overlap.
#[inline]
pub(crate) fn equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        0..4 => one.iter().eq(other),
        4..8 => {
            one.first_chunk::<4>() == other.first_chunk()
                && one.last_chunk::<4>() == other.last_chunk()
        }
        8..=16 => {
            one.first_chunk::<8>() == other.first_chunk()
                && one.last_chunk::<8>() == other.last_chunk()
        }
        _ => one == other,
    }
}

/// Longer texts are hardly ever written twice.
const LONGEST: usize = 64;

thread_local! {
    static RECENT: RefCell<Recent<Text>> = const { RefCell::new(Recent::new()) };
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
    use crate::recent::SLOTS;

    #[test]
    fn equal_short_texts_are_one_and_long_ones_are_not_kept() {
        let (one, other) = (Text::from("containerPort"), Text::from("containerPort"));
        assert!(Arc::ptr_eq(&one.0, &other.0));
        let long = "x".repeat(LONGEST + 1);
        let (one, other) = (Text::from(&long), Text::from(long));
        assert!(one == other && !Arc::ptr_eq(&one.0, &other.0));
    }

    #[test]
    fn texts_are_equal_where_all_their_bytes_are() {
        for length in 0..20 {
            let text = "a".repeat(length);
            assert!(equal(&text, &text.clone()));
            assert!(!equal(&text, &"a".repeat(length + 1)));
            for at in 0..length {
                let mut other = text.clone();
                other.replace_range(at..=at, "b");
                assert!(!equal(&text, &other), "{other}");
            }
        }
    }

    #[test]
    fn a_text_that_drives_another_out_leaves_it_as_it_was() {
        let texts: Vec<String> = (0..4 * SLOTS).map(|number| number.to_string()).collect();
        let made: Vec<Text> = texts.iter().map(Text::from).collect();
        assert!(texts.iter().zip(&made).all(|(text, made)| *made == **text));
    }
}
