//! All of YAML, from events to a value; without recursion.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::error::{ErrorKind, SyntaxError, Warning, WarningKind};
use super::events::{Event, EventKind, Events, Properties};
use super::locations::{self, Locations, Recorder, fingerprint};
use super::{MAX_ALIASED, MAX_ANCHORED, MAX_DEPTH, scalar};

/// The document of a text, with lines counted from its start.
pub(super) struct Read {
    pub(super) value: Value,
    pub(super) line: usize,
    pub(super) locations: Locations,
    pub(super) warnings: Vec<Warning>,
}

/// Reads the first document of a text, which ends with a line break; kubectl does not look at what stands behind it. `None`:
/// nothing stands there. The text stands inside of so many other values.
pub(super) fn read(text: &str, depth: usize) -> Result<Option<Read>, SyntaxError> {
    let mut events = Events::new(text);
    if events.is_empty()? {
        return Ok(None);
    }
    let mut builder = Builder {
        depth,
        ..Builder::default()
    };
    let mut start = None;
    while let Some(event) = events.next()? {
        start.get_or_insert(event.line);
        builder.event(event)?;
    }
    let Some(value) = builder.done else {
        return Ok(None);
    };
    builder.warnings.extend(events.rest().map(ignored));
    Ok(Some(Read {
        value,
        line: start.unwrap_or(1),
        locations: builder.recorder.finish(),
        warnings: builder.warnings,
    }))
}

/// What stands behind the document.
fn ignored((line, is_told): (usize, bool)) -> Warning {
    let message = if is_told {
        "kubectl reads nothing behind `...`; separate documents with `---`"
    } else {
        "kubectl reads nothing from this line on, which is no part of what stands before it; is it indented as it should be?"
    };
    Warning {
        kind: WarningKind::Ignored,
        line,
        message: message.to_owned(),
    }
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
    /// In how many values the document stands.
    depth: usize,
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
    fn event(&mut self, event: Event<'_>) -> Result<(), SyntaxError> {
        let line = event.line;
        match event.kind {
            EventKind::Scalar {
                text,
                plain,
                properties,
            } => self.scalar(&text, plain, &properties, line),
            EventKind::SequenceStart(properties) => {
                self.open(Frame::List(Vec::new()), &properties, line)
            }
            EventKind::MappingStart(properties) => {
                let frame = Frame::Map {
                    members: Map::new(),
                    own: HashSet::new(),
                    key: None,
                };
                self.open(frame, &properties, line)
            }
            EventKind::End => self.close(),
            EventKind::Alias(name) => self.alias(name, line),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        plain: bool,
        properties: &Properties<'_>,
        line: usize,
    ) -> Result<(), SyntaxError> {
        let tag = properties.tag.as_deref();
        if self.expects_key() && (plain && text == "<<" || tag == Some("tag:yaml.org,2002:merge")) {
            self.set_key(Key::Merge(line));
            return Ok(());
        }
        let value = scalar_value(text, plain, tag).map_err(|message| not_json(line, message))?;
        if let Some(name) = properties.anchor {
            self.anchor(name.to_owned(), &value, 1, line)?;
        }
        if self.expects_key() {
            return self.key(value, plain.then_some(text), line);
        }
        self.recorder.leaf(number(line), 0);
        self.value(value, 1)
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
        properties: &Properties<'_>,
        line: usize,
    ) -> Result<(), SyntaxError> {
        if self.expects_key() {
            return Err(not_json(line, "a key must be a plain value"));
        }
        if self.depth + self.stack.len() >= MAX_DEPTH {
            return Err(limit(line, format!("nested more than {MAX_DEPTH} deep")));
        }
        let anchor = properties.anchor.map(str::to_owned);
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
        "int" => scalar::integer(&text.replace('_', "")).is_some(),
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
