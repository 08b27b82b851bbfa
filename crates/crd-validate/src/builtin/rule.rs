//! What the rules of built-in kinds share.

use serde_json::{Map, Value};

use super::names;
use crate::fault::{Fault, Source};

/// Collects what the rules of an object find.
pub(super) struct Findings<'a>(pub(super) &'a mut Vec<Fault>);

impl Findings<'_> {
    pub(super) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Fault::new(Source::Type, path.into(), message));
    }

    /// Reports a text that is none of `allowed`.
    pub(super) fn one_of(&mut self, object: &Value, member: &str, path: &str, allowed: &[&str]) {
        if let Some(text) = str_of(object, member)
            && !allowed.contains(&text)
        {
            self.add(
                format!("{path}.{member}"),
                format!("\"{text}\" is not one of: {}", allowed.join(", ")),
            );
        }
    }

    /// Reports a name that is no DNS label.
    pub(super) fn label(&mut self, name: &str, path: impl Into<String>) {
        if !names::is_label(name) {
            self.add(path, format!("\"{name}\" must be {}", names::LABEL));
        }
    }

    /// Reports a number outside of 1 to 65535.
    pub(super) fn port(&mut self, port: &Value, path: impl Into<String>) {
        if let Some(number) = port.as_i64()
            && !(1..=65535).contains(&number)
        {
            self.add(path, format!("{number} must be a port, from 1 to 65535"));
        }
    }

    /// Reports a port that is given by number or by name.
    pub(super) fn port_or_name(&mut self, port: &Value, path: &str) {
        self.port(port, path);
        if let Some(name) = port.as_str()
            && !is_port_name(name)
        {
            self.add(path, format!("\"{name}\" must be {PORT_NAME}"));
        }
    }

    /// Reports names that an earlier item of the list has too.
    pub(super) fn unique<'v>(&mut self, names: impl IntoIterator<Item = (String, &'v str)>) {
        let mut seen = std::collections::HashSet::new();
        for (path, name) in names {
            if !name.is_empty() && !seen.insert(name) {
                self.add(
                    path,
                    format!("duplicate of an earlier \"{name}\"; each may appear once"),
                );
            }
        }
    }

    /// Reports a number below zero.
    pub(super) fn not_negative(&mut self, object: &Value, member: &str, path: &str) {
        if let Some(number) = object.get(member).and_then(Value::as_i64)
            && number < 0
        {
            self.add(
                format!("{path}.{member}"),
                format!("{number} must not be negative"),
            );
        }
    }
}

/// What is allowed for the name of a port.
pub(super) const PORT_NAME: &str = "at most 15 characters: lower-case letters, digits and single '-', with at least one letter and no '-' at either end";

pub(super) fn is_port_name(name: &str) -> bool {
    name.len() <= 15
        && names::is_label(name)
        && !name.contains("--")
        && name.bytes().any(|byte| byte.is_ascii_lowercase())
}

pub(super) fn str_of<'v>(object: &'v Value, member: &str) -> Option<&'v str> {
    object
        .get(member)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// The items of a list, each with its path.
pub(super) fn items<'v>(object: &'v Value, member: &str, path: &str) -> Vec<(String, &'v Value)> {
    object
        .get(member)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(index, item)| (format!("{path}.{member}[{index}]"), item))
        .collect()
}

/// The members of a map.
pub(super) fn map_of<'v>(object: &'v Value, member: &str) -> Option<&'v Map<String, Value>> {
    object.get(member).and_then(Value::as_object)
}

/// The names of the members that are there and not null, of those asked for.
pub(super) fn present<'n>(object: &Value, members: &[&'n str]) -> Vec<&'n str> {
    members
        .iter()
        .filter(|member| object.get(**member).is_some_and(|value| !value.is_null()))
        .copied()
        .collect()
}
