//! Rust names as they stand in JSON, and the nearest of several names.

use syn::Ident;

/// How names are spelled in JSON.
#[derive(Clone, Copy)]
pub(crate) enum Case {
    Camel,
    Pascal,
    Kebab,
    Snake,
    ScreamingSnake,
    Lower,
    Upper,
}

impl Case {
    const ALL: [(&'static str, Self); 7] = [
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
        ("kebab-case", Self::Kebab),
        ("snake_case", Self::Snake),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
    ];

    pub(crate) fn parse(text: &syn::LitStr) -> syn::Result<Self> {
        let value = text.value();
        let found = Self::ALL.iter().find(|(name, _)| *name == value);
        found.map(|(_, case)| *case).ok_or_else(|| {
            let known = Self::ALL.map(|(name, _)| name);
            syn::Error::new(text.span(), unknown("case", &value, &known))
        })
    }

    /// A field's name, which Rust writes in snake case, or an arm's, which it writes in Pascal case.
    pub(crate) fn of(self, ident: &Ident) -> String {
        let words = words(&plain(ident));
        match self {
            Self::Lower => words.concat(),
            Self::Upper => words.concat().to_uppercase(),
            Self::Kebab => words.join("-"),
            Self::Snake => words.join("_"),
            Self::ScreamingSnake => words.join("_").to_uppercase(),
            Self::Pascal => words.iter().map(|word| capital(word)).collect(),
            Self::Camel => {
                let (first, rest) = words
                    .split_first()
                    .map_or(("", [].as_slice()), |(a, b)| (a, b));
                rest.iter()
                    .fold(first.to_owned(), |name, word| name + &capital(word))
            }
        }
    }
}

/// A name without the `r#` of a raw identifier.
pub(crate) fn plain(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map_or(name.clone(), str::to_owned)
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in name.split('_').filter(|part| !part.is_empty()) {
        for (position, letter) in part.char_indices() {
            match words.last_mut() {
                Some(word) if position > 0 && !letter.is_ascii_uppercase() => word.push(letter),
                _ => words.push(letter.to_ascii_lowercase().to_string()),
            }
        }
    }
    words
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Says that a word is not among those known, and which was probably meant.
pub(crate) fn unknown(what: &str, found: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|name| (distance(&found.to_lowercase(), &name.to_lowercase()), *name))
        .filter(|(steps, name)| *steps <= 1 + name.len() / 4)
        .min();
    let meant = nearest.map_or(String::new(), |(_, name)| {
        format!("; did you mean `{name}`?")
    });
    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    format!(
        "unknown {what} `{found}`{meant} (known: {})",
        known.join(", ")
    )
}

/// How many letters must be changed, added or taken away to get from one word to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(case: Case, name: &str) -> String {
        let ident = name.strip_prefix("r#").map_or_else(
            || quote::format_ident!("{name}"),
            |raw| Ident::new_raw(raw, proc_macro2::Span::call_site()),
        );
        case.of(&ident)
    }

    #[test]
    fn names_take_the_case_asked_for() {
        for (name, camel, kebab) in [
            ("spec", "spec", "spec"),
            ("fixed_delay", "fixedDelay", "fixed-delay"),
            ("r#type", "type", "type"),
            ("type_", "type", "type"),
            ("a_b_c1", "aBC1", "a-b-c1"),
            ("RequestMirror", "requestMirror", "request-mirror"),
            ("V1Beta1", "v1Beta1", "v1-beta1"),
        ] {
            assert_eq!(of(Case::Camel, name), camel);
            assert_eq!(of(Case::Kebab, name), kebab);
        }
        assert_eq!(of(Case::Upper, "GetAll"), "GETALL");
        assert_eq!(of(Case::ScreamingSnake, "GetAll"), "GET_ALL");
        assert_eq!(of(Case::Pascal, "fixed_delay"), "FixedDelay");
    }

    #[test]
    fn a_near_miss_is_named() {
        let known = ["required", "rename", "embed"];
        assert!(unknown("key", "requird", &known).contains("did you mean `required`?"));
        assert!(!unknown("key", "zebra", &known).contains("did you mean"));
    }
}
