//! Structs, unions and sets.

use std::collections::BTreeSet;

use super::Printer;
use super::text::{Imports, attribute, doc};
use crate::layout::Module;
use crate::shape::ShapeId;
use crate::types::{Arm, Body, Embedded, Field, Own, Presence, Ty, TypeId};
use crate::words::{self, derived_camel};

impl Printer<'_> {
    /// A file with these types: roots first, then what they hold.
    pub(super) fn type_file(&mut self, module: &Module, types: &[TypeId]) -> String {
        let mut types = types.to_vec();
        types.sort_by_key(|ty| self.order(*ty));
        let mut imports = Imports::default();
        let mut body = String::new();
        for (number, ty) in types.iter().enumerate() {
            if number > 0 {
                body.push('\n');
            }
            self.declare(*ty, module, &mut body, &mut imports);
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
        imports.print(&mut out);
        out.push_str(&body);
        out
    }

    fn root_of(&self, types: &[TypeId]) -> Option<&str> {
        let root = types.iter().find_map(|ty| self.types.own[ty.0].root)?;
        Some(&self.definitions[self.shapes.roots[root].definition].kind)
    }

    /// Roots first; then by where they stand: what is nearer to the root comes before.
    fn order(&self, ty: TypeId) -> (bool, Vec<String>, usize) {
        let own = &self.types.own[ty.0];
        let places = own
            .shapes
            .iter()
            .flat_map(|shape| &self.shapes.places[shape.0]);
        let first = places.min_by_key(|place| (place.steps.len(), place.root));
        let embedded = matches!(own.body, Body::Union { owner: Some(_), .. });
        let steps = first.map(|place| place.steps.clone()).unwrap_or_default();
        // Status after spec, whatever the alphabet says of what stands in them.
        (own.root.is_none(), steps, usize::from(embedded) + ty.0)
    }

    fn declare(&mut self, ty: TypeId, module: &Module, out: &mut String, imports: &mut Imports) {
        let own = self.types.own[ty.0].clone();
        match &own.body {
            Body::Struct { fields, embedded } => {
                self.structure(ty, &own, fields, embedded, module, out, imports)
            }
            Body::Union {
                tag,
                arms,
                may_be_empty,
                owner,
            } => self.union(
                ty,
                &own,
                tag.as_deref(),
                arms,
                *may_be_empty,
                owner.is_some(),
                module,
                out,
                imports,
            ),
            Body::Texts { values, open } => self.texts(ty, &own, values, *open, out, imports),
            Body::Numbers(numbers) => self.numbers(ty, numbers, out, imports),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn structure(
        &mut self,
        ty: TypeId,
        own: &Own,
        fields: &[Field],
        embedded: &[Embedded],
        module: &Module,
        out: &mut String,
        imports: &mut Imports,
    ) {
        let shape = own.shapes.first().copied().unwrap_or(ShapeId(0));
        doc(out, "", &self.docs.of_type(ty));
        let has_default = self.has_default(ty);
        let derive = match own.root {
            Some(_) => "Resource",
            None => "Object",
        };
        imports.add(&format!("crd_core::{derive}"));
        let default = if has_default { "Default, " } else { "" };
        out.push_str(&format!(
            "#[derive(Clone, Debug, {default}PartialEq, {derive})]\n"
        ));
        if let Some(root) = own.root {
            self.resource_attribute(root, out);
        }
        attribute(
            out,
            "",
            "schemars",
            &self.attributes.of_type(shape, embedded, false),
        );
        out.push_str(&format!("pub struct {} {{\n", self.names.of(ty)));
        let mut used: BTreeSet<String> = BTreeSet::new();
        if own.root.is_some() {
            imports.add("crd_core::ObjectMeta");
            out.push_str(
                "    /// Name, namespace, labels and annotations.\n    pub metadata: ObjectMeta,\n",
            );
            used.insert("metadata".to_owned());
        }
        for field in fields {
            self.field(ty, shape, field, module, &mut used, out, imports);
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
            doc(out, "    ", &[told]);
            out.push_str("    #[field(embed)]\n");
            let of = self.own_type(embedded.ty, module, imports);
            let of = if embedded.required {
                of
            } else {
                format!("Option<{of}>")
            };
            out.push_str(&format!("    pub {name}: {of},\n"));
        }
        out.push_str("}\n");
    }

    #[allow(clippy::too_many_arguments)]
    fn field(
        &mut self,
        ty: TypeId,
        shape: ShapeId,
        field: &Field,
        module: &Module,
        used: &mut BTreeSet<String>,
        out: &mut String,
        imports: &mut Imports,
    ) {
        let name = free(&words::snake(&field.wire), used);
        let required = matches!(
            field.presence,
            Presence::Required | Presence::RequiredNullable
        );
        let collection = matches!(field.ty, Ty::List(_) | Ty::Map(_));
        let shown = name.strip_suffix('_').unwrap_or(&name);
        let docs = self.docs.of_member(
            ty,
            shape,
            shown,
            &field.wire,
            &field.ty,
            &field.edge,
            required,
        );
        doc(out, "    ", &docs);
        let mut parts = Vec::new();
        if derived_camel(&name) != field.wire {
            parts.push(format!("rename = {:?}", field.wire));
        }
        let option = field.presence == Presence::RequiredNullable || (!required && !collection);
        if required && (collection || option) {
            parts.push("required".to_owned());
        }
        attribute(out, "    ", "field", &parts);
        let schemars =
            self.attributes
                .of_member(&field.wire, &field.ty, &field.edge, Some(field.presence));
        attribute(out, "    ", "schemars", &schemars);
        let of = self.rust_type(&field.ty, module, imports);
        let of = if option { format!("Option<{of}>") } else { of };
        out.push_str(&format!("    pub {name}: {of},\n"));
    }

    #[allow(clippy::too_many_arguments)]
    fn union(
        &mut self,
        ty: TypeId,
        own: &Own,
        tag: Option<&str>,
        arms: &[Arm],
        may_be_empty: bool,
        embedded: bool,
        module: &Module,
        out: &mut String,
        imports: &mut Imports,
    ) {
        let shape = own.shapes.first().copied().unwrap_or(ShapeId(0));
        let docs = match embedded {
            true => vec!["One of the members that exclude each other.".to_owned()],
            false => self.docs.of_type(ty),
        };
        doc(out, "", &docs);
        imports.add("crd_core::Union");
        out.push_str("#[derive(Clone, Debug, PartialEq, Union)]\n");
        if let Some(tag) = tag {
            attribute(out, "", "union", &[format!("tag = {tag:?}")]);
        }
        if !embedded {
            attribute(
                out,
                "",
                "schemars",
                &self.attributes.of_type(shape, &[], true),
            );
        }
        out.push_str(&format!("pub enum {} {{\n", self.names.of(ty)));
        let mut used = BTreeSet::new();
        if may_be_empty {
            let name = free("Unset", &mut used);
            out.push_str(&format!("    /// None of them.\n    {name},\n"));
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
                        out,
                        "    ",
                        &self
                            .docs
                            .of_member(ty, shape, &name, member, of, edge, false),
                    );
                    if derived_camel(&name) != *member {
                        parts.push(format!("member = {member:?}"));
                    }
                    if let Some(tag) = arm.tag.as_ref().filter(|tag| **tag != name) {
                        parts.push(format!("tag = {tag:?}"));
                    }
                    attribute(out, "    ", "arm", &parts);
                    attribute(
                        out,
                        "    ",
                        "schemars",
                        &self.attributes.of_member(member, of, edge, None),
                    );
                    let of = self.rust_type(of, module, imports);
                    out.push_str(&format!("    {name}({of}),\n"));
                }
                None => {
                    let text = arm.tag.clone().unwrap_or_default();
                    doc(out, "    ", &self.docs.of_value(ty, &name, &text));
                    if text != name {
                        parts.push(format!("tag = {text:?}"));
                    }
                    attribute(out, "    ", "arm", &parts);
                    out.push_str(&format!("    {name},\n"));
                }
            }
        }
        out.push_str("}\n");
    }

    fn texts(
        &mut self,
        ty: TypeId,
        own: &Own,
        values: &[String],
        open: bool,
        out: &mut String,
        imports: &mut Imports,
    ) {
        let _ = own;
        doc(out, "", &self.docs.of_type(ty));
        imports.add("crd_core::StringEnum");
        let copy = if open { "" } else { "Copy, " };
        out.push_str(&format!(
            "#[derive(Clone, {copy}Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]\n"
        ));
        if open {
            out.push_str("#[non_exhaustive]\n");
        }
        out.push_str(&format!("pub enum {} {{\n", self.names.of(ty)));
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
            doc(out, "    ", &self.docs.of_value(ty, &name, text));
            if name != *text {
                attribute(out, "    ", "arm", &[format!("rename = {text:?}")]);
            }
            out.push_str(&format!("    {name},\n"));
        }
        if open {
            out.push_str("    /// A text that this version of the types does not know.\n    Other(String),\n");
        }
        out.push_str("}\n");
    }

    fn numbers(&mut self, ty: TypeId, numbers: &[i64], out: &mut String, imports: &mut Imports) {
        doc(out, "", &self.docs.of_type(ty));
        imports.add("crd_core::IntegerEnum");
        out.push_str(
            "#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntegerEnum)]\n",
        );
        out.push_str(&format!("pub enum {} {{\n", self.names.of(ty)));
        for number in numbers {
            let name = match number.is_negative() {
                true => format!("Minus{}", number.unsigned_abs()),
                false => format!("N{number}"),
            };
            doc(
                out,
                "    ",
                &self.docs.of_value(ty, &name, &number.to_string()),
            );
            out.push_str(&format!("    {name} = {number},\n"));
        }
        out.push_str("}\n");
    }

    /// Whether nothing of the type must be there.
    fn has_default(&self, ty: TypeId) -> bool {
        match &self.types.own[ty.0].body {
            Body::Struct { fields, embedded } => {
                let free = |field: &Field| {
                    matches!(
                        field.presence,
                        Presence::Optional | Presence::Filled | Presence::RequiredNullable
                    )
                };
                self.types.own[ty.0].root.is_none()
                    && fields.iter().all(free)
                    && embedded.iter().all(|embedded| !embedded.required)
            }
            _ => false,
        }
    }

    fn own_type(&self, ty: TypeId, module: &Module, imports: &mut Imports) -> String {
        let home = &self.layout.of[ty.0];
        let name = self.names.of(ty);
        if home != module {
            imports.add(&format!("crate::{}::{name}", home.version.join("::")));
        }
        name.to_owned()
    }

    fn rust_type(&self, ty: &Ty, module: &Module, imports: &mut Imports) -> String {
        let mut import = |path: &str| {
            imports.add(path);
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
            Ty::List(inner) => format!("Vec<{}>", self.rust_type(inner, module, imports)),
            Ty::Map(inner) => {
                import("std::collections::BTreeMap");
                format!(
                    "BTreeMap<String, {}>",
                    self.rust_type(inner, module, imports)
                )
            }
            Ty::Nullable(inner) => format!("Option<{}>", self.rust_type(inner, module, imports)),
            Ty::Own(own) => self.own_type(*own, module, imports),
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
