//! Who owns which object, release and file of a stack: there is one owner each.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hash};

use foldhash::HashMap;
use foldhash::quality::RandomState;

use crate::build_error::BuildError;
use crate::bundle::{self, Part};
use crate::contribution::Action;
use crate::place::Place;
use crate::render;
use crate::whole::Whole;

/// The owners of objects and releases. Of each there are 128 bits, so that a stack of a million objects needs little.
#[derive(Default)]
pub(crate) struct Owners {
    /// The components, in order.
    parts: Vec<String>,
    /// By what is owned, the place of its component.
    owned: HashMap<(u64, u64), usize>,
    /// What the halves are made with, each with seeds of its own.
    halves: (RandomState, RandomState),
}

impl Owners {
    /// Takes note of what a component contributes.
    pub(crate) fn add(&mut self, part: &Part) -> Result<(), BuildError> {
        self.parts.push(part.id.clone());
        for placed in &part.contribution.objects {
            let id = placed.object.id();
            let key = ("object", id.group(), &id.kind, &id.namespace, &id.name);
            if let Some(first) = self.claim(&key) {
                return Err(BuildError::DuplicateObject {
                    object: Box::new(id.clone()),
                    first,
                    second: part.id.clone(),
                });
            }
        }
        for release in &part.contribution.releases {
            if let Some(first) = self.claim(&("release", &release.namespace, &release.name)) {
                return Err(BuildError::DuplicateRelease {
                    release: release.name.clone(),
                    namespace: release.namespace.clone(),
                    first,
                    second: part.id.clone(),
                });
            }
        }
        Ok(())
    }

    /// The owner, where there is one already.
    fn claim(&mut self, what: &impl Hash) -> Option<String> {
        let (one, other) = &self.halves;
        let fingerprint = (one.hash_one(what), other.hash_one(what));
        let owner = self.parts.len() - 1;
        let first = self.owned.insert(fingerprint, owner)?;
        self.parts.get(first).cloned()
    }
}

/// Gives every file its path below the root, and finds two owners of one.
pub(crate) fn settle_files(parts: &mut [Part], whole: &Whole) -> Result<(), BuildError> {
    let mut folders: BTreeMap<String, String> = BTreeMap::new();
    folders.extend(parts.iter().map(|part| (part.id.clone(), part.folder())));
    let mut owners: BTreeMap<String, (String, bool)> = BTreeMap::new();
    // Objects of one component may share a file; nothing else may.
    let mut claim = |path: &str, part: &str, shared: bool| match owners.get(path) {
        Some((first, first_shared)) if !(shared && *first_shared && first == part) => {
            Err(BuildError::DuplicateFile {
                path: path.to_owned(),
                first: first.clone(),
                second: part.to_owned(),
            })
        }
        _ => {
            owners.insert(path.to_owned(), (part.to_owned(), shared));
            Ok(())
        }
    };
    for path in render::reserved(whole) {
        claim(&path, &format!("the {} itself", whole.noun), false)?;
    }
    for part in parts {
        let own = part.folder();
        let id = part.id.clone();
        let settle = |place: &mut Place| {
            let path = match &*place {
                Place::Root(path) => path.clone(),
                Place::Own(path) => format!("{own}/{path}"),
                Place::Of(other, path) => format!("{}/{path}", folders.get(other).unwrap_or(&own)),
            };
            *place = Place::Root(path.clone());
            path
        };
        let contribution = &mut part.contribution;
        if let Some((place, _)) = &mut contribution.cluster {
            claim(&settle(place), &id, false)?;
        }
        for path in bundle::values_files(&own, &contribution.releases) {
            claim(&path, &id, false)?;
        }
        for placed in &mut contribution.objects {
            claim(&settle(&mut placed.place), &id, true)?;
        }
        for exercise in &mut contribution.exercises {
            claim(&settle(&mut exercise.placed.place), &id, false)?;
        }
        for file in &mut contribution.files {
            claim(&settle(&mut file.place), &id, false)?;
        }
        for action in &mut contribution.plan {
            if let Action::Apply(place)
            | Action::CreateCluster(place)
            | Action::Program { place, .. } = action
            {
                settle(place);
            }
        }
    }
    Ok(())
}
