//! Host names of listeners and routes: exact, or with `*.` in front, which stands for one label or more.

/// Whether a pattern, or one that leaves the host open, covers a host name. Both are in lower case.
pub(crate) fn covers(pattern: Option<&str>, host: &str) -> bool {
    match pattern {
        None => true,
        Some(pattern) => match pattern.strip_prefix('*') {
            Some(suffix) => host.len() > suffix.len() && host.ends_with(suffix),
            None => pattern == host,
        },
    }
}

/// How narrow a pattern is: exact before wildcard before open, and the longer before the shorter.
pub(crate) fn specificity(pattern: Option<&str>) -> (usize, usize) {
    match pattern {
        None => (0, 0),
        Some(pattern) if pattern.starts_with('*') => (0, pattern.len()),
        Some(pattern) => (pattern.len(), pattern.len()),
    }
}

/// The hosts that both a listener and a route mean; `None` where they have none in common. An open host in the answer
/// means that neither restricts it.
pub(crate) fn intersect(listener: Option<&str>, route: &[String]) -> Option<Vec<Option<String>>> {
    if route.is_empty() {
        return Some(vec![listener.map(str::to_owned)]);
    }
    let common: Vec<Option<String>> = route
        .iter()
        .filter_map(|host| common(listener, host))
        .map(|host| Some(host.to_owned()))
        .collect();
    (!common.is_empty()).then_some(common)
}

/// The narrower of two patterns if it lies inside the other.
fn common<'h>(listener: Option<&'h str>, route: &'h str) -> Option<&'h str> {
    let Some(listener) = listener else {
        return Some(route);
    };
    if listener == route || covers(Some(listener), route) {
        Some(route)
    } else if covers(Some(route), listener) {
        Some(listener)
    } else {
        None
    }
}

/// A host without its port and in lower case. An IPv6 address keeps its brackets.
pub(crate) fn without_port(host: &str) -> String {
    let end = match host.rfind(':') {
        Some(colon)
            if !host[colon..].contains(']')
                && host[colon + 1..].bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            colon
        }
        _ => host.len(),
    };
    host[..end].to_ascii_lowercase()
}

/// The port of a host, if it has one.
pub(crate) fn port_of(host: &str) -> Option<u16> {
    let (_, port) = host.rsplit_once(':')?;
    port.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_covers_labels_in_front_but_not_the_bare_domain() {
        let cases = [
            (None, "a.example.com", true),
            (Some("a.example.com"), "a.example.com", true),
            (Some("*.example.com"), "a.example.com", true),
            (Some("*.example.com"), "a.b.example.com", true),
            (Some("*.example.com"), "example.com", false),
            (Some("*.example.com"), ".example.com", false),
            (Some("*.example.com"), "badexample.com", false),
        ];
        for (pattern, host, expected) in cases {
            assert_eq!(covers(pattern, host), expected, "{pattern:?} {host}");
        }
    }

    #[test]
    fn what_two_patterns_have_in_common_is_the_narrower_one() {
        let of = |listener: Option<&str>, route: &[&str]| {
            intersect(
                listener,
                &route
                    .iter()
                    .map(|host| (*host).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        let some = |hosts: &[&str]| {
            Some(
                hosts
                    .iter()
                    .map(|host| Some((*host).to_owned()))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(of(None, &[]), Some(vec![None]));
        assert_eq!(of(Some("a.io"), &[]), some(&["a.io"]));
        assert_eq!(of(None, &["a.io"]), some(&["a.io"]));
        assert_eq!(of(Some("*.io"), &["a.io", "b.com"]), some(&["a.io"]));
        assert_eq!(of(Some("a.io"), &["*.io"]), some(&["a.io"]));
        assert_eq!(of(Some("*.a.io"), &["*.io"]), some(&["*.a.io"]));
        assert_eq!(of(Some("*.io"), &["*.a.io"]), some(&["*.a.io"]));
        assert_eq!(of(Some("a.io"), &["b.io"]), None);
    }

    #[test]
    fn a_name_is_narrower_than_any_pattern_that_covers_it() {
        let ranks = [None, Some("*.io"), Some("*.b.io"), Some("a.b.io")].map(specificity);
        assert!(ranks.is_sorted_by(|a, b| a < b), "{ranks:?}");
    }

    #[test]
    fn the_port_of_a_host_is_no_part_of_its_name() {
        assert_eq!(without_port("A.io:8080"), "a.io");
        assert_eq!(without_port("[::1]:80"), "[::1]");
        assert_eq!(without_port("[::1]"), "[::1]");
        assert_eq!(without_port("a.io:http"), "a.io:http");
        assert_eq!(port_of("a.io:8080"), Some(8080));
        assert_eq!(port_of("a.io"), None);
    }
}
