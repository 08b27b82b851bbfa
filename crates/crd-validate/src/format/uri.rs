//! URIs as Go reads them.

use std::net::Ipv6Addr;

/// What Go's `url.ParseRequestURI` takes: an absolute URI or an absolute path.
pub(super) fn is_request_uri(text: &str) -> bool {
    if text.is_empty() || text.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
        return false;
    }
    if text == "*" {
        return true;
    }
    let (scheme, rest) =
        match text.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))) {
            Some(0) if text.starts_with(':') => return false,
            Some(end)
                if text[end..].starts_with(':')
                    && text.starts_with(|c: char| c.is_ascii_alphabetic()) =>
            {
                (true, &text[end + 1..])
            }
            _ => (false, text),
        };
    let rest = rest.split('?').next().unwrap_or(rest);
    if !rest.starts_with('/') {
        return scheme;
    }
    let (authority, path) = match rest.strip_prefix("//") {
        Some(after) if scheme || !rest.starts_with("///") => match after.find('/') {
            Some(end) => after.split_at(end),
            None => (after, ""),
        },
        _ => ("", rest),
    };
    valid_escapes(path) && is_authority(authority)
}

fn valid_escapes(text: &str) -> bool {
    text.match_indices('%').all(|(index, _)| {
        text.as_bytes()
            .get(index + 1..index + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

fn is_authority(authority: &str) -> bool {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let user_ok = valid_escapes(user)
        && user
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c));
    let (literal, host, port) = match host.strip_prefix('[') {
        Some(inside) => match inside.rsplit_once(']') {
            Some((literal, port)) => (true, literal, port),
            None => return false,
        },
        None => {
            let (host, port) = host.split_at(host.rfind(':').unwrap_or(host.len()));
            (false, host, port)
        }
    };
    let port_ok = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let host_ok = if literal {
        let (address, zone) = host.split_once("%25").unwrap_or((host, "x"));
        address.parse::<Ipv6Addr>().is_ok() && !zone.is_empty() && valid_escapes(zone)
    } else {
        // Of a host, only what is not ASCII may be escaped, and the percent sign.
        valid_escapes(host)
            && host.match_indices('%').all(|(index, _)| {
                let code = &host[index + 1..];
                code.starts_with("25")
                    || !code.starts_with(|first: char| ('0'..='7').contains(&first))
            })
            && host.chars().all(|c| {
                !c.is_ascii() || c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:]<>\"%".contains(c)
            })
    };
    user_ok && port_ok && host_ok
}
