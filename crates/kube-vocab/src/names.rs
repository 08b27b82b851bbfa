//! The API server's rules for names, labels and annotation keys.
//!
//! Each rule is a function that says `Ok(())`, or which part of the rule a text breaks.

/// Which part of a rule a name breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Longer than the rule allows; the numbers count bytes, as the server does.
    #[error("{found} characters, at most {most} are allowed")]
    TooLong {
        /// How long it is.
        found: usize,
        /// How long it may be.
        most: usize,
    },
    /// Empty, or with a character where the rule allows none of its kind; the text says what is allowed.
    #[error("it must {0}")]
    Form(&'static str),
    /// The part before the `/` of a key is no DNS subdomain.
    #[error("its prefix `{prefix}`: {reason}")]
    Prefix {
        /// The part before the `/`.
        prefix: String,
        /// What is wrong with it.
        reason: Box<NameError>,
    },
}

/// What a rule of this module returns.
pub type Verdict = Result<(), NameError>;

const LABEL: &str =
    "consist of lower-case letters, digits and `-`, and begin and end with a letter or digit";
const LABEL_1035: &str = "consist of lower-case letters, digits and `-`, begin with a letter and end with a letter or digit";
const SUBDOMAIN: &str = "consist of lower-case letters, digits, `-` and `.`, with a letter or digit at the start and end of each part";
const TOKEN: &str =
    "consist of letters, digits, `-`, `_` and `.`, and begin and end with a letter or digit";
const SEGMENT: &str = "not be `.` or `..` and not contain `/` or `%`";

fn within(text: &str, most: usize) -> Verdict {
    if text.len() <= most {
        return Ok(());
    }
    Err(NameError::TooLong {
        found: text.len(),
        most,
    })
}

fn form(fits: bool, rule: &'static str) -> Verdict {
    if fits {
        Ok(())
    } else {
        Err(NameError::Form(rule))
    }
}

fn bounded(text: &str, edge: fn(u8) -> bool, inner: fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(&first), Some(&last)) => {
            edge(first) && edge(last) && bytes.iter().all(|&byte| inner(byte))
        }
        _ => false,
    }
}

fn is_label(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    bounded(text, plain, |byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
    })
}

fn is_token(text: &str) -> bool {
    bounded(
        text,
        |byte| byte.is_ascii_alphanumeric(),
        |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'),
    )
}

/// One label of a DNS name (RFC 1123), at most 63 characters: namespaces, container names, volume names.
///
/// # Errors
/// The part of the rule that `name` breaks.
pub fn dns_label(name: &str) -> Verdict {
    within(name, 63)?;
    form(is_label(name), LABEL)
}

/// One label of a DNS name that begins with a letter (RFC 1035), at most 63 characters: Services before Kubernetes 1.35.
///
/// # Errors
/// The part of the rule that `name` breaks.
pub fn dns_1035_label(name: &str) -> Verdict {
    within(name, 63)?;
    let lower = |first: u8| first.is_ascii_lowercase();
    form(
        is_label(name) && name.bytes().next().is_some_and(lower),
        LABEL_1035,
    )
}

/// A DNS name of one or more labels (RFC 1123), at most 253 characters in all: what most objects are named by.
///
/// # Errors
/// The part of the rule that `name` breaks.
pub fn dns_subdomain(name: &str) -> Verdict {
    within(name, 253)?;
    form(name.split('.').all(is_label), SUBDOMAIN)
}

/// A segment of a URL's path: what objects of RBAC are named by, so that `system:masters` is legal.
///
/// # Errors
/// The part of the rule that `name` breaks.
pub fn path_segment(name: &str) -> Verdict {
    let plain = name != "." && name != ".." && !name.contains(['/', '%']);
    form(plain, SEGMENT)
}

/// The key of a label, an annotation (in lower case) or a finalizer: `[prefix/]name`, where the prefix is a DNS subdomain and
/// the name has at most 63 characters.
///
/// # Errors
/// The part of the rule that `key` breaks.
pub fn qualified_name(key: &str) -> Verdict {
    let name = match key.split_once('/') {
        Some((prefix, name)) => {
            dns_subdomain(prefix).map_err(|reason| NameError::Prefix {
                prefix: prefix.to_owned(),
                reason: Box::new(reason),
            })?;
            name
        }
        None => key,
    };
    within(name, 63)?;
    form(is_token(name), TOKEN)
}

/// The value of a label: nothing, or at most 63 letters, digits, `-`, `_` and `.`.
///
/// # Errors
/// The part of the rule that `value` breaks.
pub fn label_value(value: &str) -> Verdict {
    within(value, 63)?;
    form(value.is_empty() || is_token(value), TOKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_servers_rules() {
        let long = "a".repeat(64);
        let longest = format!("{}a", "a.".repeat(126));
        let too_long = format!("{}a", "a.".repeat(127));
        type Row<'a> = (fn(&str) -> Verdict, &'a [&'a str], &'a [&'a str]);
        let table: [Row<'_>; 6] = [
            (
                dns_label,
                &["a", "a-b", "0a"],
                &["", "A", "a.b", "-a", "a-", "\u{e4}", &long],
            ),
            (dns_1035_label, &["a0", "a-0"], &["0a", "", "a-"]),
            (
                dns_subdomain,
                &["a.b", "a-b.0", &long, &longest],
                &["", "a..b", ".a", "a.", "a_b", "A", &too_long],
            ),
            (
                path_segment,
                &["system:x", "", "A b"],
                &[".", "..", "a/b", "a%"],
            ),
            (
                qualified_name,
                &["app", "a.b/c_D", "istio.io/dataplane-mode"],
                &["", "/", "a/", "a/b/c", "A_/b", "-a", &long],
            ),
            (
                label_value,
                &["", "v1.0", "A_b"],
                &["a b", "-", "a-", &long],
            ),
        ];
        for (rule, good, bad) in table {
            for text in good {
                assert_eq!(rule(text), Ok(()), "{text:?}");
            }
            for text in bad {
                assert!(rule(text).is_err(), "{text:?}");
            }
        }
    }

    #[test]
    fn the_broken_part_is_named() {
        let error = qualified_name("A_/b").unwrap_err().to_string();
        assert!(
            error.starts_with("its prefix `A_`: it must consist of lower-case"),
            "{error}"
        );
        let error = dns_label(&"a".repeat(64)).unwrap_err().to_string();
        assert_eq!(error, "64 characters, at most 63 are allowed");
    }
}
