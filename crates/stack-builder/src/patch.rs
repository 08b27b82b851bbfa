//! Changes to single objects, made after the components have contributed.

use crd_core::parse::ParseError;
use kube_vocab::ObjectId;
use serde_json::Value;

use crate::bundle::Part;
use crate::object::{Object, ObjectError, TypedObject};

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
        /// The component.
        component: String,
        /// How many there are.
        found: usize,
        /// The component's objects.
        known: Vec<String>,
    },
    /// The object cannot be read as the type of the patch.
    #[error("patch of {object}: {source}")]
    Read {
        /// The object.
        object: Box<ObjectId>,
        /// What is wrong.
        source: ParseError,
    },
    /// What the patch left is no valid object.
    #[error("patch of {object}: {source}")]
    Changed {
        /// The object.
        object: Box<ObjectId>,
        /// What is wrong.
        source: ObjectError,
    },
}

type Change = Box<dyn FnOnce(&Object) -> Result<Object, PatchError>>;

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
        change: impl FnOnce(&mut T) + 'static,
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
            group: Some(T::group(&()).into_owned()),
            kind: T::kind(&()).into_owned(),
            name: name.to_owned(),
            change: Box::new(change),
        }
    }

    pub(crate) fn value(
        component: &str,
        kind: &str,
        name: &str,
        change: impl FnOnce(&mut Value) + 'static,
    ) -> Self {
        let change = move |object: &Object| {
            let mut value = object.value().clone();
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

    pub(crate) fn apply(self, parts: &mut [Part]) -> Result<(), PatchError> {
        let Some(at) = parts.iter().position(|part| part.id == self.component) else {
            return Err(PatchError::Component {
                kind: self.kind,
                name: self.name,
                component: self.component,
                known: parts.iter().map(|part| part.id.clone()).collect(),
            });
        };
        let contribution = &mut parts[at].contribution;
        let exercises = contribution.exercises.iter_mut();
        let mut objects: Vec<&mut Object> = contribution
            .objects
            .iter_mut()
            .chain(exercises.map(|exercise| &mut exercise.placed))
            .map(|placed| &mut placed.object)
            .collect();
        let meant: Vec<usize> = (0..objects.len())
            .filter(|at| self.means(objects[*at].id()))
            .collect();
        let [only] = meant.as_slice() else {
            return Err(PatchError::Object {
                found: meant.len(),
                known: objects.iter().map(|it| it.id().to_string()).collect(),
                kind: self.kind,
                name: self.name,
                component: self.component,
            });
        };
        let object = &mut objects[*only];
        **object = (self.change)(object)?;
        Ok(())
    }
}

fn changed(before: &Object, after: Result<Object, ObjectError>) -> Result<Object, PatchError> {
    after.map_err(|source| PatchError::Changed {
        object: Box::new(before.id().clone()),
        source,
    })
}
