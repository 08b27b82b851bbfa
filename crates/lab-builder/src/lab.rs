//! Chooses the components of a lab and builds it.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};

use kube_vocab::ObjectId;

use crate::bundle::{Bundle, Part};
use crate::component::{Action, Component, ComponentError, Context, Contribution, Place};
use crate::components;
use crate::environment::{Environment, Profile};
use crate::image::Registry;
use crate::stack::{self, StackError};
use crate::wiring::Wiring;

/// The lab of one environment: its components, what they share, and how large it is.
///
/// [`Lab::new`] is the documented lab. Every field of every component can be set, and components can be added, put in
/// another's place, or left out:
///
/// ```
/// use lab_builder::components::{ArgoCd, Cilium};
/// use lab_builder::{Environment, Lab};
///
/// let bundle = Lab::new(Environment::Stg)
///     .configure(|cilium: &mut Cilium| cilium.values.operator.replicas = 1)
///     .replace(ArgoCd { version: "9.4.6".into(), ..ArgoCd::default() })
///     .without("istio")
///     .build()?;
/// assert_eq!(bundle.release("cilium").map(|cilium| &cilium.values["operator"]["replicas"]), Some(&1.into()));
/// assert!(bundle.release("istio-istiod").is_none());
/// # Ok::<(), lab_builder::Error>(())
/// ```
#[derive(Debug)]
pub struct Lab {
    environment: Environment,
    profile: Profile,
    registry: Option<Registry>,
    /// Names and numbers that components share.
    pub wiring: Wiring,
    components: Vec<Box<dyn Component>>,
    detached: BTreeSet<(String, String)>,
    complaints: Vec<StackError>,
}

/// Why a lab could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The components do not make a stack.
    #[error(transparent)]
    Stack(#[from] StackError),
    /// A component's contribution is not valid.
    #[error("component `{component}`: {source}")]
    Component {
        /// The component.
        component: String,
        /// What is wrong.
        source: ComponentError,
    },
    /// Two components contribute the same object.
    #[error(
        "{object} is owned by both `{first}` and `{second}`: rename one of them, or remove or replace one component"
    )]
    DuplicateObject {
        /// The object.
        object: Box<ObjectId>,
        /// The component that comes first.
        first: String,
        /// The component that comes second; the same one when it adds it twice.
        second: String,
    },
    /// Two components install a release of the same name in the same namespace.
    #[error(
        "release `{release}` in `{namespace}` is owned by both `{first}` and `{second}`: rename one of them, or remove or replace one component"
    )]
    DuplicateRelease {
        /// The release.
        release: String,
        /// Its namespace.
        namespace: String,
        /// The component that comes first.
        first: String,
        /// The component that comes second.
        second: String,
    },
    /// Two components write the same file.
    #[error(
        "file `{path}` is written by both `{first}` and `{second}`: give one of them another path"
    )]
    DuplicateFile {
        /// The path below the tree's root.
        path: String,
        /// The component that comes first.
        first: String,
        /// The component that comes second.
        second: String,
    },
}

impl Lab {
    /// The documented lab.
    pub fn new(environment: Environment) -> Self {
        Lab {
            components: components::documented(),
            ..Lab::empty(environment)
        }
    }

    /// A lab without components, for a stack of one's own.
    pub fn empty(environment: Environment) -> Self {
        Lab {
            environment,
            profile: Profile::default(),
            registry: None,
            wiring: Wiring::default(),
            components: Vec::new(),
            detached: BTreeSet::new(),
            complaints: Vec::new(),
        }
    }

    /// Gives the components that are there now the sizes of a profile. Call it before [`Lab::configure`], so that what
    /// you set stays.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        for component in &mut self.components {
            component.resize(profile);
        }
        self
    }

    /// Takes every image from one registry: `REGISTRY/<component>/<name>:<tag>`.
    #[must_use]
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }

    /// Leaves out the mesh: its releases, policies and namespace labels.
    #[must_use]
    pub fn skip_istio(self) -> Self {
        if self
            .components
            .iter()
            .any(|component| component.id() == components::ISTIO)
        {
            self.without(components::ISTIO)
        } else {
            self
        }
    }

    /// Adds a component.
    #[must_use]
    pub fn with(mut self, component: impl Component) -> Self {
        self.components.push(Box::new(component));
        self
    }

    /// Puts a component in the place of the one with the same id.
    #[must_use]
    pub fn replace(self, component: impl Component) -> Self {
        let id = component.id().to_owned();
        self.without(&id).with(component)
    }

    /// Leaves a component out.
    #[must_use]
    pub fn without(mut self, id: &str) -> Self {
        let before = self.components.len();
        self.components.retain(|component| component.id() != id);
        if self.components.len() == before {
            self.complain(id);
        }
        self
    }

    /// Lets a component go without one that it names as a dependency, for example because something outside the lab
    /// does its work.
    #[must_use]
    pub fn detach(mut self, component: &str, dependency: &str) -> Self {
        if !self.components.iter().any(|known| known.id() == component) {
            self.complain(component);
        }
        self.detached
            .insert((component.to_owned(), dependency.to_owned()));
        self
    }

    /// Changes the components of a type. Of the documented ones there is one each.
    #[must_use]
    pub fn configure<C: Component>(mut self, change: impl Fn(&mut C)) -> Self {
        let mut found = false;
        for component in &mut self.components {
            let component: &mut dyn Any = component.as_mut();
            if let Some(component) = component.downcast_mut::<C>() {
                change(component);
                found = true;
            }
        }
        if !found {
            self.complain(std::any::type_name::<C>());
        }
        self
    }

    /// Changes what components share.
    #[must_use]
    pub fn rewire(mut self, change: impl FnOnce(&mut Wiring)) -> Self {
        change(&mut self.wiring);
        self
    }

    /// A call that cannot be right is reported by [`Lab::build`], so that calls can be chained.
    fn complain(&mut self, id: &str) {
        let known = self
            .components
            .iter()
            .map(|component| component.id().to_owned())
            .collect();
        self.complaints.push(StackError::Unknown {
            id: id.to_owned(),
            known,
        });
    }

    /// Orders the components and gathers what they contribute.
    ///
    /// # Errors
    /// [`BuildError`] that names the component, object or file and the remedy.
    pub fn build(mut self) -> Result<Bundle, BuildError> {
        if !self.complaints.is_empty() {
            return Err(self.complaints.swap_remove(0).into());
        }
        let ranked = stack::resolve(&self.components, &self.detached)?;
        let ids: BTreeSet<String> = ranked
            .iter()
            .map(|ranked| ranked.component.id().to_owned())
            .collect();
        let context = Context {
            environment: &self.environment,
            profile: self.profile,
            wiring: &self.wiring,
            components: &ids,
        };

        let mut parts = Vec::with_capacity(ranked.len());
        for ranked in &ranked {
            let id = ranked.component.id();
            let mut contribution = Contribution::new(id, self.registry.as_ref());
            ranked
                .component
                .contribute(&context, &mut contribution)
                .map_err(|source| BuildError::Component {
                    component: id.to_owned(),
                    source,
                })?;
            parts.push(Part {
                id: id.to_owned(),
                namespace: ranked.component.namespace().map(str::to_owned),
                depth: ranked.depth,
                step: ranked.step,
                depends_on: ranked.depends_on.clone(),
                contribution,
            });
        }
        check_owners(&parts)?;
        settle_files(&mut parts)?;
        Ok(Bundle {
            environment: self.environment,
            profile: self.profile,
            wiring: self.wiring,
            registry: self.registry,
            parts,
        })
    }
}

fn check_owners(parts: &[Part]) -> Result<(), BuildError> {
    let mut objects: BTreeMap<(&str, &str, Option<&str>, &str), &str> = BTreeMap::new();
    let mut releases: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for part in parts {
        for placed in &part.contribution.objects {
            let id = placed.object.id();
            if let Some(first) = objects.insert(
                (id.group(), &id.kind, id.namespace.as_deref(), &id.name),
                &part.id,
            ) {
                return Err(BuildError::DuplicateObject {
                    object: Box::new(id.clone()),
                    first: first.to_owned(),
                    second: part.id.clone(),
                });
            }
        }
        for release in &part.contribution.releases {
            if let Some(first) = releases.insert((&release.namespace, &release.name), &part.id) {
                return Err(BuildError::DuplicateRelease {
                    release: release.name.clone(),
                    namespace: release.namespace.clone(),
                    first: first.to_owned(),
                    second: part.id.clone(),
                });
            }
        }
    }
    Ok(())
}

/// Gives every file its path below the root, and finds two owners of one.
fn settle_files(parts: &mut [Part]) -> Result<(), BuildError> {
    let folders: BTreeMap<String, String> = parts
        .iter()
        .map(|part| (part.id.clone(), part.folder()))
        .collect();
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
    for path in crate::bundle::RESERVED {
        claim(path, "the lab itself", false)?;
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
        for path in crate::bundle::values_files(&own, &contribution.releases) {
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
