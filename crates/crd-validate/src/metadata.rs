//! `metadata`: which members it has, and what their values may be.

use serde_json::{Map, Value};

use crate::finding::{Finding, Source};
use crate::names;

/// All annotations of an object together, in bytes.
const MAX_ANNOTATIONS: usize = 256 * 1024;
/// A generated name is cut to leave room for five random characters.
const MAX_GENERATED: usize = 58;

/// Which names a kind allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameRule {
    /// Most kinds: a DNS subdomain.
    Subdomain,
    /// Namespaces and Services: a DNS label.
    Label,
    /// RBAC: whatever fits into a path of a URL.
    PathSegment,
}

impl NameRule {
    fn accepts(self, name: &str) -> bool {
        match self {
            Self::Subdomain => names::is_subdomain(name),
            Self::Label => names::is_label(name),
            Self::PathSegment => names::is_path_segment(name),
        }
    }

    fn allowed(self) -> &'static str {
        match self {
            Self::Subdomain => names::SUBDOMAIN,
            Self::Label => names::LABEL,
            Self::PathSegment => "neither '.' nor '..', without '/' and '%'",
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Text,
    Integer,
    Boolean,
    Time,
    Texts,
    TextMap,
    Owners,
    ManagedFields,
    Anything,
}

const MEMBERS: [(&str, Shape); 15] = [
    ("name", Shape::Text),
    ("generateName", Shape::Text),
    ("namespace", Shape::Text),
    ("selfLink", Shape::Text),
    ("uid", Shape::Text),
    ("resourceVersion", Shape::Text),
    ("generation", Shape::Integer),
    ("creationTimestamp", Shape::Time),
    ("deletionTimestamp", Shape::Time),
    ("deletionGracePeriodSeconds", Shape::Integer),
    ("labels", Shape::TextMap),
    ("annotations", Shape::TextMap),
    ("ownerReferences", Shape::Owners),
    ("finalizers", Shape::Texts),
    ("managedFields", Shape::ManagedFields),
];

const OWNER: [(&str, Shape); 6] = [
    ("apiVersion", Shape::Text),
    ("kind", Shape::Text),
    ("name", Shape::Text),
    ("uid", Shape::Text),
    ("controller", Shape::Boolean),
    ("blockOwnerDeletion", Shape::Boolean),
];

const MANAGED: [(&str, Shape); 7] = [
    ("manager", Shape::Text),
    ("operation", Shape::Text),
    ("apiVersion", Shape::Text),
    ("time", Shape::Time),
    ("fieldsType", Shape::Text),
    ("fieldsV1", Shape::Anything),
    ("subresource", Shape::Text),
];

/// What reading `metadata` finds: members that are unknown, and members of the wrong type.
#[derive(Default)]
pub(crate) struct Decoded {
    pub(crate) unknown: Vec<String>,
    pub(crate) malformed: Vec<Finding>,
}

/// Reads `metadata` as the server does, into a typed structure.
pub(crate) fn decode(metadata: &Value, path: &str) -> Decoded {
    let mut decoded = Decoded::default();
    match metadata {
        Value::Null => {}
        Value::Object(members) => decoded.members(members, &MEMBERS, path),
        _ => decoded.wrong(path, "must be an object"),
    }
    decoded
}

impl Decoded {
    fn wrong(&mut self, path: &str, message: &str) {
        self.malformed
            .push(Finding::blocking(Source::Metadata, path, message));
    }

    fn members(&mut self, members: &Map<String, Value>, known: &[(&str, Shape)], path: &str) {
        for (name, value) in members {
            let at = format!("{path}.{name}");
            match known.iter().find(|(known, _)| known == name) {
                None => self.unknown.push(at),
                Some((_, shape)) => self.value(value, *shape, &at),
            }
        }
    }

    fn value(&mut self, value: &Value, shape: Shape, path: &str) {
        match (shape, value) {
            (_, Value::Null) | (Shape::Anything, _) => {}
            (Shape::Text, Value::String(_)) | (Shape::Boolean, Value::Bool(_)) => {}
            (Shape::Integer, Value::Number(number)) if number.is_i64() => {}
            (Shape::Time, Value::String(text))
                if chrono::DateTime::parse_from_rfc3339(text).is_ok() => {}
            (Shape::Texts, Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, Shape::Text, &format!("{path}[{index}]"));
                }
            }
            (Shape::TextMap, Value::Object(members)) => {
                for (name, member) in members {
                    if !(member.is_string() || member.is_null()) {
                        let message = format!("must be a string, not {member}; quote it");
                        self.wrong(&format!("{path}.{name}"), &message);
                    }
                }
            }
            (Shape::Owners | Shape::ManagedFields, Value::Array(items)) => {
                let known: &[(&str, Shape)] = if shape == Shape::Owners {
                    &OWNER
                } else {
                    &MANAGED
                };
                for (index, item) in items.iter().enumerate() {
                    let at = format!("{path}[{index}]");
                    match item {
                        Value::Null => {}
                        Value::Object(members) => self.members(members, known, &at),
                        _ => self.wrong(&at, "must be an object"),
                    }
                }
            }
            (Shape::Text, _) => self.wrong(path, "must be a string"),
            (Shape::Boolean, _) => self.wrong(path, "must be true or false"),
            (Shape::Integer, _) => self.wrong(path, "must be an integer"),
            (Shape::Time, _) => self.wrong(path, "must be a time such as 2006-01-02T15:04:05Z"),
            (Shape::Texts, _) => self.wrong(path, "must be a list of strings"),
            (Shape::TextMap, _) => self.wrong(path, "must be a map of strings"),
            (Shape::Owners | Shape::ManagedFields, _) => {
                self.wrong(path, "must be a list of objects")
            }
        }
    }
}

fn text<'a>(metadata: &'a Value, name: &str) -> &'a str {
    metadata
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Judges the metadata of an object that is created. Its types have been checked by [`decode`].
pub(crate) fn check(
    metadata: &Value,
    rule: NameRule,
    namespaced: bool,
    findings: &mut Vec<Finding>,
) {
    let mut add =
        |path: &str, message: String| findings.push(Finding::new(Source::Metadata, path, message));
    let (name, prefix) = (text(metadata, "name"), text(metadata, "generateName"));
    if !prefix.is_empty() && !rule.accepts(&names::mask_trailing_dash(prefix)) {
        add(
            "metadata.generateName",
            format!("\"{prefix}\" must be {}", rule.allowed()),
        );
    } else if name.is_empty() && !prefix.is_empty() {
        let generated: String = prefix
            .chars()
            .take(MAX_GENERATED)
            .chain("x2x2x".chars())
            .collect();
        if !rule.accepts(&generated) {
            let allowed = rule.allowed();
            add(
                "metadata.generateName",
                format!("\"{prefix}\" followed by random characters must be {allowed}"),
            );
        }
    }
    if !name.is_empty() {
        if !rule.accepts(name) {
            add(
                "metadata.name",
                format!("\"{name}\" must be {}", rule.allowed()),
            );
        }
    } else if prefix.is_empty() {
        findings.push(Finding::blocking(
            Source::Metadata,
            "metadata.name",
            "is required, or generateName",
        ));
    }
    let namespace = text(metadata, "namespace");
    if namespaced && !namespace.is_empty() && !names::is_label(namespace) {
        findings.push(Finding::new(
            Source::Metadata,
            "metadata.namespace",
            format!("\"{namespace}\" must be {}", names::LABEL),
        ));
    }
    check_common(metadata, "metadata", findings);
}

/// Judges the metadata of an object inside another one.
pub(crate) fn check_embedded(
    metadata: &Value,
    path: &str,
    rule: NameRule,
    findings: &mut Vec<Finding>,
) {
    let decoded = decode(metadata, path);
    if !decoded.malformed.is_empty() {
        findings.extend(decoded.malformed);
        return;
    }
    for member in ["name", "generateName"] {
        let value = text(metadata, member);
        if !value.is_empty() && !rule.accepts(value) {
            let message = format!("\"{value}\" must be {}", rule.allowed());
            findings.push(Finding::new(
                Source::Metadata,
                format!("{path}.{member}"),
                message,
            ));
        }
    }
    let namespace = text(metadata, "namespace");
    if !namespace.is_empty() && !names::is_label(namespace) {
        let message = format!("\"{namespace}\" must be {}", names::LABEL);
        findings.push(Finding::new(
            Source::Metadata,
            format!("{path}.namespace"),
            message,
        ));
    }
    check_common(metadata, path, findings);
}

/// What is the same for every object: labels, annotations, owners, finalizers.
pub(crate) fn check_common(metadata: &Value, path: &str, findings: &mut Vec<Finding>) {
    let mut add = |path: String, message: String| {
        findings.push(Finding::new(Source::Metadata, path, message))
    };
    if let Some(labels) = metadata.get("labels").and_then(Value::as_object) {
        check_label_map(labels, &format!("{path}.labels"), &mut add);
    }
    if let Some(annotations) = metadata.get("annotations").and_then(Value::as_object) {
        let at = format!("{path}.annotations");
        let mut size = 0;
        for (key, value) in annotations {
            size += key.len() + value.as_str().map_or(0, str::len);
            if !names::is_qualified(&key.to_lowercase()) {
                add(
                    at.clone(),
                    format!("the key \"{key}\" must be {}", names::QUALIFIED),
                );
            }
        }
        if size > MAX_ANNOTATIONS {
            let message = format!("must have at most {MAX_ANNOTATIONS} bytes in all, has {size}");
            add(at, message);
        }
    }
    if let Some(generation) = metadata.get("generation").and_then(Value::as_i64)
        && generation < 0
    {
        add(
            format!("{path}.generation"),
            "must not be negative".to_owned(),
        );
    }
    if let Some(owners) = metadata.get("ownerReferences").and_then(Value::as_array) {
        check_owners(owners, &format!("{path}.ownerReferences"), &mut add);
    }
    if let Some(finalizers) = metadata.get("finalizers").and_then(Value::as_array) {
        let at = format!("{path}.finalizers");
        let finalizers: Vec<&str> = finalizers
            .iter()
            .map(|value| value.as_str().unwrap_or_default())
            .collect();
        for finalizer in &finalizers {
            if !names::is_qualified(finalizer) {
                add(
                    at.clone(),
                    format!("\"{finalizer}\" must be {}", names::QUALIFIED),
                );
            }
        }
        if finalizers.contains(&"orphan") && finalizers.contains(&"foregroundDeletion") {
            add(
                at,
                "orphan and foregroundDeletion exclude each other".to_owned(),
            );
        }
    }
}

/// Judges the keys and values of labels.
pub(crate) fn check_label_map(
    labels: &Map<String, Value>,
    path: &str,
    add: &mut dyn FnMut(String, String),
) {
    for (key, value) in labels {
        if !names::is_qualified(key) {
            add(
                path.to_owned(),
                format!("the key \"{key}\" must be {}", names::QUALIFIED),
            );
        }
        let value = value.as_str().unwrap_or_default();
        if !names::is_label_value(value) {
            let allowed = names::LABEL_VALUE;
            add(
                path.to_owned(),
                format!("the value \"{value}\" of \"{key}\" must be {allowed}"),
            );
        }
    }
}

fn check_owners(owners: &[Value], path: &str, add: &mut dyn FnMut(String, String)) {
    for (index, owner) in owners.iter().enumerate() {
        for member in ["apiVersion", "kind", "name", "uid"] {
            if text(owner, member).is_empty() {
                add(
                    format!("{path}[{index}].{member}"),
                    "must not be empty".to_owned(),
                );
            }
        }
        if text(owner, "kind") == "Event" && text(owner, "apiVersion") == "v1" {
            add(
                format!("{path}[{index}]"),
                "an Event owns nothing".to_owned(),
            );
        }
    }
    let is_controller = |owner: &&Value| owner.get("controller") == Some(&Value::Bool(true));
    if owners.iter().filter(is_controller).count() > 1 {
        add(
            path.to_owned(),
            "only one owner may be the controller".to_owned(),
        );
    }
}

/// Judges what an update may not change.
pub(crate) fn check_update(new: &Value, old: &Value, findings: &mut Vec<Finding>) {
    for member in [
        "name",
        "namespace",
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
    ] {
        let (new, old) = (text(new, member), text(old, member));
        if !new.is_empty() && new != old && !(old.is_empty() && member != "name") {
            let message = format!("cannot be changed from \"{old}\" to \"{new}\"");
            findings.push(Finding::new(
                Source::Metadata,
                format!("metadata.{member}"),
                message,
            ));
        }
    }
    let added: Vec<&str> = strings(new, "finalizers")
        .filter(|finalizer| !strings(old, "finalizers").any(|known| known == *finalizer))
        .collect();
    if old.get("deletionTimestamp").is_some_and(Value::is_string) && !added.is_empty() {
        let message = format!(
            "an object that is being deleted takes no new finalizers: {}",
            added.join(", ")
        );
        findings.push(Finding::new(
            Source::Metadata,
            "metadata.finalizers",
            message,
        ));
    }
    check_common(new, "metadata", findings);
}

fn strings<'a>(metadata: &'a Value, member: &str) -> impl Iterator<Item = &'a str> {
    metadata
        .get(member)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
