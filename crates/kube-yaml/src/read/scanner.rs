//! The tokens of a text, as kubectl's own parser sees them.
//!
//! YAML's rules for tokens are those of libyaml, which that parser descends from: whether a scalar is a key shows only at the
//! colon behind it, at most 1024 characters on, and indentation becomes tokens of its own. Where libyaml and later versions of
//! YAML differ, this is the older one.

mod scalars;

use std::borrow::Cow;
use std::collections::VecDeque;

use super::MAX_DEPTH;
use super::error::{ErrorKind, SyntaxError};

/// Characters from the start of a key to its colon, where no `?` says that it is one.
const LONGEST_SIMPLE_KEY: usize = 1024;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind<'a> {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    Tag(Cow<'a, str>),
    Scalar { text: Cow<'a, str>, plain: bool },
}

#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    /// Where it starts, from 1.
    pub(super) line: usize,
}

/// A place in the text.
#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    line: usize,
    /// Characters from the start of the line.
    column: usize,
}

/// A token that turns out to be a key if a colon follows.
#[derive(Clone, Copy)]
struct SimpleKey {
    mark: Mark,
    /// Counted from the start of the text.
    token: usize,
    /// It stands where only a key can stand.
    required: bool,
}

pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: usize,
    line_start: usize,
    tokens: VecDeque<Token<'a>>,
    /// How many tokens have been handed out.
    taken: usize,
    /// The column of the innermost block; `None` outside of all.
    indent: Option<usize>,
    indents: Vec<Option<usize>>,
    flow_level: usize,
    simple_key_allowed: bool,
    /// One place for each level of brackets, and one for the block around them.
    simple_keys: Vec<Option<SimpleKey>>,
    ended: bool,
}

type Outcome<T> = Result<T, SyntaxError>;

fn syntax(line: usize, message: &str) -> SyntaxError {
    SyntaxError::new(ErrorKind::Syntax, line, format!("not YAML: {message}"))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether a tag, without its first `!`, is `handle!suffix`.
fn has_handle(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    tag.split_once('!')
        .is_some_and(|(handle, _)| handle.bytes().all(is_word))
}

impl<'a> Scanner<'a> {
    /// The text must end with a line break and be free of control characters.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
            line_start: 0,
            tokens: VecDeque::new(),
            taken: 0,
            indent: None,
            indents: Vec::new(),
            flow_level: 0,
            simple_key_allowed: true,
            simple_keys: vec![None],
            ended: false,
        }
    }

    /// The next token, which stays.
    pub(super) fn peek(&mut self) -> Outcome<&Token<'a>> {
        while self.tokens.is_empty() || self.head_may_be_a_key()? {
            if self.ended {
                break;
            }
            self.fetch()?;
        }
        let end = || syntax(self.line, "the text ends too early");
        self.tokens.front().ok_or_else(end)
    }

    /// Takes the token that [`Scanner::peek`] has shown.
    pub(super) fn take(&mut self) -> Option<Token<'a>> {
        self.taken += 1;
        self.tokens.pop_front()
    }

    /// Whether a colon further on could still put a key before the first token.
    fn head_may_be_a_key(&mut self) -> Outcome<bool> {
        for level in 0..self.simple_keys.len() {
            if self.simple_keys[level].is_some_and(|key| key.token == self.taken) {
                return Ok(self.valid_key(level)?.is_some());
            }
        }
        Ok(false)
    }

    /// The possible key of a level, unless it has become impossible.
    fn valid_key(&mut self, level: usize) -> Outcome<Option<SimpleKey>> {
        let Some(key) = self.simple_keys.get(level).copied().flatten() else {
            return Ok(None);
        };
        if key.mark.line == self.line && !self.is_far_from(key.mark.at) {
            return Ok(Some(key));
        }
        if key.required {
            return Err(syntax(key.mark.line, "a key without a colon behind it"));
        }
        self.simple_keys[level] = None;
        Ok(None)
    }

    fn is_far_from(&self, start: usize) -> bool {
        let bytes = self.at - start;
        bytes > 4 * LONGEST_SIMPLE_KEY
            || bytes > LONGEST_SIMPLE_KEY
                && self.text[start..self.at].chars().count() > LONGEST_SIMPLE_KEY
    }

    /// The byte there; a line break behind the end.
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn is_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// How long the line break there is; 0 where there is none.
    fn break_length(&self, at: usize) -> usize {
        match self.bytes.get(at..).unwrap_or_default() {
            [b'\r', b'\n', ..] => 2,
            [b'\n' | b'\r', ..] => 1,
            [0xc2, 0x85, ..] => 2,
            [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
            _ => 0,
        }
    }

    /// Whether a line or the text ends there.
    fn is_breakz(&self, at: usize) -> bool {
        at >= self.bytes.len() || self.break_length(at) > 0
    }

    fn is_blankz(&self, at: usize) -> bool {
        is_blank(self.byte(at)) || self.is_breakz(at)
    }

    /// Characters before the cursor on its line.
    fn column(&self) -> usize {
        self.text[self.line_start..self.at].chars().count()
    }

    fn mark(&self) -> Mark {
        let column = if self.flow_level == 0 {
            self.column()
        } else {
            0
        };
        Mark {
            at: self.at,
            line: self.line,
            column,
        }
    }

    /// Steps over a line break. What it stands for in a scalar: all but two of Unicode's own are alike.
    fn line_break(&mut self) -> &'a str {
        let length = self.break_length(self.at);
        let text = &self.text[self.at..self.at + length];
        self.at += length;
        self.line += 1;
        self.line_start = self.at;
        if length == 3 { text } else { "\n" }
    }

    /// `---` or `...` at the start of a line.
    fn is_marker(&self) -> bool {
        self.at == self.line_start
            && matches!(self.bytes.get(self.at..self.at + 3), Some(b"---" | b"..."))
            && self.is_blankz(self.at + 3)
    }

    fn push(&mut self, kind: TokenKind<'a>, line: usize) {
        self.tokens.push_back(Token { kind, line });
    }

    fn skip_to_token(&mut self) {
        loop {
            if self.at == 0 && self.bytes.starts_with("\u{feff}".as_bytes()) {
                self.at += 3;
            }
            let tabs = self.flow_level > 0 || !self.simple_key_allowed;
            while self
                .bytes
                .get(self.at)
                .is_some_and(|&byte| byte == b' ' || byte == b'\t' && tabs)
            {
                self.at += 1;
            }
            if self.byte(self.at) == b'#' {
                while !self.is_breakz(self.at) {
                    self.at += 1;
                }
            }
            if self.is_end() || self.break_length(self.at) == 0 {
                return;
            }
            self.line_break();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    fn fetch(&mut self) -> Outcome<()> {
        self.skip_to_token();
        if self.is_end() {
            return self.fetch_end();
        }
        if self.flow_level == 0 {
            self.unroll(Some(self.column()));
        }
        let (byte, line) = (self.byte(self.at), self.line);
        let single = self.is_blankz(self.at + 1);
        let in_flow = self.flow_level > 0;
        match byte {
            b'%' if self.at == self.line_start => Err(SyntaxError::new(
                ErrorKind::Unsupported,
                line,
                "kubectl reads no directives: leave the line with `%` out",
            )),
            b'-' | b'.' if self.is_marker() => {
                self.unroll(None);
                self.forget_key()?;
                self.simple_key_allowed = false;
                self.at += 3;
                let kind = if byte == b'-' {
                    TokenKind::DocumentStart
                } else {
                    TokenKind::DocumentEnd
                };
                self.push(kind, line);
                Ok(())
            }
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => {
                self.forget_key()?;
                self.simple_key_allowed = true;
                self.at += 1;
                self.push(TokenKind::FlowEntry, line);
                Ok(())
            }
            b'-' if single => self.fetch_entry(),
            b'?' if in_flow || single => self.fetch_key(),
            b':' if in_flow || single => self.fetch_value(),
            b'*' | b'&' => {
                self.save_key()?;
                self.simple_key_allowed = false;
                let name = self.anchor()?;
                self.push(
                    if byte == b'*' {
                        TokenKind::Alias(name)
                    } else {
                        TokenKind::Anchor(name)
                    },
                    line,
                );
                Ok(())
            }
            b'!' => {
                self.save_key()?;
                self.simple_key_allowed = false;
                let tag = self.tag()?;
                self.push(TokenKind::Tag(tag), line);
                Ok(())
            }
            b'|' | b'>' if !in_flow => {
                self.forget_key()?;
                self.simple_key_allowed = true;
                let text = self.block_scalar(byte == b'|')?;
                self.push(
                    TokenKind::Scalar {
                        text: text.into(),
                        plain: false,
                    },
                    line,
                );
                Ok(())
            }
            b'\'' | b'"' => {
                self.save_key()?;
                self.simple_key_allowed = false;
                let text = self.quoted(byte)?;
                self.push(TokenKind::Scalar { text, plain: false }, line);
                Ok(())
            }
            b'\t' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => Err(self.no_token(byte)),
            _ => {
                self.save_key()?;
                self.simple_key_allowed = false;
                let text = self.plain()?;
                self.push(TokenKind::Scalar { text, plain: true }, line);
                Ok(())
            }
        }
    }

    fn no_token(&self, byte: u8) -> SyntaxError {
        match byte {
            b'\t' => syntax(self.line, "a tab stands where only blanks may"),
            _ => syntax(
                self.line,
                &format!("no text begins with `{}`; quote it", char::from(byte)),
            ),
        }
    }

    fn fetch_end(&mut self) -> Outcome<()> {
        self.unroll(None);
        self.forget_key()?;
        self.simple_key_allowed = false;
        self.ended = true;
        self.push(TokenKind::StreamEnd, self.line);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind<'a>) -> Outcome<()> {
        self.save_key()?;
        self.simple_keys.push(None);
        self.flow_level += 1;
        self.check_depth()?;
        self.simple_key_allowed = true;
        self.at += 1;
        self.push(kind, self.line);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind<'a>) -> Outcome<()> {
        self.forget_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            self.simple_keys.pop();
        }
        self.simple_key_allowed = false;
        self.at += 1;
        self.push(kind, self.line);
        Ok(())
    }

    fn fetch_entry(&mut self) -> Outcome<()> {
        let line = self.line;
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(syntax(
                    line,
                    "block sequence entries are not allowed in this context",
                ));
            }
            self.roll(self.column(), None, TokenKind::BlockSequenceStart, line)?;
        }
        self.forget_key()?;
        self.simple_key_allowed = true;
        self.at += 1;
        self.push(TokenKind::BlockEntry, line);
        Ok(())
    }

    fn fetch_key(&mut self) -> Outcome<()> {
        let line = self.line;
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(syntax(line, "mapping keys are not allowed in this context"));
            }
            self.roll(self.column(), None, TokenKind::BlockMappingStart, line)?;
        }
        self.forget_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.at += 1;
        self.push(TokenKind::Key, line);
        Ok(())
    }

    fn fetch_value(&mut self) -> Outcome<()> {
        let line = self.line;
        if let Some(key) = self.valid_key(self.flow_level)? {
            let place = key.token - self.taken;
            let token = Token {
                kind: TokenKind::Key,
                line: key.mark.line,
            };
            self.tokens.insert(place, token);
            self.roll(
                key.mark.column,
                Some(place),
                TokenKind::BlockMappingStart,
                key.mark.line,
            )?;
            self.simple_keys[self.flow_level] = None;
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return Err(syntax(
                        line,
                        "mapping values are not allowed in this context",
                    ));
                }
                self.roll(self.column(), None, TokenKind::BlockMappingStart, line)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.at += 1;
        self.push(TokenKind::Value, line);
        Ok(())
    }

    fn save_key(&mut self) -> Outcome<()> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        self.forget_key()?;
        let mark = self.mark();
        let key = SimpleKey {
            mark,
            token: self.taken + self.tokens.len(),
            required: self.flow_level == 0 && self.indent == Some(mark.column),
        };
        self.simple_keys[self.flow_level] = Some(key);
        Ok(())
    }

    fn forget_key(&mut self) -> Outcome<()> {
        match self.simple_keys[self.flow_level].take() {
            Some(key) if key.required => {
                Err(syntax(key.mark.line, "a key without a colon behind it"))
            }
            _ => Ok(()),
        }
    }

    fn check_depth(&self) -> Outcome<()> {
        if self.flow_level + self.indents.len() > MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} deep");
            return Err(SyntaxError::new(ErrorKind::Limit, self.line, message));
        }
        Ok(())
    }

    /// Opens a block at a column, unless one is open there.
    fn roll(
        &mut self,
        column: usize,
        place: Option<usize>,
        kind: TokenKind<'a>,
        line: usize,
    ) -> Outcome<()> {
        if self.flow_level > 0 || self.indent.is_some_and(|indent| indent >= column) {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = Some(column);
        self.check_depth()?;
        let token = Token { kind, line };
        match place {
            Some(place) => self.tokens.insert(place, token),
            None => self.tokens.push_back(token),
        }
        Ok(())
    }

    /// Closes the blocks that are further in than a column; all of them for `None`.
    fn unroll(&mut self, column: Option<usize>) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.push(TokenKind::BlockEnd, self.line);
            self.indent = self.indents.pop().flatten();
        }
    }

    /// The name behind `&` or `*`.
    fn anchor(&mut self) -> Outcome<&'a str> {
        self.at += 1;
        let start = self.at;
        while matches!(self.byte(self.at), b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'-') {
            self.at += 1;
        }
        let ends = self.is_blankz(self.at)
            || matches!(
                self.byte(self.at),
                b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'
            );
        if self.at == start || !ends {
            return Err(syntax(
                self.line,
                "the name of an anchor has letters, digits, `-` and `_`",
            ));
        }
        Ok(&self.text[start..self.at])
    }

    /// A tag, with `!!` written out; `!` alone means a text.
    fn tag(&mut self) -> Outcome<Cow<'a, str>> {
        let start = self.at;
        let line = self.line;
        let is_verbatim = self.byte(start + 1) == b'<';
        self.at += if is_verbatim { 2 } else { 1 };
        while self.bytes.get(self.at).is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || b"-_;/?:@&=+$,.!~*'()[]%".contains(byte)
        }) {
            self.at += 1;
        }
        let tag = &self.text[start..self.at];
        if is_verbatim {
            if self.byte(self.at) != b'>' {
                return Err(syntax(line, "the tag that starts here has no `>`"));
            }
            self.at += 1;
        }
        let is_escape = |escape: &str| {
            escape.len() >= 2 && escape.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
        };
        if !tag.split('%').skip(1).all(is_escape) {
            return Err(syntax(
                line,
                "behind `%` in a tag two hexadecimal digits are needed",
            ));
        }
        if !self.is_blankz(self.at) {
            return Err(syntax(
                line,
                "behind a tag a blank or the end of the line is needed",
            ));
        }
        if is_verbatim {
            return Ok(Cow::Borrowed(&tag[2..]));
        }
        match tag.strip_prefix("!!") {
            Some("") => Err(syntax(line, "behind `!!` a name is needed")),
            Some(core) => Ok(format!("tag:yaml.org,2002:{core}").into()),
            None if has_handle(&tag[1..]) => {
                Err(syntax(line, "the handle of this tag is not declared"))
            }
            None => Ok(Cow::Borrowed(tag)),
        }
    }
}
