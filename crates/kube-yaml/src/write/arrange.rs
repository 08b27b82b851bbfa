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
#[derive(Clone, Copy, PartialEq, Eq)]
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

struct Field {
    rank: u8,
    start: usize,
}

/// Puts the fields of open collections in order when they close.
pub(super) struct Arranger {
    order: Order,
    /// The table of each open collection, and how many fields were there before its first.
    open: Vec<(Table, usize)>,
    fields: Vec<Field>,
    /// The root's key `metadata` has just been written.
    in_metadata: bool,
    scratch: Vec<u8>,
}

impl Arranger {
    pub(super) fn new(order: Order) -> Self {
        Self {
            order,
            open: Vec::new(),
            fields: Vec::new(),
            in_metadata: false,
            scratch: Vec::new(),
        }
    }

    /// Whether nothing that is written now may move later.
    pub(super) fn is_idle(&self) -> bool {
        self.open.is_empty()
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
        self.open.push((table, self.fields.len()));
        true
    }

    /// A field of the innermost collection starts here.
    pub(super) fn field(&mut self, key: &str, start: usize) {
        if let Some((table, _)) = self.open.last() {
            self.in_metadata = matches!(table, Table::Root) && key == "metadata";
            let rank = table.rank(key);
            self.fields.push(Field { rank, start });
        }
    }

    /// The innermost collection is complete: its last field ends where `out` does, and each but the first stands behind
    /// `column` blanks.
    pub(super) fn close(&mut self, out: &mut [u8], column: usize) {
        self.in_metadata = false;
        let Some((_, first)) = self.open.pop() else {
            return;
        };
        if !self.fields[first..].is_sorted_by_key(|field| field.rank) {
            self.rearrange(first, out, column);
        }
        self.fields.truncate(first);
    }

    fn rearrange(&mut self, first: usize, out: &mut [u8], column: usize) {
        let fields = &self.fields[first..];
        let start = fields[0].start;
        let mut pieces: Vec<(u8, &[u8])> = fields
            .iter()
            .enumerate()
            .map(|(position, field)| {
                let end = fields
                    .get(position + 1)
                    .map_or(out.len(), |next| next.start - column);
                (field.rank, &out[field.start..end])
            })
            .collect();
        pieces.sort_by_key(|(rank, _)| *rank);
        self.scratch.clear();
        for (position, (_, piece)) in pieces.into_iter().enumerate() {
            if position > 0 {
                text::indent(&mut self.scratch, column);
            }
            self.scratch.extend_from_slice(piece);
        }
        out[start..].copy_from_slice(&self.scratch);
    }
}
