//! Values that charts make up anew with each rendering, as components declare them.

/// A value that a chart makes up where nobody gives it one: a password, a key, a certificate. Rendered twice, it is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generates {
    /// The kind of the object: `Secret`.
    pub kind: &'static str,
    /// The name of the object; one `*` stands for anything.
    pub name: &'static str,
    /// Where it stands, with all below it: `data`; `[]` after a name means every item of that list.
    pub path: &'static str,
    /// JSON pointer into the values of the release: where they set it, the chart makes nothing up. Empty where nothing helps.
    pub unless: &'static str,
}

/// What is known of the chart of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) release: String,
    pub(crate) version: String,
    pub(crate) values: Vec<Generates>,
}

impl Generates {
    /// Whether the name is one that is meant.
    #[must_use]
    pub fn is_of(&self, kind: &str, name: &str) -> bool {
        let fits = match self.name.split_once('*') {
            None => self.name == name,
            Some((begin, end)) => {
                name.len() >= begin.len() + end.len()
                    && name.starts_with(begin)
                    && name.ends_with(end)
            }
        };
        self.kind == kind && fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, expected) in [
            ("hubble-*-certs", "hubble-server-certs", true),
            ("hubble-*-certs", "hubble-certs", false),
            ("*-keypair", "web-keypair", true),
            ("*", "", true),
            ("ab*ba", "aba", false),
            ("a", "ab", false),
        ] {
            let of = Generates {
                kind: "Secret",
                name: pattern,
                path: "data",
                unless: "",
            };
            assert_eq!(of.is_of("Secret", name), expected, "{pattern} {name}");
            assert!(!of.is_of("ConfigMap", name));
        }
    }
}
