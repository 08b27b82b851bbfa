//! Maps and lists in brackets.

use std::borrow::Cow;

use kube_value::fingerprint;

use super::{LONGEST_KEY, Reader, Tree, is_plainly_text, scalar, without_blanks};
use crate::read::locations::short;

impl<'a, V: Tree> Reader<'a, V> {
    /// A map or a list in brackets.
    pub(super) fn flow(&mut self) -> Option<V> {
        self.deeper()?;
        let (mark, start) = (self.recorder.open(), self.line);
        let is_map = self.peek() == b'{';
        let close = if is_map { b'}' } else { b']' };
        let (first_member, first_item) = (self.members.len(), self.items.len());
        self.at += 1;
        loop {
            self.skip_flow_blanks()?;
            if self.peek() == close {
                break;
            }
            if is_map {
                let line = self.line;
                let key = self.flow_key()?;
                let value = self.flow_value()?;
                let print = fingerprint(&key);
                self.recorder.name_last(line, short(print));
                self.members.push((V::key(key, print), value));
            } else {
                let item = self.flow_value()?;
                self.items.push(item);
            }
            self.skip_flow_blanks()?;
            match self.peek() {
                b',' => self.at += 1,
                byte if byte == close => break,
                _ => return None,
            }
        }
        self.at += 1;
        match is_map {
            true => self.close_map(mark, start, first_member),
            false => Some(self.close_list(mark, start, first_item)),
        }
    }

    fn skip_flow_blanks(&mut self) -> Option<()> {
        loop {
            self.skip_blanks();
            if self.bytes.get(self.at)? != &b'\n' {
                return Some(());
            }
            self.skip_line();
            if self.bytes[self.at..].starts_with(b"...") {
                return None;
            }
        }
    }

    fn flow_key(&mut self) -> Option<Cow<'a, str>> {
        let (start, line) = (self.at, self.line);
        let is_quoted = matches!(self.peek(), b'"' | b'\'');
        let key = if is_quoted {
            let key = self.quoted()?;
            self.skip_blanks();
            key
        } else {
            let text = self.flow_plain()?;
            is_plainly_text(text)?;
            Cow::Borrowed(text)
        };
        let colon =
            self.peek() == b':' && (is_quoted || matches!(self.byte(self.at + 1), b' ' | b'\n'));
        if !colon || self.line != line || self.at - start > LONGEST_KEY {
            return None;
        }
        self.at += 1;
        self.skip_flow_blanks()?;
        Some(key)
    }

    pub(super) fn flow_value(&mut self) -> Option<V> {
        let line = self.line;
        let value = match self.peek() {
            b'[' | b'{' => return self.flow(),
            b'"' | b'\'' => V::text(self.quoted()?),
            _ => scalar(self.flow_plain()?)?,
        };
        self.recorder.leaf(line, 0);
        Some(value)
    }

    /// A plain text on one line in brackets; signs that have a meaning there to some reader are left to the full one.
    fn flow_plain(&mut self) -> Option<&'a str> {
        self.begins_plain().then_some(())?;
        let start = self.at;
        loop {
            match self.byte(self.at) {
                b',' | b']' | b'}' | b'\n' => break,
                b':' => match self.byte(self.at + 1) {
                    b' ' | b'\n' => break,
                    b',' | b'[' | b']' | b'{' | b'}' | b'?' | b'\t' => return None,
                    _ => self.at += 1,
                },
                b'[' | b'{' | b'?' | b'#' | b'\t' => return None,
                _ => self.at += 1,
            }
        }
        let text = without_blanks(&self.text[start..self.at]);
        (!text.is_empty()).then_some(text)
    }
}
