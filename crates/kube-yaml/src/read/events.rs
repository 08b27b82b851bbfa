//! From tokens to what they say: values begin, end, and stand for others.

use std::borrow::Cow;

use super::error::{ErrorKind, SyntaxError};
use super::scanner::{Scanner, TokenKind};

/// What happens next in a document.
#[derive(Debug)]
pub(super) struct Event<'a> {
    pub(super) kind: EventKind<'a>,
    /// Where it starts, from 1.
    pub(super) line: usize,
}

#[derive(Debug)]
pub(super) enum EventKind<'a> {
    Scalar {
        text: Cow<'a, str>,
        /// Neither quoted, nor a block, nor with a tag.
        plain: bool,
        properties: Properties<'a>,
    },
    SequenceStart(Properties<'a>),
    MappingStart(Properties<'a>),
    End,
    Alias(&'a str),
}

/// What stands before a value.
#[derive(Debug, Default)]
pub(super) struct Properties<'a> {
    pub(super) anchor: Option<&'a str>,
    pub(super) tag: Option<Cow<'a, str>>,
}

/// Where the grammar goes on once a value is complete.
#[derive(Clone, Copy, Debug)]
enum State {
    BlockNode,
    BlockEntry,
    IndentlessEntry,
    BlockKey,
    BlockValue,
    FlowEntry { first: bool },
    PairKey,
    PairValue,
    PairEnd,
    FlowKey { first: bool },
    FlowValue,
    FlowEmptyValue,
}

/// The events of the first document of a text.
pub(super) struct Events<'a> {
    scanner: Scanner<'a>,
    states: Vec<State>,
    next: Option<State>,
}

type Outcome<T> = Result<T, SyntaxError>;

fn expected(line: usize, what: &str) -> SyntaxError {
    SyntaxError::new(ErrorKind::Syntax, line, format!("not YAML: {what}"))
}

fn scalar<'a>(line: usize) -> Event<'a> {
    let kind = EventKind::Scalar {
        text: Cow::Borrowed(""),
        plain: true,
        properties: Properties::default(),
    };
    Event { kind, line }
}

impl<'a> Events<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            scanner: Scanner::new(text),
            states: Vec::new(),
            next: Some(State::BlockNode),
        }
    }

    /// Whether nothing stands in the text; to be asked first.
    pub(super) fn is_empty(&mut self) -> Outcome<bool> {
        if self.is_next(|kind| *kind == TokenKind::DocumentStart)? {
            self.scanner.take();
            return self.is_next(|kind| {
                matches!(
                    kind,
                    TokenKind::StreamEnd | TokenKind::DocumentStart | TokenKind::DocumentEnd
                )
            });
        }
        self.is_next(|kind| *kind == TokenKind::StreamEnd)
    }

    /// The next event of the document; `None` behind its last.
    pub(super) fn next(&mut self) -> Outcome<Option<Event<'a>>> {
        let Some(state) = self.next.take().or_else(|| self.states.pop()) else {
            return Ok(None);
        };
        self.step(state).map(Some)
    }

    /// The line of what stands behind the document, and whether `...` stands between; to be asked last.
    pub(super) fn rest(&mut self) -> Option<(usize, bool)> {
        let mut is_told = false;
        loop {
            match self.scanner.peek() {
                Ok(token) if token.kind == TokenKind::StreamEnd => return None,
                Ok(token) if token.kind == TokenKind::DocumentEnd => is_told = true,
                Ok(token) => return Some((token.line, is_told)),
                Err(error) => return Some((error.line, is_told)),
            }
            self.scanner.take();
        }
    }

    fn is_next(&mut self, is: impl Fn(&TokenKind<'a>) -> bool) -> Outcome<bool> {
        Ok(is(&self.scanner.peek()?.kind))
    }

    fn line(&mut self) -> Outcome<usize> {
        Ok(self.scanner.peek()?.line)
    }

    /// Takes the next token if it is of this kind.
    fn takes(&mut self, kind: &TokenKind<'_>) -> Outcome<bool> {
        let is = self.is_next(|next| next == kind)?;
        if is {
            self.scanner.take();
        }
        Ok(is)
    }

    /// A value, behind which the grammar goes on at `then`.
    fn node_then(&mut self, then: State, block: bool, indentless: bool) -> Outcome<Event<'a>> {
        self.states.push(then);
        self.node(block, indentless)
    }

    /// Nothing where a value may stand.
    fn empty_then(&mut self, then: State, line: usize) -> Event<'a> {
        self.next = Some(then);
        scalar(line)
    }

    fn end(&mut self, line: usize) -> Event<'a> {
        Event {
            kind: EventKind::End,
            line,
        }
    }

    fn step(&mut self, state: State) -> Outcome<Event<'a>> {
        let line = self.line()?;
        match state {
            State::BlockNode => self.node(true, false),
            State::BlockEntry => {
                if self.takes(&TokenKind::BlockEntry)? {
                    return if self.is_next(|kind| {
                        matches!(kind, TokenKind::BlockEntry | TokenKind::BlockEnd)
                    })? {
                        Ok(self.empty_then(State::BlockEntry, line))
                    } else {
                        self.node_then(State::BlockEntry, true, false)
                    };
                }
                if self.takes(&TokenKind::BlockEnd)? {
                    return Ok(self.end(line));
                }
                Err(expected(
                    line,
                    "while parsing a block collection, did not find expected '-' indicator",
                ))
            }
            State::IndentlessEntry => {
                if !self.takes(&TokenKind::BlockEntry)? {
                    return Ok(self.end(line));
                }
                let ends = |kind: &TokenKind<'_>| {
                    matches!(
                        kind,
                        TokenKind::BlockEntry
                            | TokenKind::Key
                            | TokenKind::Value
                            | TokenKind::BlockEnd
                    )
                };
                if self.is_next(ends)? {
                    Ok(self.empty_then(State::IndentlessEntry, line))
                } else {
                    self.node_then(State::IndentlessEntry, true, false)
                }
            }
            State::BlockKey => {
                if self.takes(&TokenKind::Key)? {
                    return if self.is_next(|kind| {
                        matches!(
                            kind,
                            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd
                        )
                    })? {
                        Ok(self.empty_then(State::BlockValue, line))
                    } else {
                        self.node_then(State::BlockValue, true, true)
                    };
                }
                if self.takes(&TokenKind::BlockEnd)? {
                    return Ok(self.end(line));
                }
                Err(expected(
                    line,
                    "this line is not part of what stands before it; is it indented as it should be?",
                ))
            }
            State::BlockValue => {
                if !self.takes(&TokenKind::Value)?
                    || self.is_next(|kind| {
                        matches!(
                            kind,
                            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd
                        )
                    })?
                {
                    return Ok(self.empty_then(State::BlockKey, line));
                }
                self.node_then(State::BlockKey, true, true)
            }
            State::FlowEntry { first } => self.flow_entry(first, line),
            State::PairKey => {
                if self.is_next(|kind| {
                    matches!(
                        kind,
                        TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd
                    )
                })? {
                    return Ok(self.empty_then(State::PairValue, line));
                }
                self.node_then(State::PairValue, false, false)
            }
            State::PairValue => {
                if self.takes(&TokenKind::Value)?
                    && !self.is_next(|kind| {
                        matches!(kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd)
                    })?
                {
                    return self.node_then(State::PairEnd, false, false);
                }
                Ok(self.empty_then(State::PairEnd, line))
            }
            State::PairEnd => {
                self.next = Some(State::FlowEntry { first: false });
                Ok(self.end(line))
            }
            State::FlowKey { first } => self.flow_key(first, line),
            State::FlowValue => {
                if self.takes(&TokenKind::Value)?
                    && !self.is_next(|kind| {
                        matches!(kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd)
                    })?
                {
                    return self.node_then(State::FlowKey { first: false }, false, false);
                }
                Ok(self.empty_then(State::FlowKey { first: false }, line))
            }
            State::FlowEmptyValue => Ok(self.empty_then(State::FlowKey { first: false }, line)),
        }
    }

    fn flow_entry(&mut self, first: bool, line: usize) -> Outcome<Event<'a>> {
        if self.takes(&TokenKind::FlowSequenceEnd)? {
            return Ok(self.end(line));
        }
        if !first {
            if !self.takes(&TokenKind::FlowEntry)? {
                return Err(expected(
                    line,
                    "while parsing a flow sequence, did not find expected ',' or ']'",
                ));
            }
            if self.takes(&TokenKind::FlowSequenceEnd)? {
                return Ok(self.end(line));
            }
        }
        if self.takes(&TokenKind::Key)? {
            // A single pair of a map, without braces.
            self.next = Some(State::PairKey);
            return Ok(Event {
                kind: EventKind::MappingStart(Properties::default()),
                line,
            });
        }
        self.node_then(State::FlowEntry { first: false }, false, false)
    }

    fn flow_key(&mut self, first: bool, line: usize) -> Outcome<Event<'a>> {
        if self.takes(&TokenKind::FlowMappingEnd)? {
            return Ok(self.end(line));
        }
        if !first {
            if !self.takes(&TokenKind::FlowEntry)? {
                return Err(expected(
                    line,
                    "while parsing a flow mapping, did not find expected ',' or '}'",
                ));
            }
            if self.takes(&TokenKind::FlowMappingEnd)? {
                return Ok(self.end(line));
            }
        }
        if self.takes(&TokenKind::Key)? {
            if self.is_next(|kind| {
                matches!(
                    kind,
                    TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd
                )
            })? {
                return Ok(self.empty_then(State::FlowValue, line));
            }
            return self.node_then(State::FlowValue, false, false);
        }
        self.node_then(State::FlowEmptyValue, false, false)
    }

    fn node(&mut self, block: bool, indentless: bool) -> Outcome<Event<'a>> {
        let line = self.line()?;
        let mut properties = Properties::default();
        loop {
            match &self.scanner.peek()?.kind {
                TokenKind::Anchor(name) if properties.anchor.is_none() => {
                    properties.anchor = Some(name)
                }
                TokenKind::Tag(tag) if properties.tag.is_none() => {
                    properties.tag = Some(tag.clone())
                }
                _ => break,
            }
            self.scanner.take();
        }
        let has_properties = properties.anchor.is_some() || properties.tag.is_some();
        let kind = match &self.scanner.peek()?.kind {
            TokenKind::Alias(name) if !has_properties => EventKind::Alias(name),
            // The first dash stays: it begins the first item.
            TokenKind::BlockEntry if indentless => {
                self.next = Some(State::IndentlessEntry);
                return Ok(Event {
                    kind: EventKind::SequenceStart(properties),
                    line,
                });
            }
            TokenKind::Scalar { text, plain } => {
                let plain = *plain && properties.tag.is_none();
                EventKind::Scalar {
                    text: text.clone(),
                    plain,
                    properties,
                }
            }
            TokenKind::FlowSequenceStart => {
                self.next = Some(State::FlowEntry { first: true });
                EventKind::SequenceStart(properties)
            }
            TokenKind::FlowMappingStart => {
                self.next = Some(State::FlowKey { first: true });
                EventKind::MappingStart(properties)
            }
            TokenKind::BlockSequenceStart if block => {
                self.next = Some(State::BlockEntry);
                EventKind::SequenceStart(properties)
            }
            TokenKind::BlockMappingStart if block => {
                self.next = Some(State::BlockKey);
                EventKind::MappingStart(properties)
            }
            _ if has_properties => {
                // Nothing stands behind them; what comes is not theirs.
                let plain = properties.tag.is_none();
                return Ok(Event {
                    kind: EventKind::Scalar {
                        text: Cow::Borrowed(""),
                        plain,
                        properties,
                    },
                    line,
                });
            }
            _ => {
                let line = self.line()?;
                let what = if block { "a block node" } else { "a flow node" };
                return Err(expected(
                    line,
                    &format!("while parsing {what}, did not find expected node content"),
                ));
            }
        };
        self.scanner.take();
        Ok(Event { kind, line })
    }
}
