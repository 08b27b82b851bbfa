//! Filters: what rules and backends change about requests and responses.

use std::collections::BTreeMap;

use stack_model::Value;

use crate::answer::{Forwarded, Redirect, ResponseHeaders};
use crate::fields::{list, port, text};
use crate::request::Request;

/// What the filters of a rule ask for, in order.
#[derive(Debug, Default)]
pub(crate) struct Filters<'m> {
    pub(crate) redirect: Option<&'m Value>,
    pub(crate) mirrors: Vec<&'m Value>,
    cors: Option<&'m Value>,
    rewrite: Option<&'m Value>,
    request_headers: Vec<&'m Value>,
    response_headers: Vec<&'m Value>,
}

impl<'m> Filters<'m> {
    /// Adds the filters of a rule or a backend.
    pub(crate) fn add(&mut self, holder: &'m Value) {
        for filter in list(holder, "filters") {
            let body = |member: &str| filter.get(member).filter(|body| !body.is_null());
            match text(filter, "type").unwrap_or_default() {
                "RequestRedirect" => self.redirect = self.redirect.or(body("requestRedirect")),
                "RequestMirror" => self.mirrors.extend(body("requestMirror")),
                "CORS" => self.cors = self.cors.or(body("cors")),
                "URLRewrite" => self.rewrite = self.rewrite.or(body("urlRewrite")),
                "RequestHeaderModifier" => {
                    self.request_headers.extend(body("requestHeaderModifier"))
                }
                "ResponseHeaderModifier" => {
                    self.response_headers.extend(body("responseHeaderModifier"))
                }
                _ => {}
            }
        }
    }

    /// The request as the backend gets it.
    pub(crate) fn forwarded(&self, request: &Request, prefix: Option<&str>) -> Forwarded {
        let mut headers = Headers(request.headers.clone());
        let mut absent = Vec::new();
        for modifier in &self.request_headers {
            headers.modify(modifier, &mut absent);
        }
        let host = self
            .rewrite
            .and_then(|rewrite| text(rewrite, "hostname"))
            .map(str::to_owned);
        let path = self
            .rewrite
            .and_then(|rewrite| rewrite.get("path"))
            .and_then(|path| replaced_path(path, request, prefix));
        Forwarded {
            host: host.or_else(|| request.host.clone()),
            path: path.unwrap_or_else(|| request.full_path().to_owned()),
            method: request.method().to_owned(),
            headers: headers.0,
            absent_headers: absent,
            sni: None,
        }
    }

    /// What is changed on the response; `None` where nothing is.
    pub(crate) fn response(&self, request: &Request) -> Option<ResponseHeaders> {
        let mut response = ResponseHeaders::default();
        if let Some(cors) = self.cors {
            cors_headers(cors, request, &mut response.headers);
        }
        for modifier in &self.response_headers {
            for (member, into) in [("set", &mut response.headers), ("add", &mut response.added)] {
                for header in list(modifier, member) {
                    if let (Some(name), Some(value)) = (text(header, "name"), text(header, "value"))
                    {
                        into.insert(name.to_owned(), value.to_owned());
                    }
                }
            }
            let removed = list(modifier, "remove").iter().filter_map(Value::as_str);
            response.absent_headers.extend(removed.map(str::to_owned));
        }
        (response != ResponseHeaders::default()).then_some(response)
    }

    /// Whether the gateway answers by itself: a question whether another site may call.
    pub(crate) fn is_preflight(&self, request: &Request) -> bool {
        self.cors.is_some()
            && request.method() == "OPTIONS"
            && request.header("Origin").is_some()
            && request.header("Access-Control-Request-Method").is_some()
    }
}

/// The parts of the `Location` and the status of a redirect. `listener` is the port at which the request came in.
pub(crate) fn redirect(
    filter: &Value,
    request: &Request,
    prefix: Option<&str>,
    listener: u16,
) -> (u16, Redirect) {
    let wanted = text(filter, "scheme");
    let scheme = wanted
        .unwrap_or(if request.scheme() == "https" {
            "https"
        } else {
            "http"
        })
        .to_ascii_lowercase();
    let usual = if scheme == "https" { 443 } else { 80 };
    let number = port(filter, "port").unwrap_or(if wanted.is_some() { usual } else { listener });
    let host = text(filter, "hostname")
        .map(str::to_owned)
        .or_else(|| request.host.as_deref().map(crate::hostname::without_port));
    let path = filter
        .get("path")
        .and_then(|path| replaced_path(path, request, prefix));
    let status = port(filter, "statusCode").unwrap_or(302);
    let redirect = Redirect {
        scheme,
        host,
        port: (number != usual).then(|| number.to_string()),
        path: path.unwrap_or_else(|| request.full_path().to_owned()),
    };
    (status, redirect)
}

/// The path that a rewrite or redirect makes; the query stays.
fn replaced_path(path: &Value, request: &Request, prefix: Option<&str>) -> Option<String> {
    let new = match text(path, "type")? {
        "ReplaceFullPath" => text(path, "replaceFullPath").unwrap_or("/").to_owned(),
        "ReplacePrefixMatch" => {
            let replacement = text(path, "replacePrefixMatch")
                .unwrap_or_default()
                .trim_end_matches('/');
            let prefix = prefix?.trim_end_matches('/');
            let rest = request.path().strip_prefix(prefix)?;
            match (replacement, rest) {
                ("", "") => "/".to_owned(),
                (replacement, rest) => format!("{replacement}{rest}"),
            }
        }
        _ => return None,
    };
    let new = if new.starts_with('/') {
        new
    } else {
        format!("/{new}")
    };
    Some(format!("{new}{}", request.query()))
}

/// Headers whose names are the same in any case.
struct Headers(BTreeMap<String, String>);

impl Headers {
    fn take(&mut self, name: &str) -> Option<(String, String)> {
        let key = self
            .0
            .keys()
            .find(|key| key.eq_ignore_ascii_case(name))
            .cloned()?;
        self.0.remove_entry(&key)
    }

    fn modify(&mut self, modifier: &Value, absent: &mut Vec<String>) {
        let pairs = |member: &str| {
            list(modifier, member)
                .iter()
                .filter_map(|header| Some((text(header, "name")?, text(header, "value")?)))
        };
        for (name, value) in pairs("set") {
            self.take(name);
            self.0.insert(name.to_owned(), value.to_owned());
        }
        for (name, value) in pairs("add") {
            let (name, value) = match self.take(name) {
                Some((name, before)) => (name, format!("{before},{value}")),
                None => (name.to_owned(), value.to_owned()),
            };
            self.0.insert(name, value);
        }
        for name in list(modifier, "remove").iter().filter_map(Value::as_str) {
            self.take(name);
            absent.push(name.to_owned());
        }
    }
}

/// What is answered to a call from another site, if its origin is allowed.
fn cors_headers(cors: &Value, request: &Request, headers: &mut BTreeMap<String, String>) {
    let words = |member: &str| -> Vec<&str> {
        list(cors, member)
            .iter()
            .filter_map(Value::as_str)
            .collect()
    };
    let Some(origin) = request.header("Origin") else {
        return;
    };
    if !words("allowOrigins")
        .iter()
        .any(|allowed| origin_fits(allowed, origin))
    {
        return;
    }
    let credentials = cors
        .get("allowCredentials")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let mut put = |name: &str, value: String| {
        if !value.is_empty() {
            headers.insert(name.to_owned(), value);
        }
    };
    let any_origin = words("allowOrigins").contains(&"*") && !credentials;
    put(
        "Access-Control-Allow-Origin",
        if any_origin { "*" } else { origin }.to_owned(),
    );
    if credentials {
        put("Access-Control-Allow-Credentials", "true".to_owned());
    }
    // With credentials a browser does not understand the wildcard: what it asks for is named.
    let named = |member: &str, asked: &str| match words(member).as_slice() {
        ["*"] if credentials => request.header(asked).unwrap_or_default().to_owned(),
        words => words.join(", "),
    };
    if request.method() == "OPTIONS" && request.header("Access-Control-Request-Method").is_some() {
        put(
            "Access-Control-Allow-Methods",
            named("allowMethods", "Access-Control-Request-Method"),
        );
        put(
            "Access-Control-Allow-Headers",
            named("allowHeaders", "Access-Control-Request-Headers"),
        );
        put(
            "Access-Control-Max-Age",
            cors.get("maxAge")
                .and_then(Value::as_i64)
                .unwrap_or(5)
                .to_string(),
        );
    }
    put(
        "Access-Control-Expose-Headers",
        words("exposeHeaders").join(", "),
    );
}

fn origin_fits(allowed: &str, origin: &str) -> bool {
    if allowed == "*" || allowed.eq_ignore_ascii_case(origin) {
        return true;
    }
    let Some((before, after)) = allowed.split_once('*') else {
        return false;
    };
    let origin = origin.to_ascii_lowercase();
    origin.len() > before.len() + after.len()
        && origin.starts_with(&before.to_ascii_lowercase())
        && origin.ends_with(&after.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_replaced_prefix_leaves_one_slash_between_the_parts() {
        // The table of the specification.
        let cases = [
            ("/foo/bar", "/foo", "/xyz", "/xyz/bar"),
            ("/foo/bar", "/foo", "/xyz/", "/xyz/bar"),
            ("/foo/bar", "/foo/", "/xyz", "/xyz/bar"),
            ("/foo/bar", "/foo/", "/xyz/", "/xyz/bar"),
            ("/foo", "/foo", "/xyz", "/xyz"),
            ("/foo/", "/foo", "/xyz", "/xyz/"),
            ("/foo/bar", "/foo", "", "/bar"),
            ("/foo/", "/foo", "", "/"),
            ("/foo", "/foo", "", "/"),
            ("/foo/", "/foo", "/", "/"),
            ("/foo", "/foo", "/", "/"),
            ("/foo?a=1", "/foo", "/x", "/x?a=1"),
        ];
        for (path, prefix, replacement, expected) in cases {
            let request = Request {
                path: Some(path.to_owned()),
                ..Request::default()
            };
            let filter = json!({"type": "ReplacePrefixMatch", "replacePrefixMatch": replacement});
            assert_eq!(
                replaced_path(&filter.into(), &request, Some(prefix)).as_deref(),
                Some(expected),
                "{path} {prefix} {replacement}"
            );
        }
    }

    #[test]
    fn a_redirect_names_a_port_only_where_the_scheme_does_not_say_it() {
        let cases = [
            (json!({}), 80, None),
            (json!({}), 8080, Some("8080")),
            (json!({"port": 8083}), 80, Some("8083")),
            (json!({"scheme": "https"}), 8080, None),
            (json!({"scheme": "https", "port": 443}), 8080, None),
            (json!({"scheme": "https", "port": 80}), 80, Some("80")),
        ];
        for (filter, listener, expected) in cases {
            let (status, found) = redirect(&filter.into(), &Request::default(), None, listener);
            assert_eq!((status, found.port.as_deref()), (302, expected));
        }
    }

    #[test]
    fn an_origin_with_a_wildcard_stands_for_something_at_least() {
        assert!(origin_fits(
            "https://*.example.com",
            "https://a.example.com"
        ));
        assert!(!origin_fits(
            "https://*.example.com",
            "https://.example.com"
        ));
        assert!(!origin_fits(
            "https://*.example.com",
            "http://a.example.com"
        ));
        assert!(origin_fits("*", "null"));
    }
}
