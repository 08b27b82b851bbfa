//! The modules: `lib.rs`, one for each group and version, and the schemas that are kept as data.

use std::collections::{BTreeMap, BTreeSet};

use super::Printer;
use super::text::use_lines;
use crate::layout::Module;
use crate::package::Words;
use crate::types::{Body, Ty, TypeId};

impl Printer<'_> {
    pub(super) fn module_files(
        &self,
        of_file: &BTreeMap<Module, Vec<TypeId>>,
        files: &mut BTreeMap<String, String>,
    ) {
        let mut groups: BTreeMap<&String, (BTreeSet<&String>, &String)> = BTreeMap::new();
        let mut top: BTreeSet<String> = BTreeSet::new();
        for (path, (group, version)) in &self.layout.versions {
            if let [module, version] = path.as_slice() {
                let entry = groups
                    .entry(module)
                    .or_insert_with(|| (BTreeSet::new(), group));
                entry.0.insert(version);
            }
            top.extend(path.first().cloned());
            let text = self.version_file(path, group, version, of_file);
            files.insert(format!("src/{}/mod.rs", path.join("/")), text);
        }
        for (module, (versions, group)) in groups {
            let mut out = String::from(self.head());
            out.push_str(&format!("//! The group `{group}`.\n\n"));
            for version in versions {
                out.push_str(&format!("pub mod {version};\n"));
            }
            files.insert(format!("src/{module}/mod.rs"), out);
        }
        files.insert("src/lib.rs".to_owned(), self.lib_file(top));
    }

    fn version_file(
        &self,
        path: &[String],
        group: &str,
        version: &str,
        of_file: &BTreeMap<Module, Vec<TypeId>>,
    ) -> String {
        let mut out = String::from(self.head());
        out.push_str(&format!("//! Version `{version}` of `{group}`.\n\n"));
        let files: Vec<&String> = of_file
            .keys()
            .filter(|module| module.version == path)
            .map(|module| &module.file)
            .collect();
        for file in &files {
            out.push_str(&format!("mod {file};\n"));
        }
        if !files.is_empty() {
            out.push('\n');
        }
        let mut exports: Vec<(String, Vec<String>)> = files
            .iter()
            .map(|file| ((*file).clone(), vec!["*".to_owned()]))
            .collect();
        // Roots that the derive writes for this version, and types that stand in another version's module.
        let mut elsewhere: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (number, root) in self.shapes.roots.iter().enumerate() {
            let definition = &self.definitions[root.definition];
            let here =
                definition.group == group && definition.versions[root.version].name == version;
            if here && root.version > 0 && self.declared(root.definition, root.version).is_none() {
                let path = self.older_path(self.types.of_root[number], version);
                if let Some((module, name)) = path.rsplit_once("::") {
                    elsewhere
                        .entry(module.to_owned())
                        .or_default()
                        .push(name.to_owned());
                }
            }
        }
        for ty in self.layout.shared.get(path).into_iter().flatten() {
            if let Some((module, name)) = self.path(*ty).rsplit_once("::") {
                elsewhere
                    .entry(module.to_owned())
                    .or_default()
                    .push(name.to_owned());
            }
        }
        use_lines(&mut out, "pub use", elsewhere.into_iter().collect());
        exports.sort();
        for (file, _) in &exports {
            out.push_str(&format!("pub use {file}::*;\n"));
        }
        out
    }

    fn lib_file(&self, mut modules: BTreeSet<String>) -> String {
        let mut out = String::from(self.head());
        out.push_str("#![doc = include_str!(\"../README.md\")]\n");
        // Which arm is large is upstream's choice, and a box around it would show in every use.
        out.push_str("#![allow(clippy::large_enum_variant)]\n");
        if self.options.words == Words::Crd {
            // What goes on below a list item in the definition's own description goes on as written there.
            out.push_str("#![allow(clippy::doc_lazy_continuation)]\n");
        }
        if self.complex {
            out.push_str("#![allow(clippy::type_complexity)]\n");
        }
        let steps = self.deepest();
        if steps > 100 {
            out.push_str(&format!(
                "#![recursion_limit = \"{}\"]\n",
                (2 * steps).next_power_of_two()
            ));
        }
        out.push('\n');
        let mut public = modules.clone();
        for module in &self.options.hand_written {
            match module.strip_prefix("pub ") {
                Some(module) => {
                    public.insert(module.to_owned());
                    modules.insert(module.to_owned())
                }
                None => modules.insert(module.clone()),
            };
        }
        let keeps_schemas = !self.attributes.kept.is_empty();
        modules.extend(keeps_schemas.then(|| "schema".to_owned()));
        for module in &modules {
            let public = if public.contains(module) { "pub " } else { "" };
            // rustfmt does not look into macros.
            let only = if module == "schema" {
                "#[cfg(rustfmt)]\n"
            } else {
                ""
            };
            out.push_str(&format!("{only}{public}mod {module};\n"));
        }
        if keeps_schemas {
            out.push_str("\ncrd_core::if_schema! {\n    mod schema;\n}\n");
        }
        out.push_str("\n#[doc(no_inline)]\npub use crd_core::{Channel, Family};\n\n");
        let project = self.options.project();
        out.push_str(&format!("/// All kinds of {project}: the one list of them, from which definitions and bindings are made.\n"));
        out.push_str("#[inline]\n#[must_use]\npub fn family() -> Family {\n");
        let family = self.options.family();
        let kinds: Vec<String> = self
            .newest()
            .map(|ty| self.path(ty).replacen("crate::", "", 1))
            .collect();
        let short = format!(
            "    Family::new({family:?}){}",
            kinds
                .iter()
                .map(|kind| format!(".kind::<{kind}>()"))
                .collect::<String>()
        );
        // rustfmt keeps a chain of up to this width on one line.
        if short.len() - 4 <= 60 {
            out.push_str(&format!("{short}\n"));
        } else {
            out.push_str(&format!("    Family::new({family:?})\n"));
            for kind in kinds {
                out.push_str(&format!("        .kind::<{kind}>()\n"));
            }
        }
        out.push_str("}\n\n");
        out.push_str("crd_core::family_crds!();\n");
        out
    }

    /// How many steps the compiler takes, one inside the other, to see through a type: its usual limit is 128.
    fn deepest(&self) -> usize {
        let mut known = BTreeMap::new();
        let roots = self.types.of_root.iter();
        let steps = roots.map(|root| self.steps(&Ty::Own(*root), &mut known));
        steps.max().unwrap_or_default()
    }

    fn steps(&self, ty: &Ty, known: &mut BTreeMap<TypeId, usize>) -> usize {
        match ty {
            Ty::Map(inner) => 10 + self.steps(inner, known),
            Ty::List(inner) => 3 + self.steps(inner, known),
            Ty::Nullable(inner) => 1 + self.steps(inner, known),
            Ty::Own(own) => {
                if let Some(steps) = known.get(own) {
                    return *steps;
                }
                let members: Vec<Ty> = match &self.types.own[own.0].body {
                    Body::Struct {
                        fields, embedded, ..
                    } => {
                        let fields = fields.iter().map(|field| field.ty.clone());
                        let unions = embedded.iter().map(|embedded| Ty::Own(embedded.ty));
                        fields.chain(unions).collect()
                    }
                    Body::Union { arms, .. } => {
                        let members = arms.iter().filter_map(|arm| arm.member.as_ref());
                        members.map(|(_, ty, _)| ty.clone()).collect()
                    }
                    Body::Texts { .. } | Body::Numbers(_) => Vec::new(),
                };
                let members = members.iter().map(|ty| self.steps(ty, known));
                // A member may be an `Option`.
                let steps = 2 + members.max().unwrap_or_default();
                known.insert(*own, steps);
                steps
            }
            _ => 1,
        }
    }

    /// The newest version of each kind.
    pub(super) fn newest(&self) -> impl Iterator<Item = TypeId> {
        let roots = self.shapes.roots.iter().zip(&self.types.of_root);
        roots
            .filter(|(root, _)| root.version == 0)
            .map(|(_, ty)| *ty)
    }

    pub(super) fn schema_files(&self, files: &mut BTreeMap<String, String>) {
        if self.attributes.kept.is_empty() {
            return;
        }
        let mut out = String::from(self.head());
        out.push_str("//! Schemas that the types do not say: those of core Kubernetes types as upstream's release has them, and variants.\n\n");
        out.push_str("use crd_core::schema::{Schema, SchemaGenerator, of_json};\n");
        for (name, schema) in &self.attributes.kept {
            files.insert(format!("src/schema/{name}.json"), format!("{schema}\n"));
            out.push_str(&format!(
                "\npub(crate) fn {name}(_: &mut SchemaGenerator) -> Schema {{\n"
            ));
            // rustfmt breaks the arguments of a call that are wider than 60 columns.
            let file = format!("\"schema/{name}.json\"");
            out.push_str(&if file.len() + "include_str!()".len() > 60 {
                format!("    of_json(include_str!(\n        {file}\n    ))\n}}\n")
            } else {
                format!("    of_json(include_str!({file}))\n}}\n")
            });
        }
        files.insert("src/schema.rs".to_owned(), out);
    }
}
