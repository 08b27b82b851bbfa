//! The expression that builds an object.
//!
//! Three things are known of an object that was read: what `Debug` prints of it, which has the names of fields and arms; its
//! JSON, which has the values in the order of the fields; and the types that each part was read into, by place. They are walked
//! together. So no type has to describe itself, which would cost each of two thousand types compile time, and types of other
//! crates, such as k8s-openapi's, are treated like our own. What cannot be seen through (a private field, say) is read from JSON
//! by the program as well, so that what is printed always builds the same object.

use kube_vocab::FieldPath;
use serde_json::Value;

use super::align::{Aligned, Member};
use super::builder::{Builder, Root};
use super::debugged::{Body, Node};
use super::expression::{Expression, Method, Name, default, field_name};
use super::seed::Seed;
use super::type_name::Ty;

impl Builder<'_> {
    /// The object. All types in it are called by their whole paths.
    pub(super) fn object(&mut self) -> Expression {
        let value = self.reading.value.clone();
        let built = match Node::read(&self.reading.debug) {
            Some(Node::Named(_, Body::Fields(fields))) => self.root(&fields, &value),
            _ => None,
        };
        built.unwrap_or_else(|| {
            self.opaque = 0;
            self.read_opaque(&value)
        })
    }

    /// A value that is no object of its own, by the name of its type.
    pub(super) fn part(&mut self, ty: &str) -> Option<Expression> {
        let value = self.reading.value.clone();
        let node = Node::read(&self.reading.debug)?;
        Some(self.value(&node, &value, &Ty::read(ty)?, &FieldPath::root()))
    }

    fn root(&mut self, fields: &[(String, Node)], value: &Value) -> Option<Expression> {
        let root = FieldPath::root();
        let name = self.reading.root.as_str();
        let aligned = self.align(fields, value, &root)?;
        let Root::Kind { namespaced } = self.reading.is else {
            let mut built = Vec::new();
            for field in &aligned {
                if let Some(value) = self.field(field, value, &root)? {
                    built.push((field_name(field.name), value));
                }
            }
            return Some(Expression::Struct {
                ty: Name::of(name, ""),
                fields: built,
                rest: Some(default().into()),
            });
        };
        let metadata = &value["metadata"];
        let mut arguments = vec![Expression::literal(
            metadata["name"].as_str().unwrap_or_default(),
        )];
        let mut others = Vec::new();
        let mut has_spec = false;
        for field in &aligned {
            if field.name == "metadata" {
                continue;
            }
            if field.name == "spec" {
                let Member::One(_, spec, Some(ty)) = &field.kind else {
                    continue;
                };
                // It is an argument even where it may be absent.
                has_spec = true;
                let ty = if ty.name() == "Option" {
                    ty.args.first()?
                } else {
                    ty
                };
                let path = root.clone().field("spec");
                arguments.push(self.value(field.node.inside(), spec, ty, &path));
                continue;
            }
            let needed = self.is_needed(field, value);
            if let Some(value) = self.field(field, value, &root)? {
                match needed {
                    true => arguments.push(value),
                    false => others.push((field_name(field.name), value)),
                }
            }
        }
        if !has_spec && fields.iter().any(|(name, _)| name == "spec") {
            return self.whole(name, &aligned, value);
        }
        let (methods, whole) = in_short(metadata, namespaced);
        if whole {
            let field = aligned.iter().find(|field| field.name == "metadata")?;
            others.insert(
                0,
                ("metadata".to_owned(), self.field(field, value, &root)??),
            );
        }
        let new = Expression::call(name, "::new", arguments);
        let made = match methods.is_empty() || whole {
            true => new,
            false => Expression::Chain(new.into(), methods),
        };
        Some(match others.is_empty() {
            true => made,
            false => Expression::Struct {
                ty: Name::of(name, ""),
                fields: others,
                rest: Some(made.into()),
            },
        })
    }

    /// A root without what its constructor asks for: each field by itself.
    fn whole(&mut self, name: &str, aligned: &[Aligned<'_>], value: &Value) -> Option<Expression> {
        let mut built = Vec::new();
        for field in aligned {
            let value = match self.field(field, value, &FieldPath::root())? {
                Some(value) => value,
                None => self.nothing(field.node),
            };
            built.push((field_name(field.name), value));
        }
        Some(Expression::Struct {
            ty: Name::of(name, ""),
            fields: built,
            rest: None,
        })
    }

    /// Whether the constructor asks for a field of the root.
    fn is_needed(&self, field: &Aligned<'_>, value: &Value) -> bool {
        if *field.node != *field.node.inside() {
            return false;
        }
        let mut without = value.clone();
        let Some(members) = without.as_object_mut() else {
            return false;
        };
        match &field.kind {
            Member::One(key, ..) => {
                members.shift_remove(*key);
            }
            Member::Embedded(union) => {
                let names: Vec<String> = members.keys().cloned().collect();
                for name in names {
                    let seed = self.seeds.get(&FieldPath::root().field(name.as_str()));
                    if matches!(seed, Some(Seed::Union(of, _)) if of == union) {
                        members.shift_remove(&name);
                    }
                }
            }
            Member::Rest(_) | Member::Absent => return false,
        }
        !(self.reading.reads)(&without)
    }

    /// The value of a field; `None` inside where it is left out.
    #[allow(clippy::option_option)]
    pub(super) fn field(
        &mut self,
        field: &Aligned<'_>,
        object: &Value,
        path: &FieldPath,
    ) -> Option<Option<Expression>> {
        Some(match &field.kind {
            Member::Absent => None,
            Member::One(key, value, ty) => {
                let path = path.clone().field(*key);
                Some(match ty {
                    Some(ty) => self.value(field.node, value, ty, &path),
                    None => self.read_opaque(value),
                })
            }
            Member::Embedded(union) => {
                let arm = self.arm(field.node.inside(), object, union, path)?;
                Some(match field.node.inside() == field.node {
                    true => arm,
                    false => Expression::some(arm),
                })
            }
            Member::Rest(from) => {
                let rest = object.as_object()?.iter().skip(*from);
                let rest: Vec<Expression> = rest
                    .map(|(key, value)| {
                        Expression::Tuple(vec![Expression::owned(key), Self::json(value)])
                    })
                    .collect();
                Some(Expression::map(rest))
            }
        })
    }
}

/// Namespace, labels and annotations as calls behind a constructor, and whether metadata has more than these and a name.
fn in_short(metadata: &Value, namespaced: bool) -> (Vec<Method>, bool) {
    let mut methods = Vec::new();
    let mut whole = metadata["name"].as_str().is_none();
    for (key, value) in metadata.as_object().into_iter().flatten() {
        match (key.as_str(), value) {
            ("name", _) => {}
            ("namespace", Value::String(namespace)) if namespaced => {
                methods.insert(
                    0,
                    (
                        "in_namespace".to_owned(),
                        vec![Expression::literal(namespace)],
                    ),
                );
            }
            ("labels" | "annotations", Value::Object(pairs)) => {
                whole |= pairs.is_empty();
                let method = if key == "labels" {
                    "with_label"
                } else {
                    "with_annotation"
                };
                for (name, text) in pairs {
                    let arguments = [name.as_str(), text.as_str().unwrap_or_default()];
                    methods.push((method.to_owned(), arguments.map(Expression::literal).into()));
                }
            }
            _ => whole = true,
        }
    }
    (methods, whole)
}
