//! Names that differ by one letter: evidence that one of them is misspelt.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// Texts among which one looks for misspelt ones: found by what is left when a letter is taken out, so without comparing with
/// all of them. `T` stands for a text, such as its place in a list.
///
/// Two texts are one letter apart when a letter is missing, wrong, or has changed places with its neighbour, inside a word of at
/// least four letters. Those that differ by a digit, a letter at the end or a whole word are different names: `api-v1` and `api-v2`, `order` and
/// `orders`.
#[derive(Debug)]
pub struct Near<T> {
    /// Two texts, one behind the other, must have the hash of both as one text: few hashers promise that.
    hasher: RandomState,
    by_rest: HashMap<u64, Vec<T>>,
}

impl<T: Copy> Default for Near<T> {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            by_rest: HashMap::new(),
        }
    }
}

impl<T: Copy> Near<T> {
    /// Adds a text, and what stands for it.
    pub fn add(&mut self, text: &str, of: T) {
        for rest in rests(&self.hasher, text) {
            self.by_rest.entry(rest).or_default().push(of);
        }
    }

    /// Those whose text, which `text_of` tells, is one letter away from this one; perhaps several times.
    pub fn find<'s>(
        &'s self,
        text: &'s str,
        text_of: impl Fn(T) -> &'s str + 's,
    ) -> impl Iterator<Item = T> + 's {
        rests(&self.hasher, text)
            .into_iter()
            .filter_map(|rest| self.by_rest.get(&rest))
            .flatten()
            .copied()
            .filter(move |of| is_misspelt(text, text_of(*of)))
    }
}

/// The hashes of a text and of all that it becomes without one letter.
fn rests(hasher: &RandomState, text: &str) -> Vec<u64> {
    let hash = |before: &str, behind: &str| {
        let mut state = hasher.build_hasher();
        state.write(before.as_bytes());
        state.write(behind.as_bytes());
        state.finish()
    };
    let mut found = vec![hash(text, "")];
    // Long texts are no names.
    if text.len() <= 253 {
        let letters = text.char_indices();
        found
            .extend(letters.map(|(at, letter)| hash(&text[..at], &text[at + letter.len_utf8()..])));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether two names differ by one letter that is missing, wrong or in the wrong place, inside a word of at least four letters.
/// Names that differ by a digit, or by a word, are different names.
///
/// ```
/// use stack_model::is_misspelt;
///
/// assert!(is_misspelt("frontend", "frontnd"));
/// assert!(!is_misspelt("backend-v1", "backend-v2") && !is_misspelt("same", "same"));
/// ```
pub fn is_misspelt(one: &str, other: &str) -> bool {
    differ_in_one_place(one.as_bytes(), other.as_bytes()) && differ_in_one_letter(one, other)
}

fn differ_in_one_letter(one: &str, other: &str) -> bool {
    let (one_words, other_words) = (words(one), words(other));
    if one == other || one_words.len() != other_words.len() {
        return false;
    }
    let pairs = one_words.iter().zip(&other_words).enumerate();
    let mut differ = pairs.filter(|(_, (a, b))| a != b);
    let (Some((position, (a, b))), None) = (differ.next(), differ.next()) else {
        return false;
    };
    let is_last = position + 1 == one_words.len();
    is_one_letter_off(a.as_bytes(), b.as_bytes(), is_last)
}

/// Whether at most two bytes beside each other differ, or one is missing: what most names are refused by.
fn differ_in_one_place(one: &[u8], other: &[u8]) -> bool {
    let longest = one.len().max(other.len());
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let before = one.iter().zip(other).take_while(same).count();
    let (one, other) = (&one[before..], &other[before..]);
    let behind = one.iter().rev().zip(other.iter().rev());
    before + behind.take_while(same).count() + 2 >= longest
}

fn words(name: &str) -> Vec<&str> {
    name.split(['-', '.', '_', '/']).collect()
}

fn is_one_letter_off(one: &[u8], other: &[u8], is_last: bool) -> bool {
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if short.len() < 4 || long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short_rest, long_rest) = (&short[same..], &long[same..]);
    let letters = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_alphabetic);
    // A letter more at the end makes another name: a plural, the daemon of a program.
    let is_longer = short_rest.is_empty() && is_last;
    if short.len() < long.len() {
        return !is_longer && letters(&long_rest[..1]) && *short_rest == long_rest[1..];
    }
    let wrong = letters(&short_rest[..1])
        && letters(&long_rest[..1])
        && short_rest[1..] == long_rest[1..]
        && short.len() > 4;
    let swapped = short_rest.len() >= 2
        && letters(&short_rest[..2])
        && short_rest[0] == long_rest[1]
        && short_rest[1] == long_rest[0]
        && short_rest[2..] == long_rest[2..];
    wrong || swapped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_differs_in_one_letter_differs_in_one_place(
            before in "[ab-]{0,5}", one in "[abé.]{0,3}", other in "[abé.]{0,3}", behind in "[ab-]{0,5}"
        ) {
            let (one, other) = (format!("{before}{one}{behind}"), format!("{before}{other}{behind}"));
            prop_assert_eq!(is_misspelt(&one, &other), differ_in_one_letter(&one, &other));
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_told_from_another_name() {
        let misspelt = [
            ("frontend", "frontnd"),
            ("frontend", "forntend"),
            ("frontend", "frontemd"),
            ("demo-backend-v1", "demo-bakend-v1"),
            ("data", "dta-"),
        ];
        for (one, other) in &misspelt[..4] {
            assert!(
                is_misspelt(one, other) && is_misspelt(other, one),
                "{one} {other}"
            );
        }
        for (one, other) in [
            ("backend-v1", "backend-v2"),
            ("tls-backend", "tcp-backend"),
            ("web", "wbe"),
            ("svc-a", "svc-b"),
            ("orders", "order"),
            ("vertd", "vert"),
            ("shop1", "shop"),
            ("same", "same"),
            ("read", "road"),
            misspelt[4],
        ] {
            assert!(
                !is_misspelt(one, other) && !is_misspelt(other, one),
                "{one} {other}"
            );
        }
    }

    #[test]
    fn neighbours_are_found_without_looking_at_all() {
        let names = ["frontend", "backend", "backend-v2"];
        let mut near = Near::default();
        for (position, name) in names.iter().enumerate() {
            near.add(name, position);
        }
        let find = |text: &'static str| {
            let mut found: Vec<_> = near.find(text, |position| names[position]).collect();
            found.dedup();
            found
        };
        assert_eq!(find("bakcend"), [1]);
        assert_eq!(find("frontend"), [] as [usize; 0]);
    }
}
