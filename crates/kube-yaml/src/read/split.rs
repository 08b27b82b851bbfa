//! Where one document ends and the next begins, as kubectl sees it.

/// A piece of a text.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    /// Line of its first character, from 1.
    pub(super) line: usize,
    /// The line before it starts like a separator and is none.
    pub(super) misled: bool,
}

/// Cuts at lines that start with `---`. Nothing but space or a comment may stand behind.
#[derive(Clone)]
pub(super) struct Parts<'a> {
    rest: Option<&'a str>,
    line: usize,
    misled: bool,
}

impl<'a> Parts<'a> {
    pub(super) fn new(text: &'a str, line: usize) -> Self {
        Self {
            rest: Some(text),
            line,
            misled: false,
        }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let rest = self.rest?;
        let mut part = Part {
            text: rest,
            line: self.line,
            misled: self.misled,
        };
        let at = if rest.starts_with("---") {
            Some(0)
        } else {
            memchr::memmem::find(rest.as_bytes(), b"\n---").map(|at| at + 1)
        };
        match at {
            None => self.rest = None,
            Some(at) => {
                part.text = &rest[..at];
                let behind = &rest[at + 3..];
                let end =
                    memchr::memchr(b'\n', behind.as_bytes()).map_or(behind.len(), |end| end + 1);
                let row = behind[..end].trim();
                self.misled = !row.is_empty() && !row.starts_with('#');
                self.line += lines_in(part.text) + 1;
                self.rest = Some(&behind[end..]);
            }
        }
        Some(part)
    }
}

/// Line breaks in a text.
pub(super) fn lines_in(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count()
}
