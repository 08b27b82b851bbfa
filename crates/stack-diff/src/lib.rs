#![doc = include_str!("../README.md")]

mod fields;
mod images;
mod markdown;
mod policies;
mod text;

use std::collections::BTreeMap;

use kube_vocab::ObjectId;
use serde::Serialize;
use serde_json::Value;

pub use fields::FieldChange;
pub use images::ImageChange;

/// What changes from one set of objects to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Diff {
    /// By group, kind, namespace and name.
    pub objects: Vec<ObjectChange>,
    #[serde(rename = "images")]
    images: Vec<ImageChange>,
}

/// What becomes of one object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ObjectChange {
    /// Which one; with the new version of its kind where that changes.
    #[serde(serialize_with = "as_text")]
    pub object: ObjectId,
    /// Whether it comes, goes or changes.
    pub change: Change,
    /// What changes in it, in the order of the paths; empty for an object that comes or goes.
    pub fields: Vec<FieldChange>,
}

/// Whether something comes, goes or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only the new side has it.
    Added,
    /// It is there no more.
    Removed,
    /// Both sides have it, with other content.
    Changed,
}

fn as_text<S: serde::Serializer>(id: &ObjectId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

/// What makes two objects one: group, kind, namespace and name.
type Key = (String, String, Option<String>, String);

impl Diff {
    /// Compares objects as they are. Of two with one identity on one side, the last counts, as for `kubectl apply`. What has no
    /// kind or name is no object, and left out.
    pub fn of(old: impl IntoIterator<Item = Value>, new: impl IntoIterator<Item = Value>) -> Self {
        Self::of_stored(old, new, |_| None)
    }

    /// Compares objects in the form that a server keeps of them; where `stored` knows none, as they are.
    pub fn of_stored(
        old: impl IntoIterator<Item = Value>,
        new: impl IntoIterator<Item = Value>,
        stored: impl Fn(&Value) -> Option<Value>,
    ) -> Self {
        let side = |objects: &mut dyn Iterator<Item = Value>| -> BTreeMap<Key, Value> {
            let kept = objects.filter_map(|object| {
                let key = key(&object)?;
                Some((key, stored(&object).unwrap_or(object)))
            });
            kept.collect()
        };
        let (mut old, new) = (side(&mut old.into_iter()), side(&mut new.into_iter()));
        let mut both: BTreeMap<Key, (Option<Value>, Option<Value>)> = new
            .into_iter()
            .map(|(key, new)| {
                let old = old.remove(&key);
                (key, (old, Some(new)))
            })
            .collect();
        both.extend(old.into_iter().map(|(key, old)| (key, (Some(old), None))));
        let mut diff = Self::default();
        for (old, new) in both.into_values() {
            diff.images
                .extend(images::changes(old.as_ref(), new.as_ref()));
            diff.objects.extend(change(old.as_ref(), new.as_ref()));
        }
        diff
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The images that come, go or change, by object and container.
    pub fn images(&self) -> &[ImageChange] {
        &self.images
    }

    /// How many objects come, go and change.
    pub fn count(&self, change: Change) -> usize {
        self.objects
            .iter()
            .filter(|object| object.change == change)
            .count()
    }
}

fn change(old: Option<&Value>, new: Option<&Value>) -> Option<ObjectChange> {
    let object = identity(new.or(old)?);
    let (change, fields) = match (old, new) {
        (Some(old), Some(new)) => (Change::Changed, fields::changes(old, new)),
        (None, _) => (Change::Added, Vec::new()),
        (_, None) => (Change::Removed, Vec::new()),
    };
    (change != Change::Changed || !fields.is_empty()).then_some(ObjectChange {
        object,
        change,
        fields,
    })
}

fn identity(object: &Value) -> ObjectId {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let metadata = &object["metadata"];
    ObjectId::new(
        text(&object["apiVersion"]),
        text(&object["kind"]),
        metadata["namespace"].as_str(),
        text(&metadata["name"]),
    )
}

fn key(object: &Value) -> Option<Key> {
    let id = identity(object);
    let is_object = !id.kind.is_empty() && !id.name.is_empty();
    is_object.then(|| (id.group().to_owned(), id.kind, id.namespace, id.name))
}
