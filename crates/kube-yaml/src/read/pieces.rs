//! A text in pieces that can be read by themselves, one after the other or side by side: its documents, and of a large list
//! its items, so that the whole of it is never in memory.

use std::iter::FusedIterator;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::list::{self, Objects, Owner};
use super::split::{self, Part, Parts};
use super::tree::Tree;
use super::{Characters, Document, Documents, SyntaxError, fast, full, json};

/// From how many bytes on a list is read item by item.
const LARGE: usize = 1 << 20;

/// The pieces of a text, in its order. To cut a text costs little; the work is in [`Piece::objects`].
///
/// ```
/// use kube_yaml::Pieces;
///
/// let text = "kind: Lamp\n---\nkind: List\napiVersion: v1\nitems:\n- kind: Lamp\n- kind: Desk\n";
/// let kinds = Pieces::new(text).flat_map(|piece| piece.objects());
/// let kinds: Vec<_> = kinds.map(|object| object.map(|object| object.value["kind"].clone())).collect::<Result<_, _>>()?;
/// assert_eq!(kinds, ["Lamp", "Lamp", "Desk"]);
/// # Ok::<(), kube_yaml::SyntaxError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    rest: Rest<'a>,
    items: Option<Items<'a>>,
}

#[derive(Clone)]
enum Rest<'a> {
    /// JSON, or what starts like it: what is left, and the line it starts on.
    Json(&'a str, usize),
    Yaml(Parts<'a>),
    Nothing,
}

impl std::fmt::Debug for Rest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Json(..) => "Json",
            Self::Yaml(_) => "Yaml",
            Self::Nothing => "Nothing",
        })
    }
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub struct Piece<'a>(Content<'a>);

#[derive(Clone, Debug)]
enum Content<'a> {
    Documents(Documents<'a>),
    Item(Item<'a>),
}

impl<'a> Piece<'a> {
    /// How many bytes of the text are in it.
    #[must_use]
    pub fn size(&self) -> usize {
        match &self.0 {
            Content::Documents(documents) => documents.size(),
            Content::Item(item) => item.text.len(),
        }
    }

    /// The objects in it, as [`Manifests`](crate::Manifests) gives them, but numbered from 0 in each piece.
    ///
    /// Of a list that is large, a fault in one item spoils that item alone.
    #[must_use]
    pub fn objects(self) -> Objects<'a> {
        self.read()
    }

    /// The same, as values of whichever sort is asked for.
    #[must_use]
    pub fn read<V: Tree>(self) -> Objects<'a, V> {
        match self.0 {
            Content::Documents(documents) => Objects::of(documents.read_as()),
            Content::Item(item) => Objects::read(item.read()),
        }
    }
}

impl<'a> Pieces<'a> {
    /// The pieces of this text; see [`decode`](crate::decode) for bytes.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let rest = if text.trim_start().starts_with('{') {
            Rest::Json(text, 1)
        } else {
            Rest::Yaml(Parts::new(text, 1))
        };
        Self { rest, items: None }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if let Some(item) = self.items.as_mut().and_then(Iterator::next) {
                return Some(Piece(Content::Item(item)));
            }
            self.items = None;
            match std::mem::replace(&mut self.rest, Rest::Nothing) {
                Rest::Nothing => return None,
                Rest::Json(text, line) => match Items::of_json(text, line) {
                    Some((items, end)) => {
                        self.rest = Rest::Json(&text[end..], line + split::lines_in(&text[..end]));
                        self.items = Some(items);
                    }
                    None => return Some(Piece(Content::Documents(Documents::json(text, line)))),
                },
                Rest::Yaml(mut parts) => {
                    let part = parts.next()?;
                    self.rest = Rest::Yaml(parts);
                    match Items::of_yaml(part) {
                        Some(items) => self.items = Some(items),
                        None => return Some(Piece(Content::Documents(Documents::of_part(part)))),
                    }
                }
            }
        }
    }
}

impl FusedIterator for Pieces<'_> {}

/// What is left of a large list.
#[derive(Clone, Debug)]
struct Items<'a> {
    list: Arc<List<'a>>,
    /// What is left of the items.
    rest: &'a str,
    line: usize,
}

/// A large list.
#[derive(Debug)]
struct List<'a> {
    form: Form,
    owner: Owner,
    /// The whole of it, which is read where an item cannot be read by itself.
    part: Part<'a>,
    whole: OnceLock<Result<Vec<Document>, SyntaxError>>,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    /// With the dashes of the items in this column.
    Block(usize),
    Json,
}

/// An item of a large list.
#[derive(Clone, Debug)]
struct Item<'a> {
    list: Arc<List<'a>>,
    text: &'a str,
    line: usize,
}

impl<'a> Items<'a> {
    /// The items of a list in blocks, as everybody writes it. `None`: the part is read as a whole.
    fn of_yaml(part: Part<'a>) -> Option<Self> {
        let text = part.text;
        if part.misled || text.len() < LARGE {
            return None;
        }
        let (before, items, behind) = block(text)?;
        let characters = Characters::of(text);
        let is_plain = characters.are_simple && !characters.suspect && !characters.carriage_returns;
        if !is_plain || may_hold_anchors(text) {
            return None;
        }
        let first = items.bytes().position(|byte| byte == b'-')?;
        let first = split::line_start(items, first);
        let column = items[first..]
            .bytes()
            .take_while(|&byte| byte == b' ')
            .count();
        let head = fast::read::<Value>(&[before, behind].concat(), 1, 0)??;
        let owner = Owner::of(&head.value)?;
        let line = part.line + split::lines_in(before) + 1 + split::lines_in(&items[..first]);
        Some(Self {
            list: Arc::new(List {
                form: Form::Block(column),
                owner,
                part,
                whole: OnceLock::new(),
            }),
            rest: &items[first..],
            line,
        })
    }

    /// The items of a list in JSON, and where it ends. `None`: the text is read as a whole.
    fn of_json(text: &'a str, line: usize) -> Option<(Self, usize)> {
        if text.len() < LARGE {
            return None;
        }
        let start = text.len() - text.trim_start().len();
        let found = json::list(&text[start..])?;
        let before = &text[start..start + found.items.start];
        let head = [before, &text[start + found.items.end..start + found.end]].concat();
        let head = json::read(&head, 1, 0).ok()?;
        let owner = Owner::of(&head.value).filter(|_| head.warnings.is_empty())?;
        let part = Part {
            text: &text[start..start + found.end],
            line: line + split::lines_in(&text[..start]),
            misled: false,
        };
        let items = Self {
            rest: &part.text[found.items.clone()],
            line: part.line + split::lines_in(&part.text[..found.items.start]),
            list: Arc::new(List {
                form: Form::Json,
                owner,
                part,
                whole: OnceLock::new(),
            }),
        };
        Some((items, start + found.end))
    }
}

/// Cuts a map in blocks into what stands before its member `items`, the items, and what stands behind them.
fn block(text: &str) -> Option<(&str, &str, &str)> {
    let bytes = text.as_bytes();
    let (mut at, mut items, mut end) = (0, None, None);
    while at < bytes.len() {
        let next =
            memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length + 1);
        match bytes[at] {
            b' ' | b'\n' | b'#' => {}
            b'-' if items.is_some() && end.is_none() => {}
            // The end of a document, a directive, or a tab, of which the whole has to be asked.
            b'.' | b'%' | b'\t' => return None,
            _ => match (text[at..next].trim_end() == "items:", items) {
                (true, None) => items = Some((at, next)),
                (true, Some(_)) => return None,
                (false, Some(_)) => end = end.or(Some(at)),
                (false, None) => {}
            },
        }
        at = next;
    }
    let (key, start) = items?;
    let end = end.unwrap_or(text.len());
    Some((&text[..key], &text[start..end], &text[end..]))
}

/// Whether an anchor may stand in a text, by which one item can lead to another: `&` where a value begins.
fn may_hold_anchors(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'&', bytes).any(|at| {
        let names = bytes
            .get(at + 1)
            .is_some_and(|next| !matches!(next, b' ' | b'\n' | b'&'));
        let before = bytes[..at].iter().rev().find(|&&byte| byte != b' ');
        let begins = matches!(
            before,
            None | Some(b':' | b'-' | b'[' | b'{' | b',' | b'?' | b'\n')
        );
        names && begins
    })
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        let item = match self.list.form {
            Form::Block(column) => {
                let end = split::next_dash(self.rest, column);
                let item = self.item(0, end);
                self.rest = &self.rest[end..];
                item
            }
            Form::Json => {
                let blanks = self.rest.len() - self.rest.trim_start().len();
                let end = json::end_of_value(self.rest, blanks);
                let line = self.line + split::lines_in(&self.rest[..blanks]);
                let item = self.item(blanks, end);
                let behind = &self.rest[end..];
                let comma = behind.len() - behind.trim_start().len();
                let comma = comma + usize::from(behind[comma..].starts_with(','));
                self.rest = &self.rest[end + comma..];
                self.line += split::lines_in(&behind[..comma]);
                return (!item.text.is_empty()).then_some(Item { line, ..item });
            }
        };
        (!item.text.is_empty()).then_some(item)
    }
}

impl<'a> Items<'a> {
    fn item(&mut self, start: usize, end: usize) -> Item<'a> {
        let line = self.line;
        self.line += split::lines_in(&self.rest[..end]);
        Item {
            list: Arc::clone(&self.list),
            text: &self.rest[start..end],
            line,
        }
    }
}

impl Item<'_> {
    fn read<V: Tree>(&self) -> Vec<Result<Document<V>, SyntaxError>> {
        match self.alone() {
            Some(document) => vec![self.list.owner.own(document)],
            None => self.of_whole(),
        }
    }

    /// The item by itself.
    fn alone<V: Tree>(&self) -> Option<Document<V>> {
        if matches!(self.list.form, Form::Json) {
            let read = json::read(self.text, self.line, 2).ok()?;
            return Some(Document {
                value: V::from_json(read.value),
                index: 0,
                line: self.line,
                locations: read.locations,
                warnings: read.warnings,
            });
        }
        let mut text = std::borrow::Cow::Borrowed(self.text);
        if !text.ends_with('\n') {
            text.to_mut().push('\n');
        }
        let (value, locations, warnings) = match V::read(&text, self.line, 1) {
            Some(read) => {
                let read = read?;
                (read.value, read.locations, Vec::new())
            }
            None => {
                let mut read = full::read(&text, 1).ok()??;
                let shift = self.line - 1;
                read.locations.shift(shift);
                for warning in &mut read.warnings {
                    warning.line += shift;
                }
                (V::from_json(read.value), read.locations, read.warnings)
            }
        };
        list::only_item(value, &locations, self.line, warnings)
    }

    /// What the list as a whole holds on the lines of this item; of a list that cannot be read, why.
    fn of_whole<V: Tree>(&self) -> Vec<Result<Document<V>, SyntaxError>> {
        let mut first = false;
        let whole = self.list.whole.get_or_init(|| {
            first = true;
            let documents: Documents<'_> = match self.list.form {
                Form::Json => Documents::json(self.list.part.text, self.list.part.line),
                Form::Block(_) => Documents::of_part(self.list.part),
            };
            Objects::of(documents).collect()
        });
        let lines = self.line..self.line + split::lines_in(self.text).max(1);
        match whole {
            Ok(documents) => documents
                .iter()
                .filter(|document| lines.contains(&document.line))
                .map(|document| Ok(document.clone().map(V::from_json)))
                .collect(),
            Err(error) if first => vec![Err(error.clone())],
            Err(_) => Vec::new(),
        }
    }
}
