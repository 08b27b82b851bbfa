//! `images.tsv`: every image, compared with the documented lists.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::air_gap::{AirGap, EXERCISES, OptionalImage};
use crate::bundle::{Bundle, Part};
use crate::image::ImageRef;
use crate::release::Release;

/// Whether and when an image is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// By the running stack.
    Stack,
    /// By an exercise.
    Exercise,
    /// By the container engine, to make the cluster's nodes.
    Node,
    /// Not at all: a chart names it for something that is off.
    Off,
    /// Not at all: only a documented list has it.
    Documented,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Stack => "stack",
            Kind::Exercise => "exercise",
            Kind::Node => "node",
            Kind::Off => "off",
            Kind::Documented => "documented-only",
        }
    }

    /// Whether it must be brought in.
    pub(super) fn is_pulled(self) -> bool {
        matches!(self, Kind::Stack | Kind::Exercise | Kind::Node)
    }
}

/// One image.
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) component: String,
    /// As upstream publishes it, written out.
    pub(super) source: ImageRef,
    /// Where a mirror keeps it, below the registry: `store/store:v1.19.1`. Empty when it is not pulled.
    pub(super) below: String,
    /// With the registry, where one is set.
    pub(super) mirrored: String,
    documented: bool,
    pub(super) comment: String,
}

impl Row {
    /// The source as people spell it: Docker's own images without `library/`.
    pub(super) fn spelled_source(&self) -> String {
        self.source
            .to_string()
            .replacen("docker.io/library/", "docker.io/", 1)
    }
}

/// What all components and the stack itself say of images.
struct Known<'a> {
    /// By the name without the tag, in the order of the lists.
    listed: BTreeMap<&'a str, Vec<&'a ImageRef>>,
    all: BTreeSet<&'a ImageRef>,
    notes: BTreeMap<&'a ImageRef, &'a str>,
    /// The names of the lists, for a sentence; empty where there are none.
    lists: String,
}

impl<'a> Known<'a> {
    fn of(bundle: &'a Bundle) -> Self {
        let mut known = Known {
            listed: BTreeMap::new(),
            all: BTreeSet::new(),
            notes: BTreeMap::new(),
            lists: String::new(),
        };
        let mut lists: BTreeSet<&str> = BTreeSet::new();
        for (_, air_gap) in sources(bundle) {
            for (list, image) in &air_gap.listed {
                known.listed.entry(image.name()).or_default().push(image);
                known.all.insert(image);
                lists.insert(list);
            }
            let notes = air_gap.notes.iter();
            known
                .notes
                .extend(notes.map(|(image, note)| (image, note.as_str())));
        }
        known.lists = lists.into_iter().collect::<Vec<_>>().join(", ");
        known
    }

    /// What must be said about an image.
    fn explained(&self, kind: Kind, source: &ImageRef, comment: String) -> String {
        if !comment.is_empty() {
            return comment;
        }
        if let Some(note) = self.notes.get(source) {
            return (*note).to_owned();
        }
        if self.lists.is_empty() || self.all.contains(source) || kind != Kind::Stack {
            return String::new();
        }
        match self.listed.get(source.name()).and_then(|same| same.first()) {
            Some(image) => {
                let tag = image.tag().unwrap_or("another version");
                format!("{} lists {tag}", self.lists)
            }
            None => format!("not listed in {}", self.lists),
        }
    }
}

/// Whoever says something about a place without Internet: the stack itself, then each component.
pub(super) fn sources(bundle: &Bundle) -> impl Iterator<Item = (Option<&Part>, &AirGap)> {
    let parts = bundle.parts().iter();
    [(None, &bundle.whole.air_gap)]
        .into_iter()
        .chain(parts.map(|part| (Some(part), &part.contribution.air_gap)))
}

/// All images: those of the stack by component, then the others.
pub(super) fn rows(bundle: &Bundle) -> Vec<Row> {
    let known = Known::of(bundle);
    let mut rows: Vec<Row> = Vec::new();
    let mut add =
        |kind: Kind, component: &str, folder: &str, source: &ImageRef, comment: String| {
            let source = source.canonical();
            let pulled = |name: String| {
                if kind.is_pulled() {
                    name
                } else {
                    String::new()
                }
            };
            rows.push(Row {
                kind,
                component: component.to_owned(),
                below: pulled(source.below(folder).to_string()),
                mirrored: bundle.registry().map_or_else(String::new, |registry| {
                    pulled(source.mirrored(registry, folder).to_string())
                }),
                comment: known.explained(kind, &source, comment),
                documented: known.all.contains(&source),
                source,
            });
        };
    let parts = bundle.parts();
    for part in parts {
        for image in part.images() {
            let comment = image.comment.clone();
            add(Kind::Stack, part.id(), part.id(), &image.source, comment);
        }
    }
    for part in parts {
        for image in &part.contribution.exercise_images {
            let comment = image.comment.clone();
            add(Kind::Exercise, part.id(), part.id(), &image.source, comment);
        }
    }
    for (part, air_gap) in sources(bundle) {
        let (component, folder) = part.map_or(("-", EXERCISES), |part| (part.id(), part.id()));
        for (source, comment) in &air_gap.exercises {
            add(Kind::Exercise, component, folder, source, comment.clone());
        }
    }
    for part in parts {
        for (source, comment) in &part.contribution.air_gap.nodes {
            add(Kind::Node, part.id(), part.id(), source, comment.clone());
        }
    }
    for part in parts {
        let optional = &part.contribution.air_gap.optional;
        let mut releases: BTreeMap<&str, &Release> = BTreeMap::new();
        if !optional.is_empty() {
            let all = part.releases().iter();
            releases.extend(all.map(|release| (release.name.as_str(), release)));
        }
        for (image, source) in optional {
            if let Some(release) = releases.get(image.release) {
                let (kind, comment) = switched(image, release);
                add(kind, part.id(), part.id(), source, comment);
            }
        }
    }
    only_documented(bundle, &mut rows);
    rows
}

/// Images that a list has and nothing pulls.
fn only_documented(bundle: &Bundle, rows: &mut Vec<Row>) {
    let pulled: BTreeSet<ImageRef> = rows.iter().map(|row| row.source.clone()).collect();
    let mut by_name: BTreeMap<String, String> = BTreeMap::new();
    for source in rows.iter().map(|row| &row.source) {
        let version = source.tag().or(source.digest()).unwrap_or("another");
        let name = source.name().to_owned();
        by_name.entry(name).or_insert_with(|| version.to_owned());
    }
    let noun = &bundle.whole.noun;
    for (part, air_gap) in sources(bundle) {
        for (list, image) in &air_gap.listed {
            if pulled.contains(image) {
                continue;
            }
            rows.push(Row {
                kind: Kind::Documented,
                component: part.map_or("-", Part::id).to_owned(),
                source: image.clone(),
                below: String::new(),
                mirrored: String::new(),
                documented: true,
                comment: match by_name.get(image.name()) {
                    Some(other) => format!("listed in {list}; this {noun} pulls {other} instead"),
                    None => format!("listed in {list}, and nothing in this {noun} pulls it"),
                },
            });
        }
    }
}

/// Whether a hidden image is pulled, and why.
fn switched(image: &OptionalImage, release: &Release) -> (Kind, String) {
    let is_on = |switch: &&&str| {
        let value = release.values.pointer(switch);
        value.and_then(Value::as_bool).unwrap_or(image.default)
    };
    let spelled = |switch: &&str| switch.trim_start_matches('/').replace('/', ".");
    let (purpose, name) = (image.purpose, &release.name);
    match image.switches.iter().find(is_on) {
        Some(switch) => (
            Kind::Stack,
            format!(
                "{purpose}: {} of {name} is on; set its image in the overlay of {name} too",
                spelled(switch)
            ),
        ),
        None => {
            let switches: Vec<String> = image.switches.iter().map(spelled).collect();
            (
                Kind::Off,
                format!(
                    "{purpose}: not pulled, since {name} has it off ({})",
                    switches.join(", ")
                ),
            )
        }
    }
}

/// The table.
pub(super) fn text(rows: &[Row]) -> String {
    super::table(
        [
            "kind",
            "component",
            "source",
            "mirrored",
            "documented",
            "comment",
        ],
        rows.iter().map(|row| {
            let name = if row.mirrored.is_empty() {
                &row.below
            } else {
                &row.mirrored
            };
            [
                row.kind.name().to_owned(),
                row.component.clone(),
                row.spelled_source(),
                name.clone(),
                if row.documented { "yes" } else { "no" }.to_owned(),
                row.comment.clone(),
            ]
        }),
    )
}
