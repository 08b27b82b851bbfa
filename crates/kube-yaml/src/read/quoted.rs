//! Texts between quotes.

use std::borrow::Cow;

/// Where the quote that ends the text is; `start` is behind the one that begins it.
pub(super) fn end(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start;
    loop {
        at += memchr::memchr2(quote, b'\\', bytes.get(at..)?)?;
        match (bytes[at], bytes.get(at + 1)) {
            (b'\'', Some(b'\'')) => at += 2,
            (b'\\', _) if quote == b'"' => at += 2,
            (b'\\', _) => at += 1,
            _ => return Some(at),
        }
    }
}

/// What the characters between the quotes stand for. `None` where the full reader has to look.
pub(super) fn text(raw: &str, double: bool) -> Option<Cow<'_, str>> {
    let bytes = raw.as_bytes();
    let special = if double { b'\\' } else { b'\'' };
    let Some(first) = memchr::memchr2(special, b'\n', bytes) else {
        return Some(Cow::Borrowed(raw));
    };
    if raw.contains("\n...") {
        return None;
    }
    let mut out = String::with_capacity(raw.len());
    // Blanks before a line break belong to it.
    let mut at = bytes[..first]
        .iter()
        .rposition(|&byte| !is_blank(byte))
        .map_or(0, |last| last + 1);
    out.push_str(&raw[..at]);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if double => at = escape(raw, at + 1, &mut out)?,
            b'\'' if !double => {
                out.push('\'');
                at += 2;
            }
            byte if is_blank(byte) || byte == b'\n' => {
                let end = bytes[at..]
                    .iter()
                    .position(|&byte| !is_blank(byte) && byte != b'\n')
                    .map_or(bytes.len(), |length| at + length);
                match memchr::memchr_iter(b'\n', &bytes[at..end]).count() {
                    0 => out.push_str(&raw[at..end]),
                    1 => out.push(' '),
                    breaks => out.extend(std::iter::repeat_n('\n', breaks - 1)),
                }
                at = end;
            }
            _ => {
                let end = bytes[at..]
                    .iter()
                    .position(|&byte| is_blank(byte) || byte == b'\n' || byte == special)
                    .map_or(bytes.len(), |length| at + length);
                out.push_str(&raw[at..end]);
                at = end;
            }
        }
    }
    Some(Cow::Owned(out))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Writes what the escape stands for whose letter is at `at`; says where the text goes on.
fn escape(raw: &str, at: usize, out: &mut String) -> Option<usize> {
    let bytes = raw.as_bytes();
    let (digits, character) = match bytes.get(at)? {
        b'0' => (0, '\0'),
        b'a' => (0, '\u{7}'),
        b'b' => (0, '\u{8}'),
        b't' => (0, '\t'),
        b'n' => (0, '\n'),
        b'v' => (0, '\u{b}'),
        b'f' => (0, '\u{c}'),
        b'r' => (0, '\r'),
        b'e' => (0, '\u{1b}'),
        b' ' => (0, ' '),
        b'"' => (0, '"'),
        b'\\' => (0, '\\'),
        b'x' => (2, ' '),
        b'u' => (4, ' '),
        b'U' => (8, ' '),
        b'\n' => {
            // The line goes on on the next; blank lines between count.
            let mut at = at + 1;
            while let Some(&byte) = bytes
                .get(at)
                .filter(|&&byte| is_blank(byte) || byte == b'\n')
            {
                if byte == b'\n' {
                    out.push('\n');
                }
                at += 1;
            }
            return Some(at);
        }
        _ => return None,
    };
    let hex = raw.get(at + 1..at + 1 + digits)?;
    out.push(match digits {
        0 => character,
        _ if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            char::from_u32(u32::from_str_radix(hex, 16).ok()?)?
        }
        _ => return None,
    });
    Some(at + 1 + digits)
}
