//! JSON: one object, or several behind each other.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};

use super::MAX_DEPTH;
use super::error::{ErrorKind, SyntaxError, Warning, WarningKind};
use super::locations::{Locations, Mark, Recorder, fingerprint};

/// The first value of a text.
pub(super) struct Read<'a> {
    pub(super) value: Value,
    pub(super) locations: Locations,
    pub(super) warnings: Vec<Warning>,
    /// The value's own text.
    pub(super) text: &'a str,
}

/// Why a text does not begin with a value.
pub(super) struct Failure {
    pub(super) error: SyntaxError,
    /// It is JSON beyond doubt, and no other way of reading can help.
    pub(super) is_json: bool,
}

/// Reads the value that a text begins with, without blanks before it. It stands inside of so many other values.
pub(super) fn read(text: &str, first_line: usize, depth: usize) -> Result<Read<'_>, Failure> {
    let read = match depth {
        0 => first::<Bounded<0>>(text),
        _ => first::<Bounded<2>>(text),
    };
    match read {
        Some(Ok((value, end))) => {
            let text = &text[..end];
            let mut walk = Walk::new(text, first_line);
            walk.run();
            Ok(Read {
                value,
                locations: walk.recorder.finish(),
                warnings: walk.warnings,
                text,
            })
        }
        Some(Err(error)) => Err(failure(&error, first_line)),
        None => Err(Failure {
            error: SyntaxError::new(
                ErrorKind::Syntax,
                first_line,
                "not JSON: nothing stands here",
            ),
            is_json: false,
        }),
    }
}

fn failure(error: &serde_json::Error, first_line: usize) -> Failure {
    let line = first_line + error.line().max(1) - 1;
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    let (kind, message, is_json) = if error.is_data() {
        (ErrorKind::Limit, text.to_owned(), true)
    } else if text == "number out of range" {
        (
            ErrorKind::NotJson,
            "a number is too large for JSON".to_owned(),
            true,
        )
    } else {
        (ErrorKind::Syntax, format!("not JSON: {text}"), false)
    };
    Failure {
        error: SyntaxError::new(kind, line, message),
        is_json,
    }
}

/// Goes over JSON that has been read already and takes down the lines.
struct Walk<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    recorder: Recorder,
    warnings: Vec<Warning>,
    open: Vec<Open<'a>>,
}

struct Open<'a> {
    mark: Mark,
    line: usize,
    /// Of an object.
    keys: Option<Keys<'a>>,
}

/// The keys so far, and line and fingerprint of the one whose value comes next.
type Keys<'a> = (HashSet<Cow<'a, str>>, Option<(usize, u32)>);

impl<'a> Walk<'a> {
    fn new(text: &'a str, line: usize) -> Self {
        Self {
            text,
            at: 0,
            line,
            recorder: Recorder::default(),
            warnings: Vec::new(),
            open: Vec::new(),
        }
    }

    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\n' => self.line += 1,
                b'{' | b'[' => {
                    let keys = (byte == b'{').then(|| (HashSet::new(), None));
                    let mark = self.recorder.open();
                    self.open.push(Open {
                        mark,
                        line: self.line,
                        keys,
                    });
                }
                b'}' | b']' => {
                    if let Some(open) = self.open.pop() {
                        self.recorder.close(open.mark, number(open.line), 0);
                        self.named();
                    }
                }
                b'"' => self.string(),
                b' ' | b'\t' | b'\r' | b',' | b':' => {}
                _ => {
                    let rest = &bytes[self.at..];
                    let end = rest.iter().position(|byte| {
                        matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n')
                    });
                    self.at += end.unwrap_or(rest.len());
                    self.leaf();
                }
            }
        }
    }

    fn string(&mut self) {
        let bytes = self.text.as_bytes();
        let start = self.at - 1;
        while let Some(length) = memchr::memchr2(b'"', b'\\', &bytes[self.at..]) {
            self.at += length + 1;
            if bytes[self.at - 1] == b'"' {
                break;
            }
            self.at += 1;
        }
        let line = self.line;
        let Some(Open {
            keys: Some((keys, key @ None)),
            ..
        }) = self.open.last_mut()
        else {
            return self.leaf();
        };
        let name = serde_json::from_str::<Text<'_>>(&self.text[start..self.at])
            .map_or(Cow::Borrowed(""), |text| text.0);
        let print = fingerprint(&name);
        *key = Some((line, print));
        if keys.contains(&name) {
            self.warnings.push(Warning {
                kind: WarningKind::DuplicateKey,
                line,
                message: format!("the key \"{name}\" appears twice; the last one counts"),
            });
        } else {
            keys.insert(name);
        }
    }

    fn leaf(&mut self) {
        self.recorder.leaf(number(self.line), 0);
        self.named();
    }

    /// Gives the value that has just ended its key.
    fn named(&mut self) {
        if let Some(Open {
            keys: Some((_, key)),
            ..
        }) = self.open.last_mut()
            && let Some((line, print)) = key.take()
        {
            self.recorder.name_last(number(line), print);
        }
    }
}

#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// The value that a text begins with, and where it ends.
fn first<T: DeserializeOwned + Into<Value>>(
    text: &str,
) -> Option<serde_json::Result<(Value, usize)>> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<T>();
    let value = stream.next()?;
    Some(value.map(|value| (value.into(), stream.byte_offset())))
}

/// A value that is not nested too deep; it stands inside of `DEPTH` others.
struct Bounded<const DEPTH: usize>(Value);

impl<const DEPTH: usize> From<Bounded<DEPTH>> for Value {
    fn from(bounded: Bounded<DEPTH>) -> Self {
        bounded.0
    }
}

impl<'de, const DEPTH: usize> serde::Deserialize<'de> for Bounded<DEPTH> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(DEPTH).deserialize(deserializer).map(Self)
    }
}

/// Where the items of a list stand.
pub(super) struct List {
    /// What stands between the brackets of `items`.
    pub(super) items: Range<usize>,
    /// Where the list ends.
    pub(super) end: usize,
}

/// Finds the items of the object that a text begins with, without looking into them. `None` where it has none, or is no JSON.
pub(super) fn list(text: &str) -> Option<List> {
    let bytes = text.as_bytes();
    let mut items: Option<Range<usize>> = None;
    let mut at = skip_blanks(bytes, 1);
    bytes.first().filter(|&&byte| byte == b'{')?;
    while bytes.get(at)? == &b'"' {
        let key = at..end_of_string(bytes, at);
        at = skip_blanks(bytes, key.end);
        bytes.get(at).filter(|&&byte| byte == b':')?;
        let value = skip_blanks(bytes, at + 1);
        at = end_of_value(text, value);
        if &text[key] == "\"items\"" {
            let is_list = bytes.get(value) == Some(&b'[') && bytes.get(at - 1) == Some(&b']');
            if !is_list || items.replace(value + 1..at - 1).is_some() {
                return None;
            }
        }
        at = skip_blanks(bytes, at);
        match bytes.get(at)? {
            b',' => at = skip_blanks(bytes, at + 1),
            b'}' => {
                return Some(List {
                    items: items?,
                    end: at + 1,
                });
            }
            _ => return None,
        }
    }
    None
}

fn skip_blanks(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let blanks = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r'));
    from + blanks.count()
}

/// The end of the string whose quote stands here.
fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(length) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += length + 1;
        if bytes[at - 1] == b'"' {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// The end of the value that starts here, which is not looked at closely.
pub(super) fn end_of_value(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (from, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = end_of_string(bytes, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at + usize::from(depth == 1),
            b'}' | b']' => depth -= 1,
            b',' | b' ' | b'\n' | b'\t' | b'\r' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Reads a value that is nested this deep.
#[derive(Clone, Copy)]
struct Seed(usize);

impl Seed {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.0 >= MAX_DEPTH {
            return Err(E::custom(format!("nested more than {MAX_DEPTH} deep")));
        }
        Ok(Self(self.0 + 1))
    }
}

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let seed = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(seed)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let seed = self.deeper()?;
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(seed)?;
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}
