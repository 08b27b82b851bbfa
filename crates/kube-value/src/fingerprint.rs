//! A number for a text.

/// A number for a text, made in a few nanoseconds: equal texts have equal numbers, and different ones hardly ever, unless somebody
/// chooses them to. Its high bits depend on all bytes of the text. It may be another one in another version of this crate.
#[inline]
pub fn fingerprint(text: &str) -> u64 {
    let mut print = text.len() as u64;
    let mut chunks = text.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        print = mixed(print, u64::from_le_bytes(word));
    }
    mixed(print, word_of(chunks.remainder()))
}

/// A number for what had this number so far and goes on with another one. Its high bits depend on all bits of both.
#[inline]
pub const fn mixed(print: u64, number: u64) -> u64 {
    (print.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Up to seven bytes as a number, without a loop over them: from both ends, where they may overlap.
#[inline]
fn word_of(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes) {
        (Some(first), Some(last), _) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        (.., [first, .., last]) => {
            let middle = u64::from(bytes[bytes.len() / 2]);
            u64::from(*first) | middle << 8 | u64::from(*last) << 16
        }
        (.., [only]) => u64::from(*only),
        (.., []) => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_change_of_any_byte_and_of_the_length_shows() {
        let mut seen = HashSet::new();
        for length in 0..40 {
            let text = "a".repeat(length);
            assert!(seen.insert(fingerprint(&text) >> 32), "{length}");
            for at in 0..length {
                let mut other = text.clone();
                other.replace_range(at..=at, "b");
                assert!(seen.insert(fingerprint(&other) >> 32), "{other}");
            }
        }
    }
}
