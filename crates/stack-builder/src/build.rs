//! Builds a stack: orders its components, and gathers what they contribute.

use std::collections::BTreeSet;
use std::io;

use crate::adopt_images::Adoption;
use crate::build_error::BuildError;
use crate::bundle::{self, Bundle, Check, Part};
use crate::component::{Component, Context};
use crate::contribution::Contribution;
use crate::error::ComponentError;
use crate::image::Registry;
use crate::object::Object;
use crate::order::{self, Ranked};
use crate::owners::{self, Owners};
use crate::patch::Patches;
use crate::render::yaml;
use crate::stack::{AddWhole, Stack};
use crate::whole::Whole;

/// Why a stack was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// Nothing was written: the stack cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The writer failed; what it took before that stays written.
    #[error("the stack could not be written: {0}")]
    Write(#[from] io::Error),
}

impl From<kube_yaml::WriteError> for StreamError {
    fn from(error: kube_yaml::WriteError) -> Self {
        Self::Write(yaml::io_error(error))
    }
}

/// The objects of a component, in apply order, or why it contributes none.
pub type ObjectsOfPart = Result<Vec<Object>, BuildError>;

impl Stack {
    /// Orders the components and gathers what they contribute.
    ///
    /// # Errors
    /// [`BuildError`] that names the component, object or file and the remedy.
    pub fn build(self) -> Result<Bundle, BuildError> {
        self.gather(|mut gathering| {
            let ranked = gathering.ranked;
            let mut parts = Vec::with_capacity(ranked.len());
            for ranked in ranked {
                parts.push(gathering.part(ranked)?);
            }
            let adoption = Adoption::new(&gathering.whole, gathering.registry);
            for part in &mut parts {
                adoption
                    .adopt(&part.id, &mut part.contribution)
                    .map_err(|source| refused(&part.id, source.into()))?;
            }
            let mut owners = Owners::default();
            parts.iter().try_for_each(|part| owners.add(part))?;
            owners::settle_files(&mut parts, &gathering.whole)?;
            let mut bundle = gathering.bundle(parts);
            for (at, ranked) in ranked.iter().enumerate() {
                let mut questions = std::mem::take(&mut bundle.parts[at].contribution.questions);
                ranked
                    .component
                    .verify(&bundle, &mut questions)
                    .map_err(|source| refused(ranked.component.id(), source))?;
                bundle.parts[at].contribution.questions = questions;
            }
            Ok(bundle)
        })
    }

    /// Writes what [`Bundle::stream`] gives, and holds the objects of one component at a time, however many components there
    /// are. No checks are run, and the files of the tree are not looked at.
    ///
    /// ```
    /// use stack_builder::Stack;
    ///
    /// let mut out = Vec::new();
    /// Stack::new("dev", "dev.example.com").write_stream(&mut out)?;
    /// assert_eq!(out, b"");
    /// # Ok::<(), stack_builder::StreamError>(())
    /// ```
    ///
    /// # Errors
    /// [`StreamError`]. What the components before the one in question contribute may have been written by then: where that
    /// must not be, [build](Stack::build) the stack first.
    pub fn write_stream(self, out: impl io::Write) -> Result<(), StreamError> {
        self.gather(|mut gathering| {
            let mut stream = kube_yaml::Writer::new(out);
            for part in gathering.parts() {
                for (_, object) in part?.objects() {
                    object.write_to(&mut stream)?;
                }
            }
            stream.finish()?;
            Ok(())
        })
    }

    /// Builds the stack component by component, for whoever works on the objects as they come: `work` asks for those of one component
    /// after the other, which nobody else holds. What it gives comes back beside the bundle, which has no objects. The files of the
    /// tree are not looked at, and components are not asked what they verify.
    ///
    /// ```
    /// use stack_builder::{BuildError, Stack};
    ///
    /// let (bundle, objects) = Stack::new("dev", "dev.example.com").build_in_parts(|parts| {
    ///     let mut objects = 0;
    ///     for part in parts {
    ///         objects += part?.len();
    ///     }
    ///     Ok::<_, BuildError>(objects)
    /// })?;
    /// assert_eq!((objects, bundle.objects().count()), (0, 0));
    /// # Ok::<(), BuildError>(())
    /// ```
    ///
    /// # Errors
    /// Those of building, if `work` hands them on, and its own. What it does not ask for is not in the bundle.
    pub fn build_in_parts<R, E: From<BuildError>>(
        self,
        work: impl FnOnce(&mut (dyn Iterator<Item = ObjectsOfPart> + Send)) -> Result<R, E>,
    ) -> Result<(Bundle, R), E> {
        self.gather(|mut gathering| {
            let mut parts = Vec::with_capacity(gathering.ranked.len());
            let mut objects = gathering.parts().map(|part| {
                let mut part = part?;
                let objects = part.contribution.take_objects();
                parts.push(part);
                Ok(objects)
            });
            let worked = work(&mut objects)?;
            drop(objects);
            Ok((gathering.bundle(parts), worked))
        })
    }

    /// Orders the components, and hands over all that their contributions are gathered with.
    fn gather<R, E: From<BuildError>>(
        mut self,
        then: impl FnOnce(Gathering<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        if !self.complaints.is_empty() {
            return Err(BuildError::from(self.complaints.swap_remove(0)).into());
        }
        let environment = self.environment.map_err(BuildError::from)?;
        let chosen = self.components.iter();
        let components: Vec<&dyn Component> =
            chosen.map(|chosen| chosen.component.as_ref()).collect();
        let ranked = order::resolve(&components, &self.detached).map_err(BuildError::from)?;
        let known = ids_and_roles(&components);
        let context = Context {
            environment: &environment,
            profile: &self.profile,
            wiring: &self.wiring,
            known: &known,
        };
        then(Gathering {
            context,
            registry: self.registry.as_ref(),
            whole: of_whole(self.whole, &context)?,
            patches: Patches::of(self.patches, &ranked).map_err(BuildError::from)?,
            checks: self.checks,
            ranked: &ranked,
        })
    }
}

/// What the contributions of a stack's components are gathered with.
struct Gathering<'s> {
    /// The components, in order.
    ranked: &'s [Ranked<'s>],
    context: Context<'s>,
    registry: Option<&'s Registry>,
    whole: Whole,
    patches: Patches,
    checks: Vec<Check>,
}

impl Gathering<'_> {
    /// The parts, in order, each as it will be in the bundle but for the paths of its files.
    fn parts(&mut self) -> impl Iterator<Item = Result<Part, BuildError>> + Send {
        let mut owners = Owners::default();
        self.ranked.iter().map(move |ranked| {
            let mut part = self.part(ranked)?;
            // Without a registry images stay what they are.
            if self.registry.is_some() {
                Adoption::new(&self.whole, self.registry)
                    .adopt(&part.id, &mut part.contribution)
                    .map_err(|source| refused(&part.id, source.into()))?;
            }
            owners.add(&part)?;
            Ok(part)
        })
    }

    fn bundle(self, parts: Vec<Part>) -> Bundle {
        let context = self.context;
        Bundle {
            by_kind: bundle::by_kind(&parts),
            environment: context.environment.clone(),
            profile: context.profile.to_owned(),
            wiring: context.wiring.clone(),
            registry: self.registry.cloned(),
            parts,
            whole: self.whole,
            checks: self.checks,
            charts: None,
        }
    }

    /// What one component contributes, in its place, with the changes that were asked for.
    fn part(&mut self, ranked: &Ranked<'_>) -> Result<Part, BuildError> {
        let component = ranked.component;
        let id = component.id();
        let mut contribution = Contribution::new(id, self.registry);
        component
            .contribute(&self.context, &mut contribution)
            .map_err(|source| refused(id, source))?;
        let mut part = Part {
            id: id.to_owned(),
            namespace: component
                .namespace(&self.context)
                .map_err(|source| refused(id, source))?,
            roles: component.roles().into_iter().map(str::to_owned).collect(),
            depth: ranked.depth,
            step: ranked.step,
            depends_on: ranked.depends_on.clone(),
            contribution,
        };
        self.patches.apply(&mut part)?;
        Ok(part)
    }
}

fn ids_and_roles(components: &[&dyn Component]) -> BTreeSet<String> {
    components
        .iter()
        .flat_map(|component| component.roles().into_iter().chain([component.id()]))
        .map(str::to_owned)
        .collect()
}

fn of_whole(adders: Vec<AddWhole>, context: &Context<'_>) -> Result<Whole, BuildError> {
    let mut whole = Whole::default();
    for add in adders {
        add(context, &mut whole).map_err(BuildError::Whole)?;
    }
    Ok(whole)
}

fn refused(component: &str, source: ComponentError) -> BuildError {
    BuildError::Component {
        component: component.to_owned(),
        source,
    }
}
