//! How a text is written: plain, in double quotes, or as a literal block. Each text is looked through once, byte by byte,
//! with a table of what each byte may do.

use super::look_alike::{LONGEST_WORD, begins_word, is_taken_for_something_else};

/// May stand anywhere in a plain text.
const PLAIN: u8 = 0;
const BLANK: u8 = 1;
/// Ends a key before a blank or the end of the line.
const COLON: u8 = 1 << 1;
/// Begins a comment behind a blank.
const HASH: u8 = 1 << 2;
/// `,` `[` `]` `{` `}`, which some readers mind in a key.
const FLOW: u8 = 1 << 3;
const LINE: u8 = 1 << 4;
const TAB: u8 = 1 << 5;
/// Must be escaped.
const CONTROL: u8 = 1 << 6;
/// The first byte of characters of which some must be escaped.
const SUSPECT: u8 = 1 << 7;

const CLASS: [u8; 256] = {
    let mut class = [PLAIN; 256];
    let mut byte = 0;
    while byte < 0x20 {
        class[byte] = CONTROL;
        byte += 1;
    }
    class[0x7f] = CONTROL;
    class[b'\t' as usize] = TAB;
    class[b'\n' as usize] = LINE;
    class[b' ' as usize] = BLANK;
    class[b':' as usize] = COLON;
    class[b'#' as usize] = HASH;
    class[b',' as usize] = FLOW;
    class[b'[' as usize] = FLOW;
    class[b']' as usize] = FLOW;
    class[b'{' as usize] = FLOW;
    class[b'}' as usize] = FLOW;
    // U+0080 to U+009F; U+2028 and U+2029; U+FEFF, U+FFFE and U+FFFF.
    class[0xc2] = SUSPECT;
    class[0xe2] = SUSPECT;
    class[0xef] = SUSPECT;
    class
};

fn classes(bytes: &[u8]) -> u8 {
    bytes
        .iter()
        .fold(0, |seen, &byte| seen | CLASS[usize::from(byte)])
}

/// Whether a character cannot be written as itself, tabs and line breaks apart.
fn must_be_escaped(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

/// Whether no byte of these classes needs an escape outside a literal block.
fn is_printable(text: &str, seen: u8) -> bool {
    seen & CONTROL == 0
        && (seen & SUSPECT == 0
            || !text
                .chars()
                .any(|c| c != '\n' && c != '\t' && must_be_escaped(c)))
}

/// Letters begin no number, no date, no indicator and no marker.
fn is_plain_at_a_glance(bytes: &[u8]) -> bool {
    match bytes {
        [first, ..] if first.is_ascii_alphabetic() => {
            bytes.len() > LONGEST_WORD || !begins_word(*first)
        }
        _ => false,
    }
}

/// Whether indicators at the start, blanks at the ends or a look-alike make quotes necessary.
fn starts_and_ends_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let indicator = match first {
        b'-' | b'?' => matches!(bytes.get(1), None | Some(b' ')),
        b' ' | b',' | b':' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|'
        | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' => true,
        _ => false,
    };
    !indicator && *last != b' ' && !begins_with_marker(text) && !is_taken_for_something_else(text)
}

/// `---` and `...`, alone or with a blank behind them.
fn begins_with_marker(text: &str) -> bool {
    matches!(text.get(..3), Some("---" | "..."))
        && matches!(text.as_bytes().get(3), None | Some(b' '))
}

/// What would end the document, or be cut away by kubectl, if it began a line.
pub(super) fn ends_documents(text: &str) -> bool {
    text.starts_with("---") || text.starts_with("...")
}

/// Whether a `:` ends a key, or a `#` begins a comment, in the middle of the text.
fn is_cut_short(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.last() == Some(&b':') {
        return true;
    }
    memchr::memchr2_iter(b':', b'#', bytes).any(|at| match bytes[at] {
        b':' => bytes.get(at + 1) == Some(&b' '),
        _ => text[..at]
            .chars()
            .next_back()
            .is_some_and(char::is_whitespace),
    })
}

/// A key, without its colon.
pub(super) fn write_key(out: &mut Vec<u8>, text: &str) {
    let seen = classes(text.as_bytes());
    if seen == PLAIN && is_plain_at_a_glance(text.as_bytes())
        || seen & (COLON | FLOW | LINE | TAB | CONTROL) == 0
            && starts_and_ends_plain(text)
            && is_printable(text, seen)
            && (seen & HASH == 0 || !is_cut_short(text))
            && !ends_documents(text)
    {
        out.extend_from_slice(text.as_bytes());
    } else {
        write_quoted(out, text);
    }
}

/// A text at the end of a line, with the line break behind it. `column` is where the lines of a literal block begin.
pub(super) fn write_value(out: &mut Vec<u8>, text: &str, column: usize, at_line_start: bool) {
    let seen = classes(text.as_bytes());
    if seen & LINE != 0 && is_printable(text, seen) && write_block(out, text, column) {
        return;
    }
    if seen & !(FLOW | BLANK) == PLAIN
        && is_plain_at_a_glance(text.as_bytes())
        && !text.ends_with(' ')
        || seen & (LINE | TAB | CONTROL) == 0
            && starts_and_ends_plain(text)
            && is_printable(text, seen)
            && (seen & (COLON | HASH) == 0 || !is_cut_short(text))
            && !(at_line_start && ends_documents(text))
    {
        out.extend_from_slice(text.as_bytes());
    } else {
        write_quoted(out, text);
    }
    out.push(b'\n');
}

/// A text of several lines as a literal block. `false`, and nothing written, where a block would not read back the same: where
/// nothing but line breaks is there, where libyaml would take a tab for indentation, and where a line has nothing but blanks,
/// which nobody sees and the next editor takes away.
fn write_block(out: &mut Vec<u8>, text: &str, column: usize) -> bool {
    let first = text.bytes().find(|&byte| byte != b'\n');
    let (Some(first), content) = (first, text.trim_end_matches('\n')) else {
        return false;
    };
    if first == b'\t' {
        return false;
    }
    let start = out.len();
    out.push(b'|');
    if first == b' ' {
        // The indentation has to be told.
        out.push(b'2');
    }
    let trailing = text.len() - content.len();
    match trailing {
        0 => out.push(b'-'),
        1 => {}
        _ => out.push(b'+'),
    }
    out.push(b'\n');
    let mut rest = content.as_bytes();
    loop {
        let (line, behind) = match memchr::memchr(b'\n', rest) {
            Some(end) => (&rest[..end], Some(&rest[end + 1..])),
            None => (rest, None),
        };
        if let [first, ..] = line {
            let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
            if is_blank(first) && line.iter().all(is_blank) {
                out.truncate(start);
                return false;
            }
            indent(out, column);
            out.extend_from_slice(line);
        }
        out.push(b'\n');
        match behind {
            Some(behind) => rest = behind,
            None => break,
        }
    }
    for _ in 1..trailing {
        out.push(b'\n');
    }
    true
}

pub(super) fn indent(out: &mut Vec<u8>, column: usize) {
    const SPACES: [u8; 64] = [b' '; 64];
    match SPACES.get(..column) {
        Some(spaces) => out.extend_from_slice(spaces),
        None => out.extend(std::iter::repeat_n(b' ', column)),
    }
}

fn write_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text;
    while let Some((at, c)) = rest
        .char_indices()
        .find(|&(_, c)| matches!(c, '"' | '\\') || must_be_escaped(c))
    {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        escape(out, c);
        rest = &rest[at + c.len_utf8()..];
    }
    out.extend_from_slice(rest.as_bytes());
    out.push(b'"');
}

fn escape(out: &mut Vec<u8>, c: char) {
    out.push(b'\\');
    let short = match c {
        '"' | '\\' => c as u8,
        '\0' => b'0',
        '\u{7}' => b'a',
        '\u{8}' => b'b',
        '\t' => b't',
        '\n' => b'n',
        '\u{b}' => b'v',
        '\u{c}' => b'f',
        '\r' => b'r',
        '\u{1b}' => b'e',
        '\u{85}' => b'N',
        '\u{2028}' => b'L',
        '\u{2029}' => b'P',
        _ => {
            let code = u32::from(c);
            let digits = if code < 0x100 { 2 } else { 4 };
            out.push(if digits == 2 { b'x' } else { b'u' });
            for place in (0..digits).rev() {
                out.push(b"0123456789ABCDEF"[(code >> (4 * place)) as usize & 15]);
            }
            return;
        }
    };
    out.push(short);
}
