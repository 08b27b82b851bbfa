//! What the mutators say.

use crd_core::{Object, StringEnum, Union};
use serde_json::Value;

use crate::matching::Match;
use crate::status::MutatorPodStatusStatus;

/// Sets a field of some objects.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AssignSpec {
    /// The groups, versions and kinds whose schema has the field; one entry that fits is enough.
    pub apply_to: Vec<ApplyTo>,
    /// Which of these objects are changed. Absent means all.
    pub r#match: Option<Match>,
    /// The path of the field, such as `spec.containers[name: *].imagePullPolicy`; what is missing
    /// on the way is created.
    pub location: Option<String>,
    /// The value that is set, and what must hold before.
    pub parameters: Option<AssignParameters>,
}

/// The value that an Assign sets, and what must hold before.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AssignParameters {
    /// Conditions on what is at parts of the path; all must hold.
    pub path_tests: Vec<PathTest>,
    /// Where the value comes from; the webhook demands one.
    pub assign: Option<AssignField>,
}

/// Adds a label or annotation to some objects; one that is there is never changed.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AssignMetadataSpec {
    /// Which objects are changed. Absent means all.
    pub r#match: Option<Match>,
    /// The path of the label or annotation: `metadata.labels.KEY` or `metadata.annotations.KEY`.
    pub location: Option<String>,
    /// The value of the label or annotation.
    pub parameters: Option<AssignMetadataParameters>,
}

/// The value that a label or annotation gets.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AssignMetadataParameters {
    /// Where the value comes from; it must be a string.
    pub assign: Option<AssignField>,
}

/// Sets parts of the image of some containers.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AssignImageSpec {
    /// The groups, versions and kinds whose schema has the field; one entry that fits is enough.
    pub apply_to: Vec<ApplyTo>,
    /// Which of these objects are changed. Absent means all.
    pub r#match: Option<Match>,
    /// The path of the image, such as `spec.containers[name: *].image`.
    pub location: Option<String>,
    /// The parts of the image that are set, and what must hold before.
    pub parameters: Option<AssignImageParameters>,
}

/// What is set, and when. At least one part must be given.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AssignImageParameters {
    /// Conditions on what is at parts of the path; all must hold.
    pub path_tests: Vec<PathTest>,
    /// The registry, such as `registry.example:5000`.
    pub assign_domain: Option<String>,
    /// The image's path in the registry, such as `library/nginx`.
    pub assign_path: Option<String>,
    /// The tag or digest with what is before it: `:1.27` or `@sha256:...`.
    pub assign_tag: Option<String>,
}

/// Adds values to a list of some objects, or takes them out; the list is treated as a set.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ModifySetSpec {
    /// The groups, versions and kinds whose schema has the list; one entry that fits is enough.
    pub apply_to: Vec<ApplyTo>,
    /// Which of these objects are changed. Absent means all.
    pub r#match: Option<Match>,
    /// The path of the list, such as `spec.containers[name: *].args`.
    pub location: Option<String>,
    /// What is added or taken out, and when.
    pub parameters: Option<ModifySetParameters>,
}

/// What is added or taken out, and when.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ModifySetParameters {
    /// Conditions on what is at parts of the path; all must hold.
    pub path_tests: Vec<PathTest>,
    /// Whether values are added or taken out. The server fills in `merge`.
    #[schemars(extend("default" = "merge"))]
    pub operation: Option<SetOperation>,
    /// The values that are merged into the list, or taken out of it.
    #[schemars(schema_with = "crd_core::schema::any_object")]
    pub values: Option<ModifySetValues>,
}

/// The values that a ModifySet merges into a list, or takes out of it.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ModifySetValues {
    /// The values, of any type.
    pub from_list: Vec<Value>,
}

/// Groups crossed with versions and kinds: the objects whose schema a mutator relies on. No
/// wildcards.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplyTo {
    /// API groups; `""` is the core group.
    pub groups: Vec<String>,
    /// Kinds, such as `Pod`, exactly.
    pub kinds: Vec<String>,
    /// Versions without group, such as `v1`, exactly.
    pub versions: Vec<String>,
}

/// A condition on what is at a part of the location.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PathTest {
    /// The beginning of the location.
    pub sub_path: Option<String>,
    /// What must be the case there.
    pub condition: Option<PathCondition>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum AssignField {
    /// This value, of any type.
    Value(Value),
    /// The metadata of the object.
    FromMetadata(FromMetadata),
    /// A provider outside of Gatekeeper.
    ExternalData(ExternalData),
}

/// A value from the metadata of the object.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct FromMetadata {
    /// Which of the metadata's fields is copied.
    pub field: Option<MetadataField>,
}

/// A value from a provider outside of Gatekeeper.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ExternalData {
    /// The name of the Provider object that is asked.
    pub provider: String,
    /// What the provider is asked about. The server fills in `ValueAtLocation`.
    #[schemars(extend("default" = "ValueAtLocation"))]
    pub data_source: Option<DataSource>,
    /// What happens when the provider fails. The server fills in `Fail`.
    #[schemars(extend("default" = "Fail"))]
    pub failure_policy: Option<ExternalDataFailurePolicy>,
    /// The value to use when the provider fails, with `UseDefault`.
    pub default: Option<String>,
}

/// What Gatekeeper reports of a mutator.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct MutatorStatus {
    /// What each Gatekeeper pod says.
    pub by_pod: Vec<MutatorPodStatusStatus>,
}

/// Whether values are added to a list or taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "camelCase")]
pub enum SetOperation {
    /// Added, where they are not there yet.
    Merge,
    /// They are taken out of the list where they are in it.
    Prune,
}

/// What must be the case at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum PathCondition {
    /// The path must exist in the object.
    MustExist,
    /// The path must not exist in the object.
    MustNotExist,
}

/// A part of an object's metadata.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[string_enum(rename_all = "camelCase")]
pub enum MetadataField {
    /// The object's namespace.
    Namespace,
    /// The object's name.
    Name,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What a provider is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum DataSource {
    /// What is at the location now.
    ValueAtLocation,
    /// The name of the user who sent the object.
    Username,
}

/// What happens when a provider fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum ExternalDataFailurePolicy {
    /// The value of `default` is used in place of an answer.
    UseDefault,
    /// The object stays as it is.
    Ignore,
    /// The request is refused.
    Fail,
}
