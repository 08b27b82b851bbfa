//! Changes to single objects, made after the components have contributed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crd_core::parse::ParseError;
use kube_vocab::ObjectId;
use serde_json::Value;

use crate::bundle::Part;
use crate::object::{Object, ObjectError, TypedObject};
use crate::order::Ranked;

/// Why an object could not be changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PatchError {
    /// The stack has no such component.
    #[error("patch of {kind} `{name}`: there is no component `{component}` in the stack: it has {}", known.join(", "))]
    Component {
        /// The kind that was asked for.
        kind: String,
        /// The object that was asked for.
        name: String,
        /// The component that is not there.
        component: String,
        /// The ids that there are.
        known: Vec<String>,
    },
    /// The component makes no such object, or several.
    #[error("patch of {kind} `{name}`: component `{component}` has {found} of it; its objects are {}", known.join(", "))]
    Object {
        /// The kind that was asked for.
        kind: String,
        /// The object that was asked for.
        name: String,
        /// The id of the component that was to make the object.
        component: String,
        /// How many objects of the kind and name it makes: none, or more than one.
        found: usize,
        /// All objects that it makes, for the reader to choose from.
        known: Vec<String>,
    },
    /// The object cannot be read as the type of the patch.
    #[error("patch of {object}: {source}")]
    Read {
        /// The object that was to be patched.
        object: Box<ObjectId>,
        /// Where the object departs from the type.
        source: ParseError,
    },
    /// What the patch left is no valid object.
    #[error("patch of {object}: {source}")]
    Changed {
        /// The object that was to be patched.
        object: Box<ObjectId>,
        /// Where the object departs from the type.
        source: ObjectError,
    },
}

type Change = Box<dyn FnOnce(&Object) -> Result<Object, PatchError> + Send>;

/// One change of one object.
pub(crate) struct Patch {
    component: String,
    /// `None` for any group.
    group: Option<String>,
    kind: String,
    name: String,
    change: Change,
}

impl Patch {
    pub(crate) fn typed<T: TypedObject>(
        component: &str,
        name: &str,
        change: impl FnOnce(&mut T) + Send + 'static,
    ) -> Self {
        let change = move |object: &Object| {
            let read = object.read::<T>().map_err(|source| PatchError::Read {
                object: Box::new(object.id().clone()),
                source,
            })?;
            let Some(read) = read else {
                return Ok(object.clone());
            };
            let mut value = read.into_owned();
            change(&mut value);
            changed(object, Object::typed(value))
        };
        Patch {
            component: component.to_owned(),
            group: Some(T::group().into_owned()),
            kind: T::kind().into_owned(),
            name: name.to_owned(),
            change: Box::new(change),
        }
    }

    pub(crate) fn value(
        component: &str,
        kind: &str,
        name: &str,
        change: impl FnOnce(&mut Value) + Send + 'static,
    ) -> Self {
        let change = move |object: &Object| {
            let mut value = Arc::unwrap_or_clone(object.to_value());
            change(&mut value);
            changed(object, Object::dynamic(value))
        };
        Patch {
            component: component.to_owned(),
            group: None,
            kind: kind.to_owned(),
            name: name.to_owned(),
            change: Box::new(change),
        }
    }

    fn means(&self, id: &ObjectId) -> bool {
        let group = self.group.as_ref().is_none_or(|group| id.group() == group);
        let name = match self.name.split_once('/') {
            Some((namespace, name)) => {
                id.name == name && id.namespace.as_deref() == Some(namespace)
            }
            None => id.name == self.name,
        };
        group && name && id.kind == self.kind
    }

    /// The name without its namespace.
    fn bare_name(&self) -> &str {
        self.name
            .split_once('/')
            .map_or(&self.name, |(_, name)| name)
    }
}

/// All changes of a stack, by the components whose objects they change.
#[derive(Default)]
pub(crate) struct Patches(BTreeMap<String, Vec<Patch>>);

impl Patches {
    /// Refuses a change of an object of a component that is not there.
    pub(crate) fn of(patches: Vec<Patch>, ranked: &[Ranked<'_>]) -> Result<Self, PatchError> {
        let ids = || ranked.iter().map(|ranked| ranked.component.id());
        let known: BTreeSet<&str> = match patches.is_empty() {
            true => BTreeSet::new(),
            false => ids().collect(),
        };
        let mut of_components: BTreeMap<String, Vec<Patch>> = BTreeMap::new();
        for patch in patches {
            if !known.contains(patch.component.as_str()) {
                return Err(PatchError::Component {
                    kind: patch.kind,
                    name: patch.name,
                    component: patch.component,
                    known: ids().map(str::to_owned).collect(),
                });
            }
            match of_components.get_mut(&patch.component) {
                Some(others) => others.push(patch),
                None => {
                    of_components.insert(patch.component.clone(), vec![patch]);
                }
            }
        }
        Ok(Self(of_components))
    }

    /// Changes the objects of a component, in the order in which the changes were asked for.
    pub(crate) fn apply(&mut self, part: &mut Part) -> Result<(), PatchError> {
        let Some(patches) = self.0.remove(&part.id) else {
            return Ok(());
        };
        let contribution = &mut part.contribution;
        let exercises = contribution.exercises.iter_mut();
        let mut objects: Vec<&mut Object> = contribution
            .objects
            .iter_mut()
            .chain(exercises.map(|exercise| &mut exercise.placed))
            .map(|placed| &mut placed.object)
            .collect();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, object) in objects.iter().enumerate() {
            by_name
                .entry(object.id().name.clone())
                .or_default()
                .push(at);
        }
        for patch in patches {
            let named = by_name
                .get(patch.bare_name())
                .map_or(&[][..], Vec::as_slice);
            let meant = named.iter().filter(|at| patch.means(objects[**at].id()));
            let meant: Vec<usize> = meant.copied().collect();
            let [only] = meant.as_slice() else {
                return Err(PatchError::Object {
                    found: meant.len(),
                    known: objects.iter().map(|it| it.id().to_string()).collect(),
                    kind: patch.kind,
                    name: patch.name,
                    component: patch.component,
                });
            };
            let object = &mut *objects[*only];
            let changed = (patch.change)(object)?;
            if changed.id().name != object.id().name {
                by_name
                    .entry(changed.id().name.clone())
                    .or_default()
                    .push(*only);
            }
            *object = changed;
        }
        Ok(())
    }
}

fn changed(before: &Object, after: Result<Object, ObjectError>) -> Result<Object, PatchError> {
    after.map_err(|source| PatchError::Changed {
        object: Box::new(before.id().clone()),
        source,
    })
}
