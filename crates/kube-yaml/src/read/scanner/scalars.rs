//! Scalars, from their first character to their last.

use std::borrow::Cow;

use super::{Outcome, Scanner, is_blank, syntax};

impl<'a> Scanner<'a> {
    /// A literal (`|`) or folded (`>`) block.
    pub(super) fn block_scalar(&mut self, literal: bool) -> Outcome<String> {
        let start = self.line;
        self.at += 1;
        let (mut keep, mut strip, mut told) = (false, false, None);
        for _ in 0..2 {
            match self.byte(self.at) {
                b'+' if !strip && !keep => keep = true,
                b'-' if !strip && !keep => strip = true,
                b'0' if told.is_none() => {
                    return Err(syntax(start, "a block cannot be indented by 0"));
                }
                digit @ b'1'..=b'9' if told.is_none() => told = Some(usize::from(digit - b'0')),
                _ => break,
            }
            self.at += 1;
        }
        while is_blank(self.byte(self.at)) && !self.is_end() {
            self.at += 1;
        }
        if self.byte(self.at) == b'#' {
            while !self.is_breakz(self.at) {
                self.at += 1;
            }
        }
        if !self.is_breakz(self.at) {
            return Err(syntax(start, "behind `|` or `>` only a comment may stand"));
        }
        if !self.is_end() {
            self.line_break();
        }
        let (mut text, mut leading, mut trailing) = (String::new(), "", String::new());
        let mut indent = told.map(|told| self.indent.unwrap_or(0) + told);
        let mut after_blank = false;
        loop {
            let column = self.block_breaks(&mut indent, &mut trailing)?;
            if Some(column) != indent || self.is_end() {
                break;
            }
            let blank = is_blank(self.byte(self.at));
            if !literal && leading.starts_with('\n') && !after_blank && !blank {
                if trailing.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(leading);
            }
            text.push_str(&trailing);
            trailing.clear();
            after_blank = blank;
            let from = self.at;
            while !self.is_breakz(self.at) {
                self.at += 1;
            }
            text.push_str(&self.text[from..self.at]);
            leading = if self.is_end() { "" } else { self.line_break() };
        }
        if !strip {
            text.push_str(leading);
        }
        if keep {
            text.push_str(&trailing);
        }
        Ok(text)
    }

    /// The empty lines before a line of a block, and its indentation, which the first one settles. Says how far in it is.
    fn block_breaks(&mut self, indent: &mut Option<usize>, breaks: &mut String) -> Outcome<usize> {
        let mut widest = 0;
        loop {
            let start = self.at;
            while self.bytes.get(self.at) == Some(&b' ')
                && indent.is_none_or(|indent| self.at - start < indent)
            {
                self.at += 1;
            }
            let column = self.at - start;
            widest = widest.max(column);
            if self.byte(self.at) == b'\t' && indent.is_none_or(|indent| column < indent) {
                return Err(syntax(
                    self.line,
                    "a tab stands where only blanks may indent a block",
                ));
            }
            if self.is_end() || self.break_length(self.at) == 0 {
                if indent.is_none() {
                    *indent = Some(widest.max(self.indent.map_or(1, |indent| indent + 1)));
                }
                return Ok(column);
            }
            breaks.push_str(self.line_break());
        }
    }

    pub(super) fn quoted(&mut self, quote: u8) -> Outcome<Cow<'a, str>> {
        let start = self.line;
        self.at += 1;
        let from = self.at;
        // Most have neither escapes nor line breaks.
        let special = if quote == b'"' { b'\\' } else { quote };
        if let Some(length) = self.bytes[from..]
            .iter()
            .position(|&byte| byte == quote || byte == special || byte < b' ' || !byte.is_ascii())
            && self.bytes[from + length] == quote
            && (quote == b'"' || self.byte(from + length + 1) != quote)
        {
            self.at = from + length + 1;
            return Ok(Cow::Borrowed(&self.text[from..from + length]));
        }
        let mut text = String::new();
        loop {
            if self.is_marker() {
                return Err(syntax(self.line, "a document ends inside of a quoted text"));
            }
            let mut escaped_break = false;
            while !self.is_blankz(self.at) {
                let from = self.at;
                while !self.is_blankz(self.at)
                    && self.byte(self.at) != quote
                    && self.byte(self.at) != special
                {
                    self.at += 1;
                }
                text.push_str(&self.text[from..self.at]);
                if self.is_blankz(self.at) {
                    break;
                }
                if quote == b'\'' && self.byte(self.at + 1) == b'\'' {
                    text.push('\'');
                    self.at += 2;
                } else if self.byte(self.at) == quote {
                    self.at += 1;
                    return Ok(text.into());
                } else if self.break_length(self.at + 1) > 0 {
                    self.at += 1;
                    self.line_break();
                    escaped_break = true;
                    break;
                } else {
                    text.push(self.escape()?);
                }
            }
            if self.is_end() {
                return Err(syntax(start, "the quoted text that starts here has no end"));
            }
            self.fold(&mut text, escaped_break, None)?;
        }
    }

    /// Goes over blanks and line breaks inside of a scalar, and writes what they stand for. Says whether a line ended.
    fn fold(
        &mut self,
        text: &mut String,
        mut line_ended: bool,
        indent: Option<usize>,
    ) -> Outcome<bool> {
        let (from, mut leading, mut trailing) = (self.at, "", String::new());
        let mut blanks_end = self.at;
        loop {
            let byte = self.byte(self.at);
            if is_blank(byte) && !self.is_end() {
                if line_ended
                    && byte == b'\t'
                    && indent.is_some_and(|indent| self.at - self.line_start < indent)
                {
                    return Err(syntax(
                        self.line,
                        "a tab stands where only blanks may indent a text",
                    ));
                }
                self.at += 1;
                if !line_ended {
                    blanks_end = self.at;
                }
            } else if !self.is_end() && self.break_length(self.at) > 0 {
                let line_break = self.line_break();
                if line_ended {
                    trailing.push_str(line_break);
                } else {
                    leading = line_break;
                    line_ended = true;
                }
            } else {
                break;
            }
        }
        if !line_ended {
            text.push_str(&self.text[from..blanks_end]);
        } else if leading.starts_with('\n') && trailing.is_empty() {
            text.push(' ');
        } else {
            if !leading.starts_with('\n') {
                text.push_str(leading);
            }
            text.push_str(&trailing);
        }
        Ok(line_ended)
    }

    /// What the escape at the cursor stands for.
    fn escape(&mut self) -> Outcome<char> {
        let line = self.line;
        let (character, digits) = match self.byte(self.at + 1) {
            b'0' => ('\0', 0),
            b'a' => ('\u{7}', 0),
            b'b' => ('\u{8}', 0),
            b't' | b'\t' => ('\t', 0),
            b'n' => ('\n', 0),
            b'v' => ('\u{b}', 0),
            b'f' => ('\u{c}', 0),
            b'r' => ('\r', 0),
            b'e' => ('\u{1b}', 0),
            b'N' => ('\u{85}', 0),
            b'_' => ('\u{a0}', 0),
            b'L' => ('\u{2028}', 0),
            b'P' => ('\u{2029}', 0),
            sign @ (b' ' | b'"' | b'\'' | b'\\') => (char::from(sign), 0),
            b'x' => (' ', 2),
            b'u' => (' ', 4),
            b'U' => (' ', 8),
            _ => {
                return Err(syntax(
                    line,
                    "unknown escape in a quoted text: write `\\\\` for a backslash",
                ));
            }
        };
        self.at += 2;
        if digits == 0 {
            return Ok(character);
        }
        let code = self.text.get(self.at..self.at + digits);
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        self.at += digits;
        code.and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32)
            .ok_or_else(|| syntax(line, "an escape in a quoted text is no character"))
    }

    pub(super) fn plain(&mut self) -> Outcome<Cow<'a, str>> {
        let first = self.at;
        let indent = self.indent.map_or(0, |indent| indent + 1);
        let mut text = String::new();
        // Where the piece starts that is not in `text` yet, and whether there is only this piece.
        let mut whole = true;
        let mut end;
        loop {
            let from = self.at;
            while !self.ends_plain() {
                self.at += 1;
            }
            end = self.at;
            if !whole {
                text.push_str(&self.text[from..end]);
            }
            if self.is_end() || !self.is_blankz(self.at) {
                break;
            }
            // What follows belongs to the text only if more of it comes.
            let mut between = String::new();
            let line_ended = self.fold(&mut between, false, Some(indent))?;
            if line_ended {
                self.simple_key_allowed = true;
            }
            let goes_on = !self.is_end()
                && (self.flow_level > 0 || self.at - self.line_start >= indent || !line_ended)
                && self.byte(self.at) != b'#'
                && !self.is_marker()
                && !self.ends_plain();
            if !goes_on {
                break;
            }
            if line_ended {
                self.simple_key_allowed = false;
            }
            if whole {
                text.push_str(&self.text[first..end]);
                whole = false;
            }
            text.push_str(&between);
        }
        Ok(if whole {
            Cow::Borrowed(&self.text[first..end])
        } else {
            Cow::Owned(text)
        })
    }

    /// Whether a plain text ends at the cursor.
    fn ends_plain(&self) -> bool {
        match self.byte(self.at) {
            b':' => self.is_blankz(self.at + 1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.flow_level > 0,
            byte => is_blank(byte) || self.is_breakz(self.at),
        }
    }
}
