//! How Istio compares texts: exact, by prefix, by suffix, by presence; paths also by templates.

use crate::requests::Texts;

/// `*`: anything but nothing; `abc*` and `*abc`: by prefix and suffix; else equal.
pub(super) fn matches(pattern: &str, value: &str) -> bool {
    if pattern == "*" {
        return !value.is_empty();
    }
    match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
        (Some(prefix), _) => value.starts_with(prefix),
        (None, Some(suffix)) => value.ends_with(suffix),
        (None, None) => value == pattern,
    }
}

/// The same without regard to case, as for host names.
pub(super) fn matches_host(pattern: &str, host: &str) -> bool {
    matches(&lowered(pattern), &lowered(host))
}

/// A host as it is compared.
pub(super) fn lowered(host: &str) -> String {
    host.to_ascii_lowercase()
}

/// A path against a pattern: as [`matches`], or a template.
pub(super) fn matches_path(pattern: &str, path: &str) -> bool {
    match Texts::template(pattern) {
        None => matches(pattern, path),
        Some(template) => template.contains(path),
    }
}

/// The path as Istio's proxies compare it (`pathNormalization: BASE`, the default): percent-encoded letters, digits, `-._~`
/// decoded, backslashes turned, `.` and `..` resolved. Repeated slashes stay.
pub(crate) fn normalize_path(path: &str) -> String {
    let decoded = decode_unreserved(path).replace('\\', "/");
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = decoded.split('/').peekable();
    segments.next();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

fn decode_unreserved(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut decoded = String::with_capacity(path.len());
    let mut rest = 0;
    while let Some(at) = bytes
        .get(rest..)
        .and_then(|tail| tail.iter().position(|byte| *byte == b'%'))
    {
        let at = rest + at;
        decoded.push_str(path.get(rest..at).unwrap_or_default());
        let code = path
            .get(at + 1..at + 3)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code.map(char::from) {
            Some(letter) if letter.is_ascii_alphanumeric() || "-._~".contains(letter) => {
                decoded.push(letter);
                rest = at + 3;
            }
            _ => {
                decoded.push('%');
                rest = at + 1;
            }
        }
    }
    decoded.push_str(path.get(rest..).unwrap_or_default());
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_by_prefix_suffix_and_presence() {
        for (pattern, value, expected) in [
            ("ns/*", "ns/a", true),
            ("*/a", "ns/a", true),
            ("*", "x", true),
            ("*", "", false),
            ("a", "ab", false),
        ] {
            assert_eq!(matches(pattern, value), expected, "{pattern} {value}");
        }
    }

    #[test]
    fn templates_match_segments_and_what_stands_around_them() {
        for (pattern, path, expected) in [
            ("/v1/{*}/x", "/v1/a/x", true),
            ("/v1/{*}/x", "/v1/a/b/x", false),
            ("/v1/{*}/x", "/v1//x", false),
            ("/v1/{*}", "/v1/", false),
            ("/v1/{**}", "/v1/a/b", true),
            ("/v1/{**}", "/v1/", true),
            ("/v1/{**}", "/v1", false),
            ("/v1/{**}/x", "/v1/a/b/x", true),
            ("/v1/{**}/x", "/v1/x", false),
            ("/v1/{*}/a/{**}.txt", "/v1/b/a/c/d.txt", true),
            ("/v1/{*}/a/{**}.txt", "/v1/b/a/c/d.csv", false),
            ("/v1.{*}", "/v1.2", true),
            ("/v1.{*}", "/v1x2", false),
        ] {
            assert_eq!(matches_path(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn paths_are_normalized_before_they_are_compared() {
        for (path, expected) in [
            ("/public/../private", "/private"),
            ("/public/%2E%2e/private", "/private"),
            ("/public/./../private", "/private"),
            ("/public\\..\\private", "/private"),
            ("//public", "//public"),
            ("/a%2Fb", "/a%2Fb"),
            ("/..", "/"),
            ("/a/.", "/a/"),
            ("/", "/"),
        ] {
            assert_eq!(normalize_path(path), expected, "{path}");
        }
    }
}
