//! Helm releases: which chart, at which version, with which values.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::image::{ImageRef, Registry};
use crate::overlay;
use crate::overlay_doubts::{self, OverlayDoubt};
use crate::pods::Pods;

/// Where charts lie below a registry.
pub(crate) const CHART_FOLDER: &str = "helm-charts";

/// A Helm chart at one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The chart's name in its repository.
    pub name: String,
    /// The repository's URL, as `helm repo add` takes it, or the registry's folder: `oci://ghcr.io/org/charts`.
    pub repository: String,
    /// The name under which the documentation adds the repository: `acme` in `helm install store acme/store`.
    pub alias: String,
    /// The chart's version, not that of the program in it.
    pub version: String,
    /// What there is to say of it in `charts.tsv`; empty for nothing.
    pub note: String,
}

impl Chart {
    /// A chart by repository, alias, name and version.
    pub fn new(repository: &str, alias: &str, name: &str, version: &str) -> Self {
        Chart {
            name: name.into(),
            repository: repository.into(),
            alias: alias.into(),
            version: version.into(),
            note: String::new(),
        }
    }

    /// The same chart with something to say of it.
    #[must_use]
    pub fn noted(mut self, note: &str) -> Self {
        self.note = note.into();
        self
    }

    /// `alias/name`, as Helm commands take it once the repository was added. Registries (`oci://`) cannot be added: there
    /// it is the chart's address.
    pub fn reference(&self) -> String {
        self.oci_address()
            .unwrap_or_else(|| format!("{}/{}", self.alias, self.name))
    }

    /// The chart as a Helm command names it without `helm repo add`: its name with `--repo`, or its address where the
    /// repository is a registry (`oci://`), with which Helm takes no `--repo`.
    pub fn source(&self) -> Vec<String> {
        match self.oci_address() {
            Some(address) => vec![address],
            None => vec![self.name.clone(), "--repo".into(), self.repository.clone()],
        }
    }

    /// The chart as `mirror.sh` leaves it in a registry; the same without one.
    #[must_use]
    pub fn mirrored(&self, registry: Option<&Registry>) -> Self {
        let repository = registry.map(|registry| format!("oci://{registry}/{CHART_FOLDER}"));
        Chart {
            repository: repository.unwrap_or_else(|| self.repository.clone()),
            ..self.clone()
        }
    }

    fn oci_address(&self) -> Option<String> {
        let repository = self.repository.trim_end_matches('/');
        repository
            .starts_with("oci://")
            .then(|| format!("{repository}/{}", self.name))
    }
}

/// A chart, installed under a name with values.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// The name that `helm install` gets, unique in the stack.
    pub name: String,
    /// The namespace that `helm --namespace` gets.
    pub namespace: String,
    /// The chart, with its repository and pinned version.
    pub chart: Chart,
    /// The values: what the component sets, with the user's overlay merged in.
    pub values: Value,
    /// The pods that it runs; `None` where that is not known.
    pub pods: Option<Pods>,
    /// What of the user's overlay is hardly meant as it stands.
    pub doubts: Vec<OverlayDoubt>,
    /// Which versions of its images belong to the chart's version, as far as that is known.
    pub pairs: Vec<VersionPair>,
}

/// A version of a chart, and the version of an image for which it is made: the chart's `appVersion`, or the tag of its own
/// defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionPair {
    /// The chart's version that was looked at; another one makes the pair unknown.
    pub chart: String,
    /// The image's version: `1.19.1` or `v1.19.1`.
    pub version: String,
    /// The image that the release runs.
    pub image: ImageRef,
    /// Where the values say its tag, keys separated by `.`; what an overlay says there counts too.
    pub tag: String,
}

/// Values that a user adds to a release, or puts over the typed ones: a YAML tree, merged deeply.
///
/// Maps are merged key by key, everything else replaces what was there, and `null` stays `null`, because that is
/// how Helm is told to drop a default of the chart.
pub type Overlay = Map<String, Value>;

/// Values of a release while a component puts them together.
#[derive(Clone, Debug, PartialEq)]
pub struct Values(Value);

impl Values {
    /// Begins with typed values.
    ///
    /// # Errors
    /// [`ReleaseError::Serialize`] when they cannot be written as JSON.
    pub fn typed(release: &str, values: &impl Serialize) -> Result<Self, ReleaseError> {
        serde_json::to_value(values)
            .map(Values)
            .map_err(|source| ReleaseError::Serialize {
                release: release.to_owned(),
                source,
            })
    }

    /// Sets one key, given by its path with `.` between the parts, and makes the maps on the way to it.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        let mut at = &mut self.0;
        for key in path.split('.') {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            // Indexing a map by a new key makes the entry.
            at = &mut at[key];
        }
        *at = value.into();
    }

    /// The values as one JSON tree.
    pub fn into_value(self) -> Value {
        self.0
    }

    /// Sets an image where the chart keeps it as `repository` and `tag`.
    pub fn set_image(&mut self, path: &str, image: &ImageRef) {
        self.set(&format!("{path}.repository"), image.name());
        if let Some(tag) = image.tag() {
            self.set(&format!("{path}.tag"), tag);
        }
    }

    /// Sets an image where the chart puts `registry`, `/`, `repository`, `:` and `tag` together.
    pub fn set_split_image(&mut self, path: &str, image: &ImageRef) {
        let image = image.canonical();
        let host = image.host();
        let repository = image
            .name()
            .strip_prefix(host)
            .and_then(|rest| rest.strip_prefix('/'))
            .unwrap_or(image.name());
        self.set(&format!("{path}.registry"), host);
        self.set(&format!("{path}.repository"), repository);
        if let Some(tag) = image.tag() {
            self.set(&format!("{path}.tag"), tag);
        }
    }
}

/// Why a release could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// The typed values could not be serialised.
    #[error("values of release `{release}` cannot be serialised: {source}")]
    Serialize {
        /// The release whose values they are, by its name in Helm.
        release: String,
        /// Where the values have no form in JSON.
        source: serde_json::Error,
    },
    /// The overlay does not fit the values.
    #[error("overlay of release `{release}`: {source}")]
    Overlay {
        /// The release whose values they are, by its name in Helm.
        release: String,
        /// Which key, and what is wrong with it.
        source: overlay::OverlayError,
    },
}

impl Release {
    /// A release from its values and the user's overlay.
    ///
    /// # Errors
    /// [`ReleaseError::Overlay`] when the overlay does not fit the values.
    pub fn new(
        name: &str,
        namespace: &str,
        chart: Chart,
        values: Values,
        overlay: &Overlay,
    ) -> Result<Self, ReleaseError> {
        let Values(mut values) = values;
        let doubts = overlay_doubts::of(&values, overlay);
        overlay::merge(&mut values, overlay).map_err(|source| ReleaseError::Overlay {
            release: name.to_owned(),
            source,
        })?;
        Ok(Release {
            name: name.to_owned(),
            namespace: namespace.to_owned(),
            chart,
            values,
            pods: None,
            doubts,
            pairs: Vec::new(),
        })
    }

    /// The same release, with images whose versions belong to the chart's.
    #[must_use]
    pub fn paired(mut self, pairs: impl IntoIterator<Item = VersionPair>) -> Self {
        self.pairs.extend(pairs);
        self
    }

    /// The same release, with the pods that it runs.
    #[must_use]
    pub fn running(mut self, pods: Pods) -> Self {
        self.pods = Some(pods);
        self
    }

    /// A number of the values, by its JSON pointer, or the chart's default; a switch counts as 1 or 0.
    pub fn number(&self, pointer: &str, default: u32) -> u32 {
        match self.values.pointer(pointer) {
            Some(Value::Bool(on)) => u32::from(*on),
            Some(value) => value
                .as_u64()
                .and_then(|number| u32::try_from(number).ok())
                .unwrap_or(default),
            None => default,
        }
    }

    /// The sum of such numbers, each with the chart's default.
    pub fn numbers<'a>(&self, pointers: impl IntoIterator<Item = (&'a str, u32)>) -> u32 {
        let numbers = pointers.into_iter();
        numbers
            .map(|(pointer, default)| self.number(pointer, default))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_split_image_is_put_together_again_as_it_was() {
        for image in [
            "docker.io/grafana/loki:3.6.5",
            "grafana/loki:3.6.5",
            "registry.example.com:5000/lab/lgtm/loki:1",
            "quay.io/prometheus-operator/prometheus-config-reloader:v0.81.0",
        ] {
            let image: ImageRef = image.parse().unwrap();
            let mut values = Values::typed("x", &json!({})).unwrap();
            values.set_split_image("image", &image);
            let release = Release::new(
                "x",
                "y",
                Chart::new("x", "y", "z", "1"),
                values,
                &Overlay::new(),
            )
            .unwrap();
            let part = |key: &str| release.values["image"][key].as_str().unwrap().to_owned();
            let written = format!(
                "{}/{}:{}",
                part("registry"),
                part("repository"),
                part("tag")
            );
            assert_eq!(written, image.canonical().to_string());
        }
    }
}
