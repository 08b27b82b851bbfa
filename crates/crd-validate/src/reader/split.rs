//! Where one document ends and the next begins, as kubectl sees it.

/// A piece of a file.
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    /// Line of its first character, from 1.
    pub(super) line: usize,
    /// The line before it starts like a separator and is none.
    pub(super) misled: bool,
}

/// Cuts at lines that start with `---`. Nothing but space or a comment may stand behind.
pub(super) fn split(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut start_line, mut misled) = (0, 1, false);
    let (mut at, mut line) = (0, 1);
    for row in text.split_inclusive('\n') {
        let end = at + row.len();
        if let Some(rest) = row.strip_prefix("---") {
            parts.push(Part {
                text: &text[start..at],
                line: start_line,
                misled,
            });
            let rest = rest.trim();
            misled = !rest.is_empty() && !rest.starts_with('#');
            (start, start_line) = (end, line + 1);
        }
        at = end;
        line += 1;
    }
    parts.push(Part {
        text: &text[start..],
        line: start_line,
        misled,
    });
    parts.retain(|part| part.misled || has_content(part.text));
    parts
}

fn has_content(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .any(|row| !row.is_empty() && !row.starts_with('#'))
}
