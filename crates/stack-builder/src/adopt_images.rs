//! Images that stand in objects without having been registered: they are pulled all the same, so they count like the others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::air_gap::EXERCISES;
use crate::contribution::{Contribution, Image, Placed};
use crate::image::{ImageRef, Registry};
use crate::object::{Object, ObjectError};
use crate::pod_template::PodTemplate;
use crate::whole::Whole;

/// Registers the images of all pods that objects describe. With a registry, objects are changed to take them from it. A
/// reference that cannot be parsed stays as it is.
pub(crate) struct Adoption<'a> {
    registry: Option<&'a Registry>,
    /// Exercises of the stack as a whole keep their images in a folder of their own.
    of_whole: BTreeMap<ImageRef, &'a str>,
}

impl<'a> Adoption<'a> {
    pub(crate) fn new(whole: &Whole, registry: Option<&'a Registry>) -> Self {
        let exercises = whole.air_gap.exercises.iter();
        Adoption {
            registry,
            of_whole: exercises
                .map(|(image, _)| (image.canonical(), EXERCISES))
                .collect(),
        }
    }

    /// Registers the images of one component's objects.
    pub(crate) fn adopt(
        &self,
        component: &str,
        contribution: &mut Contribution,
    ) -> Result<(), ObjectError> {
        let mut known = Known::of(&contribution.images, self.registry);
        for placed in &mut contribution.objects {
            let new = known.take(placed, component)?;
            contribution.images.extend(new);
        }
        // What the stack runs is brought in for it; exercises add what is theirs alone.
        known.add(&contribution.exercise_images);
        known.folders.clone_from(&self.of_whole);
        known.folders.extend(
            contribution
                .air_gap
                .exercises
                .iter()
                .map(|(image, _)| (image.canonical(), "")),
        );
        for exercise in &mut contribution.exercises {
            let new = known.take(&mut exercise.placed, component)?;
            let comment = format!("exercise {}", exercise.exercise);
            contribution
                .exercise_images
                .extend(new.into_iter().map(|image| Image {
                    comment: comment.clone(),
                    ..image
                }));
        }
        Ok(())
    }
}

/// What is registered already.
struct Known<'a> {
    registry: Option<&'a Registry>,
    sources: BTreeSet<ImageRef>,
    mirrored: BTreeSet<ImageRef>,
    /// Images that are listed elsewhere, and the folder in which a mirror keeps them; empty for the component's own.
    folders: BTreeMap<ImageRef, &'a str>,
}

impl<'a> Known<'a> {
    fn of(images: &[Image], registry: Option<&'a Registry>) -> Self {
        let mut known = Known {
            registry,
            sources: BTreeSet::new(),
            mirrored: BTreeSet::new(),
            folders: BTreeMap::new(),
        };
        known.add(images);
        known
    }

    fn add(&mut self, images: &[Image]) {
        for image in images {
            self.sources.insert(image.source.canonical());
            self.mirrored.extend(image.mirrored.clone());
        }
    }

    /// Points an object to the mirror, and gives the images that were not known before.
    fn take(&mut self, placed: &mut Placed, component: &str) -> Result<Vec<Image>, ObjectError> {
        let Some(at) = placed.object.pods_at() else {
            return Ok(Vec::new());
        };
        let value = placed.object.to_value();
        let Some(pods) = PodTemplate::in_value(&value, at) else {
            return Ok(Vec::new());
        };
        let mut new = Vec::new();
        let mut changes: Vec<(String, String)> = Vec::new();
        for (pointer, written) in pods.images() {
            let Ok(source) = written.parse::<ImageRef>() else {
                continue;
            };
            if self.mirrored.contains(&source) || self.is_in_registry(written) {
                continue;
            }
            let folder = self.folders.get(&source.canonical()).copied();
            let folder_or_own = folder
                .filter(|folder| !folder.is_empty())
                .unwrap_or(component);
            let mirrored = self
                .registry
                .map(|registry| source.mirrored(registry, folder_or_own));
            if let Some(mirrored) = &mirrored {
                changes.push((pointer, mirrored.to_string()));
            }
            if folder.is_none() && self.sources.insert(source.canonical()) {
                new.push(Image {
                    source,
                    mirrored,
                    comment: String::new(),
                });
            }
        }
        if !changes.is_empty() {
            let mut value = Arc::unwrap_or_clone(value);
            for (pointer, image) in changes {
                if let Some(at) = value.pointer_mut(&pointer) {
                    *at = Value::String(image);
                }
            }
            placed.object = Object::dynamic(value)?;
        }
        Ok(new)
    }

    /// Whether a reference points into the registry as it is.
    fn is_in_registry(&self, written: &str) -> bool {
        let registry = self.registry.map(ToString::to_string);
        registry.is_some_and(|registry| {
            written
                .strip_prefix(&registry)
                .is_some_and(|rest| rest.starts_with('/'))
        })
    }
}
