//! `metadata`: which members it has, and what their values may be.

use std::borrow::Cow;
use std::fmt;

use serde_json::Number;

use crate::value::{Map, Value};

use crate::date::Date;
use crate::fault::{Fault, Source};
use kube_vocab::names;

/// All annotations of an object together, in bytes.
const MAX_ANNOTATIONS: usize = 256 * 1024;
/// The name of a field manager, in bytes.
const MAX_MANAGER: usize = 128;
/// The name of the subresource of a managed field, in bytes.
const MAX_SUBRESOURCE: usize = 256;
/// A generated name is cut to leave room for five random characters.
const MAX_GENERATED: usize = 58;

/// Which names a kind allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameRule {
    /// Most kinds: a DNS subdomain.
    Subdomain,
    /// Namespaces and Services: a DNS label.
    Label,
    /// A DNS label that begins with a letter.
    Label1035,
    /// RBAC: whatever fits into a path of a URL.
    PathSegment,
}

impl NameRule {
    pub(crate) fn judge(self, name: &str) -> names::Verdict {
        match self {
            Self::Subdomain => names::dns_subdomain(name),
            Self::Label => names::dns_label(name),
            Self::Label1035 => names::dns_1035_label(name),
            Self::PathSegment => names::path_segment(name),
        }
    }

    fn judge_prefix(self, prefix: &str) -> names::Verdict {
        match self {
            // A prefix of dots is none of the names that stand for a folder.
            Self::PathSegment if prefix.contains(['/', '%']) => names::path_segment("/"),
            Self::PathSegment => Ok(()),
            _ => self.judge(&mask_trailing_dash(prefix)),
        }
    }
}

/// A text in small letters, copied where that is another one.
pub(crate) fn lowered(text: &str) -> Cow<'_, str> {
    let is_lowered = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    match text.bytes().all(is_lowered) {
        true => text.into(),
        false => text.to_lowercase().into(),
    }
}

/// The prefix of a generated name, as the server judges it: its last dash is followed by a random letter.
pub(crate) fn mask_trailing_dash(prefix: &str) -> String {
    match prefix.strip_suffix('-') {
        Some(head) if !head.is_empty() => {
            let mut masked: String = head.to_owned();
            masked.pop();
            masked.push('a');
            masked
        }
        _ => prefix.to_owned(),
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
    pub(crate) malformed: Vec<Fault>,
}

/// Where a member of the metadata is, written out where something is wrong with it.
#[derive(Clone, Copy)]
enum At<'a> {
    Root(&'a str),
    Member(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(path) => f.write_str(path),
            Self::Member(around, name) => write!(f, "{around}.{name}"),
            Self::Item(around, index) => write!(f, "{around}[{index}]"),
        }
    }
}

/// Reads `metadata` as the server does, into a typed structure.
pub(crate) fn decode(metadata: &Value, path: &str) -> Decoded {
    let mut decoded = Decoded::default();
    let at = At::Root(path);
    match metadata {
        Value::Null => {}
        Value::Object(members) => decoded.members(members, &MEMBERS, at),
        _ => decoded.wrong(at, "must be an object"),
    }
    decoded
}

impl Decoded {
    fn wrong(&mut self, path: At<'_>, message: &str) {
        let fault = Fault::blocking(Source::Metadata, path.to_string(), message);
        self.malformed.push(fault);
    }

    fn members(&mut self, members: &Map, known: &[(&str, Shape)], path: At<'_>) {
        for (name, value) in members {
            let at = At::Member(&path, name);
            match known.iter().find(|(known, _)| name == known) {
                None => self.unknown.push(at.to_string()),
                Some((_, shape)) => self.value(value, *shape, at),
            }
        }
    }

    fn value(&mut self, value: &Value, shape: Shape, path: At<'_>) {
        match (shape, value) {
            (_, Value::Null) | (Shape::Anything, _) => {}
            (Shape::Text, Value::String(_)) | (Shape::Boolean, Value::Bool(_)) => {}
            (Shape::Integer, Value::Number(number)) if is_integer(number) => {}
            (Shape::Time, Value::String(text)) if is_time(text) => {}
            (Shape::Texts, Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, Shape::Text, At::Item(&path, index));
                }
            }
            (Shape::TextMap, Value::Object(members)) => {
                for (name, member) in members {
                    if !(member.is_string() || member.is_null()) {
                        let message = format!("must be a string, not {member}; quote it");
                        self.wrong(At::Member(&path, name), &message);
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
                    let at = At::Item(&path, index);
                    match item {
                        Value::Null => {}
                        Value::Object(members) => self.members(members, known, at),
                        _ => self.wrong(at, "must be an object"),
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

/// A number that has a fraction of nothing is an integer.
fn is_integer(number: &Number) -> bool {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    number.is_i64()
        || number
            .as_f64()
            .is_some_and(|float| float.fract() == 0.0 && (-LIMIT..LIMIT).contains(&float))
}

/// A time as Go reads it: like RFC 3339, but with `T` and `Z` in upper case, an hour of one digit where one likes, a comma
/// for a point, and no leap second.
pub(crate) fn is_time(text: &str) -> bool {
    let Some((date, rest)) = text.split_once('T') else {
        return false;
    };
    let number = |digits: &str, lengths: std::ops::RangeInclusive<usize>, below: u32| {
        lengths.contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && digits.parse::<u32>().is_ok_and(|number| number < below)
    };
    let Some(end) = rest.find(['Z', '+', '-']) else {
        return false;
    };
    let (time, zone) = rest.split_at(end);
    let zone_fits = zone == "Z"
        || zone[1..].split_once(':').is_some_and(|(hours, minutes)| {
            !zone.starts_with('Z') && number(hours, 2..=2, 25) && number(minutes, 2..=2, 61)
        });
    let (time, fraction) = time.split_once(['.', ',']).unwrap_or((time, "0"));
    let parts: Vec<&str> = time.split(':').collect();
    Date::read(date).is_some()
        && matches!(parts[..], [hour, minute, second]
            if number(hour, 1..=2, 24) && number(minute, 2..=2, 60) && number(second, 2..=2, 60))
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && zone_fits
}

/// Leaves out of the metadata what a server gives out itself, and what is empty.
pub(crate) fn settle(object: &mut Value) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    const SERVERS: [&str; 8] = [
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "generation",
        "managedFields",
        "resourceVersion",
        "selfLink",
        "uid",
    ];
    metadata.retain(|name, value| {
        let empty = match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        !empty && !SERVERS.contains(&name.as_str())
    });
}

fn text<'a>(metadata: &'a Value, name: &str) -> &'a str {
    metadata
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A name as the server would make it of a prefix, always with the same random characters.
pub(crate) fn generated_name(prefix: &str) -> String {
    let characters = prefix.chars().take(MAX_GENERATED);
    characters.chain("x2x2x".chars()).collect()
}

/// Judges the metadata of an object that is created. Its types have been checked by [`decode`].
pub(crate) fn check(metadata: &Value, rule: NameRule, namespaced: bool, findings: &mut Vec<Fault>) {
    let mut add =
        |path: &str, message: String| findings.push(Fault::new(Source::Metadata, path, message));
    let (name, prefix) = (text(metadata, "name"), text(metadata, "generateName"));
    if !prefix.is_empty()
        && let Err(reason) = rule.judge_prefix(prefix)
    {
        add("metadata.generateName", format!("\"{prefix}\": {reason}"));
    } else if name.is_empty()
        && !prefix.is_empty()
        && let Err(reason) = rule.judge(&generated_name(prefix))
    {
        add(
            "metadata.name",
            format!("generated from \"{prefix}\": {reason}"),
        );
    }
    if !name.is_empty() {
        if let Err(reason) = rule.judge(name) {
            add("metadata.name", format!("\"{name}\": {reason}"));
        }
    } else if prefix.is_empty() {
        findings.push(Fault::blocking(
            Source::Metadata,
            "metadata.name",
            "is required, or generateName",
        ));
    }
    let namespace = text(metadata, "namespace");
    if namespaced
        && !namespace.is_empty()
        && let Err(reason) = names::dns_label(namespace)
    {
        findings.push(Fault::new(
            Source::Metadata,
            "metadata.namespace",
            format!("\"{namespace}\": {reason}"),
        ));
    }
    check_common(metadata, "metadata", findings);
}

/// Judges the metadata of an object inside another one.
pub(crate) fn check_embedded(
    metadata: &Value,
    path: &str,
    rule: NameRule,
    findings: &mut Vec<Fault>,
) {
    for member in ["name", "generateName"] {
        let value = text(metadata, member);
        let verdict = match member {
            "name" => rule.judge(value),
            _ => rule.judge_prefix(value),
        };
        if !value.is_empty()
            && let Err(reason) = verdict
        {
            findings.push(Fault::new(
                Source::Metadata,
                format!("{path}.{member}"),
                format!("\"{value}\": {reason}"),
            ));
        }
    }
    let namespace = text(metadata, "namespace");
    if !namespace.is_empty()
        && let Err(reason) = names::dns_label(namespace)
    {
        let message = format!("\"{namespace}\": {reason}");
        findings.push(Fault::new(
            Source::Metadata,
            format!("{path}.namespace"),
            message,
        ));
    }
    check_common(metadata, path, findings);
    let mut add =
        |path: String, message: String| findings.push(Fault::new(Source::Metadata, path, message));
    if let Some(generation) = metadata.get("generation").and_then(Value::as_i64)
        && generation < 0
    {
        add(
            format!("{path}.generation"),
            "must not be negative".to_owned(),
        );
    }
    if let Some(entries) = metadata.get("managedFields").and_then(Value::as_array) {
        check_managed_fields(entries, &format!("{path}.managedFields"), &mut add);
    }
}

/// What is the same for every object: labels, annotations, owners, finalizers.
pub(crate) fn check_common(metadata: &Value, path: &str, findings: &mut Vec<Fault>) {
    let root = At::Root(path);
    let mut too_long = None;
    let mut add =
        |path: String, message: String| findings.push(Fault::new(Source::Metadata, path, message));
    if let Some(labels) = metadata.get("labels").and_then(Value::as_object) {
        check_label_map(labels, At::Member(&root, "labels"), &mut add);
    }
    if let Some(annotations) = metadata.get("annotations").and_then(Value::as_object) {
        let at = At::Member(&root, "annotations");
        let mut size = 0;
        for (key, value) in annotations {
            size += key.len() + value.as_str().map_or(0, str::len);
            if let Err(reason) = names::qualified_name(&lowered(key)) {
                add(at.to_string(), format!("the key \"{key}\": {reason}"));
            }
        }
        if size > MAX_ANNOTATIONS {
            let message = format!("must have at most {MAX_ANNOTATIONS} bytes in all, has {size}");
            too_long = Some(Fault::blocking(Source::Metadata, at.to_string(), message));
        }
    }
    if let Some(owners) = metadata.get("ownerReferences").and_then(Value::as_array) {
        check_owners(owners, At::Member(&root, "ownerReferences"), &mut add);
    }
    if let Some(finalizers) = metadata.get("finalizers").and_then(Value::as_array) {
        let at = format!("{path}.finalizers");
        let finalizers: Vec<&str> = finalizers
            .iter()
            .map(|value| value.as_str().unwrap_or_default())
            .collect();
        for finalizer in &finalizers {
            if let Err(reason) = names::qualified_name(finalizer) {
                add(at.clone(), format!("\"{finalizer}\": {reason}"));
            }
        }
        if finalizers.contains(&"orphan") && finalizers.contains(&"foregroundDeletion") {
            add(
                at,
                "orphan and foregroundDeletion exclude each other".to_owned(),
            );
        }
    }
    findings.extend(too_long);
}

fn check_managed_fields(entries: &[Value], path: &str, add: &mut dyn FnMut(String, String)) {
    for (index, entry) in entries.iter().enumerate() {
        if !matches!(text(entry, "operation"), "Apply" | "Update") {
            let at = format!("{path}[{index}].operation");
            add(at, "must be Apply or Update".to_owned());
        }
        if !matches!(text(entry, "fieldsType"), "" | "FieldsV1") {
            let at = format!("{path}[{index}].fieldsType");
            add(at, "must be FieldsV1".to_owned());
        }
        for (member, most) in [("manager", MAX_MANAGER), ("subresource", MAX_SUBRESOURCE)] {
            let length = text(entry, member).len();
            if length > most {
                let at = format!("{path}[{index}].{member}");
                add(at, format!("must have at most {most} bytes, has {length}"));
            }
        }
        if text(entry, "manager").chars().any(char::is_control) {
            let at = format!("{path}[{index}].manager");
            add(at, "must be printable characters".to_owned());
        }
    }
}

/// Judges the keys and values of labels.
fn check_label_map(labels: &Map, path: At<'_>, add: &mut dyn FnMut(String, String)) {
    for (key, value) in labels {
        if let Err(reason) = names::qualified_name(key) {
            add(path.to_string(), format!("the key \"{key}\": {reason}"));
        }
        let value = value.as_str().unwrap_or_default();
        if let Err(reason) = names::label_value(value) {
            add(
                path.to_string(),
                format!("the value \"{value}\" of \"{key}\": {reason}"),
            );
        }
    }
}

/// The server says which member of an owner is wrong, not of which owner. An owner that is there twice, it drops.
fn check_owners(all: &[Value], path: At<'_>, add: &mut dyn FnMut(String, String)) {
    let mut owners: Vec<&Value> = Vec::with_capacity(all.len());
    for owner in all {
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    for (index, owner) in owners.iter().enumerate() {
        let version = match text(owner, "apiVersion").split('/').collect::<Vec<_>>()[..] {
            [version] => Some(("", version)),
            [group, version] => Some((group, version)),
            _ => None,
        };
        if version.is_none_or(|(_, version)| version.is_empty()) {
            add(
                format!("{path}.apiVersion"),
                format!("of owner {index} must be VERSION or GROUP/VERSION"),
            );
        }
        for member in ["kind", "name", "uid"] {
            if text(owner, member).is_empty() {
                add(
                    format!("{path}.{member}"),
                    format!("of owner {index} must not be empty"),
                );
            }
        }
        if text(owner, "kind") == "Event" && version == Some(("", "v1")) {
            add(
                path.to_string(),
                format!("owner {index}: an Event owns nothing"),
            );
        }
    }
    let is_controller = |owner: &&&Value| owner.get("controller") == Some(&Value::Bool(true));
    if owners.iter().filter(is_controller).count() > 1 {
        add(
            path.to_string(),
            "only one owner may be the controller".to_owned(),
        );
    }
}

/// Judges what an update may not change.
pub(crate) fn check_update(new: &Value, old: &Value, findings: &mut Vec<Fault>) {
    for member in ["name", "namespace", "uid"] {
        let (new, old) = (text(new, member), text(old, member));
        if !new.is_empty() && new != old && !(old.is_empty() && member != "name") {
            let message = format!("cannot be changed from \"{old}\" to \"{new}\"");
            findings.push(Fault::new(
                Source::Metadata,
                format!("metadata.{member}"),
                message,
            ));
        }
    }
    // The server keeps the time of creation and of deletion; nobody else sets the latter.
    let set = |object: &Value, member: &str| object.get(member).is_some_and(|v| !v.is_null());
    if set(new, "deletionTimestamp") && !set(old, "deletionTimestamp") {
        let at = "metadata.deletionTimestamp";
        findings.push(Fault::new(Source::Metadata, at, "only a deletion sets it"));
    }
    let grace = "deletionGracePeriodSeconds";
    if set(new, grace) && new.get(grace) != old.get(grace) {
        let at = format!("metadata.{grace}");
        findings.push(Fault::new(Source::Metadata, at, "only a deletion sets it"));
    }
    let added: Vec<&str> = strings(new, "finalizers")
        .filter(|finalizer| !strings(old, "finalizers").any(|known| known == *finalizer))
        .collect();
    if old.get("deletionTimestamp").is_some_and(Value::is_string) && !added.is_empty() {
        let message = format!(
            "an object that is being deleted takes no new finalizers: {}",
            added.join(", ")
        );
        findings.push(Fault::new(Source::Metadata, "metadata.finalizers", message));
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
