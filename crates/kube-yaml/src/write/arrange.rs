//! The order in which an object's keys are written.
//!
//! serde hands fields over in the order of the type. Where that is not the order in which people write them, the fields'
//! lines change places once the struct is complete: a copy of bytes, and none where the order is right already.

use super::events::MapKind;
use super::text;

/// The order of keys in a document.
///
/// Maps of data, such as labels or the data of a ConfigMap, keep their order under each of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As the type, the map or the value has them.
    #[default]
    Given,
    /// A Kubernetes object: `apiVersion`, `kind` and `metadata` come first, and in the metadata the name, the namespace, labels
    /// and annotations; all else as given.
    Object,
    /// An object of one of Kubernetes' own kinds. As [`Order::Object`]; and since the types of k8s-openapi have their fields in
    /// alphabetical order, what a reader looks for (the name, the image, the ports) comes first in each of them.
    BuiltIn,
}

impl Order {
    /// The order for an object of this `apiVersion`.
    pub fn of_api_version(api_version: &str) -> Self {
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        let own = group.ends_with(".k8s.io") && !group.starts_with("gateway.");
        if own || !group.contains('.') {
            Self::BuiltIn
        } else {
            Self::Object
        }
    }

    /// Which keys come first in a collection; `None` where all stay as they are.
    pub(super) fn table(self, place: Place, is_struct: bool) -> Option<Table> {
        match (self, place) {
            (Self::Given, _) => None,
            (_, Place::Root) => Some(Table::Root),
            (_, Place::Metadata) => Some(Table::Metadata),
            (Self::BuiltIn, Place::Inside) if is_struct => Some(Table::BuiltIn),
            _ => None,
        }
    }
}

/// Where in an object a collection is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Root,
    /// The value of the root's key `metadata`.
    Metadata,
    Inside,
}

/// A key that no table names.
const LAST: u8 = u8::MAX;

/// Which keys of a collection come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Root,
    Metadata,
    BuiltIn,
}

impl Table {
    pub(super) fn rank(self, key: &str) -> u8 {
        match self {
            Self::Root => match key {
                "apiVersion" => 0,
                "kind" => 1,
                "metadata" => 2,
                _ => LAST,
            },
            Self::Metadata => match key {
                "name" => 0,
                "generateName" => 1,
                "namespace" => 2,
                "labels" => 3,
                "annotations" => 4,
                _ => LAST,
            },
            Self::BuiltIn => match key {
                "name" => 0,
                "namespace" => 1,
                "type" => 2,
                "replicas" => 3,
                "completions" => 4,
                "selector" => 5,
                "image" => 6,
                "command" => 7,
                "args" => 8,
                "env" => 9,
                "ports" => 10,
                "port" => 11,
                "containerPort" => 12,
                "requests" => 13,
                "limits" => 14,
                "metadata" => 15,
                "spec" => 16,
                _ => LAST,
            },
        }
    }
}

#[derive(Debug)]
struct Field {
    rank: u8,
    start: usize,
}

/// The bytes of a field, without the blanks before the next one.
#[derive(Debug)]
struct Piece {
    rank: u8,
    start: usize,
    end: usize,
}

/// Puts the fields of open collections in order when they close.
pub(super) struct Arranger {
    order: Order,
    /// The root's key `metadata` has just been written.
    in_metadata: bool,
    lists: Lists,
}

/// What is open in a document. Where it is complete the lists are empty, and have room for the next one.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// The table of each open collection, and how many fields were there before its first.
    open: Vec<(Table, usize)>,
    fields: Vec<Field>,
    pieces: Vec<Piece>,
    scratch: Vec<u8>,
}

impl Arranger {
    pub(super) const fn new(order: Order, lists: Lists) -> Self {
        Self {
            order,
            in_metadata: false,
            lists,
        }
    }

    pub(super) fn into_lists(self) -> Lists {
        self.lists
    }

    /// Whether nothing that is written now may move later.
    pub(super) fn is_idle(&self) -> bool {
        self.lists.open.is_empty()
    }

    /// A list opens here.
    pub(super) fn pass(&mut self) {
        self.in_metadata = false;
    }

    /// Whether the members of the map that opens here are to be told of.
    pub(super) fn open(&mut self, is_root: bool, kind: MapKind) -> bool {
        let in_metadata = std::mem::take(&mut self.in_metadata);
        if kind == MapKind::Variant {
            return false;
        }
        let place = match (is_root, in_metadata) {
            (true, _) => Place::Root,
            (false, true) => Place::Metadata,
            (false, false) => Place::Inside,
        };
        let Some(table) = self.order.table(place, kind == MapKind::Struct) else {
            return false;
        };
        let first = self.lists.fields.len();
        self.lists.open.push((table, first));
        true
    }

    /// A field of the innermost collection starts here.
    pub(super) fn field(&mut self, key: &str, start: usize) {
        if let Some((table, _)) = self.lists.open.last() {
            self.in_metadata = matches!(table, Table::Root) && key == "metadata";
            let rank = table.rank(key);
            self.lists.fields.push(Field { rank, start });
        }
    }

    /// The innermost collection is complete: its last field ends where `out` does, and each but the first stands behind
    /// `column` blanks.
    pub(super) fn close(&mut self, out: &mut [u8], column: usize) {
        self.in_metadata = false;
        let Some((_, first)) = self.lists.open.pop() else {
            return;
        };
        if !self.lists.fields[first..].is_sorted_by_key(|field| field.rank) {
            self.lists.rearrange(first, out, column);
        }
        self.lists.fields.truncate(first);
    }
}

impl Lists {
    fn rearrange(&mut self, first: usize, out: &mut [u8], column: usize) {
        let fields = &self.fields[first..];
        let start = fields[0].start;
        let ends = fields[1..].iter().map(|next| next.start - column);
        let pieces = fields.iter().zip(ends.chain([out.len()]));
        self.pieces.clear();
        self.pieces.extend(pieces.map(|(field, end)| Piece {
            rank: field.rank,
            start: field.start,
            end,
        }));
        self.pieces.sort_by_key(|piece| piece.rank);
        self.scratch.clear();
        for (position, piece) in self.pieces.iter().enumerate() {
            if position > 0 {
                text::indent(&mut self.scratch, column);
            }
            self.scratch.extend_from_slice(&out[piece.start..piece.end]);
        }
        out[start..].copy_from_slice(&self.scratch);
    }
}
