//! The expressions for values, by the types that they were read into.

use kube_vocab::{FieldPath, Segment};
use serde_json::{Value, json};

use super::align::{none, squashed};
use super::builder::Builder;
use super::debugged::{Body, Node};
use super::expression::{Expression, Name, default, field_name, parsed};
use super::seed::Seed;
use super::type_name::Ty;

impl Builder<'_> {
    /// The expression for a value; read from JSON where it cannot be seen through.
    pub(super) fn value(
        &mut self,
        node: &Node,
        value: &Value,
        ty: &Ty,
        path: &FieldPath,
    ) -> Expression {
        let opaque = self.opaque;
        match self.seen(node, value, ty, path) {
            Some(seen) => seen,
            None => {
                self.opaque = opaque;
                self.read_opaque(value)
            }
        }
    }

    fn seen(
        &mut self,
        node: &Node,
        value: &Value,
        ty: &Ty,
        path: &FieldPath,
    ) -> Option<Expression> {
        if ty.is_std() {
            return self.standard(node, value, ty, path);
        }
        if ty.krate() == "serde_json" {
            return match ty.name() {
                "Value" => Some(Self::json(value)),
                "Number" => Self::number(value),
                "Map" => Some(Self::read(value)),
                _ => None,
            };
        }
        let public = ty.public();
        if ty.krate() == "k8s_openapi"
            && let Some(known) = special(node, value, ty)
        {
            return Some(known);
        }
        if public == "istio_types::Double" {
            return Self::double(&public, value);
        }
        if PARSED.contains(&public.as_str()) {
            return Some(parsed(value.as_str()?));
        }
        match node {
            Node::Named(name, Body::Fields(fields)) if name == ty.name() => {
                self.structure(fields, value, ty, path)
            }
            Node::Named(name, Body::Nothing) if name == ty.name() && value.is_object() => {
                Some(Expression::Struct {
                    ty: Name::of(&public, ""),
                    fields: Vec::new(),
                    rest: None,
                })
            }
            // A text with a name of its own.
            Node::Named(name, Body::Tuple(_)) if name == ty.name() => {
                match NAMED_TEXTS.contains(&public.as_str()) {
                    true => Some(named_text(&public, value.as_str()?)),
                    false => None,
                }
            }
            Node::Named(..) => self.arm(node, value, ty, path),
            _ => None,
        }
    }

    fn standard(
        &mut self,
        node: &Node,
        value: &Value,
        ty: &Ty,
        path: &FieldPath,
    ) -> Option<Expression> {
        match (ty.name(), ty.args.as_slice(), node) {
            ("Option", [inner], Node::Named(name, Body::Tuple(_))) if name == "Some" => {
                let inside = self.value(node.inside(), value, inner, path);
                Some(Expression::some(inside))
            }
            ("Option", _, Node::Named(name, Body::Nothing)) if name == "None" => {
                Some(Expression::Text("None".to_owned()))
            }
            // Absent for a moment while it is read, and then its default.
            ("Option", [inner], node) => self.seen(node, value, inner, path),
            ("Box", [inner], _) => {
                let inside = self.value(node, value, inner, path);
                Some(Expression::call("Box", "::new", vec![inside]))
            }
            ("Vec", [inner], Node::List(items)) => {
                let elements = value
                    .as_array()
                    .filter(|elements| elements.len() == items.len())?;
                if elements.is_empty() {
                    return Some(Expression::Text("Vec::new()".to_owned()));
                }
                let all = items.iter().zip(elements).enumerate();
                let all = all.map(|(at, (node, element))| {
                    self.value(node, element, inner, &path.clone().index(at))
                });
                Some(Expression::List(all.collect()))
            }
            ("BTreeMap", [key, inner], Node::Map(entries)) => {
                let named = key.public();
                let named = NAMED_TEXTS.contains(&named.as_str()).then_some(named);
                if named.is_none() && key.name() != "String" {
                    return None;
                }
                let members = value
                    .as_object()
                    .filter(|members| members.len() == entries.len())?;
                let mut built = Vec::new();
                for (key, node) in entries {
                    let key = match key {
                        Node::Text(key) => key,
                        Node::Named(_, Body::Tuple(items)) => match items.as_slice() {
                            [Node::Text(key)] => key,
                            _ => return None,
                        },
                        _ => return None,
                    };
                    let member = members.get(key)?;
                    let value = self.value(node, member, inner, &path.clone().field(key.as_str()));
                    let key = match &named {
                        Some(named) => named_text(named, key),
                        None => Expression::owned(key),
                    };
                    built.push(Expression::Tuple(vec![key, value]));
                }
                Some(Expression::map(built))
            }
            ("String", [], Node::Text(text)) => Some(Expression::owned(text)),
            ("bool", [], Node::Named(word, Body::Nothing)) => Some(Expression::Text(word.clone())),
            (name, [], Node::Raw(number)) if NUMBERS.contains(&name) => {
                Some(Expression::Text(number.clone()))
            }
            // Addresses.
            (_, [], Node::Raw(_)) => Some(parsed(value.as_str()?)),
            _ => None,
        }
    }

    fn structure(
        &mut self,
        fields: &[(String, Node)],
        value: &Value,
        ty: &Ty,
        path: &FieldPath,
    ) -> Option<Expression> {
        let aligned = self.align(fields, value, path)?;
        let has_default = self.has_default(ty, path);
        let name = ty.public();
        let mut built = Vec::new();
        let mut left_out = false;
        for field in &aligned {
            match self.field(field, value, path)? {
                Some(value) => built.push((field_name(field.name), value)),
                None if has_default => left_out = true,
                None => built.push((field_name(field.name), self.nothing(field.node))),
            }
        }
        if built.is_empty() && left_out {
            return Some(Expression::call(&name, "::default", Vec::new()));
        }
        Some(Expression::Struct {
            ty: Name::of(&name, ""),
            fields: built,
            rest: left_out.then(|| default().into()),
        })
    }

    /// What stands for a field that is left out.
    pub(super) fn nothing(&self, node: &Node) -> Expression {
        Expression::Text(match node {
            Node::List(items) if items.is_empty() => "Vec::new()".to_owned(),
            node if *node == none() => "None".to_owned(),
            _ => "Default::default()".to_owned(),
        })
    }

    /// Whether an empty value is legal: then the type has a default, by the rule of all types crates.
    fn has_default(&mut self, ty: &Ty, path: &FieldPath) -> bool {
        let public = ty.public();
        if let Some(known) = self.defaults.get(&public) {
            return *known;
        }
        let mut emptied = self.reading.value.clone();
        let found = lookup(&mut emptied, path).map(|place| *place = json!({}));
        let has = found.is_some() && (self.reading.reads)(&emptied);
        self.defaults.insert(public, has);
        has
    }

    /// An arm of an enum: `Arm`, or `Arm(value)`.
    pub(super) fn arm(
        &mut self,
        node: &Node,
        value: &Value,
        ty: &Ty,
        path: &FieldPath,
    ) -> Option<Expression> {
        let Node::Named(arm, body) = node else {
            return None;
        };
        let head = Name::of(&ty.public(), &format!("::{arm}"));
        let inner = match body {
            Body::Nothing => return Some(Expression::Name(head)),
            Body::Fields(_) => return None,
            Body::Tuple(items) => match items.as_slice() {
                [inner] => inner,
                _ => return None,
            },
        };
        let members = value.as_object().into_iter().flatten();
        let mut of_union = members.filter_map(|(key, member)| {
            match self.seeds.get(&path.clone().field(key.as_str())) {
                Some(Seed::Union(of, Some(ty_of_member))) if of == ty => {
                    Some((key, member, ty_of_member.clone()))
                }
                _ => None,
            }
        });
        let inside = match (of_union.next(), of_union.next()) {
            (Some((key, member, ty)), None) => {
                self.value(inner, member, &ty, &path.clone().field(key.as_str()))
            }
            (Some(_), Some(_)) => return None,
            (None, _) => match (inner, value) {
                // Written like a union, by hand.
                (_, Value::Object(members)) => {
                    let (key, member) = members.iter().next().filter(|_| members.len() == 1)?;
                    let path = path.clone().field(key.as_str());
                    let Some(Seed::Value(ty)) = self.seeds.get(&path).cloned() else {
                        return None;
                    };
                    if squashed(key) != squashed(arm) {
                        return None;
                    }
                    self.value(inner, member, &ty, &path)
                }
                // A set of texts or numbers, with an arm for all others.
                (Node::Text(text), Value::String(_)) => Expression::owned(text),
                (Node::Raw(number), Value::String(_) | Value::Number(_)) => {
                    Expression::Text(number.clone())
                }
                _ => return None,
            },
        };
        Some(Expression::Call(head, vec![inside]))
    }
}

/// Types of which programs make values from their texts.
const PARSED: [&str; 4] = [
    "argocd_types::v1alpha1::SyncOption",
    "cilium_types::v2::Cidr",
    "crd_core::GepDuration",
    "crd_core::GoDuration",
];

/// Texts with a name of their own, which programs make with `from`.
const NAMED_TEXTS: [&str; 3] = [
    "argocd_types::v1alpha1::PolicyRule",
    "cilium_types::v2::LabelKey",
    "gatekeeper_types::matching::Wildcard",
];

const NUMBERS: [&str; 12] = [
    "f32", "f64", "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize",
];

fn lookup<'v>(value: &'v mut Value, path: &FieldPath) -> Option<&'v mut Value> {
    path.segments()
        .iter()
        .try_fold(value, |value, segment| match segment {
            Segment::Field(key) | Segment::Key(key) => value.get_mut(key),
            Segment::Index(at) => value.get_mut(*at),
        })
}

/// The newtypes and enums of k8s-openapi, whose `Debug` or whose JSON is not like that of others.
fn special(node: &Node, value: &Value, ty: &Ty) -> Option<Expression> {
    let inner = match (ty.name(), node) {
        ("Quantity", Node::Named(..)) => Expression::owned(value.as_str()?),
        ("Time" | "MicroTime", _) => parsed(value.as_str()?),
        ("ByteString", Node::Named(_, Body::Tuple(items))) => {
            let [Node::List(bytes)] = items.as_slice() else {
                return None;
            };
            let bytes: Option<Vec<u8>> = bytes
                .iter()
                .map(|byte| match byte {
                    Node::Raw(byte) => byte.parse().ok(),
                    _ => None,
                })
                .collect();
            match String::from_utf8(bytes?) {
                Ok(text) => Expression::Chain(
                    Expression::literal(&text).into(),
                    vec![("into".to_owned(), Vec::new())],
                ),
                Err(error) => {
                    let bytes = error.into_bytes();
                    let bytes = bytes.iter().map(|byte| Expression::Text(byte.to_string()));
                    Expression::List(bytes.collect())
                }
            }
        }
        ("IntOrString", Node::Named(arm, Body::Tuple(items))) => {
            let inner = match items.as_slice() {
                [Node::Raw(number)] => Expression::Text(number.clone()),
                [Node::Text(text)] => Expression::owned(text),
                _ => return None,
            };
            return Some(Expression::call(
                &ty.public(),
                &format!("::{arm}"),
                vec![inner],
            ));
        }
        _ => return None,
    };
    Some(Expression::call(&ty.public(), "", vec![inner]))
}

fn named_text(public: &str, text: &str) -> Expression {
    Expression::call(public, "::from", vec![Expression::literal(text)])
}
