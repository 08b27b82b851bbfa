//! Structs, unions and sets.

use std::collections::BTreeSet;

use super::Printer;
use super::text::{self, Imports, attribute, doc};
use crate::attributes::Derive;
use crate::docs::Member;
use crate::layout::Module;
use crate::shape::ShapeId;
use crate::types::{Body, Field, Own, Presence, Ty, TypeId};
use crate::words::{self, derived_camel};

/// A file in the making.
pub(super) struct Page {
    module: Module,
    out: String,
    imports: Imports,
}

impl Printer<'_> {
    /// A file with these types: roots first, then what they hold.
    pub(super) fn type_file(&mut self, module: &Module, types: &[TypeId]) -> String {
        let mut types = types.to_vec();
        types.sort_by_key(|ty| self.order(*ty));
        let mut page = Page {
            module: module.clone(),
            out: String::new(),
            imports: Imports::default(),
        };
        for (number, ty) in types.iter().enumerate() {
            if number > 0 {
                page.out.push('\n');
            }
            self.declare(*ty, &mut page);
        }
        let mut out = String::new();
        let what = match self.root_of(&types) {
            Some(kind) => format!("The kind `{kind}`."),
            None if module.file == "sets" => "Sets of texts that several kinds share.".to_owned(),
            None if module.file == "shared" => "What several kinds share.".to_owned(),
            None => format!("What has to do with {}.", module.file.replace('_', " ")),
        };
        out.push_str(self.head());
        out.push_str(&format!("//! {what}\n\n"));
        page.imports.print(&mut out);
        out.push_str(&page.out);
        out
    }

    fn root_of(&self, types: &[TypeId]) -> Option<&str> {
        let root = types.iter().find_map(|ty| self.types.own[ty.0].root)?;
        Some(&self.definitions[self.shapes.roots[root].definition].kind)
    }

    /// Roots first; then by where they stand: what is nearer to the root comes before.
    fn order(&self, ty: TypeId) -> (bool, Vec<String>, usize) {
        let own = &self.types.own[ty.0];
        let places = own.places(self.shapes);
        let first = places
            .iter()
            .min_by_key(|place| (place.steps.len(), place.root));
        let embedded = matches!(own.body, Body::Union { owner: Some(_), .. });
        let steps = first.map(|place| place.steps.clone()).unwrap_or_default();
        // Status after spec, whatever the alphabet says of what stands in them.
        (own.root.is_none(), steps, usize::from(embedded) + ty.0)
    }

    fn declare(&mut self, ty: TypeId, page: &mut Page) {
        let own = self.types.own[ty.0].clone();
        match &own.body {
            Body::Struct { .. } => self.structure(ty, &own, page),
            Body::Union { .. } => self.union(ty, &own, page),
            Body::Texts { values, open } => self.texts(ty, &own, values, *open, page),
            Body::Numbers(numbers) => self.numbers(ty, numbers, page),
        }
    }

    fn structure(&mut self, ty: TypeId, own: &Own, page: &mut Page) {
        let Body::Struct {
            fields,
            embedded,
            rest,
        } = &own.body
        else {
            return;
        };
        let shape = own.shapes.first().copied().unwrap_or(ShapeId(0));
        doc(&mut page.out, "", &self.docs.of_type(ty));
        let has_default = self.has_default(ty);
        let derive = match own.root {
            Some(_) => "Resource",
            None => "Object",
        };
        page.imports.add(&format!("crd_core::{derive}"));
        let default = if has_default { "Default, " } else { "" };
        page.out.push_str(&format!(
            "#[derive(Clone, Debug, {default}PartialEq, {derive})]\n"
        ));
        if let Some(root) = own.root {
            self.resource_attribute(root, &mut page.out);
        }
        let derive = Derive::Object {
            embedded,
            rest: *rest,
        };
        let mut schemars = self.attributes.of_type(shape, derive);
        if own.root.is_some() {
            schemars.extend(self.attributes.of_metadata(shape));
        }
        attribute(&mut page.out, "", "schemars", &schemars);
        if own.root.is_none() && fields.is_empty() && embedded.is_empty() && !rest {
            page.out
                .push_str(&format!("pub struct {} {{}}\n", self.names.of(ty)));
            return;
        }
        page.out
            .push_str(&format!("pub struct {} {{\n", self.names.of(ty)));
        let mut used: BTreeSet<String> = BTreeSet::new();
        if own.root.is_some() {
            page.imports.add("crd_core::ObjectMeta");
            page.out.push_str(
                "    /// Name, namespace, labels and annotations.\n    pub metadata: ObjectMeta,\n",
            );
            used.insert("metadata".to_owned());
        }
        for field in fields {
            self.field(ty, shape, field, &mut used, page);
        }
        for (number, embedded) in embedded.iter().enumerate() {
            let name = match number {
                0 => "choice".to_owned(),
                more => format!("choice{}", more + 1),
            };
            let name = free(&name, &mut used);
            let told = format!(
                "Which of its members is set: [`{}`].",
                self.names.of(embedded.ty)
            );
            doc(&mut page.out, "    ", &[told]);
            page.out.push_str("    #[field(embed)]\n");
            let of = self.own_type(embedded.ty, page);
            let of = if embedded.required {
                of
            } else {
                format!("Option<{of}>")
            };
            text::field(&mut page.out, &name, &of);
        }
        if *rest {
            let name = free("others", &mut used);
            let told = "Members that the schema does not know, by name.".to_owned();
            doc(&mut page.out, "    ", &[told]);
            page.out.push_str("    #[field(rest)]\n");
            let of = self.rust_type(&Ty::Map(Ty::Any.into()), page);
            text::field(&mut page.out, &name, &of);
        }
        page.out.push_str("}\n");
    }

    fn field(
        &mut self,
        ty: TypeId,
        shape: ShapeId,
        field: &Field,
        used: &mut BTreeSet<String>,
        page: &mut Page,
    ) {
        let name = free(&words::snake(&field.wire), used);
        let required = matches!(
            field.presence,
            Presence::Required | Presence::RequiredNullable
        );
        // A selector without labels picks everything; one that is absent may pick nothing.
        let collection =
            matches!(field.ty, Ty::List(_) | Ty::Map(_)) && field.wire != "matchLabels";
        let shown = name.strip_suffix('_').unwrap_or(&name);
        let docs = self.docs.of_member(
            ty,
            &Member {
                owner: shape,
                rust: shown,
                wire: &field.wire,
                ty: &field.ty,
                edge: &field.edge,
                required,
            },
        );
        doc(&mut page.out, "    ", &docs);
        let mut parts = Vec::new();
        if derived_camel(&name) != field.wire {
            parts.push(format!("rename = {:?}", field.wire));
        }
        let option = field.presence == Presence::RequiredNullable || (!required && !collection);
        if required && (collection || option) {
            parts.push("required".to_owned());
        }
        attribute(&mut page.out, "    ", "field", &parts);
        let schemars =
            self.attributes
                .of_member(&field.wire, &field.ty, &field.edge, Some(field.presence));
        attribute(&mut page.out, "    ", "schemars", &schemars);
        let of = self.rust_type(&field.ty, page);
        let of = if option { format!("Option<{of}>") } else { of };
        self.complex |= complexity(&of) > 250;
        text::field(&mut page.out, &name, &of);
    }

    fn union(&mut self, ty: TypeId, own: &Own, page: &mut Page) {
        let Body::Union {
            tag,
            arms,
            may_be_empty,
            owner,
        } = &own.body
        else {
            return;
        };
        let (embedded, may_be_empty) = (owner.is_some(), *may_be_empty);
        let shape = own.shapes.first().copied().unwrap_or(ShapeId(0));
        doc(&mut page.out, "", &self.docs.of_type(ty));
        page.imports.add("crd_core::Union");
        page.out
            .push_str("#[derive(Clone, Debug, PartialEq, Union)]\n");
        if let Some(tag) = tag {
            attribute(&mut page.out, "", "union", &[format!("tag = {tag:?}")]);
        }
        if !embedded {
            attribute(
                &mut page.out,
                "",
                "schemars",
                &self.attributes.of_type(shape, Derive::Union),
            );
        }
        page.out
            .push_str(&format!("pub enum {} {{\n", self.names.of(ty)));
        let mut used = BTreeSet::new();
        if may_be_empty {
            let name = free("Unset", &mut used);
            page.out
                .push_str(&format!("    /// None of them.\n    {name},\n"));
        }
        for arm in arms {
            let wanted = match (&arm.member, &arm.tag) {
                (_, Some(tag)) => tag.clone(),
                (Some((member, ..)), None) => member.clone(),
                (None, None) => continue,
            };
            let name = free(&arm_name(&wanted), &mut used);
            let mut parts = Vec::new();
            match &arm.member {
                Some((member, of, edge)) => {
                    doc(
                        &mut page.out,
                        "    ",
                        &self.docs.of_member(
                            ty,
                            &Member {
                                owner: shape,
                                rust: &name,
                                wire: member,
                                ty: of,
                                edge,
                                required: false,
                            },
                        ),
                    );
                    if derived_camel(&name) != *member {
                        parts.push(format!("member = {member:?}"));
                    }
                    if let Some(tag) = arm.tag.as_ref().filter(|tag| **tag != name) {
                        parts.push(format!("tag = {tag:?}"));
                    }
                    attribute(&mut page.out, "    ", "arm", &parts);
                    attribute(
                        &mut page.out,
                        "    ",
                        "schemars",
                        &self.attributes.of_member(member, of, edge, None),
                    );
                    let of = self.rust_type(of, page);
                    self.complex |= complexity(&of) > 250;
                    text::arm(&mut page.out, &name, &of);
                }
                None => {
                    let text = arm.tag.clone().unwrap_or_default();
                    doc(&mut page.out, "    ", &self.docs.of_value(ty, &name, &text));
                    if text != name {
                        parts.push(format!("tag = {text:?}"));
                    }
                    attribute(&mut page.out, "    ", "arm", &parts);
                    page.out.push_str(&format!("    {name},\n"));
                }
            }
        }
        page.out.push_str("}\n");
    }

    fn texts(&mut self, ty: TypeId, own: &Own, values: &[String], open: bool, page: &mut Page) {
        let _ = own;
        doc(&mut page.out, "", &self.docs.of_type(ty));
        page.imports.add("crd_core::StringEnum");
        let copy = if open { "" } else { "Copy, " };
        page.out.push_str(&format!(
            "#[derive(Clone, {copy}Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]\n"
        ));
        if open {
            page.out.push_str("#[non_exhaustive]\n");
        }
        page.out
            .push_str(&format!("pub enum {} {{\n", self.names.of(ty)));
        let mut used = BTreeSet::new();
        if open {
            used.insert("Other".to_owned());
        }
        // A text that is a name already has the first claim to it.
        let exact: BTreeSet<&String> = values
            .iter()
            .filter(|text| arm_name(text) == **text)
            .collect();
        for text in values {
            let wanted = arm_name(text);
            let wanted = match wanted != *text && exact.contains(&wanted) {
                true if text.chars().all(|c| !c.is_uppercase()) => format!("{wanted}Lower"),
                true if text.chars().all(|c| !c.is_lowercase()) => format!("{wanted}Upper"),
                _ => wanted,
            };
            let name = free(&wanted, &mut used);
            doc(&mut page.out, "    ", &self.docs.of_value(ty, &name, text));
            if name != *text {
                attribute(
                    &mut page.out,
                    "    ",
                    "arm",
                    &[format!("rename = {text:?}")],
                );
            }
            page.out.push_str(&format!("    {name},\n"));
        }
        if open {
            page.out.push_str("    /// A text that this version of the types does not know.\n    Other(String),\n");
        }
        page.out.push_str("}\n");
    }

    fn numbers(&mut self, ty: TypeId, numbers: &[i64], page: &mut Page) {
        doc(&mut page.out, "", &self.docs.of_type(ty));
        page.imports.add("crd_core::IntegerEnum");
        page.out.push_str(
            "#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntegerEnum)]\n",
        );
        page.out
            .push_str(&format!("pub enum {} {{\n", self.names.of(ty)));
        for number in numbers {
            let name = match number.is_negative() {
                true => format!("Minus{}", number.unsigned_abs()),
                false => format!("N{number}"),
            };
            doc(
                &mut page.out,
                "    ",
                &self.docs.of_value(ty, &name, &number.to_string()),
            );
            page.out.push_str(&format!("    {name} = {number},\n"));
        }
        page.out.push_str("}\n");
    }

    /// Whether an empty value of the type is legal.
    fn has_default(&self, ty: TypeId) -> bool {
        match &self.types.own[ty.0].body {
            Body::Struct {
                fields, embedded, ..
            } => {
                let free = |field: &Field| {
                    field.presence != Presence::Required || self.may_be_empty(field)
                };
                self.types.own[ty.0].root.is_none()
                    && fields.iter().all(free)
                    && embedded.iter().all(|embedded| !embedded.required)
            }
            _ => false,
        }
    }

    /// Whether a field that must be there may be empty.
    fn may_be_empty(&self, field: &Field) -> bool {
        let shape = self.shapes.get(field.edge.shape);
        let least = ["minItems", "minProperties"]
            .iter()
            .find_map(|key| shape.facts.get(*key));
        let ruled = shape.facts.contains_key("x-kubernetes-validations");
        let bounded = ruled
            || least
                .and_then(serde_json::Value::as_u64)
                .is_some_and(|least| least > 0);
        match &field.ty {
            Ty::List(_) | Ty::Map(_) => !bounded,
            Ty::Core(_) => !bounded && shape.required.is_empty(),
            Ty::Own(own) => !bounded && self.has_default(*own),
            _ => false,
        }
    }

    fn own_type(&self, ty: TypeId, page: &mut Page) -> String {
        let home = &self.layout.of[ty.0];
        let name = self.names.of(ty);
        if *home != page.module {
            page.imports
                .add(&format!("crate::{}::{name}", home.version.join("::")));
        }
        name.to_owned()
    }

    fn rust_type(&self, ty: &Ty, page: &mut Page) -> String {
        let mut import = |path: &str| {
            page.imports.add(path);
            path.rsplit("::").next().unwrap_or_default().to_owned()
        };
        match ty {
            Ty::Bool => "bool".to_owned(),
            Ty::Text => "String".to_owned(),
            Ty::I32 => "i32".to_owned(),
            Ty::I64 => "i64".to_owned(),
            Ty::Number => import("serde_json::Number"),
            Ty::Any => import("serde_json::Value"),
            Ty::IntOrString => import("k8s_openapi::apimachinery::pkg::util::intstr::IntOrString"),
            Ty::Quantity => import("k8s_openapi::apimachinery::pkg::api::resource::Quantity"),
            Ty::Time => import("k8s_openapi::apimachinery::pkg::apis::meta::v1::Time"),
            Ty::Path(path) => import(path),
            Ty::Core(core) => import(&core.path),
            Ty::List(inner) => format!("Vec<{}>", self.rust_type(inner, page)),
            Ty::Map(inner) => {
                import("std::collections::BTreeMap");
                format!("BTreeMap<String, {}>", self.rust_type(inner, page))
            }
            Ty::Nullable(inner) => format!("Option<{}>", self.rust_type(inner, page)),
            Ty::Own(own) => self.own_type(*own, page),
        }
    }
}

/// An arm's name for a text.
fn arm_name(text: &str) -> String {
    let sign = match text {
        "" => "Empty",
        "=" | "==" => "Equal",
        "!=" => "NotEqual",
        "=~" => "Matches",
        "!~" => "NotMatches",
        "<" => "Less",
        "<=" => "AtMost",
        ">" => "Greater",
        ">=" => "AtLeast",
        "*" => "All",
        _ => "",
    };
    if !sign.is_empty() {
        return sign.to_owned();
    }
    match words::pascal(text).as_str() {
        "" => "Unnamed".to_owned(),
        "Self" => "Self_".to_owned(),
        name => name.to_owned(),
    }
}

/// Clippy's measure of a type: ten for each name, times how deep it stands. It warns above 250.
fn complexity(of: &str) -> usize {
    let mut depth = 1;
    let mut sum = 10;
    for letter in of.chars() {
        match letter {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ => {}
        }
        if matches!(letter, '<' | ',') {
            sum += 10 * depth;
        }
    }
    sum
}

/// The name, or the name with a number behind it, so that it is used once.
fn free(wanted: &str, used: &mut BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !used.insert(name.clone()) {
        name = format!("{}{number}", wanted.trim_end_matches('_'));
        number += 1;
    }
    name
}
