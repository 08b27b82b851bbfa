//! From the events of a YAML parser to JSON values, without recursion.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

use super::{MAX_ALIASED, MAX_DEPTH, SyntaxError, scalar};

/// How often a text is changed for the parser's sake, and how many bytes are read again for it.
const MAX_REPAIRS: usize = 32;
const MAX_REREAD: usize = 16 << 20;

/// A document, with lines counted from the start of the text.
pub(super) struct Parsed {
    pub(super) line: usize,
    pub(super) content: Result<Value, SyntaxError>,
}

enum Frame {
    List(Vec<Value>),
    Map {
        members: Map<String, Value>,
        /// Keys that stand here themselves, rather than come from a merge.
        own: HashSet<String>,
        key: Option<Key>,
    },
}

enum Key {
    Name(String),
    Merge,
}

struct Open {
    frame: Frame,
    anchor: usize,
    /// Values in it so far, itself included.
    size: usize,
}

struct Anchored {
    value: Value,
    size: usize,
}

#[derive(Default)]
struct Builder {
    stack: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    aliased: usize,
    done: Option<Value>,
}

/// Parses the documents in a text, normally one. An error ends the text.
pub(super) fn parse(text: &str) -> Vec<Parsed> {
    read(text).1
}

/// The text as the parser takes it, line for line.
pub(super) fn legible(text: &str) -> Cow<'_, str> {
    read(text).0
}

fn read(text: &str) -> (Cow<'_, str>, Vec<Parsed>) {
    let mut text = Cow::Borrowed(text);
    let (mut repairs, mut indent) = (0, 0);
    loop {
        match attempt(&text, &mut indent) {
            Attempt::Parsed(parsed) => return (text, parsed),
            Attempt::Repaired(repaired, parsed) => {
                repairs += 1;
                if repairs > MAX_REPAIRS && repairs * text.len() > MAX_REREAD {
                    return (text, parsed);
                }
                text = Cow::Owned(repaired);
            }
        }
    }
}

enum Attempt {
    Parsed(Vec<Parsed>),
    /// A text that means the same to kubectl and may suit the parser better, and what this one gives.
    Repaired(String, Vec<Parsed>),
}

fn attempt(text: &str, indent: &mut usize) -> Attempt {
    let mut parsed = Vec::new();
    let mut builder = Builder::default();
    let mut line = None;
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let marker = *error.marker();
                let at = Position {
                    line: marker.line().max(1),
                    column: marker.col(),
                };
                let repaired = repair(text, at, error.info(), indent);
                let (line_of_error, message) = explain(text, at, error.info());
                parsed.push(failed(line, line_of_error, message));
                return match repaired {
                    Some(repaired) => Attempt::Repaired(repaired, parsed),
                    None => Attempt::Parsed(parsed),
                };
            }
        };
        let at = span.start.line().max(1);
        match event {
            Event::StreamEnd => break,
            Event::DocumentEnd => {
                let value = builder.done.take().unwrap_or(Value::Null);
                builder = Builder::default();
                parsed.push(Parsed {
                    line: line.take().unwrap_or(at),
                    content: Ok(value),
                });
            }
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => {}
            event => {
                line.get_or_insert(at);
                if let Err(message) = builder.event(event) {
                    parsed.push(failed(line, at, message));
                    return Attempt::Parsed(parsed);
                }
            }
        }
    }
    Attempt::Parsed(parsed)
}

/// Where the parser stopped: the line from 1, the column from 0.
#[derive(Clone, Copy)]
struct Position {
    line: usize,
    column: usize,
}

impl Position {
    fn offset(self, text: &str) -> Option<usize> {
        let row_start: usize = text
            .split_inclusive('\n')
            .take(self.line.checked_sub(1)?)
            .map(str::len)
            .sum();
        let (column, _) = text[row_start..].char_indices().nth(self.column)?;
        Some(row_start + column)
    }
}

/// What kubectl's parser reads and ours does not.
fn repair(text: &str, at: Position, info: &str, indent: &mut usize) -> Option<String> {
    if info.contains("indentation in quoted scalar") {
        indent_quoted(text, at)
    } else if info.starts_with("':' must be followed by") {
        space_for_tab(text, at)
    } else if info.starts_with("invalid indentation") {
        indent_row(text, at, indent)
    } else {
        None
    }
}

/// The parser's words where they serve, and ours where they do not.
fn explain(text: &str, at: Position, info: &str) -> (usize, String) {
    let directive = text
        .lines()
        .position(|row| !row.trim().is_empty() && !row.starts_with('#'))
        .filter(|&row| {
            text.lines()
                .nth(row)
                .is_some_and(|row| row.starts_with('%'))
        });
    if let Some(row) = directive {
        let message = "kubectl reads no directives: leave the line with `%` out";
        return (row + 1, message.to_owned());
    }
    let message = if info.contains("scanning a quoted scalar")
        || info.contains("indentation in quoted scalar")
    {
        "not YAML: the quoted text that starts here has no end".to_owned()
    } else if info.contains("expected <document start>") {
        "not YAML: this line is not part of what stands before it; is it indented as it should be?"
            .to_owned()
    } else if info.contains("recursion limit") {
        format!("nested more than {MAX_DEPTH} deep")
    } else {
        format!("not YAML: {info}")
    };
    (at.line, message)
}

/// kubectl's parser lets the rows between brackets start anywhere; ours wants them further in than what they belong to.
/// `indent` is what was enough for the row before.
fn indent_row(text: &str, at: Position, indent: &mut usize) -> Option<String> {
    let end = at.offset(text)?;
    let start = end
        - text[..end]
            .bytes()
            .rev()
            .take_while(|&b| b != b'\n')
            .count();
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\r');
    if !text[start..end].chars().all(is_blank) {
        return None;
    }
    if *indent <= at.column {
        let column = |row: &str| row.len() - row.trim_start_matches([' ', '-', '?']).len();
        *indent = 1 + text[..start].lines().map(column).max()?;
    }
    let missing = indent
        .checked_sub(at.column)
        .filter(|&missing| missing > 0)?;
    let mut out = text.to_owned();
    out.insert_str(start, &" ".repeat(missing));
    Some(out)
}

/// kubectl's parser takes a tab between a key and its value.
fn space_for_tab(text: &str, at: Position) -> Option<String> {
    let end = at.offset(text)?;
    let start = text[..end].trim_end_matches('\t').len();
    let mut out = text.to_owned();
    out.replace_range(start..end, &" ".repeat(end - start));
    (start < end).then_some(out)
}

/// kubectl's parser lets the later lines of a quoted text start anywhere; ours wants them indented. White space at the
/// start of such a line is not part of the text, so more of it changes nothing.
fn indent_quoted(text: &str, at: Position) -> Option<String> {
    let start = at.offset(text)?;
    let column = at.column;
    let quote = text[start..]
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))?;
    let mut out = String::with_capacity(text.len() + 256);
    out.push_str(&text[..=start]);
    let mut rest = text[start + 1..].char_indices();
    while let Some((index, character)) = rest.next() {
        out.push(character);
        match character {
            '\\' if quote == '"' => {
                let (_, escaped) = rest.next()?;
                out.push(escaped);
                if escaped == '\n' {
                    out.extend(std::iter::repeat_n(' ', column + 1));
                }
            }
            '\n' => out.extend(std::iter::repeat_n(' ', column + 1)),
            '\'' if quote == '\'' && text[start + index + 2..].starts_with(quote) => {
                out.push(quote);
                rest.next();
            }
            _ if character == quote => {
                out.push_str(&text[start + 1 + index + 1..]);
                return Some(out);
            }
            _ => {}
        }
    }
    None
}

fn failed(start: Option<usize>, line: usize, message: String) -> Parsed {
    Parsed {
        line: start.unwrap_or(line),
        content: Err(SyntaxError { line, message }),
    }
}

impl Builder {
    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar_value(text, style, tag.as_deref(), self.expects_key())?;
                if anchor > 0 {
                    let value = match &value {
                        Resolved::Merge => Value::from("<<"),
                        Resolved::Value(value) => value.clone(),
                    };
                    self.anchors.insert(anchor, Anchored { value, size: 1 });
                }
                match value {
                    Resolved::Merge => self.merge_key(),
                    Resolved::Value(value) => self.value(value, 1),
                }
            }
            Event::SequenceStart(anchor, _) => self.open(Frame::List(Vec::new()), anchor),
            Event::MappingStart(anchor, _) => self.open(
                Frame::Map {
                    members: Map::new(),
                    own: HashSet::new(),
                    key: None,
                },
                anchor,
            ),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => {
                let anchored = self
                    .anchors
                    .get(&anchor)
                    .ok_or("the alias stands for something that is not complete or not there")?;
                self.aliased += anchored.size;
                if self.aliased > MAX_ALIASED {
                    return Err(format!(
                        "the aliases stand for more than {MAX_ALIASED} values"
                    ));
                }
                let (value, size) = (anchored.value.clone(), anchored.size);
                self.value(value, size)
            }
            _ => Ok(()),
        }
    }

    fn expects_key(&self) -> bool {
        matches!(
            self.stack.last(),
            Some(Open {
                frame: Frame::Map { key: None, .. },
                ..
            })
        )
    }

    fn open(&mut self, frame: Frame, anchor: usize) -> Result<(), String> {
        if self.expects_key() {
            return Err("a key must be a plain value".to_owned());
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err(format!("nested more than {MAX_DEPTH} deep"));
        }
        self.stack.push(Open {
            frame,
            anchor,
            size: 1,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(open) = self.stack.pop() else {
            return Ok(());
        };
        let value = match open.frame {
            Frame::List(items) => Value::Array(items),
            Frame::Map { members, .. } => Value::Object(members),
        };
        if open.anchor > 0 {
            let anchored = Anchored {
                value: value.clone(),
                size: open.size,
            };
            self.anchors.insert(open.anchor, anchored);
        }
        self.value(value, open.size)
    }

    fn merge_key(&mut self) -> Result<(), String> {
        if let Some(Open {
            frame: Frame::Map { key, .. },
            ..
        }) = self.stack.last_mut()
        {
            *key = Some(Key::Merge);
        }
        Ok(())
    }

    fn value(&mut self, value: Value, size: usize) -> Result<(), String> {
        let Some(open) = self.stack.last_mut() else {
            self.done = Some(value);
            return Ok(());
        };
        open.size += size;
        match &mut open.frame {
            Frame::List(items) => items.push(value),
            Frame::Map { members, own, key } => match key.take() {
                None => {
                    let name = key_text(value)?;
                    if !own.insert(name.clone()) {
                        return Err(format!("the key \"{name}\" appears twice"));
                    }
                    *key = Some(Key::Name(name));
                }
                Some(Key::Name(name)) => {
                    members.insert(name, value);
                }
                Some(Key::Merge) => merge(members, value)?,
            },
        }
        Ok(())
    }
}

enum Resolved {
    Value(Value),
    Merge,
}

fn scalar_value(
    text: Cow<'_, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
    expects_key: bool,
) -> Result<Resolved, String> {
    let plain = style == ScalarStyle::Plain;
    let core = tag
        .filter(|tag| tag.is_yaml_core_schema())
        .map(|tag| tag.suffix.as_str());
    let value = match (core, plain) {
        (None, true) if tag.is_none() => {
            if expects_key && text == "<<" {
                return Ok(Resolved::Merge);
            }
            scalar::resolve(&text).map_err(str::to_owned)?
        }
        (Some("null"), _) => Value::Null,
        (Some("int" | "bool" | "float"), _) => scalar::resolve(&text).map_err(str::to_owned)?,
        (Some("binary"), _) => {
            return Err("!!binary is not supported; write base64 as a string".to_owned());
        }
        (Some("merge"), _) if expects_key => return Ok(Resolved::Merge),
        _ => Value::String(text.into_owned()),
    };
    Ok(Resolved::Value(value))
}

/// The text of a key: JSON has no others.
fn key_text(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => Err("a key must be a string, a number, true or false".to_owned()),
    }
}

/// Puts the members of a map, or of a list of maps of which the first wins, over what is there.
fn merge(members: &mut Map<String, Value>, value: Value) -> Result<(), String> {
    let maps = match value {
        Value::Array(items) => items,
        single => vec![single],
    };
    for map in maps.into_iter().rev() {
        let Value::Object(map) = map else {
            return Err("a merge key takes a map or a list of maps".to_owned());
        };
        for (name, member) in map {
            members.insert(name, member);
        }
    }
    Ok(())
}
