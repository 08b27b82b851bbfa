//! Differences that are meant.

/// A difference from upstream that is meant, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The CRD's name; `*` stands for any text.
    pub crd: String,
    /// The place in its inventory; `*` stands for any text.
    pub place: String,
    /// Why we differ.
    pub reason: String,
}

impl Listed {
    /// Reads a list: one entry per line, its three parts between tabs. Empty lines and lines that
    /// begin with `#` are skipped; so is a line without a reason.
    pub fn parse(text: &str) -> Vec<Self> {
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut parts = line.splitn(3, '\t').map(str::trim);
                let (crd, place, reason) = (parts.next()?, parts.next()?, parts.next()?);
                (!reason.is_empty()).then(|| Self {
                    crd: crd.to_owned(),
                    place: place.to_owned(),
                    reason: reason.to_owned(),
                })
            })
            .collect()
    }

    /// Whether the entry is about this place of this CRD.
    pub fn covers(&self, crd: &str, place: &str) -> bool {
        matches(&self.crd, crd) && matches(&self.place, place)
    }
}

/// Whether `text` is `pattern`, in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len())
                .filter(|at| rest.is_char_boundary(*at))
                .any(|at| matches(tail, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("v* spec.x", "v1beta1 spec.x", true),
            ("v* spec.x", "v1 spec.xy", false),
            ("*.x[]*", "v1 spec.x[].y", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_reason_is_needed() {
        assert_eq!(
            Listed::parse("# c\n\na\tb\na\tb\t \na\tb\twhy so\n").len(),
            1
        );
    }
}
