//! Which types there are, and which of them each shape is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::{Body, Choices, Field, Own, Presence, Ty, TypeId, Types, presence, preserves};
use crate::core_types::{CoreType, Recogniser};
use crate::definition::Definition;
use crate::shape::{Edge, ShapeId, Shapes};
use crate::words;

/// Decides on the types of all roots and of whatever is in them.
pub(crate) fn decide(
    definitions: &[Definition],
    shapes: &Shapes,
    choices: &Choices,
    place_name: &dyn Fn(ShapeId) -> String,
) -> Types {
    let mut decider = Decider {
        definitions,
        shapes,
        choices,
        place_name,
        recogniser: Recogniser::new(shapes),
        of_signature: HashMap::new(),
        found_core: HashMap::new(),
        types: Types {
            own: Vec::new(),
            of_root: Vec::new(),
            of_shape: HashMap::new(),
            unsure: BTreeSet::new(),
            core: BTreeMap::new(),
        },
    };
    for number in 0..shapes.roots.len() {
        let id = decider.root(number);
        decider.types.of_root.push(id);
    }
    decider.types
}

pub(super) struct Decider<'a> {
    definitions: &'a [Definition],
    pub(super) shapes: &'a Shapes,
    pub(super) choices: &'a Choices,
    place_name: &'a dyn Fn(ShapeId) -> String,
    recogniser: Recogniser<'a>,
    of_signature: HashMap<(String, String), TypeId>,
    found_core: HashMap<(ShapeId, String), Option<&'static CoreType>>,
    pub(super) types: Types,
}

impl Decider<'_> {
    fn root(&mut self, number: usize) -> TypeId {
        let shape = self.shapes.roots[number].shape;
        // Only the newest version can have others declared with it.
        let own = &self.shapes.roots[number];
        let newest = self.shapes.roots[..number]
            .iter()
            .rposition(|root| root.definition == own.definition && root.version == 0);
        if let Some(newest) = newest
            && self.shapes.roots[newest].shape == shape
            && self.same_frame(newest, number)
        {
            return self.types.of_root[newest];
        }
        let body = self.structure(shape, &["apiVersion", "kind", "metadata"]);
        self.types.own.push(Own {
            body,
            shapes: vec![shape],
            root: Some(number),
            members: Vec::new(),
        });
        TypeId(self.types.own.len() - 1)
    }

    /// Whether the versions of two roots have the same endpoints, which an older version takes over from the newest.
    fn same_frame(&self, newest: usize, older: usize) -> bool {
        let of = |root: usize| {
            let root = &self.shapes.roots[root];
            &self.definitions[root.definition].versions[root.version]
        };
        let (newest, older) = (of(newest), of(older));
        newest.status == older.status && newest.scale == older.scale
    }

    /// The type of what stands at a member of `owner`.
    pub(super) fn at(&mut self, owner: ShapeId, member: &str, edge: &Edge) -> Ty {
        if let Some(path) = self.choices.replaced.get(&(owner, member.to_owned())) {
            return Ty::Path(path.clone());
        }
        let shape = self.shapes.get(edge.shape);
        if let Some(values) = self.choices.opened.get(&(owner, member.to_owned())) {
            let body = Body::Texts {
                values: values.clone(),
                open: true,
            };
            let ty = self.declare(body, edge.shape, member, format!("open {values:?}"));
            let members = &mut self.types.own[ty.0].members;
            members.push((owner, member.to_owned()));
            return Ty::Own(ty);
        }
        let step = |inner: &Edge, step: &str, this: &mut Self| {
            let ty = match this.choices.replaced.get(&(edge.shape, step.to_owned())) {
                Some(path) => Ty::Path(path.clone()),
                None => this.at_inner(owner, edge.shape, step, member, inner),
            };
            match inner.nullable {
                true => Ty::Nullable(ty.into()),
                false => ty,
            }
        };
        match shape.facts.get("type").and_then(Value::as_str) {
            Some("array") => {
                let inner = match &shape.items {
                    Some(items) => step(items, "[]", self),
                    None => Ty::Any,
                };
                return Ty::List(inner.into());
            }
            Some("object") if shape.properties.is_empty() && shape.values.is_some() => {
                let inner = match &shape.values {
                    Some(values) => step(values, "{}", self),
                    None => Ty::Any,
                };
                return Ty::Map(inner.into());
            }
            _ => {}
        }
        self.of(edge.shape, member)
    }

    fn at_inner(
        &mut self,
        _: ShapeId,
        owner: ShapeId,
        step: &str,
        member: &str,
        edge: &Edge,
    ) -> Ty {
        let inner = self.shapes.get(edge.shape);
        let nested =
            inner.items.is_some() || (inner.properties.is_empty() && inner.values.is_some());
        match nested || self.choices.opened.contains_key(&(owner, step.to_owned())) {
            true => self.at(owner, if nested { member } else { step }, edge),
            false => self.of(edge.shape, &words::singular(member)),
        }
    }

    /// The type of a shape that is no list and no map.
    fn of(&mut self, id: ShapeId, member: &str) -> Ty {
        let shape = self.shapes.get(id);
        if shape
            .facts
            .get("x-kubernetes-int-or-string")
            .is_some_and(|said| said == true)
        {
            // The pattern is that of quantities, wherever it comes from.
            return match shape.facts.contains_key("pattern") {
                true => Ty::Quantity,
                false => Ty::IntOrString,
            };
        }
        match shape.facts.get("type").and_then(Value::as_str) {
            Some("string") => self.text(id),
            Some("integer") => self.integer(id, member),
            Some("number") => Ty::Number,
            Some("boolean") => Ty::Bool,
            Some("object") => self.object(id, member),
            _ => Ty::Any,
        }
    }

    fn text(&mut self, id: ShapeId) -> Ty {
        let shape = self.shapes.get(id);
        if let Some(Value::Array(values)) = shape.facts.get("enum") {
            let mut texts: Vec<String> = Vec::new();
            for value in values.iter().filter_map(Value::as_str) {
                if !texts.iter().any(|known| known == value) {
                    texts.push(value.to_owned());
                }
            }
            if !texts.is_empty()
                && texts.len() + usize::from(values.contains(&Value::Null)) >= values.len()
            {
                let mut set = texts.clone();
                set.sort();
                let body = Body::Texts {
                    values: texts,
                    open: false,
                };
                return Ty::Own(self.declare(body, id, "", format!("texts {set:?}")));
            }
        }
        if shape
            .facts
            .get("format")
            .is_some_and(|format| format == "date-time")
        {
            return Ty::Time;
        }
        let pattern = shape.facts.get("pattern").and_then(Value::as_str);
        if let Some(texts) = pattern.and_then(alternatives) {
            let mut set = texts.clone();
            set.sort();
            let body = Body::Texts {
                values: texts,
                open: false,
            };
            return Ty::Own(self.declare(body, id, "", format!("texts {set:?}")));
        }
        match pattern {
            Some(crd_core::GepDuration::PATTERN) => Ty::Path("crd_core::GepDuration".to_owned()),
            Some(pattern) if GO_DURATIONS.contains(&pattern) => {
                Ty::Path("crd_core::GoDuration".to_owned())
            }
            _ => Ty::Text,
        }
    }

    fn integer(&mut self, id: ShapeId, member: &str) -> Ty {
        let shape = self.shapes.get(id);
        if let Some(Value::Array(values)) = shape.facts.get("enum") {
            let numbers: BTreeSet<i64> = values.iter().filter_map(Value::as_i64).collect();
            // An enum's numbers have to fit everywhere where Rust runs.
            let fit = numbers.iter().all(|number| i32::try_from(*number).is_ok());
            if fit && numbers.len() == values.len() && !numbers.is_empty() {
                let text = format!("numbers {numbers:?}");
                let body = Body::Numbers(numbers.into_iter().collect());
                return Ty::Own(self.declare(body, id, member, text));
            }
        }
        match shape.facts.get("format").and_then(Value::as_str) {
            Some("int32") => Ty::I32,
            _ => Ty::I64,
        }
    }

    fn object(&mut self, id: ShapeId, member: &str) -> Ty {
        let key = (id, member.to_owned());
        let found = match self.found_core.get(&key) {
            Some(found) => *found,
            None => {
                let found = self.recogniser.find(id, member);
                self.found_core.insert(key, found);
                found
            }
        };
        if let Some(found) = found {
            self.types.core.insert(found.path.clone(), found);
            return Ty::Core(found);
        }
        let shape = self.shapes.get(id);
        let free = shape.properties.is_empty() && preserves(shape);
        if free || shape.facts.contains_key("additionalProperties") {
            return Ty::Any;
        }
        if let Some(known) = self.types.of_shape.get(&id) {
            return Ty::Own(*known);
        }
        let body = match self.union(id) {
            Some(union) => union,
            None => self.structure(id, &[]),
        };
        let signature = signature(&body);
        Ty::Own(self.declare(body, id, member, signature))
    }

    /// The type with this body: one that is known, or a new one.
    fn declare(&mut self, body: Body, id: ShapeId, member: &str, signature: String) -> TypeId {
        if let Some(known) = self
            .types
            .of_shape
            .get(&id)
            .filter(|_| !signature.starts_with("open"))
        {
            return *known;
        }
        let hint = match &body {
            Body::Texts { open: false, .. } => String::new(),
            _ => words::pascal(&words::singular(member)),
        };
        let next = TypeId(self.types.own.len());
        let ty = *self.of_signature.entry((signature, hint)).or_insert(next);
        if ty == next {
            self.types.own.push(Own {
                body,
                shapes: Vec::new(),
                root: None,
                members: Vec::new(),
            });
        }
        let own = &mut self.types.own[ty.0];
        if !own.shapes.contains(&id) {
            own.shapes.push(id);
        }
        if !matches!(own.body, Body::Texts { open: true, .. }) {
            self.types.of_shape.insert(id, ty);
        }
        ty
    }

    fn structure(&mut self, id: ShapeId, without: &[&str]) -> Body {
        let shape = self.shapes.get(id).clone();
        let mut taken: BTreeSet<String> = without.iter().map(|name| (*name).to_owned()).collect();
        let embedded = self.embedded(id, &shape, &mut taken);
        let mut fields: Vec<Field> = Vec::new();
        for (name, edge) in shape
            .properties
            .iter()
            .filter(|(name, _)| !taken.contains(name))
        {
            let ty = self.at(id, name, edge);
            fields.push(Field {
                wire: name.clone(),
                presence: presence(&shape, name, edge),
                ty,
                edge: edge.clone(),
            });
        }
        let rest = preserves(&shape);
        // What must be there comes first; otherwise the order is upstream's.
        fields.sort_by_key(|field| {
            !matches!(
                field.presence,
                Presence::Required | Presence::RequiredNullable
            )
        });
        Body::Struct {
            fields,
            embedded,
            rest,
        }
    }

    pub(super) fn unsure(&mut self, id: ShapeId, what: &str) {
        self.types
            .unsure
            .insert(((self.place_name)(id), what.to_owned()));
    }
}

/// Patterns of which `time.ParseDuration` of Go takes every text.
const GO_DURATIONS: &[&str] = &[
    r"^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$",
    "^([0-9]+(\\.[0-9]+)?(s|m|h))+$",
    "^([0-9]+(s|m|h))+$",
    "^(([0-9]+)(s|m|h))+$",
];

/// The texts that a pattern such as `^(a|b)$` lets through, where it is no more than a list of them.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let inner = pattern.strip_prefix("^(")?.strip_suffix(")$")?;
    let texts: Vec<String> = inner.split('|').map(str::to_owned).collect();
    let plain = |text: &String| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_/".contains(c))
    };
    let distinct: BTreeSet<&String> = texts.iter().collect();
    (texts.len() > 1 && distinct.len() == texts.len() && texts.iter().all(plain)).then_some(texts)
}

/// The same text for bodies that are the same in Rust.
fn signature(body: &Body) -> String {
    match body {
        Body::Struct {
            fields,
            embedded,
            rest,
        } => {
            let fields = fields
                .iter()
                .map(|field| format!("{}:{:?}:{}", field.wire, field.presence, ty_key(&field.ty)));
            let embedded = embedded
                .iter()
                .map(|embedded| format!("+{}:{}", embedded.ty.0, embedded.required));
            format!(
                "struct {rest} {}",
                fields.chain(embedded).collect::<Vec<_>>().join(",")
            )
        }
        Body::Union {
            tag,
            arms,
            may_be_empty,
            ..
        } => {
            let arms = arms.iter().map(|arm| {
                let member = arm
                    .member
                    .as_ref()
                    .map(|(name, ty, _)| format!("{name}:{}", ty_key(ty)));
                format!("{:?}={:?}", arm.tag, member)
            });
            let arms: Vec<_> = arms.collect();
            format!("union {tag:?} {may_be_empty} {}", arms.join(","))
        }
        Body::Texts { values, open } => format!("texts {open} {values:?}"),
        Body::Numbers(numbers) => format!("numbers {numbers:?}"),
    }
}

fn ty_key(ty: &Ty) -> String {
    match ty {
        Ty::Core(core) => core.path.clone(),
        Ty::List(inner) => format!("[{}]", ty_key(inner)),
        Ty::Map(inner) => format!("{{{}}}", ty_key(inner)),
        Ty::Nullable(inner) => format!("?{}", ty_key(inner)),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::alternatives;

    #[test]
    fn a_pattern_that_lists_texts_is_a_set() {
        let texts = |pattern| alternatives(pattern).map(|texts| texts.join(" "));
        assert_eq!(texts("^(delete|retain)$").as_deref(), Some("delete retain"));
        for other in [
            "^(go)$",
            "^(a|b",
            "^(a|b.)$",
            "^(^$|a)$",
            "(a|b)",
            "^(a|a)$",
            "^(a)|(b)$",
        ] {
            assert_eq!(texts(other), None, "{other}");
        }
    }
}
