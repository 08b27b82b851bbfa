//! Chooses the components of a stack.

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;

use crate::bundle::Check;
use crate::component::{Component, Context};
use crate::environment::{Environment, EnvironmentError};
use crate::error::ComponentError;
use crate::image::Registry;
use crate::lineup::{Chosen, Lineup};
use crate::object::TypedObject;
use crate::order::StackError;
use crate::patch::Patch;
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
    pub(crate) environment: Result<Environment, EnvironmentError>,
    pub(crate) profile: String,
    pub(crate) registry: Option<Registry>,
    pub(crate) wiring: SharedValues,
    pub(crate) components: Lineup,
    pub(crate) detached: BTreeSet<(String, String)>,
    pub(crate) patches: Vec<Patch>,
    pub(crate) whole: Vec<AddWhole>,
    pub(crate) checks: Vec<Check>,
    pub(crate) complaints: Vec<StackError>,
}

pub(crate) type AddWhole = Box<dyn FnOnce(&Context<'_>, &mut Whole) -> Result<(), ComponentError>>;

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

impl Stack {
    /// A stack without components, for an environment: its short name, and the domain below which its hosts live. Names
    /// that [`Environment::new`] refuses are reported by [`Stack::build`].
    pub fn new(environment: impl Into<String>, domain: impl Into<String>) -> Self {
        Stack {
            environment: Environment::new(environment, domain),
            profile: "default".into(),
            registry: None,
            wiring: SharedValues::default(),
            components: Lineup::default(),
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
        for chosen in self.components.iter_mut() {
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

    /// Adds a component. A second one with its id makes building fail; see [`Stack::replace`].
    #[must_use]
    pub fn with(self, component: impl Component) -> Self {
        self.with_boxed(Box::new(component))
    }

    /// Adds a component whose type is known at run time only.
    #[must_use]
    pub fn with_boxed(mut self, component: Box<dyn Component>) -> Self {
        self.components.push(component);
        self
    }

    /// Puts a component in the place of the one with the same id.
    #[must_use]
    pub fn replace(self, component: impl Component) -> Self {
        let id = component.id().to_owned();
        self.without(&id).with(component)
    }

    /// Leaves the component of an id out. An id that no component has, and a component that another one requires,
    /// make building fail.
    #[must_use]
    pub fn without(mut self, id: &str) -> Self {
        if !self.has(id) {
            self.complain(id);
        }
        self.components.remove(id);
        self
    }

    /// Whether there is a component of this id.
    pub fn has(&self, id: &str) -> bool {
        self.components.has(id)
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
        let (first, second) = (found.next(), found.next());
        drop(found);
        match (first, second) {
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
        change: impl FnOnce(&mut T) + Send + 'static,
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
        change: impl FnOnce(&mut serde_json::Value) + Send + 'static,
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

    /// Adds a check to those that [`Bundle::check`](crate::Bundle::check) runs.
    #[must_use]
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// The checks that were added, in the order in which they run.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// A call that cannot be right is reported by [`Stack::build`], so that calls can be chained.
    fn complain(&mut self, id: &str) {
        // The first one is told.
        if !self.complaints.is_empty() {
            return;
        }
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
}
