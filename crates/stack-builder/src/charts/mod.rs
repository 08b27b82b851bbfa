//! What the charts of a bundle's releases make: objects, each with its release.

mod archive;
mod cache;
mod error;
mod files;
mod folder;
mod generates;
mod helm;
mod hook;
mod provided;
mod source;
mod unread;

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use kube_vocab::{Finding, ObjectId};
use kube_yaml::Manifests;
use serde_json::Value;

pub use error::{ChartError, ChartsError};
pub use folder::RenderedFolder;
pub(crate) use generates::Declared;
pub use generates::Generates;
pub use helm::Helm;
pub use hook::{Hook, HookEvent};
pub use source::ChartSource;

use crate::bundle::Bundle;
use crate::release::Release;

/// Makes objects of releases: the user's `helm`, a folder of rendered output, or a program of one's own.
///
/// Releases are rendered side by side.
pub trait Renderer: Sync {
    /// What the chart of a release makes, as YAML.
    ///
    /// # Errors
    /// [`ChartError`], with the release.
    fn render(&self, release: &Release) -> Result<Rendered, ChartError>;

    /// The chart itself, where the renderer has it: then it can be told which values no template reads.
    ///
    /// # Errors
    /// [`ChartError`], where the chart is there and cannot be read.
    fn source(&self, _release: &Release) -> Result<Option<ChartSource>, ChartError> {
        Ok(None)
    }
}

/// What a renderer gives for one release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// YAML documents as `helm template` prints them.
    pub text: String,
    /// The file from which the text was read; `None` where it comes from a program.
    pub file: Option<String>,
}

/// An object that a chart makes.
#[derive(Clone, Debug)]
pub struct ChartObject {
    /// Name of the release that made it, shared by all of its objects.
    pub release: Arc<str>,
    /// When Helm applies it; `None` for an object that stays as long as the release.
    pub hook: Option<Hook>,
    /// The document as rendered. Its namespace may be missing: Helm fills in that of the release.
    pub value: Arc<Value>,
    /// The file that was read, if one was.
    pub file: Option<Arc<str>>,
    /// The line of the rendered text on which the object starts, counted from one.
    pub line: usize,
}

impl ChartObject {
    /// Whether it is there while the release runs, not only for a while: hooks are not.
    pub fn stays(&self) -> bool {
        self.hook.is_none()
    }

    /// Who it is, in the namespace that is written in it.
    pub fn id(&self) -> ObjectId {
        let text = |pointer: &str| self.value.pointer(pointer).and_then(Value::as_str);
        ObjectId::new(
            text("/apiVersion").unwrap_or_default(),
            text("/kind").unwrap_or_default(),
            text("/metadata/namespace"),
            text("/metadata/name").unwrap_or_default(),
        )
    }
}

/// The objects of all releases of a bundle.
#[derive(Clone, Debug, Default)]
pub struct Charts {
    objects: Vec<ChartObject>,
    findings: Vec<Finding>,
}

impl Charts {
    /// All objects, hooks too: by release in the order of installation, then as the chart has them.
    pub fn objects(&self) -> &[ChartObject] {
        &self.objects
    }

    /// The objects that one release makes, hooks too. Empty for a name that is unknown.
    pub fn of_release<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a ChartObject> {
        self.objects
            .iter()
            .filter(move |object| &*object.release == name)
    }

    /// Values that no template reads, and [`Provided`](crate::Provided) that the charts do not make.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl Bundle {
    /// The same bundle, knowing the objects that the charts of its releases make.
    ///
    /// ```no_run
    /// # fn bundle() -> stack_builder::Bundle { unimplemented!() }
    /// use stack_builder::charts::{Helm, RenderedFolder};
    ///
    /// // The output of `helm template`, one file per release:
    /// let bundle = bundle().with_charts(&RenderedFolder::new("rendered"))?;
    /// println!("{} objects", bundle.charts().map_or(0, |charts| charts.objects().len()));
    ///
    /// // The same from Helm itself, with chart archives from a folder, and a cache:
    /// let helm = Helm::new("helm").archives("charts").cache("target/charts");
    /// let bundle = bundle.with_charts(&helm)?;
    /// # Ok::<(), stack_builder::charts::ChartsError>(())
    /// ```
    ///
    /// # Errors
    /// [`ChartsError`] with every release that could not be rendered.
    pub fn with_charts(mut self, renderer: &dyn Renderer) -> Result<Self, ChartsError> {
        let releases: Vec<&Release> = self.releases().collect();
        let mut charts = Charts::default();
        let mut errors = Vec::new();
        for (release, result) in releases.iter().zip(side_by_side(renderer, &releases)) {
            match result {
                Ok((objects, source)) => {
                    charts.objects.extend(objects);
                    let source = source.as_ref();
                    let unread = source.map(|source| unread::values(release, source));
                    charts.findings.extend(unread.into_iter().flatten());
                }
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(ChartsError(errors));
        }
        let wrong = provided::wrong(&self, &charts.objects);
        charts.findings.extend(wrong);
        self.charts = Some(Arc::new(charts));
        Ok(self)
    }

    /// What the charts make, after [`with_charts`](Self::with_charts).
    pub fn charts(&self) -> Option<&Charts> {
        self.charts.as_deref()
    }
}

type Made = (Vec<ChartObject>, Option<ChartSource>);

/// Renders all releases, as many at a time as the machine has processors; the answers are in the order of the releases.
fn side_by_side(renderer: &dyn Renderer, releases: &[&Release]) -> Vec<Result<Made, ChartError>> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(release) = releases.get(at) else {
                return done;
            };
            done.push((at, one(renderer, release)));
        }
    };
    let mut done: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers.min(releases.len()))
            .map(|_| scope.spawn(work))
            .collect();
        let joined = threads.into_iter().map(|thread| match thread.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.flatten().collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

fn one(renderer: &dyn Renderer, release: &Release) -> Result<Made, ChartError> {
    let rendered = renderer.render(release)?;
    Ok((read(release, rendered)?, renderer.source(release)?))
}

/// Reads the output of a chart.
fn read(release: &Release, rendered: Rendered) -> Result<Vec<ChartObject>, ChartError> {
    let name: Arc<str> = release.name.as_str().into();
    let file: Option<Arc<str>> = rendered.file.map(Into::into);
    let at = |line: usize| match &file {
        Some(file) => format!("{file}:{line}"),
        None => format!("line {line} of what helm prints"),
    };
    let mut objects = Vec::new();
    for document in Manifests::new(&rendered.text) {
        let document = document.map_err(|error| ChartError::Syntax {
            release: release.name.clone(),
            place: at(error.line),
            message: error.message,
        })?;
        if document.value.is_null() {
            continue;
        }
        let is_text = |member: &str| document.value.get(member).is_some_and(Value::is_string);
        if let Some(lacks) = ["apiVersion", "kind"].into_iter().find(|m| !is_text(m)) {
            return Err(ChartError::NoObject {
                release: release.name.clone(),
                place: at(document.line),
                lacks,
            });
        }
        objects.push(ChartObject {
            release: Arc::clone(&name),
            hook: Hook::of(&document.value),
            value: document.value.into(),
            file: file.clone(),
            line: document.line,
        });
    }
    Ok(objects)
}

#[cfg(test)]
mod tests;
