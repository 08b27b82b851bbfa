//! Where one document ends and the next begins, as kubectl sees it.

/// A piece of a file.
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    /// Line of its first character, from 1.
    pub(super) line: usize,
}

/// Cuts at lines that are `---` with nothing but space or a comment behind.
pub(super) fn split(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut start_line) = (0, 1);
    let (mut at, mut line) = (0, 1);
    for row in text.split_inclusive('\n') {
        let end = at + row.len();
        if is_separator(row) {
            parts.push(Part {
                text: &text[start..at],
                line: start_line,
            });
            (start, start_line) = (end, line + 1);
        }
        at = end;
        line += 1;
    }
    parts.push(Part {
        text: &text[start..],
        line: start_line,
    });
    parts.retain(|part| has_content(part.text));
    parts
}

fn is_separator(row: &str) -> bool {
    row.strip_prefix("---").is_some_and(|rest| {
        let trimmed = rest.trim();
        trimmed.is_empty() || (trimmed.starts_with('#') && rest.starts_with([' ', '\t']))
    })
}

fn has_content(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .any(|row| !row.is_empty() && !row.starts_with('#'))
}
