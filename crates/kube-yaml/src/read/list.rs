//! Lists of objects, taken apart as kubectl takes them apart.

use std::iter::FusedIterator;

use kube_vocab::FieldPath;
use serde_json::Value;

use super::pieces::Pieces;
use super::tree::Tree;
use super::{Document, Documents, ErrorKind, Locations, SyntaxError, Warning};

/// The objects of a text: its documents, and for a `List` (or a `ConfigMapList` and the like) each of its items.
///
/// The items of a list count as documents of their own, and their paths begin at the item. Of a list of more than a mebibyte one
/// item at a time is held; a fault in it spoils the item alone.
#[derive(Clone, Debug)]
pub struct Manifests<'a, V: Tree = Value> {
    pieces: Pieces<'a>,
    objects: Objects<'a, V>,
    index: usize,
}

impl<'a> Manifests<'a> {
    /// The objects of this text, as `serde_json`'s values; see [`decode`](crate::decode) for bytes.
    pub fn new(text: &'a str) -> Self {
        Self::read(text)
    }
}

impl<'a, V: Tree> Manifests<'a, V> {
    /// The same, as values of whichever sort is asked for.
    ///
    /// ```
    /// use kube_value::Value;
    /// use kube_yaml::Manifests;
    ///
    /// let mut manifests = Manifests::<Value>::read("kind: Lamp\nspec: {watts: 40}\n");
    /// let lamp = manifests.next().unwrap()?;
    /// assert_eq!(lamp.value["spec"]["watts"], 40);
    /// # Ok::<(), kube_yaml::SyntaxError>(())
    /// ```
    pub fn read(text: &'a str) -> Self {
        Self {
            pieces: Pieces::new(text),
            objects: Objects::read(Vec::new()),
            index: 0,
        }
    }
}

impl<V: Tree> Iterator for Manifests<'_, V> {
    type Item = Result<Document<V>, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut object = loop {
            match self.objects.next() {
                Some(object) => break object,
                None => self.objects = self.pieces.next()?.read(),
            }
        };
        number(&mut object, self.index);
        self.index += 1;
        Some(object)
    }
}

impl<V: Tree> FusedIterator for Manifests<'_, V> {}

fn number<V>(object: &mut Result<Document<V>, SyntaxError>, index: usize) {
    match object {
        Ok(document) => document.index = index,
        Err(error) => error.index = index,
    }
}

/// The objects of a [`Piece`](crate::Piece).
#[derive(Clone, Debug)]
pub struct Objects<'a, V: Tree = Value> {
    documents: Option<Documents<'a, V>>,
    items: Option<Items<V>>,
    read: std::vec::IntoIter<Result<Document<V>, SyntaxError>>,
    index: usize,
}

impl<'a, V: Tree> Objects<'a, V> {
    pub(super) fn of(documents: Documents<'a, V>) -> Self {
        Self {
            documents: Some(documents),
            ..Self::read(Vec::new())
        }
    }

    pub(super) fn read(objects: Vec<Result<Document<V>, SyntaxError>>) -> Self {
        Self {
            documents: None,
            items: None,
            read: objects.into_iter(),
            index: 0,
        }
    }

    fn next_object(&mut self) -> Option<Result<Document<V>, SyntaxError>> {
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

impl<V: Tree> Iterator for Objects<'_, V> {
    type Item = Result<Document<V>, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut object = self.next_object()?;
        number(&mut object, self.index);
        self.index += 1;
        Some(object)
    }
}

impl<V: Tree> FusedIterator for Objects<'_, V> {}

/// What the items of a list are that do not say it.
#[derive(Clone, Debug)]
pub(super) struct Owner(Option<(String, String)>);

impl Owner {
    /// Of the list without its items. `None`: kubectl does not take it apart.
    pub(super) fn of<V: Tree>(list: &V) -> Option<Self> {
        let kind = list.member_text("kind")?.strip_suffix("List")?;
        let own = list.member_text("apiVersion").filter(|_| !kind.is_empty());
        Some(Self(
            own.map(|version| (version.to_owned(), kind.to_owned())),
        ))
    }

    /// The item, with what it is.
    pub(super) fn own<V: Tree>(&self, document: Document<V>) -> Result<Document<V>, SyntaxError> {
        if is_list(&document.value) {
            let message = "a list in a list: kubectl reads the items of the outer one alone";
            return Err(SyntaxError::new(ErrorKind::List, document.line, message));
        }
        let says_nothing =
            |value: &V| value.is_object() && !value.has("apiVersion") && !value.has("kind");
        Ok(match &self.0 {
            Some((version, kind)) if says_nothing(&document.value) => document.map(|value| {
                value
                    .with_text("apiVersion", version)
                    .with_text("kind", kind)
            }),
            _ => document,
        })
    }
}

/// The item of a list that has one, with its own lines.
pub(super) fn only_item<V: Tree>(
    list: V,
    locations: &Locations,
    line: usize,
    warnings: Vec<Warning>,
) -> Option<Document<V>> {
    let mut items = list.into_items().filter(|items| items.len() == 1)?;
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
fn is_list<V: Tree>(value: &V) -> bool {
    match value.member_text("kind").unwrap_or_default() {
        "List" => value.member_text("apiVersion") == Some("v1") || value.has("items"),
        kind => kind.ends_with("List") && value.has("items"),
    }
}

/// What is left of a list.
#[derive(Clone, Debug)]
struct Items<V> {
    items: std::vec::IntoIter<V>,
    position: usize,
    owner: Owner,
    /// The list without what stands in it.
    list: Document<()>,
}

impl<V: Tree> Items<V> {
    fn of(list: Document<V>) -> Result<Self, SyntaxError> {
        let owner = Owner::of(&list.value).unwrap_or(Owner(None));
        let (value, list) = list.apart();
        let items = match value.into_member("items") {
            Some(items) if items.is_null() => Ok(Vec::new()),
            Some(items) => items.into_items().ok_or("items: must be a list"),
            None => Err("items: is required, a list"),
        };
        let items = items.map_err(|message| {
            let line = list.nearest_line(&FieldPath::root().field("items"));
            SyntaxError::new(ErrorKind::List, line, message)
        })?;
        Ok(Self {
            items: items.into_iter(),
            position: 0,
            owner,
            list,
        })
    }
}

impl<V: Tree> Iterator for Items<V> {
    type Item = Result<Document<V>, SyntaxError>;

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
