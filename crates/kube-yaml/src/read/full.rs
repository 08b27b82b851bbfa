//! All of YAML, through a port of libyaml, from which the parser of kubectl descends; without recursion.

use std::collections::{HashMap, HashSet};

use libyaml_safer::{Error, Event, EventData, Mark, Parser, ScalarStyle};
use serde_json::{Map, Value};

use super::error::{ErrorKind, SyntaxError, Warning, WarningKind};
use super::locations::{self, Locations, Recorder, fingerprint};
use super::{MAX_ALIASED, MAX_ANCHORED, MAX_DEPTH, scalar};

/// The document of a text, with lines counted from its start.
pub(super) struct Read {
    pub(super) value: Value,
    pub(super) line: usize,
    pub(super) locations: Locations,
    pub(super) warnings: Vec<Warning>,
}

/// Reads the first document of a text, as kubectl does; there is another only behind `...`. `None`: nothing stands there.
pub(super) fn read(text: &str) -> Result<Option<Read>, SyntaxError> {
    // The parser has places where it gives up with a panic.
    let found = std::panic::catch_unwind(|| read_events(text));
    let refused = |_| Err(SyntaxError::new(ErrorKind::Syntax, 1, "not YAML"));
    found.unwrap_or_else(refused)
}

fn read_events(text: &str) -> Result<Option<Read>, SyntaxError> {
    let mut parser = Parser::new();
    parser.set_input(std::io::BufReader::with_capacity(4096, text.as_bytes()));
    let mut builder = Builder::default();
    let mut start = None;
    loop {
        let event = parser.parse().map_err(|error| explain(text, &error))?;
        let line = line_of(event.start_mark);
        match event.data {
            EventData::StreamStart { .. } => {}
            EventData::DocumentStart {
                version_directive,
                tag_directives,
                ..
            } => {
                if version_directive.is_some() || !tag_directives.is_empty() {
                    return Err(directive(line));
                }
            }
            EventData::StreamEnd => return Ok(None),
            EventData::DocumentEnd { .. } => {
                builder.warnings.extend(ignored(text, &mut parser, line));
                return Ok(builder.done.map(|value| Read {
                    value,
                    line: start.unwrap_or(line),
                    locations: builder.recorder.finish(),
                    warnings: builder.warnings,
                }));
            }
            _ => {
                start.get_or_insert(line);
                builder.event(event, line)?;
            }
        }
    }
}

fn line_of(mark: Mark) -> usize {
    usize::try_from(mark.line).map_or(usize::MAX, |line| line + 1)
}

/// What stands behind the document; `end` is the line of its end.
fn ignored(text: &str, parser: &mut Parser<impl std::io::BufRead>, end: usize) -> Option<Warning> {
    let is_end = text
        .lines()
        .nth(end - 1)
        .is_some_and(|row| row.starts_with("..."));
    let line = match parser.parse() {
        Ok(Event {
            data: EventData::StreamEnd,
            ..
        }) => return None,
        Ok(event) => line_of(event.start_mark),
        Err(error) => error.problem_mark().map_or(end, line_of),
    };
    let message = if is_end {
        "kubectl reads nothing behind `...`; separate documents with `---`".to_owned()
    } else {
        "kubectl reads nothing from this line on, which is no part of what stands before it; is it indented as it should be?".to_owned()
    };
    Some(Warning {
        kind: WarningKind::Ignored,
        line,
        message,
    })
}

fn directive(line: usize) -> SyntaxError {
    let message = "kubectl reads no directives: leave the line with `%` out";
    SyntaxError::new(ErrorKind::Unsupported, line, message)
}

/// The parser's words where they serve, and ours where they do not.
fn explain(text: &str, error: &Error) -> SyntaxError {
    let mark = error.problem_mark().or_else(|| error.context_mark());
    let line = mark.map_or(1, line_of);
    let mut rows = text.lines().enumerate();
    if let Some((row, _)) = rows
        .find(|(_, row)| !row.trim().is_empty() && !row.starts_with('#'))
        .filter(|(_, row)| row.starts_with('%'))
    {
        return directive(row + 1);
    }
    let (line, message) = match (error.context().unwrap_or_default(), error.problem()) {
        ("while scanning a quoted scalar", problem)
            if problem.contains("unexpected end of stream") =>
        {
            (
                error.context_mark().map_or(line, line_of),
                "the quoted text that starts here has no end".to_owned(),
            )
        }
        (_, "did not find expected <document start>") => (
            line,
            "this line is not part of what stands before it; is it indented as it should be?"
                .to_owned(),
        ),
        (_, "found character that cannot start any token") => {
            let column = mark.map_or(0, |mark| usize::try_from(mark.column).unwrap_or(usize::MAX));
            let row = text.lines().nth(line - 1).unwrap_or_default();
            let message = match row.chars().nth(column) {
                Some('\t') => "a tab stands where only blanks may".to_owned(),
                Some(sign) => format!("no text begins with `{sign}`; quote it"),
                None => "nothing stands where something must".to_owned(),
            };
            (line, message)
        }
        ("", problem) => (line, problem.to_owned()),
        (context, problem) => (line, format!("{context}, {problem}")),
    };
    SyntaxError::new(ErrorKind::Syntax, line, format!("not YAML: {message}"))
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
    Name(String, usize),
    Merge(usize),
}

struct Open {
    frame: Frame,
    anchor: Option<String>,
    line: usize,
    mark: locations::Mark,
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
    /// `None` while the anchored value is not complete.
    anchors: HashMap<String, Option<Anchored>>,
    anchored: usize,
    aliased: usize,
    recorder: Recorder,
    warnings: Vec<Warning>,
    done: Option<Value>,
}

fn not_json(line: usize, message: impl Into<String>) -> SyntaxError {
    SyntaxError::new(ErrorKind::NotJson, line, message)
}

fn limit(line: usize, message: String) -> SyntaxError {
    SyntaxError::new(ErrorKind::Limit, line, message)
}

impl Builder {
    fn event(&mut self, event: Event, line: usize) -> Result<(), SyntaxError> {
        match event.data {
            EventData::Scalar {
                anchor,
                tag,
                value: text,
                plain_implicit,
                style,
                ..
            } => {
                let plain = style == ScalarStyle::Plain && plain_implicit;
                if self.expects_key()
                    && (plain && text == "<<" || tag.as_deref() == Some("tag:yaml.org,2002:merge"))
                {
                    self.set_key(Key::Merge(line));
                    return Ok(());
                }
                let value = scalar_value(&text, plain, tag.as_deref())
                    .map_err(|message| not_json(line, message))?;
                if let Some(name) = anchor {
                    self.anchor(name, &value, 1, line)?;
                }
                if self.expects_key() {
                    return self.key(value, plain.then_some(text.as_str()), line);
                }
                self.recorder.leaf(number(line), 0);
                self.value(value, 1)
            }
            EventData::SequenceStart { anchor, .. } => {
                self.open(Frame::List(Vec::new()), anchor, line)
            }
            EventData::MappingStart { anchor, .. } => {
                let frame = Frame::Map {
                    members: Map::new(),
                    own: HashSet::new(),
                    key: None,
                };
                self.open(frame, anchor, line)
            }
            EventData::SequenceEnd | EventData::MappingEnd => self.close(),
            EventData::Alias { anchor } => self.alias(&anchor, line),
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

    fn set_key(&mut self, new: Key) {
        if let Some(Open {
            frame: Frame::Map { key, .. },
            ..
        }) = self.stack.last_mut()
        {
            *key = Some(new);
        }
    }

    fn open(
        &mut self,
        frame: Frame,
        anchor: Option<String>,
        line: usize,
    ) -> Result<(), SyntaxError> {
        if self.expects_key() {
            return Err(not_json(line, "a key must be a plain value"));
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err(limit(line, format!("nested more than {MAX_DEPTH} deep")));
        }
        if let Some(name) = &anchor {
            self.anchors.insert(name.clone(), None);
        }
        let mark = self.recorder.open();
        self.stack.push(Open {
            frame,
            anchor,
            line,
            mark,
            size: 1,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let Some(open) = self.stack.pop() else {
            return Ok(());
        };
        let value = match open.frame {
            Frame::List(items) => Value::Array(items),
            Frame::Map { members, .. } => Value::Object(members),
        };
        self.recorder.close(open.mark, number(open.line), 0);
        if let Some(name) = open.anchor {
            self.anchor(name, &value, open.size, open.line)?;
        }
        self.value(value, open.size)
    }

    fn anchor(
        &mut self,
        name: String,
        value: &Value,
        size: usize,
        line: usize,
    ) -> Result<(), SyntaxError> {
        self.anchored += size;
        if self.anchored > MAX_ANCHORED {
            return Err(limit(
                line,
                format!("the anchors hold more than {MAX_ANCHORED} values"),
            ));
        }
        let value = value.clone();
        self.anchors.insert(name, Some(Anchored { value, size }));
        Ok(())
    }

    fn alias(&mut self, name: &str, line: usize) -> Result<(), SyntaxError> {
        let anchored = match self.anchors.get(name) {
            Some(Some(anchored)) => anchored,
            Some(None) => {
                return Err(not_json(
                    line,
                    format!("the alias `*{name}` stands inside of what it stands for"),
                ));
            }
            None => {
                let message = format!(
                    "not YAML: unknown anchor: nothing before this line is called `&{name}`"
                );
                return Err(SyntaxError::new(ErrorKind::Syntax, line, message));
            }
        };
        self.aliased += anchored.size;
        if self.aliased > MAX_ALIASED {
            return Err(limit(
                line,
                format!("the aliases stand for more than {MAX_ALIASED} values"),
            ));
        }
        let (value, size) = (anchored.value.clone(), anchored.size);
        if self.expects_key() {
            return self.key(value, None, line);
        }
        self.recorder.leaf(number(line), 0);
        self.value(value, size)
    }

    /// `plain` is the key's text where it has no quotes.
    fn key(&mut self, value: Value, plain: Option<&str>, line: usize) -> Result<(), SyntaxError> {
        let name = match value {
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Null => {
                let message = match plain {
                    Some("") | None => "a key is missing".to_owned(),
                    Some(text) => {
                        format!("`{text}` is read as null, which is no key; quote the key")
                    }
                };
                return Err(not_json(line, message));
            }
            _ => return Err(not_json(line, "a key must be a plain value")),
        };
        if let Some(text) = plain.filter(|text| *text != name) {
            self.warnings.push(Warning {
                kind: WarningKind::ResolvedKey,
                line,
                message: format!("`{text}` is read as {name}; quote the key"),
            });
        }
        if let Some(Open {
            frame: Frame::Map { own, .. },
            ..
        }) = self.stack.last_mut()
            && !own.insert(name.clone())
        {
            self.warnings.push(Warning {
                kind: WarningKind::DuplicateKey,
                line,
                message: format!("the key \"{name}\" appears twice; the last one counts"),
            });
        }
        self.set_key(Key::Name(name, line));
        Ok(())
    }

    /// Puts a value, which the recorder knows already, to where it belongs.
    fn value(&mut self, value: Value, size: usize) -> Result<(), SyntaxError> {
        let Some(open) = self.stack.last_mut() else {
            self.done = Some(value);
            return Ok(());
        };
        open.size += size;
        match &mut open.frame {
            Frame::List(items) => items.push(value),
            Frame::Map { members, key, .. } => match key.take() {
                Some(Key::Name(name, line)) => {
                    self.recorder.name_last(number(line), fingerprint(&name));
                    members.insert(name, value);
                }
                Some(Key::Merge(line)) => {
                    self.recorder.name_last(number(line), fingerprint("<<"));
                    merge(members, value).map_err(|message| not_json(line, message))?;
                }
                None => return Err(not_json(open.line, "a key must be a plain value")),
            },
        }
        Ok(())
    }
}

fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

fn scalar_value(text: &str, plain: bool, tag: Option<&str>) -> Result<Value, String> {
    let core = tag.and_then(|tag| tag.strip_prefix("tag:yaml.org,2002:"));
    if plain {
        return scalar::resolve(text).map_err(str::to_owned);
    }
    let Some(core @ ("null" | "int" | "bool" | "float" | "binary")) = core else {
        return Ok(text.into());
    };
    let value = match core {
        "binary" => return Err("!!binary is not supported; write base64 as a string".to_owned()),
        "null" => return Ok(Value::Null),
        _ => scalar::resolve(text).map_err(str::to_owned)?,
    };
    let fits = match core {
        "bool" => value.is_boolean(),
        "int" => value.is_i64() || value.is_u64(),
        _ => value.is_number(),
    };
    if fits {
        Ok(value)
    } else {
        Err(format!("`{text}` is no !!{core}"))
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
        members.extend(map);
    }
    Ok(())
}
