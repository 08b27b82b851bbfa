//! What one component adds to a stack.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use kube_vocab::{Finding, ObjectId, Subject};
use serde::Serialize;

use crate::air_gap::AirGap;
use crate::allowance::Allowance;
use crate::bundle::Bundle;
use crate::charts::{Declared, Generates};
use crate::error::ComponentError;
use crate::image::{ImageRef, Registry};
use crate::licence::Licence;
use crate::object::{KnownKind, Object};
use crate::place::Place;
use crate::pods::{Nodes, Pods};
use crate::release::Release;
use crate::verify::Questions;

/// An object and the file in which it is written; objects of one file stand in one file, in order.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The file that the object is written to.
    pub place: Place,
    /// The object as it will be applied.
    pub object: Object,
}

/// An object that an exercise applies: a file of the tree, not part of the running stack.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// The exercise of the documentation, for example `2-1`.
    pub exercise: String,
    /// What it applies, and where it is written.
    pub placed: Placed,
}

/// A file that holds no Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    /// The file of the tree, or a member of a chart.
    pub place: Place,
    /// The whole text, written as it is.
    pub text: String,
    /// Whether the file gets the permission to be run.
    pub executable: bool,
}

/// An image that the component runs, as upstream publishes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The reference under which upstream publishes it, tag or digest included.
    pub source: ImageRef,
    /// Where a mirror keeps it; `None` without a registry.
    pub mirrored: Option<ImageRef>,
    /// Why it is needed or differs from the documentation; empty when it is simply run.
    pub comment: String,
}

impl Image {
    /// The source with its registry, which the documented list always names: `docker.io/web:3.9` for `web:3.9`.
    pub fn full_source(&self) -> String {
        let host = self.source.host();
        if self.source.name().starts_with(&format!("{host}/")) {
            self.source.to_string()
        } else {
            format!("{host}/{}", self.source)
        }
    }
}

/// A page that a person opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Name of the program for people: `Grafana`.
    pub service: String,
    /// The URL that a browser opens, with the port where it is not the scheme's own.
    pub url: String,
    /// User and where the password is found, or that no sign-in is asked.
    pub sign_in: String,
}

/// One thing that is done to install a component, in the order of the contributions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Create the kind cluster from a file of the tree.
    CreateCluster(Place),
    /// Apply a file of the tree.
    Apply(Place),
    /// Install or upgrade the release of this name.
    Install(String),
    /// Run a command of the machine, outside of Helm and kubectl's applying.
    Run {
        /// What it is for, in a few words.
        purpose: String,
        /// Program and arguments; paths are below the root of the tree.
        command: Vec<String>,
    },
    /// Run a program of the tree.
    Program {
        /// What it is for, in a few words.
        purpose: String,
        /// Where in the tree it stands; it is made executable.
        place: Place,
    },
    /// Run a command that returns when something is ready.
    Wait {
        /// What is waited for, in a few words.
        purpose: String,
        /// Program and arguments, each a word of its own: no shell takes them apart.
        command: Vec<String>,
    },
}

/// A program of the machine from which the stack is installed, and the oldest version of it that will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// The name of the program on the path: `kind`.
    pub name: String,
    /// The oldest version that will do: major, minor.
    pub least: (u32, u32),
    /// The page that says how to install it.
    pub install: String,
}

/// Something that a chart or the cluster itself is known to create, so that references to it can be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provided {
    /// A Service and its ports.
    Service {
        /// The namespace that it lies in.
        namespace: String,
        /// The name by which the cluster knows it.
        name: String,
        /// The ports of the Service, not of its pods.
        ports: Vec<u16>,
    },
    /// A ServiceAccount, which policies name as a caller and bindings as a subject.
    ServiceAccount {
        /// The namespace that it lies in.
        namespace: String,
        /// The name by which the cluster knows it.
        name: String,
    },
    /// The CustomResourceDefinitions of an API group.
    ApiGroup(String),
    /// Pods that someone calls who is in no mesh: the API server a webhook or an aggregated API.
    Callee {
        /// The namespace that the called pods run in.
        namespace: String,
        /// Labels that all of the called pods have, enough to tell them from others.
        labels: BTreeMap<String, String>,
        /// The port of the container.
        port: u16,
        /// What is called there, and by whom, in a few words.
        purpose: String,
    },
    /// An object that is in no chart because a program makes it: a Job of the chart, an operator, a step of the installation.
    Made {
        /// The object that is there for others.
        object: ObjectId,
        /// Who makes it, in a few words.
        by: String,
    },
}

/// A check that a component adds.
#[derive(Clone)]
pub(crate) struct OwnCheck(pub(crate) Arc<RunCheck>);

type RunCheck = dyn Fn(&Bundle, &mut Vec<Finding>) + Send + Sync;

impl fmt::Debug for OwnCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnCheck")
    }
}

/// What one component adds to a stack, in the order in which it is applied.
#[derive(Clone, Debug, Default)]
pub struct Contribution {
    component: String,
    registry: Option<Registry>,
    pub(crate) releases: Vec<Release>,
    pub(crate) objects: Vec<Placed>,
    pub(crate) exercises: Vec<Exercise>,
    pub(crate) files: Vec<TextFile>,
    pub(crate) images: Vec<Image>,
    pub(crate) exercise_images: Vec<Image>,
    pub(crate) access: Vec<Access>,
    pub(crate) provided: Vec<Provided>,
    pub(crate) allowances: Vec<Allowance>,
    pub(crate) plan: Vec<Action>,
    pub(crate) cluster: Option<(Place, serde_json::Value)>,
    pub(crate) nodes: Option<Nodes>,
    pub(crate) pods: Vec<(String, Pods)>,
    pub(crate) questions: Questions,
    pub(crate) tools: Vec<Tool>,
    pub(crate) air_gap: AirGap,
    pub(crate) generated: Vec<Declared>,
    pub(crate) checks: Vec<OwnCheck>,
    /// What [`Contribution::images`] has, for looking up.
    sources: BTreeSet<ImageRef>,
    applied: BTreeSet<Place>,
}

/// How many objects most components have at most.
const USUAL_OBJECTS: usize = 16;

impl Contribution {
    /// Nothing yet.
    pub(crate) fn new(component: &str, registry: Option<&Registry>) -> Self {
        Contribution {
            component: component.to_owned(),
            registry: registry.cloned(),
            objects: Vec::with_capacity(USUAL_OBJECTS),
            ..Self::default()
        }
    }

    /// The registry that mirrors every image, where one is set.
    pub fn registry(&self) -> Option<&Registry> {
        self.registry.as_ref()
    }

    /// Adds a Helm release; its values are written to `values.yaml`.
    pub fn release(&mut self, release: Release) {
        self.plan.push(Action::Install(release.name.clone()));
        self.releases.push(release);
    }

    /// The releases that were added so far.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// Adds an object of the running stack. Objects with the same file stand in it in the order of the calls.
    ///
    /// # Errors
    /// [`ComponentError`] when the object or the path is refused.
    pub fn object<T>(&mut self, file: impl Into<Place>, object: T) -> Result<(), ComponentError>
    where
        T: KnownKind + Serialize + Send + Sync + 'static,
    {
        self.place(file.into(), Object::typed(object)?)
    }

    /// Adds an object whose kind is known at run time only.
    ///
    /// # Errors
    /// [`ComponentError`] when the object or the path is refused.
    pub fn dynamic_object<T>(
        &mut self,
        file: impl Into<Place>,
        object: T,
    ) -> Result<(), ComponentError>
    where
        T: Serialize + Send + Sync + 'static,
    {
        self.place(file.into(), Object::dynamic(object)?)
    }

    /// Takes the objects out, and gives back what is only there to take more of them.
    pub(crate) fn take_objects(&mut self) -> Vec<Object> {
        self.applied = BTreeSet::new();
        self.plan.shrink_to_fit();
        let objects = std::mem::take(&mut self.objects).into_iter();
        objects.map(|placed| placed.object).collect()
    }

    fn place(&mut self, place: Place, object: Object) -> Result<(), ComponentError> {
        check_path(&place)?;
        // A file is applied once, as a whole, where its first object stands.
        if !self.applied.contains(&place) {
            self.applied.insert(place.clone());
            self.plan.push(Action::Apply(place.clone()));
        }
        self.objects.push(Placed { place, object });
        Ok(())
    }

    /// Adds an object that an exercise applies by hand.
    ///
    /// # Errors
    /// [`ComponentError`] when the object or the path is refused.
    pub fn exercise<T>(
        &mut self,
        exercise: &str,
        file: impl Into<Place>,
        object: T,
    ) -> Result<(), ComponentError>
    where
        T: KnownKind + Serialize + Send + Sync + 'static,
    {
        let placed = Placed {
            place: file.into(),
            object: Object::typed(object)?,
        };
        check_path(&placed.place)?;
        self.exercises.push(Exercise {
            exercise: exercise.to_owned(),
            placed,
        });
        Ok(())
    }

    /// Adds a file that holds no Kubernetes object.
    ///
    /// # Errors
    /// [`ComponentError::Path`] when the path leads out of the tree.
    pub fn file(
        &mut self,
        place: impl Into<Place>,
        text: impl Into<String>,
    ) -> Result<(), ComponentError> {
        self.text(TextFile {
            place: place.into(),
            text: text.into(),
            executable: false,
        })
    }

    /// Adds a program.
    ///
    /// # Errors
    /// [`ComponentError::Path`] when the path leads out of the tree.
    pub fn program(
        &mut self,
        place: impl Into<Place>,
        text: impl Into<String>,
    ) -> Result<(), ComponentError> {
        self.text(TextFile {
            place: place.into(),
            text: text.into(),
            executable: true,
        })
    }

    fn text(&mut self, file: TextFile) -> Result<(), ComponentError> {
        check_path(&file.place)?;
        self.files.push(file);
        Ok(())
    }

    /// Sets the configuration from which kind creates the cluster.
    ///
    /// # Errors
    /// [`ComponentError`] when it cannot be serialised or the path is refused.
    pub fn cluster(
        &mut self,
        file: impl Into<Place>,
        config: &impl Serialize,
    ) -> Result<(), ComponentError> {
        let place = file.into();
        check_path(&place)?;
        let value = serde_json::to_value(config).map_err(|source| ComponentError::Serialize {
            path: place.path().to_owned(),
            source,
        })?;
        self.plan.push(Action::CreateCluster(place.clone()));
        self.cluster = Some((place, value));
        Ok(())
    }

    /// Says which nodes the cluster has, so that pods can be counted.
    pub fn nodes(&mut self, nodes: Nodes) {
        self.nodes = Some(nodes);
    }

    /// Says that pods run in a namespace that come neither from a release nor from an object of the stack.
    pub fn pods(&mut self, namespace: impl Into<String>, pods: Pods) {
        self.pods.push((namespace.into(), pods));
    }

    /// Says which version of a program the component needs where the stack is installed; `setup.sh` and `teardown.sh`
    /// refuse an older one where they call it. Of several the latest counts.
    pub fn tool(&mut self, name: &str, least: (u32, u32), install: &str) {
        self.tools.push(Tool {
            name: name.to_owned(),
            least,
            install: install.to_owned(),
        });
    }

    /// Where an image is taken from that the cluster does not pull: the mirror's copy where a registry is set.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when the reference cannot be parsed.
    pub fn mirrored(&self, used_by: &str, source: &str) -> Result<ImageRef, ComponentError> {
        let image = self.source(used_by, source, "")?;
        Ok(image.mirrored.unwrap_or(image.source))
    }

    /// The questions that `verify-all.sh` asks about the component.
    pub fn questions(&mut self) -> &mut Questions {
        &mut self.questions
    }

    /// What a place without Internet must know of the component.
    pub fn air_gap(&mut self) -> &mut AirGap {
        &mut self.air_gap
    }

    /// Says which values the chart of a release makes up anew with each rendering, at this version of the chart; an empty list
    /// means none. What is not said is unknown.
    pub fn generates(&mut self, release: &str, chart_version: &str, values: &[Generates]) {
        self.generated.push(Declared {
            release: release.to_owned(),
            version: chart_version.to_owned(),
            values: values.to_vec(),
        });
    }

    /// Adds a command to the installation, after what was added so far.
    pub fn run(&mut self, purpose: &str, command: &[&str]) {
        self.plan.push(Action::Run {
            purpose: purpose.to_owned(),
            command: owned(command),
        });
    }

    /// Runs a program that was added with [`Contribution::program`], after what was added so far.
    pub fn run_program(&mut self, purpose: &str, place: impl Into<Place>) {
        self.plan.push(Action::Program {
            purpose: purpose.to_owned(),
            place: place.into(),
        });
    }

    /// Adds a wait to the installation, after what was added so far.
    pub fn wait(&mut self, purpose: &str, command: &[&str]) {
        self.plan.push(Action::Wait {
            purpose: purpose.to_owned(),
            command: owned(command),
        });
    }

    /// Registers an image and says which reference belongs into the manifest or the values: the same, or the mirror's
    /// when a registry is set.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when the reference cannot be parsed.
    pub fn image(&mut self, used_by: &str, source: &str) -> Result<ImageRef, ComponentError> {
        self.commented_image(used_by, source, "")
    }

    /// As [`Contribution::image`], with a word on why the image is needed where that is not plain to see.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when the reference cannot be parsed.
    pub fn commented_image(
        &mut self,
        used_by: &str,
        source: &str,
        comment: &str,
    ) -> Result<ImageRef, ComponentError> {
        let image = self.source(used_by, source, comment)?;
        let written = image.mirrored.as_ref().unwrap_or(&image.source).clone();
        if self.sources.insert(image.source.clone()) {
            self.images.push(image);
        }
        Ok(written)
    }

    /// Registers an image that only an exercise runs, with the exercise as its comment.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when the reference cannot be parsed.
    pub fn exercise_image(
        &mut self,
        used_by: &str,
        source: &str,
        comment: &str,
    ) -> Result<(), ComponentError> {
        let image = self.source(used_by, source, comment)?;
        self.exercise_images.push(image);
        Ok(())
    }

    /// Says under which licences the programs of images stand, for reports. What is not said is unknown there.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when a repository cannot be parsed, [`ComponentError::Licence`] when a licence is no SPDX
    /// expression.
    pub fn licences(&mut self, licences: &[Licence<'_>]) -> Result<(), ComponentError> {
        self.air_gap.licences(licences)
    }

    fn source(&self, used_by: &str, source: &str, comment: &str) -> Result<Image, ComponentError> {
        let source: ImageRef = source.parse().map_err(|source| ComponentError::Image {
            used_by: used_by.to_owned(),
            source,
        })?;
        let registry = self.registry.as_ref();
        Ok(Image {
            mirrored: registry.map(|registry| source.mirrored(registry, &self.component)),
            source,
            comment: comment.to_owned(),
        })
    }

    /// Adds a page that a person opens.
    pub fn access(&mut self, service: &str, url: impl Into<String>, sign_in: impl Into<String>) {
        self.access.push(Access {
            service: service.to_owned(),
            url: url.into(),
            sign_in: sign_in.into(),
        });
    }

    /// Allows a finding on an object or release of this component, for a reason that is told with it.
    pub fn allow(&mut self, code: &str, subject: impl Into<Subject>, reason: &str) {
        self.allowances.push(Allowance {
            code: code.to_owned(),
            subject: subject.into(),
            reason: reason.to_owned(),
        });
    }

    /// Adds a check of the component's own, which [`Bundle::check`] runs after those of the stack: it sees what else is in the
    /// stack, and what of it the component cannot work with.
    ///
    /// ```
    /// use stack_builder::{Component, ComponentError, Context, Contribution, Finding, Severity, Stack, Subject};
    ///
    /// #[derive(Debug)]
    /// struct Agent;
    ///
    /// impl Component for Agent {
    ///     fn id(&self) -> &str {
    ///         "agent"
    ///     }
    ///     fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
    ///         out.check(|bundle, findings| {
    ///             if !bundle.has("collector") {
    ///                 let message = "the agent sends to a collector, and there is none".to_owned();
    ///                 findings.push(Finding::new("no-collector", Severity::Error, Subject::Stack, message));
    ///             }
    ///         });
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let bundle = Stack::new("dev", "dev.example.com").with(Agent).build()?;
    /// assert_eq!(bundle.check().findings[0].code, "no-collector");
    /// # Ok::<(), stack_builder::BuildError>(())
    /// ```
    pub fn check(&mut self, check: impl Fn(&Bundle, &mut Vec<Finding>) + Send + Sync + 'static) {
        self.checks.push(OwnCheck(Arc::new(check)));
    }

    /// Says what a chart or the cluster creates, so that references to it are known to hold.
    pub fn provides(&mut self, provided: Provided) {
        self.provided.push(provided);
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn check_path(place: &Place) -> Result<(), ComponentError> {
    if place.is_below() {
        return Ok(());
    }
    Err(ComponentError::Path {
        path: place.path().to_owned(),
    })
}
