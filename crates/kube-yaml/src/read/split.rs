//! Where one document ends and the next begins, as kubectl sees it.

/// A piece of a text.
#[derive(Clone, Copy, Debug)]
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
    /// Whether the rest is one part, in which nobody has to look for the end.
    is_one: bool,
}

impl<'a> Parts<'a> {
    pub(super) fn new(text: &'a str, line: usize) -> Self {
        Self {
            rest: Some(text),
            line,
            misled: false,
            is_one: false,
        }
    }
}

impl<'a> Parts<'a> {
    /// This part alone.
    pub(super) fn of(part: Part<'a>) -> Self {
        Self {
            rest: Some(part.text),
            line: part.line,
            misled: part.misled,
            is_one: true,
        }
    }

    pub(super) fn size(&self) -> usize {
        self.rest.map_or(0, str::len)
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
        let at = if self.is_one {
            None
        } else if rest.starts_with("---") {
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

/// Where the line of a byte starts.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |at| at + 1)
}

/// Where the first line behind this one starts that has a dash in this column, and blanks before it; or where the text ends.
pub(super) fn next_dash(text: &str, column: usize) -> usize {
    let bytes = text.as_bytes();
    let is_dash = |line: &[u8]| {
        let (blanks, dash) = line.split_at_checked(column)?;
        let fits =
            blanks.iter().all(|&byte| byte == b' ') && matches!(dash, [b'-', b' ' | b'\n', ..]);
        fits.then_some(())
    };
    memchr::memchr_iter(b'\n', bytes)
        .map(|at| at + 1)
        .find(|&at| is_dash(&bytes[at..]).is_some())
        .unwrap_or(text.len())
}
