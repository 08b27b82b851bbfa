//! Which Rust type each shape is.

mod decide;
mod unions;

pub(crate) use decide::decide;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::core_types::CoreType;
use crate::definition::elements;
use crate::shape::{Edge, Place, Shape, ShapeId, Shapes};

/// A type that the crate declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TypeId(pub(crate) usize);

/// A type in Rust.
#[derive(Clone, Debug)]
pub(crate) enum Ty {
    Bool,
    Text,
    I32,
    I64,
    /// `serde_json::Number`, which keeps the spelling.
    Number,
    /// `serde_json::Value`.
    Any,
    IntOrString,
    Quantity,
    Time,
    /// What the overrides say, or a type of crd-core.
    Path(String),
    Core(&'static CoreType),
    List(Box<Ty>),
    Map(Box<Ty>),
    /// An element that may be `null`.
    Nullable(Box<Ty>),
    Own(TypeId),
}

/// When a field may be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    /// Must be there, and may be `null`.
    RequiredNullable,
    Optional,
    /// The schema demands it, and the server fills it in.
    Filled,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) wire: String,
    pub(crate) presence: Presence,
    pub(crate) ty: Ty,
    pub(crate) edge: Edge,
}

/// A union whose members stand among other fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Embedded {
    pub(crate) ty: TypeId,
    pub(crate) required: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Arm {
    /// The member; none for the discriminator alone.
    pub(crate) member: Option<(String, Ty, Edge)>,
    /// The discriminator's value.
    pub(crate) tag: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Struct {
        fields: Vec<Field>,
        embedded: Vec<Embedded>,
        /// Whether it lets members in that it does not know.
        rest: bool,
    },
    Union {
        tag: Option<String>,
        arms: Vec<Arm>,
        may_be_empty: bool,
        /// The struct that it is embedded in.
        owner: Option<ShapeId>,
    },
    Texts {
        values: Vec<String>,
        open: bool,
    },
    Numbers(Vec<i64>),
}

/// One declared type.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    pub(crate) body: Body,
    /// The shape whose schema the type has, and all others that it stands for.
    pub(crate) shapes: Vec<ShapeId>,
    /// For a root: which.
    pub(crate) root: Option<usize>,
    /// For a set that people opened: the members that hold it. Its shape, a plain text, stands elsewhere too.
    pub(crate) members: Vec<(ShapeId, String)>,
}

impl Own {
    /// Where the type stands.
    pub(crate) fn places<'a>(&self, shapes: &'a Shapes) -> Vec<Cow<'a, Place>> {
        if self.members.is_empty() {
            let places = self.shapes.iter().flat_map(|shape| &shapes.places[shape.0]);
            return places.map(Cow::Borrowed).collect();
        }
        let members = self.members.iter();
        let places = members.flat_map(|(owner, step)| {
            shapes.places[owner.0].iter().map(move |place| {
                let mut place = place.clone();
                place.steps.push(step.clone());
                Cow::Owned(place)
            })
        });
        places.collect()
    }
}

/// What the overrides say of types, by shape.
#[derive(Debug, Default)]
pub(crate) struct Choices {
    pub(crate) replaced: HashMap<(ShapeId, String), String>,
    pub(crate) unions: HashMap<ShapeId, bool>,
    pub(crate) opened: HashMap<(ShapeId, String), Vec<String>>,
}

/// All types, and what was unsure.
pub(crate) struct Types {
    pub(crate) own: Vec<Own>,
    /// The declared type of a root; of two roots with one shape the same.
    pub(crate) of_root: Vec<TypeId>,
    pub(crate) of_shape: HashMap<ShapeId, TypeId>,
    pub(crate) unsure: BTreeSet<(String, String)>,
    /// The core types in use, by path.
    pub(crate) core: BTreeMap<String, &'static CoreType>,
}

const RULES: &str = "x-kubernetes-validations";
pub(crate) const PRESERVE: &str = "x-kubernetes-preserve-unknown-fields";

/// Whether members may stand in it that the schema does not know.
pub(crate) fn preserves(shape: &Shape) -> bool {
    shape.facts.get(PRESERVE).is_some_and(|said| said == true)
}

pub(crate) fn presence(shape: &Shape, name: &str, edge: &Edge) -> Presence {
    let required = shape.required.iter().any(|known| known == name);
    match (required, edge.default.is_some(), edge.nullable) {
        (true, true, _) => Presence::Filled,
        (true, false, true) => Presence::RequiredNullable,
        (true, false, false) => Presence::Required,
        _ => Presence::Optional,
    }
}

/// The rules of a shape, as texts.
pub(crate) fn rule_texts(shape: &Shape) -> impl Iterator<Item = &str> {
    let rules = shape.facts.get(RULES).unwrap_or(&Value::Null);
    elements(rules).filter_map(|rule| rule["rule"].as_str())
}
