//! Puts a Helm release together: chart, values, images with the versions that belong to them.

use serde::Serialize;
use serde_json::Value;
use stack_builder::{
    Chart, ComponentError, Contribution, ImageRef, Overlay, Release, Values, VersionPair,
};

/// A chart of which the catalogue knows the values, the images and the pitfalls, at one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// The repository's URL, or the registry's folder with `oci://`.
    pub repository: &'static str,
    /// The name under which upstream's documentation adds the repository.
    pub alias: &'static str,
    /// The chart's name in it.
    pub chart: &'static str,
    /// The version that is known.
    pub version: &'static str,
}

impl Upstream {
    /// A chart at the version that is known, with its own name as the alias of the repository.
    pub const fn new(repository: &'static str, chart: &'static str, version: &'static str) -> Self {
        Upstream {
            repository,
            alias: chart,
            chart,
            version,
        }
    }

    /// The same with another alias of the repository.
    #[must_use]
    pub const fn aliased(self, alias: &'static str) -> Self {
        Upstream { alias, ..self }
    }

    /// The chart at a version of the user's choice.
    pub fn at(&self, version: &str) -> Chart {
        Chart::new(self.repository, self.alias, self.chart, version)
    }
}

/// How a chart writes an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageForm {
    /// `repository`, with its registry, and `tag`.
    Repository,
    /// `registry`, `repository` and `tag`.
    Split,
    /// One text at the key itself.
    Text,
}

/// A release while a component puts it together.
///
/// ```
/// use serde_json::json;
/// use stack_builder::{Component, ComponentError, Context, Contribution, Overlay, Pods, Stack};
/// use stack_catalog::{ChartRelease, ImageForm, Upstream};
///
/// const CACHE: Upstream = Upstream::new("https://charts.example.com", "cache", "1.2.3");
///
/// #[derive(Debug)]
/// struct Cache {
///     image: String,
/// }
///
/// impl Component for Cache {
///     fn id(&self) -> &str {
///         "cache"
///     }
///     fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
///         let mut release = ChartRelease::new("cache", &CACHE, CACHE.version, &json!({"replicas": 2}))?;
///         release.image(out, "image", ImageForm::Repository, &self.image, "docker.io/example/cache:7.1")?;
///         let release = release.finish("cache", &Overlay::new())?;
///         let pods = Pods::exactly(release.number("/replicas", 1));
///         out.release(release.running(pods));
///         Ok(())
///     }
/// }
///
/// let cache = Cache { image: "docker.io/example/cache:7.1".into() };
/// let stack = Stack::new("dev", "dev.example.com").with(cache).build()?;
/// let release = stack.release("cache").unwrap();
/// assert_eq!(release.values["image"]["repository"], "docker.io/example/cache");
/// # Ok::<(), stack_builder::BuildError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChartRelease {
    name: String,
    upstream: Upstream,
    chart: Chart,
    values: Values,
    pairs: Vec<VersionPair>,
}

impl ChartRelease {
    /// A release of a chart at a version, with the values that the component always sets.
    ///
    /// # Errors
    /// [`ComponentError::Release`] when the values cannot be written as JSON.
    pub fn new(
        name: &str,
        upstream: &Upstream,
        version: &str,
        values: &impl Serialize,
    ) -> Result<Self, ComponentError> {
        Ok(ChartRelease {
            name: name.to_owned(),
            upstream: *upstream,
            chart: upstream.at(version),
            values: Values::typed(name, values)?,
            pairs: Vec::new(),
        })
    }

    /// Sets one key, given by its path with `.` between the parts.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        self.values.set(path, value);
    }

    /// Sets one key where there is something to set, else leaves the chart's default.
    pub fn set_some(&mut self, path: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(path, value);
        }
    }

    /// Registers an image and writes it, or the mirror's copy of it, where the chart looks for it. `default` is the image of
    /// the version of the chart that is known: another tag with that version is warned of.
    ///
    /// # Errors
    /// [`ComponentError::Image`] when the reference cannot be parsed.
    pub fn image(
        &mut self,
        out: &mut Contribution,
        key: &str,
        form: ImageForm,
        image: &str,
        default: &str,
    ) -> Result<(), ComponentError> {
        let written = out.image(key, image)?;
        self.write_image(key, form, &written);
        let tag = match form {
            ImageForm::Repository | ImageForm::Split => format!("{key}.tag"),
            ImageForm::Text => key.to_owned(),
        };
        self.pairs.push(VersionPair {
            chart: self.upstream.version.to_owned(),
            version: parse(key, default)?.tag().unwrap_or_default().to_owned(),
            image: parse(key, image)?,
            tag,
        });
        Ok(())
    }

    /// Writes an image that was registered before.
    pub fn write_image(&mut self, key: &str, form: ImageForm, image: &ImageRef) {
        match form {
            ImageForm::Repository => self.values.set_image(key, image),
            ImageForm::Split => self.values.set_split_image(key, image),
            ImageForm::Text => self.values.set(key, image.to_string()),
        }
    }

    /// The release with the user's values over the component's.
    ///
    /// # Errors
    /// [`ComponentError::Release`] when the overlay does not fit the values.
    pub fn finish(self, namespace: &str, overlay: &Overlay) -> Result<Release, ComponentError> {
        let release = Release::new(&self.name, namespace, self.chart, self.values, overlay)?;
        Ok(release.paired(self.pairs))
    }
}

fn parse(used_by: &str, image: &str) -> Result<ImageRef, ComponentError> {
    image.parse().map_err(|source| ComponentError::Image {
        used_by: used_by.to_owned(),
        source,
    })
}
