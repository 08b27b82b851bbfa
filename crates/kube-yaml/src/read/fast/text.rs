//! Texts without quotes: plain ones, and literal blocks.

use super::{Reader, Tree, scalar, without_blanks};

impl<'a, V: Tree> Reader<'a, V> {
    /// A text without quotes, over as many lines as are indented more than what is around it.
    pub(super) fn plain(&mut self, indent: usize) -> Option<V> {
        self.begins_plain().then_some(())?;
        let (first, mut ended) = self.plain_line()?;
        self.skip_line();
        self.seek()?;
        if ended || self.ends_before(indent) || self.behind_comment {
            return scalar(first);
        }
        let mut text = first.to_owned();
        while !(ended || self.ends_before(indent) || self.behind_comment) {
            match self.blank_lines {
                0 => text.push(' '),
                blank_lines => text.extend(std::iter::repeat_n('\n', blank_lines)),
            }
            let line;
            (line, ended) = self.plain_line()?;
            text.push_str(line);
            self.skip_line();
            self.seek()?;
        }
        scalar(&text)
    }

    /// The rest of the line without blanks at its end, and whether a comment follows.
    fn plain_line(&mut self) -> Option<(&'a str, bool)> {
        let start = self.at;
        let mut at = start;
        let mut ended = false;
        loop {
            at = self.next_sign(at);
            match self.byte(at) {
                b'\t' => return None,
                b':' if matches!(self.byte(at + 1), b' ' | b'\n' | b'\t') => return None,
                b'#' if at > start && self.bytes[at - 1] == b' ' => {
                    ended = true;
                    break;
                }
                b':' | b'#' => at += 1,
                _ => break,
            }
        }
        self.at = at;
        Some((without_blanks(&self.text[start..at]), ended))
    }

    /// A literal block; the cursor is at its `|`.
    pub(super) fn literal(&mut self, parent: usize) -> Option<String> {
        let (mut keep, mut strip, mut told) = (false, false, 0);
        self.at += 1;
        for _ in 0..2 {
            match self.peek() {
                b'+' if !keep && !strip => keep = true,
                b'-' if !keep && !strip => strip = true,
                digit @ b'1'..=b'9' if told == 0 => told = usize::from(digit - b'0'),
                _ => break,
            }
            self.at += 1;
        }
        let header = self.at;
        self.skip_blanks();
        match self.peek() {
            b'\n' => {}
            b'#' if self.at > header => {}
            _ => return None,
        }
        self.skip_line();
        let indent = match told {
            0 => self.literal_indent(parent)?,
            told => Some(parent + told),
        };
        let text = match indent {
            None if keep => return None,
            None => String::new(),
            Some(indent) => self.literal_lines(indent, keep, strip)?,
        };
        self.seek()?;
        Some(text)
    }

    /// The column of the first line that is not blank; `None` inside where the block is empty.
    #[allow(clippy::option_option)]
    fn literal_indent(&self, parent: usize) -> Option<Option<usize>> {
        let mut at = self.at;
        let mut widest = 0;
        loop {
            let blanks = self.bytes[at..]
                .iter()
                .take_while(|&&byte| byte == b' ')
                .count();
            match self.bytes.get(at + blanks) {
                Some(b'\n') => widest = widest.max(blanks),
                Some(b'\t') => return None,
                Some(_) if blanks > parent => return (widest <= blanks).then_some(Some(blanks)),
                _ => return (widest <= parent).then_some(None),
            }
            at += blanks + 1;
        }
    }

    fn literal_lines(&mut self, indent: usize, keep: bool, strip: bool) -> Option<String> {
        let mut text = String::new();
        let mut breaks = 0;
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            let blanks = rest
                .iter()
                .take(indent)
                .take_while(|&&byte| byte == b' ')
                .count();
            match rest.get(blanks) {
                Some(b'\n') => {
                    breaks += 1;
                    self.at += blanks + 1;
                    self.line += 1;
                }
                None => self.at += blanks,
                Some(_) if blanks == indent => {
                    text.extend(std::iter::repeat_n('\n', breaks));
                    let start = self.at + indent;
                    let end =
                        memchr::memchr(b'\n', &self.bytes[start..]).map(|length| start + length);
                    text.push_str(&self.text[start..end.unwrap_or(self.bytes.len())]);
                    breaks = usize::from(end.is_some());
                    self.at = end.map_or(self.bytes.len(), |end| end + 1);
                    self.line += u32::from(end.is_some());
                }
                Some(b'\t') => return None,
                Some(_) => break,
            }
        }
        if keep {
            text.extend(std::iter::repeat_n('\n', breaks));
        } else if !strip && breaks > 0 && !text.is_empty() {
            text.push('\n');
        }
        Some(text)
    }
}
