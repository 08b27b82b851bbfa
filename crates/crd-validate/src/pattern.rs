//! Regular expressions as the server reads them: Go's RE2, translated to the syntax of the crate `regex`.

use std::sync::OnceLock;

pub(crate) use regex_automata::meta::Regex;
use regex_automata::nfa::thompson::WhichCaptures;

/// A longer pattern is cut in messages.
const MOST_SHOWN: usize = 60;

/// Patterns that many definitions have, and what they mean.
const IN_WORDS: [(&str, &str); 24] = [
    (
        r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        "a DNS label: lower-case letters, digits and '-'",
    ),
    (
        r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        "a DNS name: lower-case letters, digits, '-' and '.'",
    ),
    (
        r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        "a DNS name of lower-case letters, whose first label may be '*'",
    ),
    (
        r"^(\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        "a DNS name of lower-case letters, whose first label may be '*'",
    ),
    (
        r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
        "a name, or a domain and a name such as example.com/name",
    ),
    (
        r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$",
        "a domain and a path, such as example.com/name",
    ),
    (
        r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$",
        "an amount such as 2, 500m or 1Gi",
    ),
    (
        r"^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$",
        "a duration such as 30s or 1d12h",
    ),
    (
        r"^(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$",
        "a port or the name of one",
    ),
    (
        r"^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        "empty, or a DNS name: lower-case letters, digits, '-' and '.'",
    ),
    (r"^[-._a-zA-Z0-9]+$", "letters, digits, '-', '_' and '.'"),
    (r"^[-_A-Za-z0-9]+$", "letters, digits, '-' and '_'"),
    (r"^[a-z0-9-]+$", "lower-case letters, digits and '-'"),
    (
        r"^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$",
        "letters, digits and '-', beginning with a letter and not ending with '-'",
    ),
    (
        r"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
        "a word such as InvalidSpec: letters, digits, '_', ',' and ':', beginning with a letter",
    ),
    (
        r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$",
        "the name of an HTTP header: letters, digits and !#$%&'*+-.^_`|~",
    ),
    (
        r"^[!-~]+([\t ]?[!-~]+)*$",
        "the value of an HTTP header: visible ASCII, with single blanks or tabs between words",
    ),
    (
        r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$",
        "the value of a label: letters, digits, '-', '_' and '.', with a letter or digit at the start and the end",
    ),
    (
        r"^(http|https)://.+$",
        "a URL that begins with http:// or https://",
    ),
    (
        r"^https?://.+$",
        "a URL that begins with http:// or https://",
    ),
    (
        r"^(http|https|socks5)://.+$",
        "a URL that begins with http://, https:// or socks5://",
    ),
    (
        r"^[0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h)$",
        "a duration of one unit, such as 30s or 1.5h",
    ),
    (
        r"^([0-9]{1,5}(h|m|s|ms)){1,4}$",
        "a duration such as 1h30m or 500ms",
    ),
    (r"^.{2,}|[^./]$", "a path, and neither \".\" nor \"/\""),
];

/// Whether a text fits a pattern.
type Fits = fn(&str) -> bool;

/// Patterns that nearly all objects meet, and whether a text fits them: to compile one takes longer than to judge an object.
const BY_HAND: [(&str, Fits); 6] = [
    (r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", is_label),
    (
        r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        |text| text.split('.').all(is_label),
    ),
    (
        r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        |text| {
            let name = text.strip_prefix("*.").unwrap_or(text);
            name.split('.').all(is_label)
        },
    ),
    (
        r"^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        |text| text.is_empty() || text.split('.').all(is_label),
    ),
    (r"^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$", |text| {
        let (bytes, is_inner) = (text.as_bytes(), |byte: &u8| {
            byte.is_ascii_alphanumeric() || *byte == b'-'
        });
        bytes.first().is_some_and(u8::is_ascii_alphabetic)
            && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
            && bytes.iter().all(is_inner)
    }),
    (r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$", |text| {
        let fits = |byte| u8::is_ascii_alphanumeric(&byte) || b"!#$%&'*+-.^_`|~".contains(&byte);
        !text.is_empty() && text.bytes().all(fits)
    }),
];

fn is_label(text: &str) -> bool {
    let is_end = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.first().is_some_and(is_end)
        && bytes.last().is_some_and(is_end)
        && bytes.iter().all(|byte| is_end(byte) || *byte == b'-')
}

/// A pattern that is compiled when it is first needed.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: String,
    by_hand: Option<Fits>,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Self {
        let known = BY_HAND.iter().find(|(pattern, _)| *pattern == text);
        Self {
            text: text.to_owned(),
            by_hand: known.map(|(_, fits)| *fits),
            compiled: OnceLock::new(),
        }
    }

    /// What a value that fits it does or is, after "must".
    pub(crate) fn demand(&self) -> String {
        match self.words() {
            Some(words) => format!("be {words}"),
            None => format!("match {}", self.shown()),
        }
    }

    /// The same as one quality among others.
    pub(crate) fn quality(&self) -> String {
        match self.words() {
            Some(words) => words.to_owned(),
            None => format!("matching {}", self.shown()),
        }
    }

    fn words(&self) -> Option<&'static str> {
        let known = IN_WORDS.iter().find(|(text, _)| *text == self.text);
        known.map(|(_, words)| *words)
    }

    fn shown(&self) -> String {
        let length = self.text.chars().count();
        if length <= MOST_SHOWN {
            return self.text.clone();
        }
        let start: String = self.text.chars().take(MOST_SHOWN - 3).collect();
        format!("the pattern {start}... of {length} characters")
    }

    /// Whether the pattern is found anywhere in `subject`. A server installs no definition whose pattern it cannot
    /// read, so one that we cannot read says nothing about the object.
    pub(crate) fn is_match(&self, subject: &str) -> bool {
        if let Some(fits) = self.by_hand {
            return fits(subject);
        }
        self.compiled
            .get_or_init(|| compile(&self.text))
            .as_ref()
            .is_none_or(|regex| regex.is_match(subject))
    }
}

/// Compiles a Go pattern, or `None` where the crate `regex` has no counterpart.
///
/// There are many patterns, and few texts for most of them: automata are made as far as texts come, and no search for literals is
/// made ready.
pub(crate) fn compile(pattern: &str) -> Option<Regex> {
    let config = Regex::config()
        .dfa(false)
        .auto_prefilter(false)
        .which_captures(WhichCaptures::None);
    Regex::builder()
        .configure(config)
        .build(&translate(pattern))
        .ok()
}

/// Rewrites what the two dialects read differently: Perl classes are ASCII in Go, a class holds no class, and a brace
/// that opens no repetition is a brace.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    let mut class = false;
    let mut class_start = false;
    while let Some(character) = rest.chars().next() {
        let tail = &rest[character.len_utf8()..];
        match character {
            '\\' => {
                rest = escape(tail, class, &mut out);
                class_start = false;
                continue;
            }
            '[' if !class => {
                out.push('[');
                rest = tail;
                if let Some(after) = rest.strip_prefix('^') {
                    out.push('^');
                    rest = after;
                }
                class = true;
                class_start = true;
                continue;
            }
            '[' => {
                if tail.starts_with(':')
                    && let Some(end) = tail.find(":]")
                {
                    out.push_str(&rest[..end + 3]);
                    rest = &rest[end + 3..];
                    class_start = false;
                    continue;
                }
                out.push_str("\\[");
            }
            ']' if class && !class_start => {
                out.push(']');
                class = false;
            }
            ']' if class => out.push_str("\\]"),
            '&' | '~' if class => {
                out.push('\\');
                out.push(character);
            }
            '-' if class && (out.ends_with('-') || class_start) => out.push_str("\\-"),
            '{' if !class && !opens_repetition(tail) => out.push_str("\\{"),
            other => out.push(other),
        }
        class_start = false;
        rest = tail;
    }
    out
}

fn escape<'a>(tail: &'a str, class: bool, out: &mut String) -> &'a str {
    let Some(escaped) = tail.chars().next() else {
        out.push('\\');
        return tail;
    };
    let rest = &tail[escaped.len_utf8()..];
    let ascii = match escaped {
        'd' => Some(("0-9", false)),
        'D' => Some(("0-9", true)),
        'w' => Some(("0-9A-Za-z_", false)),
        'W' => Some(("0-9A-Za-z_", true)),
        's' => Some(("\\t\\n\\x0C\\r ", false)),
        'S' => Some(("\\t\\n\\x0C\\r ", true)),
        _ => None,
    };
    match ascii {
        Some((set, false)) if class => out.push_str(set),
        Some((set, negated)) => {
            out.push_str(if negated { "[^" } else { "[" });
            out.push_str(set);
            out.push(']');
        }
        None => match escaped {
            'Q' => {
                let (literal, after) = rest.split_once("\\E").unwrap_or((rest, ""));
                out.push_str(&regex::escape(literal));
                return after;
            }
            'b' if !class => out.push_str("(?-u:\\b)"),
            'C' => out.push_str("(?s:.)"),
            'p' | 'P' | 'x' if rest.starts_with('{') => {
                let end = rest.find('}').map_or(rest.len(), |end| end + 1);
                out.push('\\');
                out.push(escaped);
                out.push_str(&rest[..end]);
                return &rest[end..];
            }
            _ if escaped.is_ascii_alphanumeric() => {
                out.push('\\');
                out.push(escaped);
            }
            _ => out.push_str(&regex::escape(escaped.encode_utf8(&mut [0; 4]))),
        },
    }
    rest
}

fn opens_repetition(tail: &str) -> bool {
    let Some((inside, _)) = tail.split_once('}') else {
        return false;
    };
    let (low, high) = inside.split_once(',').unwrap_or((inside, ""));
    !low.is_empty()
        && low
            .bytes()
            .chain(high.bytes())
            .all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_matched_by_hand_is_matched_by_the_expression(
            text in prop_oneof![4 => "[az0Z*.-]{0,8}", 1 => "[a0Z!#$%&'*+^_`|~. \né-]{0,5}"],
        ) {
            for (pattern, fits) in BY_HAND {
                let compiled = compile(pattern).unwrap();
                prop_assert_eq!(fits(&text), compiled.is_match(&text), "{} {:?}", pattern, text);
            }
        }
    }

    #[test]
    fn patterns_match_as_they_do_in_go() {
        for (pattern, subject, expected) in [
            (r"^\d+$", "١٢", false),
            (r"^[\w.]+$", "a_b.c", true),
            (r"^[\w.]+$", "é", false),
            (r"^[[a]$", "[", true),
            (r"^[a&&b]+$", "&", true),
            (r"^[]a]$", "]", true),
            (r"^a{x}$", "a{x}", true),
            (r"^a{,2}$", "a{,2}", true),
            (r"^a{1,2}$", "aa", true),
            (r"^\/\<\_$", "/<_", true),
            (r"^[+--]$", ",", true),
            (r"^[[:alpha:]]+$", "ab", true),
            (r"^\Qa.b\E$", "axb", false),
            (r"^[^\S]$", " ", true),
            (r"^\p{L}+$", "aé", true),
            (r"^\p{L}+$", "a1", false),
            (r"^[\p{Lu}\x{31}]\P{L}$", "1-", true),
            (r"(?i)^ÄB$", "äb", true),
            (r"^[!-~]+([\t ]?[!-~]+)*$", "x\ny", false),
        ] {
            let regex = compile(pattern).unwrap_or_else(|| panic!("{pattern} does not compile"));
            assert_eq!(regex.is_match(subject), expected, "{pattern} on {subject}");
        }
    }
}
