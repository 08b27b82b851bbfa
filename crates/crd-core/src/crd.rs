//! CustomResourceDefinitions of one or several versions.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceColumnDefinition, CustomResourceDefinitionNames, CustomResourceDefinitionSpec,
    CustomResourceDefinitionVersion, CustomResourceSubresourceScale,
    CustomResourceSubresourceStatus, CustomResourceSubresources, CustomResourceValidation,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::json;

use crate::channel::Channel;
use crate::resource::{Declared, KindInfo, Scope};
use crate::version::Version;

pub use crate::version::CrdVersion;

pub use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceDefinition, JSONSchemaProps as JsonSchemaProps,
};
#[doc(no_inline)]
pub use serde_json::Value;

/// The annotation without which an API server refuses CRDs of the groups `*.k8s.io` and
/// `*.kubernetes.io`; its value is the address of the approving pull request.
pub const API_APPROVED: &str = "api-approved.kubernetes.io";

/// A schema that no API server can read.
#[derive(Debug, thiserror::Error)]
#[error("the schema of {kind} {version} is none that a server can read: {source}")]
#[non_exhaustive]
pub struct DefinitionError {
    /// Kind whose definition could not be made.
    pub kind: &'static str,
    /// The version, with its group.
    pub version: String,
    /// Where the schema departs from what an API server can read.
    pub source: serde_json::Error,
}

/// What a CustomResourceDefinition is made from. It is cheap to have: the schemas are made by [`Definition::build`], so that
/// a list of many kinds costs what is used of it.
///
/// ```
/// use crd_core::{ObjectMeta, Resource, crd::Definition};
///
/// /// A kind.
/// #[derive(Clone, Debug, PartialEq, Resource)]
/// #[resource(group = "example.com", version = "v1", kind = "Box", plural = "boxes", scope = Cluster)]
/// pub struct Package {
///     /// Name and labels.
///     pub metadata: ObjectMeta,
/// }
///
/// let definition = Definition::of::<Package>();
/// assert_eq!((definition.group(), definition.kind()), ("example.com", "Box"));
/// assert_eq!(definition.build(), Package::crd());
/// assert_eq!(definition.to_json()?["spec"]["group"], "example.com");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Definition {
    info: KindInfo,
    metadata: ObjectMeta,
    channel: Channel,
    versions: Vec<Version>,
    changes: Vec<fn(&mut CustomResourceDefinition)>,
}

impl Definition {
    /// The definition of a kind with all versions that are declared with `K`, in the experimental channel.
    pub fn of<K: Declared>() -> Self {
        Self::new(K::INFO, K::versions())
    }

    /// The definition with these versions, the first of which names the kind; `None` for none.
    pub(crate) fn of_versions(versions: Vec<Version>) -> Option<Self> {
        Some(Self::new(*versions.first()?.info(), versions))
    }

    fn new(info: KindInfo, versions: Vec<Version>) -> Self {
        Self {
            info,
            metadata: ObjectMeta {
                name: Some(format!("{}.{}", info.plural, info.group)),
                ..ObjectMeta::default()
            },
            channel: Channel::default(),
            versions,
            changes: Vec::new(),
        }
    }

    /// The same definition as this channel has it.
    #[must_use]
    pub fn in_channel(mut self, channel: Channel) -> Self {
        self.channel = channel;
        self
    }

    /// Adds an annotation, such as [`API_APPROVED`].
    #[must_use]
    pub fn annotation(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        crate::private::annotate(&mut self.metadata, key.into(), value.into());
        self
    }

    /// Adds a label to the definition; an earlier value of the key is replaced.
    #[must_use]
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        crate::private::label(&mut self.metadata, key.into(), value.into());
        self
    }

    /// Changes the finished CRD, in the order of the calls: for what one version says and another, of the same types, does
    /// not.
    #[must_use]
    pub fn change(mut self, change: fn(&mut CustomResourceDefinition)) -> Self {
        self.changes.push(change);
        self
    }

    /// The versions, the newest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The API group, without version.
    pub fn group(&self) -> &'static str {
        self.info.group
    }

    /// The kind that is defined, without group and version.
    pub fn kind(&self) -> &'static str {
        self.info.kind
    }

    /// Makes the CRD, with the schemas of all versions. In place of a schema that is none stands one that says why and lets no
    /// object pass; [`check`](Self::check) gives that as an error.
    pub fn build(&self) -> CustomResourceDefinition {
        let mut crd = self.frame();
        for (version, built) in self.versions.iter().zip(&mut crd.spec.versions) {
            let schema = self.read(version).unwrap_or_else(|error| JsonSchemaProps {
                description: Some(error.to_string()),
                not: Some(Box::default()),
                ..JsonSchemaProps::default()
            });
            built.schema = Some(CustomResourceValidation {
                open_api_v3_schema: Some(schema),
            });
        }
        for change in &self.changes {
            change(&mut crd);
        }
        crd
    }

    /// Checks that every schema is one that an API server can read. Those of this workspace are: tests ask. A type of your own
    /// may say in `#[schemars(...)]` what is none, such as a text for `maxLength`.
    ///
    /// # Errors
    ///
    /// The first version with such a schema.
    pub fn check(&self) -> Result<(), DefinitionError> {
        self.versions
            .iter()
            .try_for_each(|version| self.read(version).map(drop))
    }

    fn read(&self, version: &Version) -> Result<JsonSchemaProps, DefinitionError> {
        serde_json::from_value(version.schema(self.channel)).map_err(|source| DefinitionError {
            kind: self.info.kind,
            version: version.api_version(),
            source,
        })
    }

    /// Makes the CRD as JSON. That is what serialising [`build`](Self::build)'s result gives, but for keywords of which a
    /// server takes no notice, and sooner.
    ///
    /// # Errors
    ///
    /// When the CRD cannot be written as JSON; those of this workspace can.
    pub fn to_json(&self) -> Result<Value, serde_json::Error> {
        if !self.changes.is_empty() {
            return serde_json::to_value(self.build());
        }
        let mut crd = serde_json::to_value(self.frame())?;
        let versions = crd
            .pointer_mut("/spec/versions")
            .and_then(Value::as_array_mut);
        for (version, built) in self.versions.iter().zip(versions.into_iter().flatten()) {
            built["schema"] = json!({"openAPIV3Schema": version.schema(self.channel)});
        }
        Ok(crd)
    }

    /// The CRD as JSON without the schemas of its versions, and so without what [`change`](Self::change) does: with
    /// [`shared_schema`](Self::shared_schema), for a judge that reads no more than it is asked about.
    ///
    /// # Errors
    ///
    /// When the CRD cannot be written as JSON; those of this workspace can.
    pub fn to_json_without_schemas(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(self.frame())
    }

    /// The schema of a version by its name, such as `v1`, as [`Version::shared_schema`] writes it; `None` where there is no such
    /// version.
    pub fn shared_schema(&self, version: &str) -> Option<Value> {
        let mut versions = self.versions.iter();
        let version = versions.find(|known| known.info().version == version)?;
        Some(version.shared_schema(self.channel))
    }

    /// Whether [`change`](Self::change) says more than the types do.
    pub fn is_changed(&self) -> bool {
        !self.changes.is_empty()
    }

    /// The CRD without schemas.
    fn frame(&self) -> CustomResourceDefinition {
        CustomResourceDefinition {
            metadata: self.metadata.clone(),
            spec: CustomResourceDefinitionSpec {
                group: self.info.group.to_owned(),
                names: names(&self.info),
                scope: match self.info.scope {
                    Scope::Namespaced => "Namespaced",
                    Scope::Cluster => "Cluster",
                }
                .to_owned(),
                versions: self
                    .versions
                    .iter()
                    .map(|version| frame(version, self.channel))
                    .collect(),
                ..CustomResourceDefinitionSpec::default()
            },
            ..CustomResourceDefinition::default()
        }
    }
}

/// A version without its schema.
fn frame(version: &Version, channel: Channel) -> CustomResourceDefinitionVersion {
    let info = version.info();
    let columns = info
        .printer_columns
        .iter()
        .map(|column| CustomResourceColumnDefinition {
            name: column.name.to_owned(),
            type_: column.type_.to_owned(),
            json_path: column.json_path.to_owned(),
            priority: (column.priority != 0).then_some(column.priority),
            ..CustomResourceColumnDefinition::default()
        });
    CustomResourceDefinitionVersion {
        name: info.version.to_owned(),
        served: version.is_served(channel),
        storage: version.is_stored(),
        additional_printer_columns: match info.printer_columns {
            [] => None,
            _ => Some(columns.collect()),
        },
        subresources: (info.status_subresource || info.scale.is_some()).then(|| subresources(info)),
        deprecated: info.deprecated.then_some(true),
        deprecation_warning: info.deprecation_warning.map(str::to_owned),
        ..CustomResourceDefinitionVersion::default()
    }
}

fn subresources(info: &KindInfo) -> CustomResourceSubresources {
    let scale = info.scale.map(|paths| CustomResourceSubresourceScale {
        label_selector_path: paths.selector.map(str::to_owned),
        spec_replicas_path: paths.spec.to_owned(),
        status_replicas_path: paths.status.to_owned(),
    });
    let status = CustomResourceSubresourceStatus(json!({}));
    CustomResourceSubresources {
        scale,
        status: info.status_subresource.then_some(status),
    }
}

fn names(info: &KindInfo) -> CustomResourceDefinitionNames {
    let list = |names: &[&str]| match names {
        [] => None,
        _ => Some(names.iter().map(|name| (*name).to_owned()).collect()),
    };
    CustomResourceDefinitionNames {
        kind: info.kind.to_owned(),
        plural: info.plural.to_owned(),
        singular: Some(match info.singular {
            Some(name) => name.to_owned(),
            None => info.kind.to_lowercase(),
        }),
        list_kind: Some(match info.list_kind {
            Some(name) => name.to_owned(),
            None => format!("{}List", info.kind),
        }),
        short_names: list(info.short_names),
        categories: list(info.categories),
    }
}
