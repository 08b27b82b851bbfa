//! Doc comments: what the definitions say, or facts and sentences of one's own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::definition::Definition;
use crate::naming::Names;
use crate::package::Words;
use crate::report::path_text;
use crate::shape::{Edge, Place, ShapeId, Shapes};
use crate::types::{Body, Own, Ty, TypeId, Types};

pub(crate) struct Docs<'a> {
    pub(crate) words: Words,
    pub(crate) definitions: &'a [Definition],
    pub(crate) shapes: &'a Shapes,
    pub(crate) types: &'a Types,
    pub(crate) names: &'a Names,
    pub(crate) told: &'a BTreeMap<String, String>,
    /// The sentences that were asked for; what is not among them at the end belongs to nothing.
    pub(crate) asked: std::cell::RefCell<BTreeSet<String>>,
}

/// A field or an arm.
pub(crate) struct Member<'a> {
    /// The shape that has it.
    pub(crate) owner: ShapeId,
    pub(crate) rust: &'a str,
    pub(crate) wire: &'a str,
    pub(crate) ty: &'a Ty,
    pub(crate) edge: &'a Edge,
    /// Whether it must be there.
    pub(crate) required: bool,
}

impl Docs<'_> {
    fn told(&self, key: &str) -> Option<&str> {
        let (key, told) = self.told.get_key_value(key)?;
        self.asked.borrow_mut().insert(key.clone());
        Some(told)
    }

    /// What is said of a type.
    pub(crate) fn of_type(&self, ty: TypeId) -> Vec<String> {
        let own = &self.types.own[ty.0];
        if let Some(told) = self.told(self.names.of(ty)) {
            return lines(told, false);
        }
        if matches!(own.body, Body::Union { owner: Some(_), .. }) {
            return lines("One of the members that exclude each other.", false);
        }
        if let Some(root) = own.root {
            let root = &self.shapes.roots[root];
            let definition = &self.definitions[root.definition];
            let version = &definition.versions[root.version];
            if let (Words::Crd, Some(text)) = (self.words, version.schema["description"].as_str()) {
                return lines(text, true);
            }
            return lines(
                &format!(
                    "The kind `{}` of `{}/{}`.",
                    definition.kind, definition.group, version.name
                ),
                false,
            );
        }
        let text = own.shapes.iter().find_map(|shape| self.shapes.text(*shape));
        match (self.words, text) {
            (Words::Crd, Some(text)) if !text.trim().is_empty() => lines(text, true),
            _ => lines(&self.stands(own), false),
        }
    }

    /// Where a type stands.
    fn stands(&self, own: &Own) -> String {
        let places = own.places(self.shapes);
        let Some(first) = places
            .iter()
            .min_by_key(|place| (place.steps.len(), place.root))
        else {
            return "Stands nowhere.".to_owned();
        };
        let kind = |place: &Place| &self.definitions[self.shapes.roots[place.root].definition].kind;
        // The same place in several versions of a kind is one.
        let distinct: BTreeSet<(&String, &Vec<String>)> = places
            .iter()
            .map(|place| (kind(place), &place.steps))
            .collect();
        let others = match distinct.len() - 1 {
            0 => String::new(),
            1 => " and one other place".to_owned(),
            more => format!(" and {more} other places"),
        };
        format!(
            "Stands at `{}` of `{}`{others}.",
            path_text(&first.steps),
            kind(first)
        )
    }

    /// What is said of a field or an arm.
    pub(crate) fn of_member(&self, of: TypeId, member: &Member) -> Vec<String> {
        if let Some(told) = self.told(&format!("{}.{}", self.names.of(of), member.rust)) {
            return lines(told, false);
        }
        if self.words == Words::Crd {
            let text = self.shapes.member_text(member.owner, member.wire);
            if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
                return lines(text, true);
            }
        }
        let mut said = self.facts(member.ty, member.edge);
        if member.required {
            said.push_str("; must be there");
        }
        if let Some(default) = &member.edge.default {
            said.push_str(&format!("; default {}", code(&plain(default))));
        }
        said.push('.');
        lines(&said, false)
    }

    pub(crate) fn of_value(&self, ty: TypeId, rust: &str, text: &str) -> Vec<String> {
        match self.told(&format!("{}.{rust}", self.names.of(ty))) {
            Some(told) => lines(told, false),
            None if text.is_empty() => lines("The empty text.", false),
            None => lines(&format!("{}.", code(text)), false),
        }
    }

    /// The type and its bounds, in words.
    fn facts(&self, ty: &Ty, edge: &Edge) -> String {
        let shape = self.shapes.get(edge.shape);
        let fact = |key: &str| shape.facts.get(key);
        let number = |key: &str| fact(key).map(plain);
        match ty {
            Ty::Bool => "True or false".to_owned(),
            Ty::Text | Ty::Path(_) => {
                let what = match (ty, fact("format").and_then(Value::as_str)) {
                    (Ty::Path(_), _) => String::new(),
                    (_, Some("byte")) => "Text in base64".to_owned(),
                    (_, Some(format)) => format!("Text in the format `{format}`"),
                    _ => "Text".to_owned(),
                };
                let what = match what.as_str() {
                    "" => format!("A [`{}`]", self.rust_type(ty)),
                    _ => format!(
                        "{what}{}",
                        range(" of", number("minLength"), number("maxLength"), "character")
                    ),
                };
                match fact("pattern").and_then(Value::as_str) {
                    Some(pattern) if matches!(ty, Ty::Text) && known_pattern(pattern).is_some() => {
                        known_pattern(pattern).unwrap_or_default().to_owned()
                    }
                    Some(pattern) if matches!(ty, Ty::Text) => {
                        format!("{what} like {}", code(pattern))
                    }
                    _ => what,
                }
            }
            Ty::I32 | Ty::I64 => format!(
                "Whole number{}",
                range("", number("minimum"), number("maximum"), "")
            ),
            Ty::Number => format!(
                "Number{}",
                range("", number("minimum"), number("maximum"), "")
            ),
            Ty::Any => "Any value".to_owned(),
            Ty::IntOrString => "Whole number or text".to_owned(),
            Ty::Quantity => "Amount, such as `100Mi`".to_owned(),
            Ty::Time => "Point in time".to_owned(),
            Ty::List(inner) => {
                let keys = fact("x-kubernetes-list-map-keys").and_then(Value::as_array);
                let kind = match (fact("x-kubernetes-list-type").and_then(Value::as_str), keys) {
                    (Some("map"), Some(keys)) => {
                        let keys: Vec<String> = keys.iter().map(|key| code(&plain(key))).collect();
                        format!(", one for each {}", keys.join(" and "))
                    }
                    (Some("set"), _) => ", each once".to_owned(),
                    _ => String::new(),
                };
                format!(
                    "List of {}{}{kind}",
                    self.elements(inner),
                    range(",", number("minItems"), number("maxItems"), "element")
                )
            }
            Ty::Map(inner) => format!(
                "Map of {}{}",
                self.elements(inner),
                range(
                    ",",
                    number("minProperties"),
                    number("maxProperties"),
                    "entry"
                )
            ),
            Ty::Nullable(inner) => self.facts(inner, edge),
            Ty::Core(core) => format!("[`{}`] of Kubernetes itself", core.name()),
            Ty::Own(own) => format!("[`{}`]", self.names.of(*own)),
        }
    }

    fn elements(&self, ty: &Ty) -> String {
        match ty {
            Ty::Bool => "truths".to_owned(),
            Ty::Text => "texts".to_owned(),
            Ty::I32 | Ty::I64 => "whole numbers".to_owned(),
            Ty::Number => "numbers".to_owned(),
            Ty::Any => "any values".to_owned(),
            Ty::IntOrString => "whole numbers or texts".to_owned(),
            Ty::Quantity => "amounts".to_owned(),
            Ty::Time => "points in time".to_owned(),
            Ty::List(inner) => format!("lists of {}", self.elements(inner)),
            Ty::Map(inner) => format!("maps of {}", self.elements(inner)),
            Ty::Nullable(inner) => self.elements(inner),
            other => format!("[`{}`]", self.rust_type(other)),
        }
    }

    fn rust_type(&self, ty: &Ty) -> String {
        match ty {
            Ty::Path(path) => path.rsplit("::").next().unwrap_or_default().to_owned(),
            Ty::Core(core) => core.name().to_owned(),
            Ty::Own(own) => self.names.of(*own).to_owned(),
            _ => String::new(),
        }
    }
}

/// What a pattern means that many APIs share.
fn known_pattern(pattern: &str) -> Option<&'static str> {
    let known = [
        (
            "(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?",
            "Duration as Prometheus writes it, such as `1d12h`",
        ),
        (
            "([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B",
            "Number of bytes, such as `512MB`",
        ),
    ];
    known
        .iter()
        .find(|(part, _)| pattern.contains(part))
        .map(|(_, meaning)| *meaning)
}

fn range(before: &str, least: Option<String>, most: Option<String>, what: &str) -> String {
    let many = |count: &str| match (what, count) {
        ("", _) => String::new(),
        ("entry", "1") => " entry".to_owned(),
        ("entry", _) => " entries".to_owned(),
        (what, "1") => format!(" {what}"),
        (what, _) => format!(" {what}s"),
    };
    match (least.as_deref(), most.as_deref()) {
        (None | Some("0"), None) if !what.is_empty() => String::new(),
        (None, None) => String::new(),
        (Some(least), None) => format!("{before} at least {least}{}", many(least)),
        (None, Some(most)) => format!("{before} at most {most}{}", many(most)),
        (Some(least), Some(most)) if least == most => {
            format!("{before} exactly {most}{}", many(most))
        }
        (Some(least), Some(most)) => format!("{before} {least} to {most}{}", many(most)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 && whole.abs() < 9e15 => format!("{whole:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// A text as code in Markdown.
pub(crate) fn code(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if text.trim().is_empty() {
        return "\"\"".to_owned();
    }
    match text.contains('`') {
        false => format!("`{text}`"),
        true => format!("`` {text} ``"),
    }
}

/// What has no width, or turns the direction of the text: rustc takes some of them for an attack.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

const WIDTH: usize = 100;

/// The lines of a doc comment. Text from elsewhere means what it says: nothing in it is a link, a tag or a code block.
pub(crate) fn lines(text: &str, foreign: bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            // Code of any language: as text, line by line, without the fence.
            flush(&mut paragraph, &mut lines);
            fenced = foreign && !fenced;
            continue;
        }
        let starts_item = line.starts_with(['-', '*', '+', '#', '|', '>'])
            || line
                .split_once(['.', ')'])
                .is_some_and(|(number, _)| number.len() < 3 && number.parse::<u8>().is_ok());
        if line.is_empty() || starts_item || fenced {
            flush(&mut paragraph, &mut lines);
        }
        if line.is_empty() {
            continue;
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(&if foreign {
            escape(line)
        } else {
            line.to_owned()
        });
    }
    flush(&mut paragraph, &mut lines);
    if lines.is_empty() {
        lines.push("Nothing is said of it.".to_owned());
    }
    lines
}

fn flush(paragraph: &mut String, lines: &mut Vec<String>) {
    if paragraph.is_empty() {
        return;
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let mut line = String::new();
    for word in paragraph.split_whitespace() {
        // A line must not begin with what Markdown takes for a list or a heading.
        let risky = word.starts_with(['-', '*', '+', '#', '>', '|', '='])
            || word.trim_end_matches(['.', ')']).parse::<u64>().is_ok();
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH && !risky {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    paragraph.clear();
}

fn escape(line: &str) -> String {
    // An odd backtick would swallow what follows: then none of them begins code.
    let line = match line.matches('`').count() % 2 {
        0 => line.to_owned(),
        _ => line.replace('`', "'"),
    };
    let mut escaped = String::new();
    for (number, word) in line.split(' ').enumerate() {
        if number > 0 {
            escaped.push(' ');
        }
        escape_word(word, number == 0, &mut escaped);
    }
    escaped
}

fn escape_word(word: &str, first: bool, escaped: &mut String) {
    if let Some(start) = word.find("http://").or_else(|| word.find("https://")) {
        let url = &word[start..];
        let end = url
            .find(['"', '\'', '<', '>', ')', ']', '`', ','])
            .unwrap_or(url.len());
        let end = url[..end].trim_end_matches(['.', ':', ';', '!', '?']).len();
        if !word.contains('`') && end > "https://".len() {
            escape_word(&word[..start], first, escaped);
            escaped.push_str(&format!("<{}>", &url[..end]));
            escape_word(&url[end..], false, escaped);
            return;
        }
    }
    let code = word.contains('`');
    for (at, letter) in word
        .char_indices()
        .filter(|(_, letter)| !is_invisible(*letter))
    {
        let special =
            matches!(letter, '[' | ']' | '<' | '>' | '*' | '_' | '\\' | '|' | '~') && !code;
        let leads = first && at == 0 && matches!(letter, '-' | '+' | '#' | '=');
        if special || leads || (letter == '&' && !code) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_no_markup() {
        for (text, expected) in [
            ("See <name> and [x].", "See \\<name\\> and \\[x\\]."),
            ("See https://a.b/c.", "See <https://a.b/c>."),
            ("(https://a.b/c)", "(<https://a.b/c>)"),
            ("- one", "\\- one"),
            ("an odd ` tick", "an odd ' tick"),
            ("'<name>`", "'\\<name\\>'"),
            ("turned\u{202e} around\u{200b}", "turned around"),
            ("    indented\n    code", "indented code"),
        ] {
            assert_eq!(lines(text, true).join("\n"), expected);
        }
    }
}
