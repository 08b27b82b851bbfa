//! The syntax of names, labels and annotation keys.

/// What is allowed for a name that may be part of a DNS host name, up to 253 characters.
pub(crate) const SUBDOMAIN: &str = "at most 253 characters: lower-case letters, digits, '-' and '.', with a letter or digit at the start and end of each part";
/// What is allowed for one label of a DNS host name.
pub(crate) const LABEL: &str = "at most 63 characters: lower-case letters, digits and '-', with a letter or digit at the start and the end";
/// What is allowed for a key of labels, annotations and finalizers.
pub(crate) const QUALIFIED: &str = "a name of at most 63 letters, digits, '-', '_' and '.', with a letter or digit at the start and the end, after an optional DNS prefix and '/'";
/// What is allowed for the value of a label.
pub(crate) const LABEL_VALUE: &str = "at most 63 characters: letters, digits, '-', '_' and '.', with a letter or digit at the start and the end; or nothing";

pub(crate) fn is_label(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() <= 63 && is_label_of_any_length(bytes)
}

fn is_label_of_any_length(bytes: &[u8]) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    match (bytes.first(), bytes.last()) {
        (Some(&first), Some(&last)) => {
            plain(first) && plain(last) && bytes.iter().all(|&byte| plain(byte) || byte == b'-')
        }
        _ => false,
    }
}

pub(crate) fn is_subdomain(name: &str) -> bool {
    name.len() <= 253
        && name
            .split('.')
            .all(|part| is_label_of_any_length(part.as_bytes()))
}

/// The letters, digits and separators of a label value or the last part of a qualified name.
fn is_token(name: &str) -> bool {
    let bytes = name.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) => {
            bytes.len() <= 63
                && first.is_ascii_alphanumeric()
                && last.is_ascii_alphanumeric()
                && bytes
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        }
        _ => false,
    }
}

pub(crate) fn is_label_value(value: &str) -> bool {
    value.is_empty() || is_token(value)
}

pub(crate) fn is_qualified(name: &str) -> bool {
    match name.split_once('/') {
        None => is_token(name),
        Some((prefix, last)) => is_subdomain(prefix) && is_token(last),
    }
}
