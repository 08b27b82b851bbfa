//! How deep a rule is nested, told from its text: parser and evaluator walk it by recursion, without a bound of their own that fits
//! the stack, and rules come from files.

use super::compiled::Unread;

/// The deepest rule. A server's own bound, 250 brackets, is well within.
const MAX_DEPTH: usize = 2_000;

/// A measure of how deep the tree of a rule is, never less than it is; or why the rule is not read.
pub(super) fn depth(text: &str) -> Result<usize, Unread> {
    let depth = match scan(text, true) {
        Some(depth) => depth?,
        // What a parser makes of the rest of a text that is not closed is anyone's guess.
        None => scan(text, false).unwrap_or(Ok(0))?,
    };
    if depth > MAX_DEPTH {
        return Err(Unread::NotRead("it is nested too deep".to_owned()));
    }
    Ok(depth)
}

/// Brackets count four times, since each comes with all levels of precedence. `None` when a quote is not closed.
fn scan(text: &str, quotes: bool) -> Option<Result<usize, Unread>> {
    let bytes = text.as_bytes();
    let (mut deepest, mut depth, mut run) = (0_usize, 0_usize, 0_usize);
    let mut outer = Vec::new();
    let mut word = 0..0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'"' | b'\'' if quotes => {
                let raw = word.end == start && text[word.clone()].contains(['r', 'R']);
                at = end_of_quoted(bytes, start, raw)?;
            }
            b'/' if quotes && bytes.get(at) == Some(&b'/') => {
                at += text[at..].find('\n').unwrap_or(text.len() - at);
            }
            b'(' | b'[' | b'{' => {
                let before = &text[word.clone()];
                if byte == b'{'
                    && !before.is_empty()
                    && before != "in"
                    && text[word.end..start].trim().is_empty()
                {
                    let reason = format!("`{before}` is no type that is known here");
                    return Some(Err(Unread::Typed(reason)));
                }
                run += 1;
                outer.push(run);
                depth += run + 3;
                run = 0;
            }
            b')' | b']' | b'}' => {
                run = outer.pop().unwrap_or(0);
                depth = depth.saturating_sub(run + 3);
            }
            b',' => run = 0,
            b'&' | b'|' if bytes.get(at) == Some(&byte) => {
                at += 1;
                run = 0;
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'>' | b'=' | b'!' | b'.' | b'?' | b':' => {
                run += 1;
            }
            byte if byte.is_ascii_alphanumeric() || byte == b'_' => {
                let end = bytes[start..]
                    .iter()
                    .position(|&b| !b.is_ascii_alphanumeric() && b != b'_')
                    .map_or(bytes.len(), |length| start + length);
                word = start..end;
                at = end;
                run += usize::from(&bytes[start..end] == b"in");
            }
            _ => {}
        }
        deepest = deepest.max(depth + run);
    }
    Some(Ok(deepest))
}

fn end_of_quoted(bytes: &[u8], start: usize, raw: bool) -> Option<usize> {
    let quote = bytes[start];
    let long = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if long { 3 } else { 1 };
    loop {
        match *bytes.get(at)? {
            b'\\' if !raw => at += 2,
            b'\n' | b'\r' if !long => return None,
            byte if byte == quote && !long => return Some(at + 1),
            byte if byte == quote && bytes[at..].starts_with(&[quote; 3]) => return Some(at + 3),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_what_nests() {
        for (text, expected) in [
            ("", 0),
            ("true && false || true", 0),
            ("self.a", 1),
            ("self.a + 1 == self.b", 5),
            ("f(1, 2, 3)", 4),
            ("f(g(1))", 8),
            ("(1) + (2)", 6),
            ("'((((' == \"))\"", 2),
            ("r'\\' == '('", 2),
            ("'\\'(' == ''", 2),
            ("'''('(''' == ''", 2),
            ("'((\n(", 12),
            ("1 // ((", 0),
            ("a in {1: 2}", 6),
        ] {
            assert_eq!(depth(text), Ok(expected), "{text}");
        }
        assert!(matches!(depth("Type {a: 1}"), Err(Unread::Typed(_))));
        assert!(matches!(depth(&"(".repeat(1_000)), Err(Unread::NotRead(_))));
    }
}
