//! What Kubernetes has: its kinds, and the types that they are made of, read from two tables.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::version::KubernetesVersion;

/// What a value of a field is decoded into.
#[derive(Debug)]
pub(super) enum Shape {
    String,
    Bool,
    Int32,
    Int64,
    Float,
    Bytes,
    Quantity,
    IntOrString,
    Time,
    MicroTime,
    Duration,
    /// Any JSON.
    Raw,
    /// A schema, `true` or `false`.
    SchemaOrBool,
    /// A schema, or a list of schemas.
    SchemaOrList,
    /// A schema, or a list of names.
    SchemaOrNames,
    List(Box<Shape>),
    Map(Box<Shape>),
    Struct(TypeId),
}

/// Where a type stands in the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TypeId(usize);

/// A first and a last minor version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    first: u8,
    last: u8,
}

impl Span {
    pub(super) fn has(self, version: KubernetesVersion) -> bool {
        (self.first..=self.last).contains(&version.minor())
    }
}

/// When a server writes a field of an object that it keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Unless it is empty, false or zero.
    Filled,
    /// Where it was given, whatever the value.
    Given,
    /// Always: with the empty value of its shape where it was not given.
    Always,
    /// Always: with null where it was not given.
    OrNull,
    /// Never: what it is for is switched off, unless a cluster says otherwise.
    Dropped,
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) presence: Presence,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct Type {
    pub(super) name: &'static str,
    /// The lines of its fields, which are read when somebody asks for one: a stack uses a few types of a thousand.
    lines: &'static str,
    fields: OnceLock<Fields>,
}

/// The fields of a type, sorted by name, and where each is found.
#[derive(Debug)]
struct Fields {
    all: Vec<Field>,
    /// Twice as many slots as there are fields, or more; a field is in the slot of its name's fingerprint, or in the next that
    /// was free.
    slots: Box<[Option<u16>]>,
}

impl Fields {
    fn of(all: Vec<Field>) -> Self {
        let mut slots = vec![None; (2 * all.len()).max(1).next_power_of_two()];
        for (place, field) in (0..).zip(&all) {
            let mut at = Self::slot_of(field.name, slots.len());
            while slots[at].is_some() {
                at = (at + 1) % slots.len();
            }
            slots[at] = Some(place);
        }
        Self {
            all,
            slots: slots.into(),
        }
    }

    fn slot_of(name: &str, slots: usize) -> usize {
        // The high bits depend on all others.
        (kube_value::fingerprint(name) >> 32) as usize & (slots - 1)
    }

    fn find(&self, name: &str) -> Option<&Field> {
        let mut at = Self::slot_of(name, self.slots.len());
        // Half of the slots are free, so that the search ends.
        while let Some(place) = self.slots[at] {
            let field = &self.all[usize::from(place)];
            if field.name == name {
                return Some(field);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        None
    }
}

impl Type {
    pub(super) fn field(&self, name: &str, version: KubernetesVersion) -> Option<&Field> {
        let field = self.read().find(name);
        field.filter(|field| field.span.has(version))
    }

    pub(super) fn fields(&self, version: KubernetesVersion) -> impl Iterator<Item = &Field> {
        let fields = self.all().iter();
        fields.filter(move |field| field.span.has(version))
    }

    fn all(&self) -> &[Field] {
        &self.read().all
    }

    fn read(&self) -> &Fields {
        self.fields.get_or_init(|| {
            let home = self.name.rsplit_once('.').map_or("", |(home, _)| home);
            let ids = &Catalog::get().ids;
            let fields = lines(self.lines).filter_map(|line| line.strip_prefix("  "));
            Fields::of(fields.filter_map(|line| field(line, home, ids)).collect())
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Namespaced,
    Cluster,
    /// Part of another object, which is posted below it.
    Subresource,
}

/// A kind in one version of its group.
#[derive(Debug)]
pub(super) struct Served {
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
    pub(super) scope: Scope,
    pub(super) root: TypeId,
    pub(super) span: Span,
}

impl Served {
    pub(super) fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }
}

#[derive(Debug)]
pub(super) struct Catalog {
    types: Vec<Type>,
    ids: HashMap<&'static str, TypeId>,
    pub(super) kinds: Vec<Served>,
    schema: Option<TypeId>,
}

impl Catalog {
    /// The tables, read once.
    pub(super) fn get() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| read(include_str!("types.txt"), include_str!("kinds.txt")))
    }

    pub(super) fn of(&self, id: TypeId) -> &Type {
        // Ids are made from the length of the list that they are looked up in.
        &self.types[id.0]
    }

    /// The type of the schemas in CustomResourceDefinitions.
    pub(super) fn schema(&self) -> Option<TypeId> {
        self.schema
    }

    pub(super) fn find(&self, group: &str, version: &str, kind: &str) -> Option<&Served> {
        self.kinds
            .iter()
            .find(|known| known.kind == kind && known.group == group && known.version == version)
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

fn read(types: &'static str, kinds: &'static str) -> Catalog {
    let mut out: Vec<Type> = Vec::new();
    let mut rest = types;
    while !rest.is_empty() {
        let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
        if line.starts_with('#') {
            rest = behind;
            continue;
        }
        // The next line that is neither a field nor a comment is another type.
        let mut ends = behind.match_indices('\n').map(|(end, _)| end + 1);
        let is_head = |at: &usize| !behind[*at..].starts_with([' ', '#']);
        let end = match is_head(&0) {
            true => 0,
            false => ends.find(is_head).unwrap_or(behind.len()),
        };
        out.push(Type {
            name: line,
            lines: &behind[..end],
            fields: OnceLock::new(),
        });
        rest = &behind[end..];
    }
    let names = out.iter().enumerate();
    let ids: HashMap<&str, TypeId> = names.map(|(at, of)| (of.name, TypeId(at))).collect();
    let served = lines(kinds).filter_map(|line| {
        let mut words = line.split(' ');
        let mut next = || words.next();
        let (group, version, kind, scope, root) = (next()?, next()?, next()?, next()?, next()?);
        Some(Served {
            group: if group == "-" { "" } else { group },
            version,
            kind,
            scope: match scope {
                "namespaced" => Scope::Namespaced,
                "cluster" => Scope::Cluster,
                _ => Scope::Subresource,
            },
            root: *ids.get(root)?,
            span: span(next()),
        })
    });
    let kinds = served.collect();
    Catalog {
        types: out,
        kinds,
        schema: ids.get("apiextensions.v1.JSONSchemaProps").copied(),
        ids,
    }
}

/// A field of a type in a group and version, from its line.
fn field(line: &'static str, home: &str, ids: &HashMap<&str, TypeId>) -> Option<Field> {
    let mut words = line.split(' ');
    let (name, shape) = (words.next()?, words.next()?);
    let (shape, presence) = presence(shape);
    Some(Field {
        name,
        shape: shape_of(shape, home, ids),
        presence,
        span: span(words.next()),
    })
}

fn presence(word: &str) -> (&str, Presence) {
    if let Some(shape) = word.strip_suffix('~') {
        return (shape.trim_end_matches(['*', '!']), Presence::Dropped);
    }
    for (mark, presence) in [
        ("*!", Presence::OrNull),
        ("*", Presence::Given),
        ("!", Presence::Always),
    ] {
        if let Some(shape) = word.strip_suffix(mark) {
            return (shape, presence);
        }
    }
    (word, Presence::Filled)
}

fn span(word: Option<&str>) -> Span {
    let (first, last) = word
        .and_then(|word| word.strip_prefix('@')?.split_once('-'))
        .unwrap_or_default();
    Span {
        first: first.parse().unwrap_or(0),
        last: last.parse().unwrap_or(u8::MAX),
    }
}

fn shape_of(text: &str, home: &str, ids: &HashMap<&str, TypeId>) -> Shape {
    if let Some(item) = text.strip_prefix("[]") {
        return Shape::List(Box::new(shape_of(item, home, ids)));
    }
    if let Some(value) = text.strip_prefix("{}") {
        return Shape::Map(Box::new(shape_of(value, home, ids)));
    }
    match text {
        "string" => Shape::String,
        "bool" => Shape::Bool,
        "int32" => Shape::Int32,
        "int64" => Shape::Int64,
        "float64" => Shape::Float,
        "bytes" => Shape::Bytes,
        "quantity" => Shape::Quantity,
        "intstr" => Shape::IntOrString,
        "time" => Shape::Time,
        "microtime" => Shape::MicroTime,
        "duration" => Shape::Duration,
        "JSONSchemaPropsOrBool" => Shape::SchemaOrBool,
        "JSONSchemaPropsOrArray" => Shape::SchemaOrList,
        "JSONSchemaPropsOrStringArray" => Shape::SchemaOrNames,
        name => {
            let id = if name.contains('.') {
                ids.get(name)
            } else {
                ids.get(format!("{home}.{name}").as_str())
            };
            id.map_or(Shape::Raw, |id| Shape::Struct(*id))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_tables_is_understood() {
        let catalog = Catalog::get();
        assert_eq!(
            catalog.kinds.len(),
            lines(include_str!("kinds.txt")).count()
        );
        let fields: usize = catalog.types.iter().map(|known| known.all().len()).sum();
        let all = lines(include_str!("types.txt")).count();
        assert_eq!(catalog.types.len() + fields, all);
        let mut unknown = Vec::new();
        for known in &catalog.types {
            assert!(
                known.all().is_sorted_by_key(|field| field.name),
                "{}",
                known.name
            );
            for field in known.all() {
                let mut shape = &field.shape;
                while let Shape::List(inner) | Shape::Map(inner) = shape {
                    shape = inner;
                }
                if matches!(shape, Shape::Raw) {
                    unknown.push(field.name);
                }
            }
        }
        unknown.sort_unstable();
        unknown.dedup();
        let raw = [
            "data",
            "default",
            "enum",
            "example",
            "fieldsV1",
            "parameters",
        ];
        assert_eq!(unknown, raw, "fields that take any JSON");
    }
}
