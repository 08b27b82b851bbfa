//! Lists of objects, taken apart as kubectl takes them apart.

use std::iter::FusedIterator;

use kube_vocab::FieldPath;
use serde_json::Value;

use super::{Document, Documents, ErrorKind, SyntaxError};

/// The objects of a text: its documents, and for a `List` (or a `ConfigMapList` and the like) each of its items.
///
/// The items of a list count as documents of their own, and their paths begin at the item.
#[derive(Clone, Debug)]
pub struct Manifests<'a> {
    documents: Documents<'a>,
    items: Option<Items>,
    index: usize,
}

impl<'a> Manifests<'a> {
    /// The objects of this text; see [`decode`](crate::decode) for bytes.
    pub fn new(text: &'a str) -> Self {
        Self {
            documents: Documents::new(text),
            items: None,
            index: 0,
        }
    }

    fn next_object(&mut self) -> Option<Result<Document, SyntaxError>> {
        loop {
            if let Some(items) = &mut self.items
                && let Some(item) = items.next()
            {
                return Some(item);
            }
            self.items = None;
            let document = match self.documents.next()? {
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

impl Iterator for Manifests<'_> {
    type Item = Result<Document, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut object = self.next_object()?;
        match &mut object {
            Ok(document) => document.index = self.index,
            Err(error) => error.index = self.index,
        }
        self.index += 1;
        Some(object)
    }
}

impl FusedIterator for Manifests<'_> {}

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
    items: std::iter::Enumerate<std::vec::IntoIter<Value>>,
    /// Version and kind of items that do not say theirs.
    own: Option<(String, String)>,
    list: Document,
}

impl Items {
    fn of(mut list: Document) -> Result<Self, SyntaxError> {
        let text = |key: &str| {
            list.value
                .get(key)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let kind = text("kind").unwrap_or_default();
        let kind = kind.strip_suffix("List").unwrap_or_default();
        let own = text("apiVersion")
            .filter(|_| !kind.is_empty())
            .map(|version| (version, kind.to_owned()));
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
            items: items.into_iter().enumerate(),
            own,
            list,
        })
    }
}

impl Iterator for Items {
    type Item = Result<Document, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (position, mut value) = self.items.next()?;
        let path = FieldPath::root().field("items").index(position);
        let locations = self.list.locations.below(&path);
        let line = locations
            .line_of(&FieldPath::root())
            .unwrap_or(self.list.line);
        if is_list(&value) {
            let message = "a list in a list: kubectl reads the items of the outer one alone";
            return Some(Err(SyntaxError::new(ErrorKind::List, line, message)));
        }
        if let (Some((version, kind)), Some(object)) = (&self.own, value.as_object_mut())
            && !object.contains_key("apiVersion")
            && !object.contains_key("kind")
        {
            object.insert("apiVersion".to_owned(), version.clone().into());
            object.insert("kind".to_owned(), kind.clone().into());
        }
        // Those of the list are told with its first item.
        let warnings = std::mem::take(&mut self.list.warnings);
        Some(Ok(Document {
            value,
            index: 0,
            line,
            locations,
            warnings,
        }))
    }
}
