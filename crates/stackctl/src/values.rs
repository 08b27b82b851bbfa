//! Values of options that several commands have.

/// Reads `METHOD PATH`.
pub(crate) fn request(text: &str) -> Result<(String, String), String> {
    match text.split_once(' ') {
        Some((method, path)) if path.starts_with('/') && !method.is_empty() => {
            Ok((method.to_owned(), path.to_owned()))
        }
        _ => Err("must be a method and a path, such as 'GET /get'".to_owned()),
    }
}

/// Reads `NAME: VALUE`.
pub(crate) fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("must be 'NAME: VALUE'".to_owned()),
    }
}

/// Checks that a text is `NAMESPACE/NAME`.
pub(crate) fn namespaced(text: &str) -> Result<String, String> {
    match text.split_once('/') {
        Some((namespace, name))
            if !namespace.is_empty() && !name.is_empty() && !name.contains('/') =>
        {
            Ok(text.to_owned())
        }
        _ => Err("must be NAMESPACE/NAME".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_headers_and_names_are_read_or_refused() {
        let pair = |left: &str, right: &str| Ok((left.to_owned(), right.to_owned()));
        assert_eq!(request("GET /a b"), pair("GET", "/a b"));
        assert!(request("GET").is_err() && request("/get").is_err() && request(" /get").is_err());
        assert_eq!(header("x-a: b: c"), pair("x-a", "b: c"));
        assert!(header("x-a").is_err() && header(": b").is_err());
        assert_eq!(namespaced("a/b"), Ok("a/b".to_owned()));
        for text in ["a", "/a", "a/", "a/b/c"] {
            assert!(namespaced(text).is_err(), "{text}");
        }
    }
}
