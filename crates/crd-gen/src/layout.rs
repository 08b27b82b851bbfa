//! Which module each type stands in.

use std::collections::{BTreeMap, BTreeSet};

use crate::definition::Definition;
use crate::naming::{Home, Names};
use crate::overrides::Told;
use crate::shape::Shapes;
use crate::types::{Body, Own, TypeId, Types};
use crate::words;

/// A file of types within a version's module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Module {
    /// The version's module, such as `["acme", "v1"]`.
    pub(crate) version: Vec<String>,
    pub(crate) file: String,
}

pub(crate) struct Layout {
    /// The module of each type.
    pub(crate) of: Vec<Module>,
    /// All versions' modules, each with the group and version it is of.
    pub(crate) versions: BTreeMap<Vec<String>, Home>,
    /// Types of other versions that a version's module has too.
    pub(crate) shared: BTreeMap<Vec<String>, BTreeSet<TypeId>>,
}

impl<'a> Told<'a> {
    /// The file of the one place below which a type stands.
    fn around(&self, own: &Own, shapes: &Shapes) -> Option<&'a str> {
        let mut files: BTreeSet<&str> = BTreeSet::new();
        for place in own.places(shapes) {
            let above = self.below.iter();
            let above = above.filter(|(steps, _)| place.steps.starts_with(steps));
            files.extend(above.map(|(_, file)| *file));
        }
        match files.len() {
            1 if own.root.is_none() => files.first().copied(),
            _ => None,
        }
    }
}

pub(crate) fn arrange(
    definitions: &[Definition],
    shapes: &Shapes,
    types: &Types,
    names: &Names,
    told: &Told<'_>,
) -> Layout {
    let groups = group_modules(definitions);
    let path = |home: &Home| -> Vec<String> {
        let group = groups.get(home.0.as_str()).cloned().flatten();
        group.into_iter().chain([words::snake(&home.1)]).collect()
    };
    let mut layout = Layout {
        of: Vec::new(),
        versions: BTreeMap::new(),
        shared: BTreeMap::new(),
    };
    for root in &shapes.roots {
        let definition = &definitions[root.definition];
        let home = (
            definition.group.clone(),
            definition.versions[root.version].name.clone(),
        );
        layout.versions.insert(path(&home), home);
    }
    for (number, own) in types.own.iter().enumerate() {
        let ty = TypeId(number);
        let home = match own.root {
            Some(root) => {
                let root = &shapes.roots[root];
                let definition = &definitions[root.definition];
                (
                    definition.group.clone(),
                    definition.versions[root.version].name.clone(),
                )
            }
            None => main_home(&names.homes[number], &groups),
        };
        let file = told.named.get(names.of(ty)).copied();
        let file = match file.or_else(|| told.around(own, shapes)) {
            Some(file) => words::snake(file),
            None => file_of(ty, types, shapes, definitions),
        };
        let version = path(&home);
        // No module has the name of the one that it is in.
        let file = match version.last() == Some(&file) {
            true => format!("{file}_kind"),
            false => file,
        };
        let module = Module { version, file };
        if own.root.is_none() {
            for other in names.homes[number].iter().filter(|other| **other != home) {
                layout.shared.entry(path(other)).or_default().insert(ty);
            }
        }
        layout.of.push(module);
    }
    layout
}

/// The kind's file where one kind has the type, and otherwise the file of what is shared.
fn file_of(ty: TypeId, types: &Types, shapes: &Shapes, definitions: &[Definition]) -> String {
    let own = &types.own[ty.0];
    let kinds: BTreeSet<usize> = match own.root {
        Some(root) => BTreeSet::from([shapes.roots[root].definition]),
        None => {
            let places = own.places(shapes);
            places
                .iter()
                .map(|place| shapes.roots[place.root].definition)
                .collect()
        }
    };
    match kinds.first() {
        Some(kind) if kinds.len() == 1 => match words::snake(&definitions[*kind].kind).as_str() {
            "shared" => "shared_kind".to_owned(),
            file => file.to_owned(),
        },
        _ if matches!(own.body, Body::Texts { .. } | Body::Numbers(_)) => "sets".to_owned(),
        _ => "shared".to_owned(),
    }
}

/// The newest version among those of the main group, or else of the first group.
fn main_home(homes: &[Home], groups: &BTreeMap<&str, Option<String>>) -> Home {
    let rank = |home: &Home| {
        let group = groups.get(home.0.as_str()).cloned().flatten();
        (
            group,
            std::cmp::Reverse(crate::definition::priority(&home.1)),
        )
    };
    homes
        .iter()
        .min_by_key(|home| rank(home))
        .cloned()
        .unwrap_or_default()
}

/// The module of each group; the group that others end with, or that is alone, needs none.
fn group_modules(definitions: &[Definition]) -> BTreeMap<&str, Option<String>> {
    let groups: BTreeSet<&str> = definitions
        .iter()
        .map(|definition| definition.group.as_str())
        .collect();
    let below = |group: &str, main: &str| {
        group
            .strip_suffix(main)
            .and_then(|rest| rest.strip_suffix('.'))
            .map(str::to_owned)
    };
    let main = groups
        .iter()
        .find(|main| groups.len() == 1 || groups.iter().any(|group| below(group, main).is_some()));
    let versions = definitions
        .iter()
        .flat_map(|definition| &definition.versions);
    let versions: BTreeSet<String> = versions
        .map(|version| words::snake(&version.name))
        .collect();
    let mut modules: BTreeMap<&str, Option<String>> = BTreeMap::new();
    for group in &groups {
        if Some(group) == main {
            modules.insert(group, None);
            continue;
        }
        let short = main.and_then(|main| below(group, main));
        let short = short.unwrap_or_else(|| group.split('.').next().unwrap_or_default().to_owned());
        let short = words::snake(&short);
        let taken = |name: &String| {
            RESERVED.contains(&name.as_str())
                || versions.contains(name)
                || modules.values().flatten().any(|known| known == name)
        };
        let name = if taken(&short) {
            words::snake(&format!("{} group", group.replace('.', "_")))
        } else {
            short
        };
        modules.insert(group, Some(name));
    }
    modules
}

/// Modules that the crate has anyway.
const RESERVED: [&str; 3] = ["schema", "core", "std"];
