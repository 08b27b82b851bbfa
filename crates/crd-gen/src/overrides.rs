//! What a file of overrides says.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::definition::Definition;
use crate::error::Error;
use crate::package::Package;
use crate::shape::{ShapeId, Shapes};
use crate::types::{Body, Choices, Own, Ty, TypeId, Types};

/// What people decide where the definitions do not say it, or not well. Read from TOML.
///
/// Places are written `Kind path`, such as `Prometheus spec.remoteWrite[].url`: `[]` stands for the elements of a list and
/// `{}` for the values of a map. The newest version is meant, unless it is named: `Prometheus/v1 spec.remoteWrite[]`.
/// Of two kinds of one name in two groups, the group is named too: `monitoring.coreos.com/Prometheus/v1 spec`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Overrides {
    /// What the crate as a whole is like.
    #[serde(rename = "crate")]
    pub package: Package,
    /// Names of types, by place.
    pub rename: BTreeMap<String, String>,
    /// Whether an object is a union all of whose members exclude each other, by place.
    pub union: BTreeMap<String, bool>,
    /// Types written elsewhere, by place: `crd_core::GoDuration`.
    pub replace: BTreeMap<String, String>,
    /// The known values of texts that may have others too, by place.
    pub open: BTreeMap<String, Vec<String>>,
    /// The file within its version's module that a type is written to: by the type's name, or by a place, for all types that
    /// stand there or below and below no other of these places, whatever the kind.
    pub module: BTreeMap<String, String>,
    /// Sentences on types and their fields and arms: `Type` or `Type.field`, with the names in Rust.
    pub doc: BTreeMap<String, String>,
    /// Messages of rules in one's own words, by the rule's text.
    pub message: BTreeMap<String, String>,
}

impl Overrides {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// When the text is no TOML, or has a table that means nothing.
    pub fn parse(text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|error| Error::Overrides(error.to_string()))
    }

    /// What types are decided by.
    pub(crate) fn choices(
        &self,
        definitions: &[Definition],
        shapes: &Shapes,
    ) -> Result<Choices, Error> {
        let find = |table, key: &String| {
            find(definitions, shapes, key).map_err(|reason| Error::stale(table, key, reason))
        };
        let mut choices = Choices::default();
        for (key, told) in &self.union {
            choices.unions.insert(find("union", key)?.0, *told);
        }
        for (key, path) in &self.replace {
            let (_, owner, step) = find("replace", key)?;
            choices.replaced.insert((owner, step), path.clone());
        }
        for (key, values) in &self.open {
            let (_, owner, step) = find("open", key)?;
            choices.opened.insert((owner, step), values.clone());
        }
        Ok(choices)
    }

    /// The files that are told.
    pub(crate) fn files(
        &self,
        definitions: &[Definition],
        shapes: &Shapes,
    ) -> Result<Told<'_>, Error> {
        let mut files = Told::default();
        for (key, file) in &self.module {
            let Some((_, path)) = key.split_once(' ') else {
                files.named.insert(key, file);
                continue;
            };
            find(definitions, shapes, key).map_err(|reason| Error::stale("module", key, reason))?;
            files.below.push((steps(path), file));
        }
        Ok(files)
    }

    /// The names that are told, each with its place, by type.
    pub(crate) fn names(
        &self,
        definitions: &[Definition],
        shapes: &Shapes,
        types: &Types,
    ) -> Result<BTreeMap<usize, (String, String)>, Error> {
        let mut names = BTreeMap::new();
        for (key, name) in &self.rename {
            let (place, embedded) = match key.split_once(" +") {
                Some((place, number)) => (place.to_owned(), number.parse::<usize>().ok()),
                None => (key.clone(), None),
            };
            let (shape, owner, step) = find(definitions, shapes, &place)
                .map_err(|reason| Error::stale("rename", key, reason))?;
            let ty = types.declared_at(shape, owner, &step, embedded);
            let ty = ty.ok_or_else(|| {
                Error::stale(
                    "rename",
                    key,
                    "no type of this crate stands there".to_owned(),
                )
            })?;
            let fits = *name == crate::words::pascal(name) && name.len() <= crate::words::LONGEST;
            if !fits || crate::words::is_taken(name) {
                let reason = format!(
                    "`{name}` is no name for a type: Pascal case, at most 40 characters, and none that Rust or the crate has"
                );
                return Err(Error::stale("rename", key, reason));
            }
            names.insert(ty.0, (key.clone(), name.clone()));
        }
        Ok(names)
    }
}

/// The files that people choose.
#[derive(Default)]
pub(crate) struct Told<'a> {
    /// By the name of a type.
    pub(crate) named: BTreeMap<&'a str, &'a str>,
    /// By a place, for all types that stand there or below, and below no other of these places.
    pub(crate) below: Vec<(Vec<String>, &'a str)>,
}

/// The shape at a place, the shape that holds it, and the last step.
fn find(
    definitions: &[Definition],
    shapes: &Shapes,
    place: &str,
) -> Result<(ShapeId, ShapeId, String), String> {
    let (kind, path) = place.split_once(' ').unwrap_or((place, ""));
    let parts: Vec<&str> = kind.split('/').collect();
    let (group, kind, version) = match parts.as_slice() {
        [kind] => (None, *kind, None),
        [kind, version] => (None, *kind, Some(*version)),
        [group, kind, version] => (Some(*group), *kind, Some(*version)),
        _ => return Err("a place is `Kind path` or `Kind/version path`".to_owned()),
    };
    let root = shapes.roots.iter().find(|root| {
        let definition = &definitions[root.definition];
        definition.kind == kind
            && group.is_none_or(|group| group == definition.group)
            && version.is_none_or(|version| version == definition.versions[root.version].name)
    });
    let Some(root) = root else {
        return Err(format!("there is no kind `{}`", parts.join("/")));
    };
    let steps = steps(path);
    let shape = shapes
        .follow(root.shape, &steps)
        .map_err(|wrong| missing(shapes, root.shape, &steps, wrong))?;
    let (step, before) = steps
        .split_last()
        .map_or((String::new(), &[][..]), |(last, before)| {
            (last.clone(), before)
        });
    let owner = shapes.follow(root.shape, before).unwrap_or(root.shape);
    Ok((shape, owner, step))
}

/// `spec.a[].b` is `spec`, `a`, `[]`, `b`.
fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let end = part.find(['[', '{']).unwrap_or(part.len());
        if end > 0 {
            steps.push(part[..end].to_owned());
        }
        let mut rest = &part[end..];
        while rest.len() >= 2 {
            steps.push(rest[..2].to_owned());
            rest = &rest[2..];
        }
    }
    steps
}

fn missing(shapes: &Shapes, root: ShapeId, steps: &[String], wrong: usize) -> String {
    let before = crate::report::path_text(&steps[..wrong]);
    let Ok(owner) = shapes.follow(root, &steps[..wrong]) else {
        return "no such place".to_owned();
    };
    let shape = shapes.get(owner);
    let mut known: Vec<String> = shape
        .properties
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    known.extend(shape.items.as_ref().map(|_| "`[]`".to_owned()));
    known.extend(shape.values.as_ref().map(|_| "`{}`".to_owned()));
    let known = match known.is_empty() {
        true => "nothing".to_owned(),
        false => known.join(", "),
    };
    let before = if before.is_empty() {
        "the root".to_owned()
    } else {
        format!("`{before}`")
    };
    format!("there is no `{}`; {before} has {known}", steps[wrong])
}

impl Types {
    /// The declared type at a place; `embedded` is the number of a union in it, from 1.
    fn declared_at(
        &self,
        shape: ShapeId,
        owner: ShapeId,
        step: &str,
        embedded: Option<usize>,
    ) -> Option<TypeId> {
        let is_root = |own: &Own| own.root.is_some() && own.shapes.contains(&shape);
        let root = || self.own.iter().position(is_root).map(TypeId);
        let ty = match self.of_shape.get(&shape).copied().or_else(root) {
            Some(ty) => ty,
            None => {
                let holder = self.of_shape.get(&owner)?;
                let Body::Struct { fields, .. } = &self.own[holder.0].body else {
                    return None;
                };
                let field = fields.iter().find(|field| field.wire == step)?;
                match &field.ty {
                    Ty::Own(ty) => *ty,
                    _ => return None,
                }
            }
        };
        match (embedded, &self.own[ty.0].body) {
            (None, _) => Some(ty),
            (Some(number), Body::Struct { embedded, .. }) => {
                embedded.get(number.checked_sub(1)?).map(|found| found.ty)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_falls_into_steps() {
        assert_eq!(
            super::steps("spec.a[].b{}[]"),
            ["spec", "a", "[]", "b", "{}", "[]"]
        );
        assert_eq!(super::steps(""), Vec::<String>::new());
    }
}
