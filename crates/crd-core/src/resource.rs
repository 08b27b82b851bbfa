//! Root objects: what has an apiVersion, a kind and metadata.

/// How far an object's name reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Names are unique within a namespace.
    Namespaced,
    /// Names are unique within the cluster; objects have no namespace.
    Cluster,
}

/// One column of `kubectl get`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrinterColumn {
    /// The column's heading, which kubectl writes in capitals.
    pub name: &'static str,
    /// An OpenAPI type: `string`, `integer`, `number`, `boolean` or `date`.
    pub type_: &'static str,
    /// Where the value is, as a JSON path with a leading dot: `.spec.hostnames`.
    pub json_path: &'static str,
    /// Columns above 0 appear only with `-o wide`.
    pub priority: i32,
}

/// Where the endpoint `scale` finds its numbers, as JSON paths with a leading dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScalePaths {
    /// How many are wanted: `.spec.replicas`.
    pub spec: &'static str,
    /// How many there are: `.status.replicas`.
    pub status: &'static str,
    /// The selector of the pods, as a text; autoscalers need it.
    pub selector: Option<&'static str>,
}

/// What a CustomResourceDefinition says of one version of a kind beside its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KindInfo {
    /// The API group; empty for none.
    pub group: &'static str,
    /// The version without the group: `v1`.
    pub version: &'static str,
    /// Name of the kind as documents write it, in upper camel case.
    pub kind: &'static str,
    /// The resource's name in URLs.
    pub plural: &'static str,
    /// Whether objects lie in a namespace or belong to the whole cluster.
    pub scope: Scope,
    /// The lower-case name of one object; the kind in lower case if `None`.
    pub singular: Option<&'static str>,
    /// The kind of a list of objects; the kind with `List` behind it if `None`.
    pub list_kind: Option<&'static str>,
    /// What else kubectl understands in place of the plural.
    pub short_names: &'static [&'static str],
    /// The groups of kinds that kubectl lists together, such as `all`.
    pub categories: &'static [&'static str],
    /// Whether `status` is written through an endpoint of its own.
    pub status_subresource: bool,
    /// Where the endpoint `scale` finds its numbers, if there is one.
    pub scale: Option<ScalePaths>,
    /// The columns of `kubectl get`, in order.
    pub printer_columns: &'static [PrinterColumn],
    /// Whether the version is on its way out.
    pub deprecated: bool,
    /// What clients of a deprecated version are told.
    pub deprecation_warning: Option<&'static str>,
    /// Whether only the experimental channel has the kind.
    pub experimental: bool,
}

impl KindInfo {
    /// A kind with nothing but what each must have.
    pub const fn new(
        group: &'static str,
        version: &'static str,
        kind: &'static str,
        plural: &'static str,
        scope: Scope,
    ) -> Self {
        Self {
            group,
            version,
            kind,
            plural,
            scope,
            singular: None,
            list_kind: None,
            short_names: &[],
            categories: &[],
            status_subresource: false,
            scale: None,
            printer_columns: &[],
            deprecated: false,
            deprecation_warning: None,
            experimental: false,
        }
    }
}

/// The root type of one version of a kind. [`derive(Resource)`](crate::Resource) implements it.
///
/// Types that implement it work with `kube::Api`, which asks for no more than these traits of k8s-openapi and serde.
pub trait Kind:
    k8s_openapi::Resource
    + k8s_openapi::Metadata<Ty = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta>
    + Clone
    + std::fmt::Debug
    + serde::Serialize
    + serde::de::DeserializeOwned
    + Send
    + Sync
    + 'static
{
    /// What the kind is called and how kubectl shows it.
    const INFO: KindInfo;
}

/// A kind and all its versions, as they are declared with this type. [`derive(Resource)`](crate::Resource) implements it.
pub trait Declared: Kind {
    /// This version, then the older ones in the order in which they are declared; one of them is stored.
    fn versions() -> Vec<crate::Version>;
}
