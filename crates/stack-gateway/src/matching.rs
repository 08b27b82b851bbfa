//! Which rule of which route takes a request.

use std::collections::HashMap;

use regex::Regex;
use stack_model::Value;

use crate::fields::{list, text};
use crate::request::Request;
use crate::route::{Route, RouteKind};

/// Regular expressions of all routes, compiled once. They must match the whole value.
#[derive(Debug, Default)]
pub(crate) struct Patterns<'m> {
    compiled: HashMap<&'m str, Option<Regex>>,
}

impl<'m> Patterns<'m> {
    pub(crate) fn of(routes: &[Route<'m>]) -> Self {
        let mut patterns = Self::default();
        for rule in routes.iter().flat_map(Route::rules) {
            for pattern in list(rule, "matches").iter().flat_map(expressions) {
                patterns
                    .compiled
                    .entry(pattern)
                    .or_insert_with(|| Regex::new(&format!("^(?:{pattern})$")).ok());
            }
        }
        patterns
    }

    fn matches(&self, pattern: &str, value: &str) -> bool {
        let compiled = self.compiled.get(pattern).and_then(Option::as_ref);
        compiled.is_some_and(|regex| regex.is_match(value))
    }

    /// Whether every expression of a rule can be read.
    pub(crate) fn are_sound_in(&self, rule: &'m Value) -> bool {
        list(rule, "matches")
            .iter()
            .flat_map(expressions)
            .all(|pattern| self.compiled.get(pattern).is_some_and(Option::is_some))
    }
}

/// Every regular expression of a match.
fn expressions(matched: &Value) -> Vec<&str> {
    let is_expression = |condition: &&Value| text(condition, "type") == Some("RegularExpression");
    let lists = ["headers", "queryParams"]
        .into_iter()
        .flat_map(|member| list(matched, member));
    let singles = matched.get("path").into_iter().chain(lists);
    let mut found: Vec<&str> = singles
        .filter(is_expression)
        .filter_map(|condition| text(condition, "value"))
        .collect();
    if let Some(method) = matched.get("method").filter(is_expression) {
        found.extend(
            ["service", "method"]
                .into_iter()
                .filter_map(|member| text(method, member)),
        );
    }
    found
}

/// How well a rule fits, the better the greater: by the specification's order of precedence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fit {
    /// Exact before regular expression before prefix.
    path: u8,
    /// Characters of the path, or of a gRPC service.
    length: usize,
    /// Characters of a gRPC method.
    call: usize,
    method: bool,
    headers: usize,
    queries: usize,
}

/// The best fitting rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'m> {
    pub(crate) route: usize,
    pub(crate) rule: usize,
    /// The path prefix that matched, for filters that replace it.
    pub(crate) prefix: Option<&'m str>,
}

/// A route that is asked, with how narrow its matching host is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a, 'm> {
    pub(crate) position: usize,
    pub(crate) route: &'a Route<'m>,
    pub(crate) host: (usize, usize),
}

/// How narrow the host is, then how well the rule fits.
type Rank = ((usize, usize), Fit);

/// The rule that takes a request. Among equals the route that stands first in `candidates` wins, then the first rule: routes
/// are handed over in their order of precedence.
pub(crate) fn best<'m>(
    candidates: &[Candidate<'_, 'm>],
    request: &Request,
    patterns: &Patterns<'m>,
) -> Option<Found<'m>> {
    let mut found: Option<(Rank, Found<'m>)> = None;
    for candidate in candidates {
        for (number, rule) in candidate.route.rules().iter().enumerate() {
            for (fit, prefix) in fits(candidate.route.kind, rule, request, patterns) {
                let rank = (candidate.host, fit);
                if found.as_ref().is_none_or(|(best, _)| rank > *best) {
                    found = Some((
                        rank,
                        Found {
                            route: candidate.position,
                            rule: number,
                            prefix,
                        },
                    ));
                }
            }
        }
    }
    found.map(|(_, found)| found)
}

fn fits<'m>(
    kind: RouteKind,
    rule: &'m Value,
    request: &Request,
    patterns: &Patterns<'_>,
) -> Vec<(Fit, Option<&'m str>)> {
    let matches = list(rule, "matches");
    match kind {
        RouteKind::Http if matches.is_empty() => {
            vec![(
                Fit {
                    path: 1,
                    length: 1,
                    ..Fit::default()
                },
                Some("/"),
            )]
        }
        RouteKind::Http => matches
            .iter()
            .filter_map(|matched| fits_http(matched, request, patterns))
            .collect(),
        RouteKind::Grpc if !request.is_grpc() => Vec::new(),
        RouteKind::Grpc if matches.is_empty() => vec![(Fit::default(), None)],
        RouteKind::Grpc => matches
            .iter()
            .filter_map(|matched| Some((fits_grpc(matched, request, patterns)?, None)))
            .collect(),
        RouteKind::Tcp | RouteKind::Tls | RouteKind::Udp => Vec::new(),
    }
}

fn fits_http<'m>(
    matched: &'m Value,
    request: &Request,
    patterns: &Patterns<'_>,
) -> Option<(Fit, Option<&'m str>)> {
    let condition = matched.get("path");
    let value = condition
        .and_then(|path| text(path, "value"))
        .unwrap_or("/");
    let path = request.path();
    let (rank, prefix) = match condition
        .and_then(|path| text(path, "type"))
        .unwrap_or("PathPrefix")
    {
        "Exact" if path == value => (3, None),
        "RegularExpression" if patterns.matches(value, path) => (2, None),
        "PathPrefix" if has_prefix(path, value) => (1, Some(value)),
        _ => return None,
    };
    let method = text(matched, "method");
    if method.is_some_and(|method| method != request.method()) {
        return None;
    }
    let headers = headers_fit(matched, request, patterns)?;
    let queries = distinct(list(matched, "queryParams"), str::to_owned);
    let all = queries.iter().all(|condition| {
        let value = text(condition, "name").and_then(|name| query_value(request.query(), name));
        value.is_some_and(|value| value_fits(condition, &value, patterns))
    });
    let fit = Fit {
        path: rank,
        length: value.len(),
        call: 0,
        method: method.is_some(),
        headers,
        queries: queries.len(),
    };
    all.then_some((fit, prefix))
}

fn fits_grpc(matched: &Value, request: &Request, patterns: &Patterns<'_>) -> Option<Fit> {
    let (service, method) = request.grpc_call();
    let condition = matched.get("method");
    let expression = condition.and_then(|method| text(method, "type")) == Some("RegularExpression");
    let part = |member: &str, value: &str| match condition.and_then(|method| text(method, member)) {
        None | Some("") => Some(0),
        Some(wanted) if expression => patterns.matches(wanted, value).then_some(wanted.len()),
        Some(wanted) => (wanted == value).then_some(wanted.len()),
    };
    Some(Fit {
        path: if expression { 2 } else { 3 },
        length: part("service", service)?,
        call: part("method", method)?,
        method: false,
        headers: headers_fit(matched, request, patterns)?,
        queries: 0,
    })
}

/// The number of headers that a match asks for; `None` where one of them does not fit.
fn headers_fit(matched: &Value, request: &Request, patterns: &Patterns<'_>) -> Option<usize> {
    let headers = distinct(list(matched, "headers"), str::to_ascii_lowercase);
    let all = headers.iter().all(|condition| {
        let value = text(condition, "name").and_then(|name| request.header(name));
        value.is_some_and(|value| value_fits(condition, value, patterns))
    });
    all.then_some(headers.len())
}

fn value_fits(condition: &Value, value: &str, patterns: &Patterns<'_>) -> bool {
    let wanted = text(condition, "value").unwrap_or_default();
    match text(condition, "type") {
        Some("RegularExpression") => patterns.matches(wanted, value),
        _ => wanted == value,
    }
}

/// Of several conditions with one name only the first counts.
fn distinct(conditions: &[Value], fold: impl Fn(&str) -> String) -> Vec<&Value> {
    let mut names = std::collections::HashSet::new();
    conditions
        .iter()
        .filter(|condition| names.insert(fold(text(condition, "name").unwrap_or_default())))
        .collect()
}

/// Whether a path begins with a prefix, element by element: `/foo` is no prefix of `/foobar`.
pub(crate) fn has_prefix(path: &str, prefix: &str) -> bool {
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    match path.strip_prefix(prefix) {
        Some(rest) => rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

/// The first value of a parameter of a query.
fn query_value(query: &str, name: &str) -> Option<String> {
    let pairs = query.trim_start_matches('?').split('&');
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (unescaped(key), unescaped(value)))
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok()),
            _ => None,
        };
        bytes.push(match (first, escaped) {
            (_, Some(byte)) => byte,
            (b'+', None) => b' ',
            (byte, None) => *byte,
        });
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_where_an_element_ends() {
        let cases = [
            ("/foo", "/foo", true),
            ("/foo/", "/foo", true),
            ("/foo", "/foo/", true),
            ("/foo/bar", "/foo", true),
            ("/foobar", "/foo", false),
            ("/", "/", true),
            ("/any", "/", true),
            ("/fo", "/foo", false),
        ];
        for (path, prefix, expected) in cases {
            assert_eq!(has_prefix(path, prefix), expected, "{path} {prefix}");
        }
    }

    #[test]
    fn a_query_is_read_as_a_browser_writes_it() {
        assert_eq!(query_value("?a=1&b=x%20y+z&a=2", "a").as_deref(), Some("1"));
        assert_eq!(query_value("?a=1&b=x%20y+z", "b").as_deref(), Some("x y z"));
        assert_eq!(query_value("?flag", "flag").as_deref(), Some(""));
        assert_eq!(query_value("?a=%zz%", "a").as_deref(), Some("%zz%"));
        assert_eq!(query_value("", "a"), None);
    }
}
