//! Text of manifests, made fit for each language that pictures are written in.

use std::borrow::Cow;

/// The text on one line, without characters that turn its direction around or that XML does not know. Each becomes a visible
/// replacement, so that nobody is deceived.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_harmful) {
        let kept = text.chars().map(|c| match c {
            '\n' | '\t' | '\r' => ' ',
            c if is_harmful(c) => '\u{fffd}',
            c => c,
        });
        Cow::Owned(kept.collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
}

/// For the text and the attributes of XML.
pub(crate) fn xml(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// For a quoted text of Mermaid, which reads Markdown and HTML in it and has entities with `#` for what it must not read.
pub(crate) fn mermaid(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | ';' | '\\' | '%' | '|' => {
                out.push('#');
                out.push_str(&u32::from(c).to_string());
                out.push(';');
            }
            c => out.push(c),
        }
    }
    out
}

/// For a quoted text of the dot language.
pub(crate) fn dot(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_and_not_run() {
        let hostile = "</text><script>alert('x')</script>\u{202e}\u{0}\n\"end\" #1; `md` | \\";
        let in_xml = xml(hostile);
        assert!(!in_xml.contains('<') && !in_xml.contains('"') && !in_xml.contains('\u{202e}'));
        assert!(!in_xml.contains('\u{0}') && !in_xml.contains('\n'));
        let in_mermaid = mermaid(hostile);
        assert!(
            !in_mermaid.contains(['<', '>', '"', '`', '|', '\n', '\\']),
            "{in_mermaid}"
        );
        let in_dot = dot(hostile);
        assert!(
            !in_dot
                .replace("\\\\", "")
                .replace("\\\"", "")
                .contains(['"', '\\', '\n']),
            "{in_dot}"
        );
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        assert_eq!(
            xml("외부 트래픽 (North-South)"),
            "외부 트래픽 (North-South)"
        );
        assert!(matches!(clean("web → db"), Cow::Borrowed(_)));
    }
}
