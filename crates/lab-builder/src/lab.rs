//! The documented lab: its components, and what belongs to it as a whole.

use std::io;

use stack_builder::{
    BuildError, Bundle, Component, Finding, Object, Registry, Report, Severity, Shared, Stack,
    StreamError, Subject, TypedObject,
};
use stack_model::parallel;

use crate::check;
use crate::components;
use crate::environment::{Environment, Profile};
use crate::ids::ISTIO;
use crate::texts::Texts;
use crate::whole;
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
///
/// It is a [`Stack`] with the lab's own types in front; whatever else a stack can do is there through [`Lab::stack`].
#[derive(Debug)]
pub struct Lab(Stack);

impl Lab {
    /// The documented lab for an environment: all nine components, as documented.
    pub fn new(environment: Environment) -> Self {
        components::documented()
            .into_iter()
            .fold(Lab::empty(environment), |lab, component| {
                lab.stack(|stack| stack.with_boxed(component))
            })
    }

    /// A lab without components, with all that belongs to it as a whole: its wiring, its checks, its tables.
    pub fn empty(environment: Environment) -> Self {
        let stack = Stack::new(environment.name(), environment.domain())
            .profile(Profile::default())
            .wire(Wiring::default())
            .whole(whole::add);
        Lab(check::CHECKS
            .iter()
            .fold(stack, |stack, check| stack.check(*check)))
    }

    /// Gives the components that are there now the sizes of a profile. Call it before [`Lab::configure`]: where it would
    /// change what you have set, building is refused.
    #[must_use]
    pub fn profile(self, profile: Profile) -> Self {
        self.stack(|stack| stack.profile(profile))
    }

    /// Takes every image from one registry: `REGISTRY/<component>/<name>:<tag>`.
    #[must_use]
    pub fn registry(self, registry: Registry) -> Self {
        self.stack(|stack| stack.registry(registry))
    }

    /// Leaves out the mesh: its releases, policies and namespace labels.
    #[must_use]
    pub fn skip_istio(self) -> Self {
        self.stack(|stack| match stack.has(ISTIO) {
            true => stack.without(ISTIO),
            false => stack,
        })
    }

    /// Adds a component, one of ours or of a user's own. One with the same id is refused when the lab is built.
    #[must_use]
    pub fn with(self, component: impl Component) -> Self {
        self.stack(|stack| stack.with(component))
    }

    /// Puts a component in the place of the one with the same id.
    #[must_use]
    pub fn replace(self, component: impl Component) -> Self {
        self.stack(|stack| stack.replace(component))
    }

    /// Leaves the component of an id out. What requires it makes building fail, unless that is left out too.
    #[must_use]
    pub fn without(self, id: &str) -> Self {
        self.stack(|stack| stack.without(id))
    }

    /// Lets a component go without one that it names as a dependency, for example because something outside the lab
    /// does its work.
    #[must_use]
    pub fn detach(self, component: &str, dependency: &str) -> Self {
        self.stack(|stack| stack.detach(component, dependency))
    }

    /// Changes the component of a type. Of the documented ones there is one each.
    #[must_use]
    pub fn configure<C: Component>(self, change: impl FnOnce(&mut C)) -> Self {
        self.stack(|stack| stack.configure(change))
    }

    /// Changes what the documented components share.
    #[must_use]
    pub fn rewire(self, change: impl FnOnce(&mut Wiring)) -> Self {
        self.stack(|stack| stack.rewire(change))
    }

    /// Shares a value of one's own with all components; they read it with [`Context::wiring`](crate::Context::wiring).
    #[must_use]
    pub fn wire<T: Shared>(self, value: T) -> Self {
        self.stack(|stack| stack.wire(value))
    }

    /// Changes an object that a component makes, in the running stack or for an exercise. It is named by the component's
    /// id and by its own name, or by `NAMESPACE/NAME` where the component has several of one name.
    ///
    /// ```
    /// use lab_builder::gateway_api::v1::Gateway;
    /// use lab_builder::{Environment, Lab};
    ///
    /// let bundle = Lab::new(Environment::Dev)
    ///     .patch("kong", "kong-gateway", |gateway: &mut Gateway| gateway.spec.listeners.truncate(1))
    ///     .build()?;
    /// let gateway = bundle.objects_of::<Gateway>().next().unwrap();
    /// assert_eq!(gateway.spec.listeners.len(), 1);
    /// # Ok::<(), lab_builder::Error>(())
    /// ```
    #[must_use]
    pub fn patch<T: TypedObject>(
        self,
        component: &str,
        name: &str,
        change: impl FnOnce(&mut T) + Send + 'static,
    ) -> Self {
        self.stack(|stack| stack.patch(component, name, change))
    }

    /// Whatever else a [`Stack`] can do.
    #[must_use]
    pub fn stack(self, change: impl FnOnce(Stack) -> Stack) -> Self {
        Lab(change(self.0))
    }

    /// Orders the components and gathers what they contribute.
    ///
    /// # Errors
    /// [`BuildError`] that names the component, object or file and the remedy.
    pub fn build(self) -> Result<Bundle, BuildError> {
        self.0.build()
    }

    /// Writes what [`Bundle::stream`] gives, and holds the objects of one component at a time. No checks are run.
    ///
    /// # Errors
    /// [`StreamError`]; part of the stream may have been written by then.
    pub fn write_stream(self, out: impl io::Write) -> Result<(), StreamError> {
        self.0.write_stream(out)
    }

    /// Writes what [`Lab::write_stream`] writes, and says what [`Bundle::check`] finds, without ever holding all objects in the
    /// form in which components make them: for stacks of many components, of which a bundle would take several times the memory.
    ///
    /// Where the stack has checks besides the lab's own, those are shown the whole bundle, so that it is held after all. Checks
    /// that components bring are not run; a warning says which.
    ///
    /// ```
    /// use lab_builder::{Environment, Lab};
    ///
    /// let mut stream = Vec::new();
    /// let report = Lab::empty(Environment::Dev).write_checked(&mut stream)?;
    /// assert!(report.findings.is_empty() && stream.is_empty());
    /// # Ok::<(), lab_builder::StreamError>(())
    /// ```
    ///
    /// # Errors
    /// [`StreamError`]; part of the stream may have been written by then.
    pub fn write_checked(self, mut out: impl io::Write) -> Result<Report, StreamError> {
        if self.0.checks().len() > check::CHECKS.len() {
            let bundle = self.0.build()?;
            bundle.write_stream(&mut out)?;
            return Ok(bundle.check());
        }
        let mut reading = check::Reading::default();
        let texts = Texts::default();
        let (bundle, looked) = self.0.build_in_parts(|parts| {
            let some = || {
                let mut objects = Vec::new();
                while objects.len() < AT_A_TIME
                    && let Some(part) = parts.next()
                {
                    objects.append(&mut part?);
                }
                Ok((!objects.is_empty()).then_some(objects))
            };
            let write_and_look = |number, objects: Vec<Object>| {
                let mut text = texts.empty();
                let mut failed = None;
                let looked = reading.look(objects.iter().map_while(|object| {
                    let written = object.write_held(&mut text);
                    let value = written.map_err(|error| failed = Some(error)).ok()?;
                    Some((object, value))
                }));
                texts.keep(number, failed.map_or(Ok(text), Err));
                looked
            };
            parallel::each(some, write_and_look, || texts.hand_on(&mut out))
        })?;
        texts.hand_on(&mut out)?;
        out.flush()?;
        reading.keep(looked);
        let mut findings = Vec::new();
        reading.check(&bundle, &mut findings);
        for part in bundle.parts().iter().filter(|part| part.has_checks()) {
            let message = format!(
                "the checks of `{}` were not run: they look at the whole bundle",
                part.id()
            );
            let finding =
                Finding::new("checks-not-run", Severity::Warning, Subject::Stack, message);
            findings.push(finding.remedy("build the bundle, and check that"));
        }
        Ok(bundle.settle(findings))
    }
}

/// How many objects a thread makes, writes and judges at a time: few enough that they are still in its processor's cache.
const AT_A_TIME: usize = 64;
