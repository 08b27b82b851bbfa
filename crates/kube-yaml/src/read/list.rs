//! Lists of objects, taken apart as kubectl takes them apart.

use std::iter::FusedIterator;

use kube_vocab::FieldPath;
use serde_json::Value;

use super::pieces::Pieces;
use super::{Document, Documents, ErrorKind, Locations, SyntaxError, Warning};

/// The objects of a text: its documents, and for a `List` (or a `ConfigMapList` and the like) each of its items.
///
/// The items of a list count as documents of their own, and their paths begin at the item. Of a list of more than a mebibyte one
/// item at a time is held; a fault in it spoils the item alone.
#[derive(Clone, Debug)]
pub struct Manifests<'a> {
    pieces: Pieces<'a>,
    objects: Objects<'a>,
    index: usize,
}

impl<'a> Manifests<'a> {
    /// The objects of this text; see [`decode`](crate::decode) for bytes.
    pub fn new(text: &'a str) -> Self {
        Self {
            pieces: Pieces::new(text),
            objects: Objects::read(Vec::new()),
            index: 0,
        }
    }
}

impl Iterator for Manifests<'_> {
    type Item = Result<Document, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut object = loop {
            match self.objects.next() {
                Some(object) => break object,
                None => self.objects = self.pieces.next()?.objects(),
            }
        };
        number(&mut object, self.index);
        self.index += 1;
        Some(object)
    }
}

impl FusedIterator for Manifests<'_> {}

fn number(object: &mut Result<Document, SyntaxError>, index: usize) {
    match object {
        Ok(document) => document.index = index,
        Err(error) => error.index = index,
    }
}

/// The objects of a [`Piece`](crate::Piece).
#[derive(Clone, Debug)]
pub struct Objects<'a> {
    documents: Option<Documents<'a>>,
    items: Option<Items>,
    read: std::vec::IntoIter<Result<Document, SyntaxError>>,
    index: usize,
}

impl<'a> Objects<'a> {
    pub(super) fn of(documents: Documents<'a>) -> Self {
        Self {
            documents: Some(documents),
            ..Self::read(Vec::new())
        }
    }

    pub(super) fn read(objects: Vec<Result<Document, SyntaxError>>) -> Self {
        Self {
            documents: None,
            items: None,
            read: objects.into_iter(),
            index: 0,
        }
    }

    fn next_object(&mut self) -> Option<Result<Document, SyntaxError>> {
        loop {
            if let Some(object) = self.read.next() {
                return Some(object);
            }
            if let Some(items) = &mut self.items
                && let Some(item) = items.next()
            {
                return Some(item);
            }
            self.items = None;
            let document = match self.documents.as_mut()?.next()? {
                Ok(document) if is_list(&document.value) => document,
                other => return Some(other),
            };
            match Items::of(document) {
                Ok(items) => self.items = Some(items),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Iterator for Objects<'_> {
    type Item = Result<Document, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut object = self.next_object()?;
        number(&mut object, self.index);
        self.index += 1;
        Some(object)
    }
}

impl FusedIterator for Objects<'_> {}

/// What the items of a list are that do not say it.
#[derive(Clone, Debug)]
pub(super) struct Owner(Option<(String, String)>);

impl Owner {
    /// Of the list without its items. `None`: kubectl does not take it apart.
    pub(super) fn of(list: &Value) -> Option<Self> {
        let text = |key: &str| list.get(key).and_then(Value::as_str);
        let kind = text("kind")?.strip_suffix("List")?;
        let own = text("apiVersion").filter(|_| !kind.is_empty());
        Some(Self(
            own.map(|version| (version.to_owned(), kind.to_owned())),
        ))
    }

    /// The item, with what it is.
    pub(super) fn own(&self, mut document: Document) -> Result<Document, SyntaxError> {
        if is_list(&document.value) {
            let message = "a list in a list: kubectl reads the items of the outer one alone";
            return Err(SyntaxError::new(ErrorKind::List, document.line, message));
        }
        if let (Some((version, kind)), Some(object)) = (&self.0, document.value.as_object_mut())
            && !object.contains_key("apiVersion")
            && !object.contains_key("kind")
        {
            object.insert("apiVersion".to_owned(), version.clone().into());
            object.insert("kind".to_owned(), kind.clone().into());
        }
        Ok(document)
    }
}

/// The item of a list that has one, with its own lines.
pub(super) fn only_item(
    mut list: Value,
    locations: &Locations,
    line: usize,
    warnings: Vec<Warning>,
) -> Option<Document> {
    let items = list.as_array_mut().filter(|items| items.len() == 1)?;
    let value = items.pop()?;
    let locations = locations.below(&FieldPath::root().index(0));
    Some(Document {
        value,
        index: 0,
        line: locations.line_of(&FieldPath::root()).unwrap_or(line),
        locations,
        warnings,
    })
}

/// Whether kubectl takes the object apart: a `List`, or a list of one kind such as a `ConfigMapList`.
fn is_list(value: &Value) -> bool {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("kind") {
        "List" => text("apiVersion") == "v1" || value.get("items").is_some(),
        kind => kind.ends_with("List") && value.get("items").is_some(),
    }
}

/// What is left of a list.
#[derive(Clone, Debug)]
struct Items {
    items: std::vec::IntoIter<Value>,
    position: usize,
    owner: Owner,
    list: Document,
}

impl Items {
    fn of(mut list: Document) -> Result<Self, SyntaxError> {
        let owner = Owner::of(&list.value).unwrap_or(Owner(None));
        let items = match list.value.get_mut("items").map(Value::take) {
            Some(Value::Array(items)) => items,
            Some(Value::Null) => Vec::new(),
            other => {
                let message = match other {
                    Some(_) => "items: must be a list",
                    None => "items: is required, a list",
                };
                let line = list.nearest_line(&FieldPath::root().field("items"));
                return Err(SyntaxError::new(ErrorKind::List, line, message));
            }
        };
        Ok(Self {
            items: items.into_iter(),
            position: 0,
            owner,
            list,
        })
    }
}

impl Iterator for Items {
    type Item = Result<Document, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        let value = self.items.next()?;
        let position = self.position;
        self.position += 1;
        let path = FieldPath::root().field("items").index(position);
        let locations = self.list.locations.below(&path);
        let line = locations
            .line_of(&FieldPath::root())
            .unwrap_or(self.list.line);
        // Each item is told what stands in it, and the last one what stands behind all.
        let warnings = std::mem::take(&mut self.list.warnings);
        let is_last = self.items.as_slice().is_empty();
        let next = FieldPath::root().field("items").index(position + 1);
        let next = self.list.locations.line_of(&next).filter(|_| !is_last);
        let is_here = |warning: &Warning| next.is_none_or(|next| warning.line < next);
        let (warnings, later) = warnings.into_iter().partition(is_here);
        self.list.warnings = later;
        Some(self.owner.own(Document {
            value,
            index: 0,
            line,
            locations,
            warnings,
        }))
    }
}
