//! What the mutators say.

use crd_core::string_enum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::matching::Match;
use crate::status::MutatorPodStatusStatus;

/// Sets a field of some objects.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignSpec {
    /// The groups, versions and kinds whose schema has the field; one entry that fits is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apply_to: Vec<ApplyTo>,
    /// Which of these objects are changed. Absent means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#match: Option<Match>,
    /// The path of the field, such as `spec.containers[name: *].imagePullPolicy`; what is missing
    /// on the way is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// What is set, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<AssignParameters>,
}

/// What is set, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignParameters {
    /// Conditions on what is at parts of the path; all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path_tests: Vec<PathTest>,
    /// What is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assign: Option<AssignField>,
}

/// Adds a label or annotation to some objects; one that is there is never changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignMetadataSpec {
    /// Which objects are changed. Absent means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#match: Option<Match>,
    /// The path of the label or annotation: `metadata.labels.KEY` or `metadata.annotations.KEY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// What is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<AssignMetadataParameters>,
}

/// What is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignMetadataParameters {
    /// The value; a string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assign: Option<AssignField>,
}

/// Sets parts of the image of some containers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignImageSpec {
    /// The groups, versions and kinds whose schema has the field; one entry that fits is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apply_to: Vec<ApplyTo>,
    /// Which of these objects are changed. Absent means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#match: Option<Match>,
    /// The path of the image, such as `spec.containers[name: *].image`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// What is set, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<AssignImageParameters>,
}

/// What is set, and when. At least one part must be given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignImageParameters {
    /// Conditions on what is at parts of the path; all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path_tests: Vec<PathTest>,
    /// The registry, such as `registry.example:5000`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assign_domain: Option<String>,
    /// The image's path in the registry, such as `library/nginx`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assign_path: Option<String>,
    /// The tag or digest with what is before it: `:1.27` or `@sha256:...`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assign_tag: Option<String>,
}

/// Adds values to a list of some objects, or takes them out; the list is treated as a set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ModifySetSpec {
    /// The groups, versions and kinds whose schema has the list; one entry that fits is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apply_to: Vec<ApplyTo>,
    /// Which of these objects are changed. Absent means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#match: Option<Match>,
    /// The path of the list, such as `spec.containers[name: *].args`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// What is added or taken out, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<ModifySetParameters>,
}

/// What is added or taken out, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ModifySetParameters {
    /// Conditions on what is at parts of the path; all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path_tests: Vec<PathTest>,
    /// Whether values are added or taken out. The server fills in `merge`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "merge")))]
    pub operation: Option<SetOperation>,
    /// The values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<ModifySetValues>,
}

/// Values of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModifySetValues {
    /// The values, of any type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_list: Vec<Value>,
}

/// Groups crossed with versions and kinds: the objects whose schema a mutator relies on. No
/// wildcards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplyTo {
    /// API groups; `""` is the core group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// API versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

/// A condition on what is at a part of the location.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PathTest {
    /// The beginning of the location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_path: Option<String>,
    /// What must be the case there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<PathCondition>,
}

crd_core::union! {
    /// Where a value comes from.
    pub enum AssignField {
        /// This value, of any type.
        Value(Value) = "value",
        /// The metadata of the object.
        FromMetadata(FromMetadata) = "fromMetadata",
        /// A provider outside of Gatekeeper.
        ExternalData(ExternalData) = "externalData",
    }
}

/// A value from the metadata of the object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FromMetadata {
    /// Which part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<MetadataField>,
}

/// A value from a provider outside of Gatekeeper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExternalData {
    /// The name of the Provider.
    pub provider: String,
    /// What the provider is asked about. The server fills in `ValueAtLocation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "ValueAtLocation")))]
    pub data_source: Option<DataSource>,
    /// What happens when the provider fails. The server fills in `Fail`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("default" = "Fail")))]
    pub failure_policy: Option<ExternalDataFailurePolicy>,
    /// The value to use when the provider fails, with `UseDefault`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// What Gatekeeper reports of a mutator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MutatorStatus {
    /// What each Gatekeeper pod says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_pod: Vec<MutatorPodStatusStatus>,
}

string_enum! {
    /// Whether values are added to a list or taken out.
    pub enum SetOperation {
        /// Added, where they are not there yet.
        Merge = "merge",
        /// Taken out.
        Prune = "prune",
    }
}

string_enum! {
    /// What must be the case at a path.
    pub enum PathCondition {
        /// There is something.
        MustExist,
        /// There is nothing.
        MustNotExist,
    }
}

string_enum! {
    /// A part of an object's metadata.
    #[open]
    pub enum MetadataField {
        /// The namespace.
        Namespace = "namespace",
        /// The name.
        Name = "name",
    }
}

string_enum! {
    /// What a provider is asked about.
    pub enum DataSource {
        /// What is at the location now.
        ValueAtLocation,
        /// The name of the user who sent the object.
        Username,
    }
}

string_enum! {
    /// What happens when a provider fails.
    pub enum ExternalDataFailurePolicy {
        /// The default is used.
        UseDefault,
        /// The object stays as it is.
        Ignore,
        /// The request is refused.
        Fail,
    }
}
