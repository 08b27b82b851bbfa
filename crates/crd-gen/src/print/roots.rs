//! `#[resource(...)]`: what a definition says of a kind beside its schema.

use super::Printer;
use crate::definition::{Column, Served};
use crate::types::TypeId;
use crate::words;

impl Printer<'_> {
    /// The declaration of a kind by one of its versions, and of the older ones if it is the newest.
    pub(super) fn resource_attribute(&self, root: usize, out: &mut String) {
        let root = &self.shapes.roots[root];
        let definition = &self.definitions[root.definition];
        let version = &definition.versions[root.version];
        let scope = if definition.namespaced {
            "Namespaced"
        } else {
            "Cluster"
        };
        let mut lines = vec![
            format!("group = {:?}", definition.group),
            format!("version = {:?}", version.name),
            format!("kind = {:?}", definition.kind),
            format!("plural = {:?}", definition.plural),
            format!("scope = {scope}"),
        ];
        for (key, text) in [
            ("singular", &definition.singular),
            ("list_kind", &definition.list_kind),
        ] {
            lines.extend(text.as_ref().map(|text| format!("{key} = {text:?}")));
        }
        for (key, texts) in [
            ("short_names", &definition.short_names),
            ("categories", &definition.categories),
        ] {
            if !texts.is_empty() {
                lines.push(format!("{key} = {texts:?}"));
            }
        }
        if version.status {
            lines.push("status_subresource".to_owned());
        }
        if let Some(scale) = &version.scale {
            let selector = scale
                .selector
                .as_ref()
                .map(|selector| format!(", {selector:?}"))
                .unwrap_or_default();
            lines.push(format!(
                "scale = ({:?}, {:?}{selector})",
                scale.spec, scale.status
            ));
        }
        lines.extend(columns(&version.columns, "    "));
        lines.extend(state(version));
        if root.version == 0 {
            if let Some(stored) = definition.versions.iter().find(|version| version.stored)
                && stored.name != version.name
            {
                lines.push(format!("stored = {:?}", stored.name));
            }
            for (number, older) in definition.versions.iter().enumerate().skip(1) {
                lines.push(self.older(root.definition, number, version, older));
            }
        }
        out.push_str("#[resource(\n");
        for line in lines {
            out.push_str(&format!("    {line},\n"));
        }
        out.push_str(")]\n");
    }

    fn older(&self, definition: usize, number: usize, newest: &Served, older: &Served) -> String {
        let mut parts = vec![format!("version = {:?}", older.name)];
        match self.declared(definition, number) {
            Some(ty) => parts.push(format!("declared = {}", self.path(ty))),
            None => {
                if older.columns != newest.columns {
                    parts.extend(
                        columns(&older.columns, "        ")
                            .or_else(|| Some("printer_columns = []".to_owned())),
                    );
                }
            }
        }
        match self.declared(definition, number) {
            // It is said at the version's own type.
            Some(_) => parts.extend((!older.served).then(|| "served = false".to_owned())),
            None => parts.extend(state(older)),
        }
        format!("older({})", parts.join(", "))
    }

    /// The type of a version that has one of its own; none where it has the fields of the newest.
    pub(super) fn declared(&self, definition: usize, version: usize) -> Option<TypeId> {
        let of = |version: usize| {
            let mut roots = self.shapes.roots.iter();
            let position =
                roots.position(|root| root.definition == definition && root.version == version)?;
            self.types.of_root.get(position).copied()
        };
        let ty = of(version)?;
        (Some(ty) != of(0)).then_some(ty)
    }

    /// A type's path in the crate.
    pub(super) fn path(&self, ty: TypeId) -> String {
        let module = &self.layout.of[ty.0];
        format!(
            "crate::{}::{}",
            module.version.join("::"),
            self.names.of(ty)
        )
    }

    /// The path of a version's root that the derive writes beside the newest one.
    pub(super) fn older_path(&self, newest: TypeId, version: &str) -> String {
        let module = &self.layout.of[newest.0];
        let name = self.names.of(newest);
        let version: String = version
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        // As the derive spells it, which takes each capital for a new word.
        let mut beside = String::new();
        for (at, letter) in name.chars().enumerate() {
            if at > 0 && letter.is_ascii_uppercase() {
                beside.push('_');
            }
            beside.push(letter.to_ascii_lowercase());
        }
        let _ = words::snake(name);
        format!(
            "crate::{}::{beside}_{version}::{name}",
            module.version.join("::")
        )
    }
}

fn state(version: &Served) -> Vec<String> {
    let mut parts = Vec::new();
    match (&version.warning, version.deprecated) {
        (Some(warning), true) => parts.push(format!("deprecated = {warning:?}")),
        (None, true) => parts.push("deprecated".to_owned()),
        _ => {}
    }
    if !version.served {
        parts.push("served = false".to_owned());
    }
    parts
}

fn columns(columns: &[Column], indent: &str) -> Option<String> {
    if columns.is_empty() {
        return None;
    }
    let rows = columns.iter().map(|column| {
        let priority = if column.priority == 0 {
            String::new()
        } else {
            format!(", {}", column.priority)
        };
        format!(
            "{indent}    ({:?}, {:?}, {:?}{priority}),\n",
            column.name, column.type_, column.path
        )
    });
    Some(format!(
        "printer_columns = [\n{}{indent}]",
        rows.collect::<String>()
    ))
}
