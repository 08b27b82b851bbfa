//! Patterns of DNS names, as Cilium writes them in rules about names.

use std::fmt;

/// A name, or a pattern with `*`: any characters of one label. `*` alone is every name, and a leading `**.` one label or more.
/// Case and a final dot do not count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NamePattern {
    text: String,
    is_pattern: bool,
}

impl NamePattern {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: normal(text),
            is_pattern: true,
        }
    }

    pub(crate) fn exact(text: &str) -> Self {
        Self {
            text: normal(text),
            is_pattern: false,
        }
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        let name = normal(name);
        if !self.is_pattern {
            return self.text == name;
        }
        if self.text == "*" {
            return true;
        }
        match self.text.strip_prefix("**.") {
            Some(rest) => {
                // One or more labels stand for the stars, and a pattern of its own for the rest.
                let dots = name.match_indices('.').map(|(at, _)| at);
                dots.filter(|&at| at > 0).any(|at| {
                    name.get(at + 1..)
                        .is_some_and(|tail| labels_match(rest, tail))
                })
            }
            None => labels_match(&self.text, &name),
        }
    }
}

fn normal(text: &str) -> String {
    text.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// Compares label by label, so that `*` does not cross a dot.
fn labels_match(pattern: &str, name: &str) -> bool {
    let (mut patterns, mut labels) = (pattern.split('.'), name.split('.'));
    loop {
        match (patterns.next(), labels.next()) {
            (None, None) => return true,
            (Some(pattern), Some(label)) if label_matches(pattern.as_bytes(), label.as_bytes()) => {
            }
            _ => return false,
        }
    }
}

/// `*` stands for any number of characters; linear in time, but for a factor of the stars.
fn label_matches(pattern: &[u8], label: &[u8]) -> bool {
    let (mut p, mut l) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while l < label.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p, l));
                p += 1;
            }
            Some(byte) if Some(byte) == label.get(l) => {
                p += 1;
                l += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    p = star + 1;
                    l = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .is_none_or(|rest| rest.iter().all(|byte| *byte == b'*'))
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_documented() {
        for (pattern, name, expected) in [
            ("*.example.test", "api.example.test", true),
            ("*.example.test", "a.b.example.test", false),
            ("*.example.test", "example.test", false),
            ("**.example.test", "a.b.example.test", true),
            ("**.example.test", "a.example.test.", true),
            ("**.example.test", "example.test", false),
            ("sub*.example.test", "subway.example.test", true),
            ("*", "anything.at.all", true),
            ("API.Example.Test", "api.example.test", true),
            ("one.o*e.one", "one.one.one", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
        ] {
            assert_eq!(
                NamePattern::new(pattern).matches(name),
                expected,
                "{pattern} {name}"
            );
        }
    }

    #[test]
    fn a_star_in_an_exact_name_is_no_pattern() {
        assert!(!NamePattern::exact("*.example.test").matches("api.example.test"));
    }
}
