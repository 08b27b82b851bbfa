//! Where in a text a path stands.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::Value;

use super::{MAX_DEPTH, scalar};

/// The line of every path of a text.
pub(super) struct Located {
    lines: HashMap<String, usize>,
}

struct Level {
    path: String,
    /// The next index of a list; `None` in a map.
    index: Option<usize>,
    key: Option<String>,
}

impl Located {
    /// Walks the text once more; only done when something is to be reported. JSON is YAML enough for this.
    pub(super) fn new(text: &str) -> Self {
        let mut lines = HashMap::new();
        let mut levels: Vec<Level> = Vec::new();
        let mut parser = Parser::new_from_str(text);
        while let Some(Ok((event, span))) = parser.next_event() {
            let line = span.start.line().max(1);
            match event {
                Event::Scalar(text, style, _, tag) => match levels.last_mut() {
                    Some(level) if level.index.is_none() && level.key.is_none() => {
                        let key = match style {
                            ScalarStyle::Plain if tag.is_none() => meant(text.into_owned()),
                            _ => text.into_owned(),
                        };
                        lines.entry(child(&level.path, &key)).or_insert(line);
                        level.key = Some(key);
                    }
                    _ => {
                        let path = next_path(&mut levels);
                        lines.entry(path).or_insert(line);
                    }
                },
                Event::Alias(_) => {
                    let path = next_path(&mut levels);
                    lines.entry(path).or_insert(line);
                }
                Event::SequenceStart(..) | Event::MappingStart(..) => {
                    let path = next_path(&mut levels);
                    lines.entry(path.clone()).or_insert(line);
                    if levels.len() >= MAX_DEPTH {
                        break;
                    }
                    levels.push(Level {
                        path,
                        index: matches!(event, Event::SequenceStart(..)).then_some(0),
                        key: None,
                    });
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    levels.pop();
                }
                Event::DocumentEnd => break,
                _ => {}
            }
        }
        Self { lines }
    }

    /// The line of the path, or of the nearest thing around it.
    pub(super) fn line(&self, path: &str) -> Option<usize> {
        // `[key]` and `.key` both name a member of a map.
        let mut path: String = path.to_owned();
        loop {
            if let Some(line) = self
                .lines
                .get(&path)
                .or_else(|| self.lines.get(&keys_as_fields(&path)))
            {
                return Some(*line);
            }
            let cut = path.rfind(['.', '['])?;
            path.truncate(cut);
        }
    }
}

/// The key that a plain text becomes: `n` is `false`.
fn meant(text: String) -> String {
    match scalar::resolve(&text) {
        Ok(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
        _ => text,
    }
}

fn child(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The path of the value that comes next.
fn next_path(levels: &mut [Level]) -> String {
    let Some(level) = levels.last_mut() else {
        return String::new();
    };
    match &mut level.index {
        Some(index) => {
            let path = format!("{}[{index}]", level.path);
            *index += 1;
            path
        }
        None => child(&level.path, &level.key.take().unwrap_or_default()),
    }
}

fn keys_as_fields(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(open) = rest.find('[') {
        let (before, after) = rest.split_at(open);
        out.push_str(before);
        let close = after.find(']').unwrap_or(after.len() - 1);
        let inside = &after[1..close.max(1)];
        if inside.bytes().all(|byte| byte.is_ascii_digit()) {
            out.push_str(&after[..=close]);
        } else {
            out.push('.');
            out.push_str(inside);
        }
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    out
}
