//! Addresses of mail.

use super::parse_ip;

/// An address as in a mail header: `local@domain`, `<local@domain>` or `Name <local@domain>`, with a comment behind it.
pub(super) fn is_email(text: &str) -> bool {
    let blank = [' ', '\t'];
    let mut text = text.trim_matches(blank);
    while let Some(head) = text.strip_suffix(')').and_then(|head| head.rfind('(')) {
        text = text[..head].trim_end_matches(blank);
    }
    let atom = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| {
                !c.is_ascii() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
            })
    };
    let address = match text.strip_suffix('>') {
        Some(head) => match head.split_once('<') {
            Some((name, address)) => {
                let name = name.trim_end_matches(blank);
                let named = name.is_empty()
                    || is_quoted(name)
                    || name.split(blank).all(|word| {
                        word.is_empty() || is_quoted(word) || word.split('.').all(atom)
                    });
                if !named {
                    return false;
                }
                address
            }
            None => return false,
        },
        None => text,
    };
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let literal = domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|inside| parse_ip(inside.trim_start_matches("IPv6:")).is_some());
    (is_quoted(local) || local.split('.').all(atom)) && (literal || domain.split('.').all(atom))
}

fn is_quoted(text: &str) -> bool {
    let Some(inside) = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return false;
    };
    let mut escaped = false;
    for character in inside.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return false,
            _ => {}
        }
    }
    !escaped
}
