//! Chooses the components of a stack and builds it.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kube_vocab::ObjectId;

use crate::adopt_images;
use crate::bundle::{self, Bundle, Check, Part};
use crate::component::{Component, Context};
use crate::contribution::{Action, Contribution};
use crate::environment::{Environment, EnvironmentError};
use crate::error::ComponentError;
use crate::image::Registry;
use crate::object::TypedObject;
use crate::order::{self, StackError};
use crate::patch::{Patch, PatchError};
use crate::place::Place;
use crate::render;
use crate::shared::{Shared, SharedValues};
use crate::whole::Whole;

/// The stack of one environment: its components, what they share, and how large it is.
///
/// Components can be added, put in another's place, left out, and changed:
///
/// ```
/// use stack_builder::{Component, ComponentError, Context, Contribution, Stack};
///
/// #[derive(Debug, Default)]
/// struct App {
///     replicas: u32,
/// }
///
/// impl Component for App {
///     fn id(&self) -> &str {
///         "app"
///     }
///     fn resize(&mut self, profile: &str) {
///         self.replicas = if profile == "large" { 3 } else { 1 };
///     }
///     fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
///         out.file("replicas.txt", self.replicas.to_string())
///     }
/// }
///
/// let stack = Stack::new("dev", "dev.example.com")
///     .with(App::default())
///     .profile("large")
///     .configure(|app: &mut App| app.replicas += 2);
/// let files = stack.build()?.files();
/// assert!(files.iter().any(|file| file.path == "00-app/replicas.txt" && file.text == "5"));
/// # Ok::<(), stack_builder::BuildError>(())
/// ```
pub struct Stack {
    environment: Result<Environment, EnvironmentError>,
    profile: String,
    registry: Option<Registry>,
    wiring: SharedValues,
    components: Vec<Chosen>,
    detached: BTreeSet<(String, String)>,
    patches: Vec<Patch>,
    whole: Vec<AddWhole>,
    checks: Vec<Check>,
    complaints: Vec<StackError>,
}

type AddWhole = Box<dyn FnOnce(&Context<'_>, &mut Whole) -> Result<(), ComponentError>>;

struct Chosen {
    component: Box<dyn Component>,
    /// Whether fields of it were set, which no profile may take back unsaid.
    configured: bool,
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let components: Vec<_> = self.components.iter().map(|it| &it.component).collect();
        f.debug_struct("Stack")
            .field("environment", &self.environment)
            .field("profile", &self.profile)
            .field("registry", &self.registry)
            .field("wiring", &self.wiring)
            .field("components", &components)
            .finish_non_exhaustive()
    }
}

/// Why a stack could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The environment is not valid.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
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
    /// What belongs to the stack as a whole is not valid.
    #[error("the stack as a whole: {0}")]
    Whole(ComponentError),
    /// A patch does not fit the stack.
    #[error(transparent)]
    Patch(#[from] PatchError),
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

impl Stack {
    /// A stack without components, for an environment: its short name, and the domain below which its hosts live. Names
    /// that [`Environment::new`] refuses are reported by [`Stack::build`].
    pub fn new(environment: impl Into<String>, domain: impl Into<String>) -> Self {
        Stack {
            environment: Environment::new(environment, domain),
            profile: "default".into(),
            registry: None,
            wiring: SharedValues::default(),
            components: Vec::new(),
            detached: BTreeSet::new(),
            patches: Vec::new(),
            whole: Vec::new(),
            checks: Vec::new(),
            complaints: Vec::new(),
        }
    }

    /// Gives the components that are there now the sizes of a profile; one that is added or put in later keeps its own.
    /// Call it before [`Stack::configure`]: where it would change a component that was configured, building is refused.
    #[must_use]
    pub fn profile(mut self, profile: impl Into<String>) -> Self {
        self.profile = profile.into();
        for chosen in &mut self.components {
            let set = chosen.configured.then(|| format!("{:?}", chosen.component));
            chosen.component.resize(&self.profile);
            if set.is_some_and(|set| set != format!("{:?}", chosen.component)) {
                self.complaints.push(StackError::Resized {
                    component: chosen.component.id().to_owned(),
                    profile: self.profile.clone(),
                });
            }
        }
        self
    }

    /// Takes every image from one registry: `REGISTRY/<component>/<name>:<tag>`.
    #[must_use]
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }

    /// Shares a value with all components; one of the same type that is there already is replaced.
    #[must_use]
    pub fn wire<T: Shared>(mut self, value: T) -> Self {
        self.wiring.insert(value);
        self
    }

    /// Changes a value that components share.
    #[must_use]
    pub fn rewire<T: Shared>(mut self, change: impl FnOnce(&mut T)) -> Self {
        match self.wiring.get_mut() {
            Some(value) => change(value),
            None => self
                .complaints
                .push(StackError::Unwired(std::any::type_name::<T>())),
        }
        self
    }

    /// Adds a component.
    #[must_use]
    pub fn with(self, component: impl Component) -> Self {
        self.with_boxed(Box::new(component))
    }

    /// Adds a component whose type is known at run time only.
    #[must_use]
    pub fn with_boxed(mut self, component: Box<dyn Component>) -> Self {
        self.components.push(Chosen {
            component,
            configured: false,
        });
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
        if !self.has(id) {
            self.complain(id);
        }
        self.components.retain(|chosen| chosen.component.id() != id);
        self
    }

    /// Whether there is a component of this id.
    pub fn has(&self, id: &str) -> bool {
        self.components
            .iter()
            .any(|chosen| chosen.component.id() == id)
    }

    /// Lets a component go without an id or a role that it names as a dependency, for example because something outside the
    /// stack does its work.
    #[must_use]
    pub fn detach(mut self, component: &str, dependency: &str) -> Self {
        if !self.has(component) {
            self.complain(component);
        }
        self.detached
            .insert((component.to_owned(), dependency.to_owned()));
        self
    }

    /// Changes the component of a type.
    #[must_use]
    pub fn configure<C: Component>(mut self, change: impl FnOnce(&mut C)) -> Self {
        let of_type = |chosen: &&mut Chosen| {
            let component: &dyn Any = chosen.component.as_ref();
            component.is::<C>()
        };
        let mut found = self.components.iter_mut().filter(of_type);
        match (found.next(), found.next()) {
            (Some(chosen), None) => {
                chosen.configured = true;
                let component: &mut dyn Any = chosen.component.as_mut();
                if let Some(component) = component.downcast_mut() {
                    change(component);
                }
            }
            (Some(_), Some(_)) => self
                .complaints
                .push(StackError::Several(std::any::type_name::<C>())),
            (None, _) => self.complain(std::any::type_name::<C>()),
        }
        self
    }

    /// Changes an object that a component makes, in the running stack or for an exercise. It is named by the component's
    /// id and by its own name, or by `NAMESPACE/NAME` where the component has several of one name.
    #[must_use]
    pub fn patch<T: TypedObject>(
        mut self,
        component: &str,
        name: &str,
        change: impl FnOnce(&mut T) + 'static,
    ) -> Self {
        self.patches.push(Patch::typed(component, name, change));
        self
    }

    /// As [`Stack::patch`], for an object of a kind that has no type here; the change sees what an API server would.
    #[must_use]
    pub fn patch_value(
        mut self,
        component: &str,
        kind: &str,
        name: &str,
        change: impl FnOnce(&mut serde_json::Value) + 'static,
    ) -> Self {
        self.patches
            .push(Patch::value(component, kind, name, change));
        self
    }

    /// Says what belongs to the stack as a whole; called when it is built.
    #[must_use]
    pub fn whole(
        mut self,
        add: impl FnOnce(&Context<'_>, &mut Whole) -> Result<(), ComponentError> + 'static,
    ) -> Self {
        self.whole.push(Box::new(add));
        self
    }

    /// Adds a check to those that [`Bundle::check`] runs.
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// A call that cannot be right is reported by [`Stack::build`], so that calls can be chained.
    fn complain(&mut self, id: &str) {
        let known = self
            .components
            .iter()
            .map(|chosen| chosen.component.id().to_owned())
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
        let environment = self.environment?;
        let components: Vec<&dyn Component> = self
            .components
            .iter()
            .map(|chosen| chosen.component.as_ref())
            .collect();
        let ranked = order::resolve(&components, &self.detached)?;
        let known: BTreeSet<String> = components
            .iter()
            .flat_map(|component| component.roles().into_iter().chain([component.id()]))
            .map(str::to_owned)
            .collect();
        let context = Context {
            environment: &environment,
            profile: &self.profile,
            wiring: &self.wiring,
            known: &known,
        };
        let mut whole = Whole::default();
        for add in self.whole {
            add(&context, &mut whole).map_err(BuildError::Whole)?;
        }

        let mut parts = Vec::with_capacity(ranked.len());
        for ranked in &ranked {
            let id = ranked.component.id();
            let mut contribution = Contribution::new(id, self.registry.as_ref());
            ranked
                .component
                .contribute(&context, &mut contribution)
                .map_err(|source| refused(id, source))?;
            parts.push(Part {
                id: id.to_owned(),
                namespace: ranked.component.namespace(&context),
                roles: ranked
                    .component
                    .roles()
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
                depth: ranked.depth,
                step: ranked.step,
                depends_on: ranked.depends_on.clone(),
                contribution,
            });
        }
        for patch in self.patches {
            patch.apply(&mut parts)?;
        }
        adopt_images::adopt(&mut parts, &whole, self.registry.as_ref())
            .map_err(|(part, source)| refused(&part, source.into()))?;
        check_owners(&parts)?;
        settle_files(&mut parts, &whole)?;
        let mut bundle = Bundle {
            by_kind: bundle::by_kind(&parts),
            environment: environment.clone(),
            profile: self.profile.clone(),
            wiring: self.wiring.clone(),
            registry: self.registry.clone(),
            parts,
            whole,
            checks: self.checks,
            charts: None,
        };
        for (at, ranked) in ranked.iter().enumerate() {
            let mut questions = std::mem::take(&mut bundle.parts[at].contribution.questions);
            ranked
                .component
                .verify(&bundle, &mut questions)
                .map_err(|source| refused(ranked.component.id(), source))?;
            bundle.parts[at].contribution.questions = questions;
        }
        Ok(bundle)
    }
}

fn refused(component: &str, source: ComponentError) -> BuildError {
    BuildError::Component {
        component: component.to_owned(),
        source,
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
fn settle_files(parts: &mut [Part], whole: &Whole) -> Result<(), BuildError> {
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
