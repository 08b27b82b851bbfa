//! One object of the model.

use std::fmt;

use kube_value::{Map, Text, Value};
use kube_vocab::{FieldPath, Location, ObjectId};
use kube_yaml::Locations;
use serde::de::DeserializeOwned;

use crate::{Labels, Origin};

/// The place of an object in its model: cheap to keep, and in the order of the input. Of use with the model that gave it only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub(crate) u32);

impl EntryId {
    /// A number from zero on without gaps, to index a table of one's own.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// An object as it was read, with where it came from and where it would live.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(crate) id: EntryId,
    /// What is asked for so often that looking it up in the value would be most of what some checks cost.
    pub(crate) head: Head,
    pub(crate) value: Value,
    pub(crate) origin: Origin,
    pub(crate) lines: Option<Locations>,
    pub(crate) superseded_by: Option<EntryId>,
}

/// Who an object says that it is, and its labels: parts of the document, with which they share their memory.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Empty where it is not said, as the other texts are.
    pub(crate) api_version: Text,
    pub(crate) kind: Text,
    name: Text,
    /// As written, until the model has found out where the object would live.
    pub(crate) namespace: Option<Text>,
    labels: Option<Map>,
    annotations: Option<Map>,
}

impl Head {
    pub(crate) fn of(value: &Value) -> Self {
        let text = |value: Option<&Value>| match value {
            Some(Value::String(text)) => text.clone(),
            _ => Text::from(""),
        };
        let metadata = value.get("metadata");
        let member = |name: &str| metadata?.get(name);
        let map = |name: &str| member(name)?.as_object().cloned();
        let namespace = match member("namespace") {
            Some(Value::String(namespace)) if !namespace.is_empty() => Some(namespace.clone()),
            _ => None,
        };
        Self {
            api_version: text(value.get("apiVersion")),
            kind: text(value.get("kind")),
            name: text(member("name")),
            namespace,
            labels: map("labels"),
            annotations: map("annotations"),
        }
    }
}

impl Entry {
    /// Its place in the model.
    pub const fn entry_id(&self) -> EntryId {
        self.id
    }

    /// The document as it was read: nothing is added, no default filled in. A copy costs nothing.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Where it comes from.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The line of the value at a path, or of the innermost thing around it that stands in the text; the first line of the
    /// document where only that is known, and `None` for what was read from no text.
    pub fn line_of(&self, path: &FieldPath) -> Option<usize> {
        self.lines
            .as_ref()
            .filter(|_| !path.is_root())
            .and_then(|lines| lines.nearest_line(path))
            .or(self.origin.line)
    }

    /// The place in the text of the value at a path, as [`line_of`](Self::line_of) finds it; `None` where it came from no file.
    pub fn location_of(&self, path: &FieldPath) -> Option<Location> {
        Some(Location {
            file: self.origin.file.as_deref()?.to_owned(),
            line: self.line_of(path)?,
        })
    }

    /// Group and version as written.
    pub fn api_version(&self) -> &str {
        crate::work::step();
        &self.head.api_version
    }

    /// The API group: empty for the core group.
    pub fn group(&self) -> &str {
        group_of(self.api_version())
    }

    /// The version without its group.
    pub fn version(&self) -> &str {
        let api_version = self.api_version();
        api_version
            .split_once('/')
            .map_or(api_version, |(_, version)| version)
    }

    /// The object's kind, without group and version, such as `Pod`.
    pub fn kind(&self) -> &str {
        crate::work::step();
        &self.head.kind
    }

    /// The name; empty where the server is asked to make one.
    pub fn name(&self) -> &str {
        crate::work::step();
        &self.head.name
    }

    /// The namespace in which the object would live: also where the document leaves that to whoever applies it. `None` for
    /// cluster-wide objects, and for kinds of which nobody says what they are.
    pub fn namespace(&self) -> Option<&str> {
        self.head.namespace.as_deref()
    }

    /// The object's own labels.
    pub fn labels(&self) -> Labels<'_> {
        Labels::written(self.head.labels.as_ref())
    }

    /// The object's annotations.
    pub fn annotations(&self) -> Labels<'_> {
        Labels::written(self.head.annotations.as_ref())
    }

    /// Who it is, for findings.
    pub fn id(&self) -> ObjectId {
        ObjectId::new(
            self.api_version(),
            self.kind(),
            self.namespace(),
            self.name(),
        )
    }

    /// Whether it is of this kind, in any version.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.kind() == kind && self.group() == group
    }

    /// The value at a path of plain members, such as `spec.template.spec`; `None` also for `null`.
    pub fn at(&self, path: &str) -> Option<&Value> {
        value_at(&self.value, path)
    }

    /// The text at a path of plain members.
    pub fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path)?.as_str()
    }

    /// The elements of the list at a path of plain members; none where there is no list.
    pub fn items_at(&self, path: &str) -> &[Value] {
        self.at(path).and_then(Value::as_array).unwrap_or_default()
    }

    /// The object as a type: one of a types crate, of k8s-openapi, or of one's own.
    ///
    /// # Errors
    /// What the type says against the document.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        self.value.read()
    }
}

/// `Deployment demo/web`, as [`ObjectId`] writes it.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind(), self.namespace(), self.name()) {
            // Nearly all objects say who they are: no copy is needed of that.
            (kind, namespace, name) if !kind.is_empty() && !name.is_empty() => {
                f.write_str(kind)?;
                f.write_str(" ")?;
                if let Some(namespace) = namespace {
                    f.write_str(namespace)?;
                    f.write_str("/")?;
                }
                f.write_str(name)
            }
            _ => self.id().fmt(f),
        }
    }
}

/// The group of an `apiVersion`.
pub(crate) fn group_of(api_version: &str) -> &str {
    // A loop over a few bytes: the search of the standard library is made for long texts.
    let slash = api_version.bytes().position(|byte| byte == b'/');
    slash.map_or("", |slash| &api_version[..slash])
}

/// The value at a path of plain members; `null` counts as absent. The empty path is the value itself.
pub(crate) fn value_at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    crate::work::step();
    let (mut at, mut rest) = (value, path);
    while !rest.is_empty() {
        // As in `group_of`.
        let dot = rest.bytes().position(|byte| byte == b'.');
        let (member, behind) = dot.map_or((rest, ""), |dot| (&rest[..dot], &rest[dot + 1..]));
        at = at.get(member)?;
        rest = behind;
    }
    (!at.is_null()).then_some(at)
}
