//! `images.tsv`: every image, compared with the documented list.

use serde_json::Value;

use super::documented::{EXERCISES, HIDDEN, Hidden, IMAGES, NOTES};
use crate::bundle::Bundle;
use crate::components::KIND;
use crate::image::{ImageRef, Registry};
use crate::release::Release;

/// Whether and when an image is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By the running stack.
    Stack,
    /// By an exercise.
    Exercise,
    /// By the container engine, to make the cluster's nodes.
    Node,
    /// Not at all: a chart names it for something that is off.
    Off,
    /// Not at all: only the documentation lists it.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) component: String,
    /// As upstream publishes it, written out.
    pub(crate) source: ImageRef,
    /// Where a mirror keeps it, below the registry: `cilium/cilium:v1.19.1`. Empty when it is not pulled.
    pub(crate) below: String,
    /// With the registry, where one is set.
    pub(crate) mirrored: String,
    pub(crate) documented: bool,
    pub(crate) comment: String,
}

impl Row {
    /// The source as the documentation spells it: Docker's own images without `library/`.
    pub(crate) fn spelled_source(&self) -> String {
        self.source
            .to_string()
            .replacen("docker.io/library/", "docker.io/", 1)
    }
}

/// All images: those of the stack by component, then the others.
pub(crate) fn rows(bundle: &Bundle) -> Vec<Row> {
    let documented: Vec<(&str, ImageRef)> = IMAGES
        .iter()
        .filter(|(component, _)| bundle.part(component).is_some())
        .filter_map(|(component, image)| {
            Some((*component, image.parse::<ImageRef>().ok()?.canonical()))
        })
        .collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut add =
        |kind: Kind, component: &str, folder: &str, source: &ImageRef, comment: String| {
            let source = source.canonical();
            let listed = documented.iter().any(|(_, image)| *image == source);
            rows.push(Row {
                kind,
                component: component.to_owned(),
                below: below(&source, folder),
                mirrored: bundle.registry().map_or_else(String::new, |registry| {
                    source.mirrored(registry, folder).to_string()
                }),
                comment: explained(kind, &source, listed, comment, &documented),
                documented: listed,
                source,
            });
        };
    for part in bundle.parts() {
        for image in part.images() {
            add(
                Kind::Stack,
                part.id(),
                part.id(),
                &image.source,
                image.comment.clone(),
            );
        }
    }
    for part in bundle.parts() {
        for image in &part.contribution.exercise_images {
            add(
                Kind::Exercise,
                part.id(),
                part.id(),
                &image.source,
                image.comment.clone(),
            );
        }
    }
    for (source, comment) in EXERCISES {
        if let Ok(source) = source.parse() {
            add(
                Kind::Exercise,
                "-",
                "exercises",
                &source,
                comment.to_owned(),
            );
        }
    }
    for source in nodes(bundle) {
        let comment = "pulled by the container engine before there is a cluster; set Kind::node_image to take it from the mirror";
        add(Kind::Node, KIND, KIND, &source, comment.to_owned());
    }
    for hidden in &HIDDEN {
        for part in bundle.parts() {
            let Some(release) = part
                .releases()
                .iter()
                .find(|release| release.name == hidden.release)
            else {
                continue;
            };
            if let Ok(source) = hidden.source.parse() {
                let (kind, comment) = switched(hidden, release);
                add(kind, part.id(), part.id(), &source, comment);
            }
        }
    }
    let pulled: Vec<ImageRef> = rows.iter().map(|row| row.source.clone()).collect();
    for (component, image) in &documented {
        if !pulled.contains(image) {
            let other = pulled.iter().find(|other| other.name() == image.name());
            let comment = other.map_or_else(
                || "listed in 12-2, and nothing in this lab pulls it".to_owned(),
                |other| {
                    format!(
                        "listed in 12-2; this lab pulls {} instead",
                        other.tag().or(other.digest()).unwrap_or("another")
                    )
                },
            );
            rows.push(Row {
                kind: Kind::Documented,
                component: (*component).to_owned(),
                source: image.clone(),
                below: String::new(),
                mirrored: String::new(),
                documented: true,
                comment,
            });
        }
    }
    for row in rows.iter_mut().filter(|row| !row.kind.is_pulled()) {
        row.below.clear();
        row.mirrored.clear();
    }
    rows
}

/// Whether a hidden image is pulled, and why.
fn switched(hidden: &Hidden, release: &Release) -> (Kind, String) {
    let is_on = |switch: &&&str| {
        let value = release.values.pointer(switch);
        value.and_then(Value::as_bool).unwrap_or(hidden.default)
    };
    let spelled = |switch: &str| switch.trim_start_matches('/').replace('/', ".");
    let (purpose, name) = (hidden.purpose, &release.name);
    match hidden.switches.iter().find(is_on) {
        Some(switch) => (
            Kind::Stack,
            format!(
                "{purpose}: {} of {name} is on; set its image in the overlay of {name} too",
                spelled(switch)
            ),
        ),
        None => {
            let switches: Vec<String> = hidden
                .switches
                .iter()
                .map(|switch| spelled(switch))
                .collect();
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

/// What must be said about an image.
fn explained(
    kind: Kind,
    source: &ImageRef,
    listed: bool,
    comment: String,
    documented: &[(&str, ImageRef)],
) -> String {
    if !comment.is_empty() {
        return comment;
    }
    let spelled = |text: &str| text.parse::<ImageRef>().ok().map(|image| image.canonical());
    if let Some((_, note)) = NOTES
        .iter()
        .find(|(image, _)| spelled(image).as_ref() == Some(source))
    {
        return (*note).to_owned();
    }
    if listed || kind != Kind::Stack {
        return String::new();
    }
    match documented
        .iter()
        .find(|(_, image)| image.name() == source.name())
    {
        Some((_, image)) => format!("12-2 lists {}", image.tag().unwrap_or("another version")),
        None => "not listed in 12-2".to_owned(),
    }
}

/// The name below the registry: the documented rule is component, then the last part of the name with its tag.
fn below(source: &ImageRef, folder: &str) -> String {
    // Any registry will do: what follows it is the same for all.
    const ANY: &str = "registry.example.com";
    ANY.parse::<Registry>()
        .map(|registry| source.mirrored(&registry, folder).to_string())
        .map(|name| {
            name.trim_start_matches(ANY)
                .trim_start_matches('/')
                .to_owned()
        })
        .unwrap_or_default()
}

/// The images of kind's nodes, each once.
fn nodes(bundle: &Bundle) -> Vec<ImageRef> {
    let nodes = bundle
        .cluster()
        .and_then(|cluster| cluster["nodes"].as_array());
    let mut images: Vec<ImageRef> = Vec::new();
    for image in nodes
        .into_iter()
        .flatten()
        .filter_map(|node| node["image"].as_str()?.parse().ok())
    {
        if !images.contains(&image) {
            images.push(image);
        }
    }
    images
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
