//! Which known word is meant by an unknown one.

/// The known word that is at most two edits away, or the same but for upper and lower case.
pub(super) fn nearest<'n>(known: impl Iterator<Item = &'n str>, word: &str) -> Option<&'n str> {
    // Longer texts are no typing errors, and comparing them is slow.
    if word.len() > 64 {
        return None;
    }
    let most = (word.chars().count() / 3).min(2);
    let lower = word.to_lowercase();
    known
        .filter(|known| known.len().abs_diff(word.len()) <= 2)
        .map(|known| (distance(&known.to_lowercase(), &lower), known))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| known)
}

/// How many letters must be put in, left out or replaced.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().enumerate() {
        let mut corner = index;
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
        for (column, other) in right.iter().enumerate() {
            let replaced = corner + usize::from(letter != *other);
            let [before, above] = [row[column], row[column + 1]];
            corner = above;
            row[column + 1] = replaced.min(before + 1).min(above + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_found() {
        let known = ["containers", "image", "Deployment", "Secret", "env"];
        for (word, near) in [
            ("imagee", Some("image")),
            ("Deployement", Some("Deployment")),
            ("Secrets", Some("Secret")),
            ("Containers", Some("containers")),
            ("bogus", None),
            ("emv", Some("env")),
            ("", None),
        ] {
            assert_eq!(nearest(known.into_iter(), word), near, "{word}");
        }
    }
}
