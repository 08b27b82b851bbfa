//! The expression that builds an object.
//!
//! Three things are known of an object that was read: what `Debug` prints of it, which has the names of fields and arms; its
//! JSON, which has the values in the order of the fields; and the types that each part was read into, by place. They are walked
//! together. So no type has to describe itself, which would cost each of two thousand types compile time, and types of other
//! crates, such as k8s-openapi's, are treated like our own. What cannot be seen through (a private field, say) is read from JSON
//! by the program as well, so that what is printed always builds the same object.

use std::collections::BTreeMap;

use kube_vocab::FieldPath;
use serde_json::{Value, json};

use super::debugged::{Body, Node};
use super::expression::Expression;
use super::imports::Imports;
use super::type_name::Ty;

/// An object as it was read.
pub(super) struct Reading<'a> {
    /// What `Debug` prints.
    pub(super) debug: String,
    /// The object as it is written, which has its members in the order of the fields.
    pub(super) value: Value,
    /// What each part was read with.
    pub(super) seeds: Vec<(FieldPath, &'static str)>,
    /// The path of the root's type.
    pub(super) root: String,
    /// Whether the root has the constructor `new` of our own kinds, rather than a default.
    pub(super) has_new: bool,
    /// Whether it lies in a namespace.
    pub(super) namespaced: bool,
    /// Whether another document can be read so, too.
    pub(super) reads: &'a dyn Fn(&Value) -> bool,
}

/// What a part was read with.
#[derive(Clone, Debug)]
enum Seed {
    Value(Ty),
    /// A member of a union: the union, and the member's type; none for the discriminator.
    Union(Ty, Option<Ty>),
}

impl Seed {
    fn read(name: &str) -> Option<Self> {
        let mut seed = Ty::read(name)?;
        let union = seed.krate() == "crd_core";
        match (seed.name(), seed.args.len()) {
            ("PhantomData", 1) => seed.args.pop().map(Self::Value),
            ("Tag", 1) if union => seed.args.pop().map(|of| Self::Union(of, None)),
            ("Body", 2) if union => {
                let member = seed.args.pop();
                seed.args.pop().map(|of| Self::Union(of, member))
            }
            _ => None,
        }
    }
}

/// Makes expressions for one object.
pub(super) struct Builder<'a> {
    reading: &'a Reading<'a>,
    seeds: BTreeMap<FieldPath, Seed>,
    imports: &'a mut Imports,
    /// Whether a type has a default, by its path; asked once.
    defaults: &'a mut BTreeMap<String, bool>,
    /// How many parts the program reads from JSON.
    pub(super) opaque: usize,
}

/// A field of a struct that has a value, with the members that it is in JSON.
struct Aligned<'v> {
    name: &'v str,
    node: &'v Node,
    kind: Member<'v>,
}

enum Member<'v> {
    /// One member.
    One(&'v str, &'v Value, Option<Ty>),
    /// A union beside other members.
    Embedded(Ty),
    /// All members that no other field has.
    Rest(usize),
    /// Nothing: left out.
    Absent,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        reading: &'a Reading<'a>,
        imports: &'a mut Imports,
        defaults: &'a mut BTreeMap<String, bool>,
    ) -> Self {
        let seeds = reading.seeds.iter();
        let seeds = seeds.filter_map(|(path, name)| Some((path.clone(), Seed::read(name)?)));
        Self {
            reading,
            seeds: seeds.collect(),
            imports,
            defaults,
            opaque: 0,
        }
    }

    /// The object, and what its type is called.
    pub(super) fn object(&mut self) -> (String, Expression) {
        let path = self.reading.root.clone();
        let name = self.imports.name(&path);
        let value = self.reading.value.clone();
        let mark = self.imports.mark();
        let built = match Node::read(&self.reading.debug) {
            Some(Node::Named(_, Body::Fields(fields))) => self.root(&name, &fields, &value),
            _ => None,
        };
        let built = built.unwrap_or_else(|| {
            self.imports.take_back(mark);
            self.opaque = 0;
            self.read_opaque(&value)
        });
        (name, built)
    }

    fn root(&mut self, name: &str, fields: &[(String, Node)], value: &Value) -> Option<Expression> {
        let root = FieldPath::root();
        let aligned = self.align(fields, value, &root)?;
        if !self.reading.has_new {
            let mut built = Vec::new();
            for field in &aligned {
                if let Some(value) = self.field(field, value, &root)? {
                    built.push((field_name(field.name), value));
                }
            }
            return Some(Expression::Struct {
                path: name.to_owned(),
                fields: built,
                rest: Some(default().into()),
            });
        }
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
        let (methods, whole) = in_short(metadata, self.reading.namespaced);
        if whole {
            let field = aligned.iter().find(|field| field.name == "metadata")?;
            others.insert(
                0,
                ("metadata".to_owned(), self.field(field, value, &root)??),
            );
        }
        let new = Expression::Call(format!("{name}::new"), arguments);
        let made = match methods.is_empty() || whole {
            true => new,
            false => Expression::Chain(new.into(), methods),
        };
        Some(match others.is_empty() {
            true => made,
            false => Expression::Struct {
                path: name.to_owned(),
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
            path: name.to_owned(),
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
    fn field(
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
                    false => Expression::Call("Some".to_owned(), vec![arm]),
                })
            }
            Member::Rest(from) => {
                let rest = object.as_object()?.iter().skip(*from);
                let rest: Vec<Expression> = rest
                    .map(|(key, value)| {
                        Expression::Tuple(vec![Expression::owned(key), self.json(value)])
                    })
                    .collect();
                Some(self.map(rest))
            }
        })
    }

    /// Which members each field is. Both stand in the order of the declaration, and fields may be left out of JSON.
    fn align<'v>(
        &self,
        fields: &'v [(String, Node)],
        value: &'v Value,
        path: &FieldPath,
    ) -> Option<Vec<Aligned<'v>>> {
        let members: Vec<(&String, &Value)> = value.as_object()?.iter().collect();
        let is_root = path.is_root();
        let mut at = 0;
        while is_root
            && at < members.len()
            && matches!(members[at].0.as_str(), "apiVersion" | "kind")
        {
            at += 1;
        }
        let mut aligned = Vec::new();
        for (number, (name, node)) in fields.iter().enumerate() {
            let mut kind = Member::Absent;
            if let Some((key, member)) = members.get(at) {
                let seed = self.seeds.get(&path.clone().field(key.as_str()));
                let named = squashed(name) == squashed(key);
                let later = || {
                    fields[number + 1..]
                        .iter()
                        .any(|(other, _)| squashed(other) == squashed(key))
                };
                match seed {
                    Some(Seed::Union(union, _)) if is_arm(node.inside()) && !node.is_empty() => {
                        let union = union.clone();
                        while let Some((key, _)) = members.get(at) {
                            let seed = self.seeds.get(&path.clone().field(key.as_str()));
                            if !matches!(seed, Some(Seed::Union(of, _)) if *of == union) {
                                break;
                            }
                            at += 1;
                        }
                        kind = Member::Embedded(union);
                    }
                    Some(Seed::Union(..)) => {}
                    _ if !named && is_rest(node, key) => {
                        kind = Member::Rest(at);
                        at = members.len();
                    }
                    seed => {
                        let hollow = node.is_empty() && !is_hollow(member);
                        if named || (!hollow && *node != none() && !later()) {
                            let ty = match seed {
                                Some(Seed::Value(ty)) => Some(ty.clone()),
                                _ => None,
                            };
                            kind = Member::One(key, member, ty);
                            at += 1;
                        }
                    }
                }
            }
            aligned.push(Aligned { name, node, kind });
        }
        (at == members.len()).then_some(aligned)
    }

    /// The expression for a value; read from JSON where it cannot be seen through.
    fn value(&mut self, node: &Node, value: &Value, ty: &Ty, path: &FieldPath) -> Expression {
        let (opaque, mark) = (self.opaque, self.imports.mark());
        match self.seen(node, value, ty, path) {
            Some(seen) => seen,
            None => {
                self.opaque = opaque;
                self.imports.take_back(mark);
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
                "Value" => Some(self.json(value)),
                "Number" => self.number(value),
                "Map" => Some(self.read(value)),
                _ => None,
            };
        }
        let public = ty.public();
        if ty.krate() == "k8s_openapi"
            && let Some(known) = self.special(node, value, ty)
        {
            return Some(known);
        }
        if public == "istio_types::Double" {
            return self.double(&public, value);
        }
        if PARSED.contains(&public.as_str()) {
            let text = Expression::literal(value.as_str()?);
            let parse = vec![
                ("parse".to_owned(), Vec::new()),
                expect("it was read before"),
            ];
            return Some(Expression::Chain(text.into(), parse));
        }
        match node {
            Node::Named(name, Body::Fields(fields)) if name == ty.name() => {
                self.structure(fields, value, ty, path)
            }
            Node::Named(name, Body::Nothing) if name == ty.name() && value.is_object() => {
                Some(Expression::Struct {
                    path: self.imports.name(&public),
                    fields: Vec::new(),
                    rest: None,
                })
            }
            // A text with a name of its own.
            Node::Named(name, Body::Tuple(_)) if name == ty.name() => {
                match NAMED_TEXTS.contains(&public.as_str()) {
                    true => Some(self.named_text(&public, value.as_str()?)),
                    false => None,
                }
            }
            Node::Named(..) => self.arm(node, value, ty, path),
            _ => None,
        }
    }

    fn named_text(&mut self, public: &str, text: &str) -> Expression {
        let name = self.imports.name(public);
        Expression::Call(format!("{name}::from"), vec![Expression::literal(text)])
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
                Some(Expression::Call("Some".to_owned(), vec![inside]))
            }
            ("Option", _, Node::Named(name, Body::Nothing)) if name == "None" => {
                Some(Expression::Text("None".to_owned()))
            }
            // Absent for a moment while it is read, and then its default.
            ("Option", [inner], node) => self.seen(node, value, inner, path),
            ("Box", [inner], _) => {
                let inside = self.value(node, value, inner, path);
                Some(Expression::Call("Box::new".to_owned(), vec![inside]))
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
                        Some(named) => self.named_text(named, key),
                        None => Expression::owned(key),
                    };
                    built.push(Expression::Tuple(vec![key, value]));
                }
                Some(self.map(built))
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

    /// The newtypes and enums of k8s-openapi, whose `Debug` or whose JSON is not like that of others.
    fn special(&mut self, node: &Node, value: &Value, ty: &Ty) -> Option<Expression> {
        let name = self.imports_of(ty);
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
                return Some(Expression::Call(format!("{name}::{arm}"), vec![inner]));
            }
            _ => return None,
        };
        Some(Expression::Call(name, vec![inner]))
    }

    fn imports_of(&mut self, ty: &Ty) -> String {
        match ty.name() {
            "ByteString" | "Quantity" | "Time" | "MicroTime" | "IntOrString" => {
                self.imports.name(&ty.public())
            }
            _ => String::new(),
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
        let name = self.imports.name(&ty.public());
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
            return Some(Expression::Text(format!("{name}::default()")));
        }
        Some(Expression::Struct {
            path: name,
            fields: built,
            rest: left_out.then(|| default().into()),
        })
    }

    /// What stands for a field that is left out.
    fn nothing(&mut self, node: &Node) -> Expression {
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
    fn arm(&mut self, node: &Node, value: &Value, ty: &Ty, path: &FieldPath) -> Option<Expression> {
        let Node::Named(arm, body) = node else {
            return None;
        };
        let name = self.imports.name(&ty.public());
        let head = format!("{name}::{arm}");
        let inner = match body {
            Body::Nothing => return Some(Expression::Text(head)),
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

    fn map(&mut self, entries: Vec<Expression>) -> Expression {
        let name = self.imports.name("std::collections::BTreeMap");
        match entries.is_empty() {
            true => Expression::Text(format!("{name}::new()")),
            false => Expression::Call(format!("{name}::from"), vec![Expression::Array(entries)]),
        }
    }

    /// Istio's number, which keeps whether it was written with a point.
    fn double(&mut self, public: &str, value: &Value) -> Option<Expression> {
        let name = self.imports.name(public);
        if let Some(whole) = value.as_i64() {
            let whole = i32::try_from(whole).ok()?;
            let whole = Expression::Text(whole.to_string());
            return Some(Expression::Call(format!("{name}::from"), vec![whole]));
        }
        let float = Expression::Text(format!("{:?}", value.as_f64()?));
        let made = Expression::Call(format!("{name}::new"), vec![float]);
        Some(Expression::Chain(
            made.into(),
            vec![expect("a finite number")],
        ))
    }

    fn number(&mut self, value: &Value) -> Option<Expression> {
        let name = self.imports.name("serde_json::Number");
        let number = value.as_number()?;
        if number.is_f64() {
            let float = Expression::Text(format!("{:?}", number.as_f64()?));
            let made = Expression::Call(format!("{name}::from_f64"), vec![float]);
            return Some(Expression::Chain(
                made.into(),
                vec![expect("a finite number")],
            ));
        }
        let whole = Expression::Text(match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => format!("{whole}_i64"),
            (_, whole) => format!("{}_u64", whole?),
        });
        Some(Expression::Call(format!("{name}::from"), vec![whole]))
    }

    fn json(&mut self, value: &Value) -> Expression {
        if expansions(value) > MOST_EXPANSIONS {
            return self.read(value);
        }
        self.imports.name("serde_json::json");
        Expression::Json(value.clone())
    }

    /// Read by the program itself, from JSON.
    fn read_opaque(&mut self, value: &Value) -> Expression {
        self.opaque += 1;
        self.read(value)
    }

    fn read(&mut self, value: &Value) -> Expression {
        let read = if expansions(value) > MOST_EXPANSIONS {
            let from = self.imports.name("serde_json::from_str");
            Expression::Call(from, vec![Expression::literal(&format!("{value:#}"))])
        } else {
            let from = self.imports.name("serde_json::from_value");
            Expression::Call(from, vec![self.json(value)])
        };
        Expression::Chain(read.into(), vec![expect("it was read before")])
    }
}

/// How deep the compiler expands `json!` by default, with some room.
const MOST_EXPANSIONS: usize = 100;

/// About how deep `json!` is expanded for a value: it takes a few steps for each member, one inside the other.
fn expansions(value: &Value) -> usize {
    match value {
        Value::Array(elements) => {
            elements.len() * 2 + elements.iter().map(expansions).max().unwrap_or_default()
        }
        Value::Object(members) => {
            members.len() * 4 + members.values().map(expansions).max().unwrap_or_default()
        }
        _ => 1,
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

/// `"text".parse().expect(...)`: the type is the field's.
fn parsed(text: &str) -> Expression {
    let parse = vec![
        ("parse".to_owned(), Vec::new()),
        expect("it was read before"),
    ];
    Expression::Chain(Expression::literal(text).into(), parse)
}

fn expect(why: &str) -> (String, Vec<Expression>) {
    ("expect".to_owned(), vec![Expression::literal(why)])
}

fn default() -> Expression {
    Expression::Text("Default::default()".to_owned())
}

fn none() -> Node {
    Node::Named("None".to_owned(), Body::Nothing)
}

/// Whether a node can be an arm of an enum.
fn is_arm(node: &Node) -> bool {
    matches!(node, Node::Named(_, Body::Nothing | Body::Tuple(_)))
}

/// Whether a field is a map that has the member among its entries.
fn is_rest(node: &Node, key: &str) -> bool {
    match node {
        Node::Map(entries) => entries
            .iter()
            .any(|(known, _)| matches!(known, Node::Text(known) if known == key)),
        _ => false,
    }
}

fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        other => other.is_null(),
    }
}

/// The letters and digits of a name, in lower case: what the Rust and the JSON spelling of a name have in common.
fn squashed(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A field's name in a program; `Debug` leaves the sign of raw names out.
fn field_name(name: &str) -> String {
    const KEYWORDS: [&str; 12] = [
        "as", "default", "for", "if", "in", "loop", "match", "mod", "ref", "type", "use", "where",
    ];
    match KEYWORDS.contains(&name) && name != "default" {
        true => format!("r#{name}"),
        false => name.to_owned(),
    }
}

/// Namespace, labels and annotations as calls behind a constructor, and whether metadata has more than these and a name.
fn in_short(metadata: &Value, namespaced: bool) -> (Vec<(String, Vec<Expression>)>, bool) {
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

fn lookup<'v>(value: &'v mut Value, path: &FieldPath) -> Option<&'v mut Value> {
    use kube_vocab::Segment;

    path.segments()
        .iter()
        .try_fold(value, |value, segment| match segment {
            Segment::Field(key) | Segment::Key(key) => value.get_mut(key),
            Segment::Index(at) => value.get_mut(*at),
        })
}
