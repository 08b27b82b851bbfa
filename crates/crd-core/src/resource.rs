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
    /// The column's heading.
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
    /// Namespaced or not.
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

/// Writes the root type of a kind, with any root fields.
///
/// ```
/// # mod demo {
/// use serde::{Deserialize, Serialize};
///
/// crd_core::resource! {
///     /// Says hello. See <https://example.com/docs/greeter>.
///     #[resource(
///         group = "example.com", version = "v1", kind = "Greeter", plural = "greeters", scope = Namespaced,
///         short_names = ["gr"],
///         categories = ["all"],
///         status_subresource = true,
///         printer_columns = [("Text", "string", ".spec.text"), ("Age", "date", ".metadata.creationTimestamp")],
///     )]
///     pub struct Greeter {
///         /// What is wanted.
///         pub spec: GreeterSpec,
///         /// What is there.
///         pub status: Option<GreeterStatus>,
///     }
/// }
///
/// /// What is wanted.
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
/// pub struct GreeterSpec {
///     /// The words, at least one.
///     pub text: String,
/// }
///
/// /// What is there.
/// #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
/// #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
/// pub struct GreeterStatus {}
/// # }
/// # use demo::*;
///
/// let greeter = Greeter::new("hello", GreeterSpec { text: "hi".to_owned() }).in_namespace("demo");
/// assert_eq!(
///     serde_json::to_string(&greeter)?,
///     r#"{"apiVersion":"example.com/v1","kind":"Greeter","metadata":{"name":"hello","namespace":"demo"},"spec":{"text":"hi"}}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # What it writes
///
/// - the struct, with `pub metadata: ObjectMeta` before the fields named; Clone, Debug, PartialEq;
/// - `new(name, ...)`, which takes the required fields in their order; `in_namespace` (namespaced
///   kinds only), `with_label`, `with_annotation`;
/// - `k8s_openapi::Resource` and `Metadata`, hence `kube_core::Resource` with `DynamicType = ()`,
///   and the constants `GROUP`, `VERSION`, `API_VERSION`, `KIND` that come with them; [`Kind`];
/// - Serialize, in the order apiVersion, kind, metadata, fields as declared; Deserialize, which
///   refuses another apiVersion or kind and never rewrites a version;
/// - behind the feature `schema` **of the crate that calls the macro**: `schemars::JsonSchema`,
///   [`CrdVersion`](crate::crd::CrdVersion), and `crd()`, the CustomResourceDefinition with this
///   one version. Kinds of several versions are put together with [`Crd`](crate::crd::Crd).
///
/// The crate that calls the macro depends on `k8s-openapi`, `serde` and, behind its feature
/// `schema`, `schemars`.
///
/// # Fields
///
/// `Option<T>` is left out when `None`; `Vec<T>` and `BTreeMap<K, V>` (written like this, without a
/// path) are left out when empty, unless they have `#[required]`; everything else is required. The
/// JSON name is the Rust name in camel case, or what `#[field("security-labels")]` says.
/// `#[schemars(...)]` works as on any field, and on the struct it applies to the root of the
/// schema, so that it can carry rules over all of the object. `#[embed]` works as in
/// [`object!`](crate::object), `#[cfg(...)]` works on fields that are not required. A root without
/// any field is fine.
///
/// # Attributes
///
/// `group`, `version`, `kind`, `plural` and `scope` (`Namespaced` or `Cluster`) come first, in this
/// order. Then, in any order, all optional:
///
/// | key | meaning |
/// | --- | --- |
/// | `singular = "gateway"` | otherwise the kind in lower case |
/// | `list_kind = "GatewayList"` | otherwise the kind and `List` |
/// | `short_names = ["gtw"]` | |
/// | `categories = ["gateway-api"]` | |
/// | `status_subresource = true` | status has an endpoint of its own |
/// | `printer_columns = [("Name", "string", ".spec.name"), ("Wide", "string", ".spec.x", 1)]` | name, type, path, priority |
/// | `deprecated = "use v1"` | the version is deprecated, with a warning of our own; `deprecated = true` leaves the warning to the server |
#[macro_export]
macro_rules! resource {
    (
        $(#[doc = $doc:expr])*
        #[resource(
            group = $group:literal, version = $version:literal, kind = $kind:literal, plural = $plural:literal,
            scope = $scope:ident $(, $key:ident = $value:tt)* $(,)?
        )]
        $(#[schemars($($schemars:tt)*)])*
        $vis:vis struct $name:ident $body:tt
    ) => {
        $crate::__fields! {
            __resource
            {
                [$(#[doc = $doc])*] [$group $version $kind $plural $scope] [$(($key $value))*]
                [$(#[schemars($($schemars)*)])*] [$vis] $name
            }
            $body
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __resource {
    (@fields
        {
            [$($docs:tt)*] [$group:literal $version:literal $kind:literal $plural:literal $scope:ident]
            [$(($key:ident $value:tt))*] [$($rootattr:tt)*] [$vis:vis] $name:ident
        }
        [$({ [$($fdoc:tt)*] [$($fcfg:tt)*] [$($fattr:tt)*] $fvis:vis $f:ident $wire:tt $mode:ident $inner:tt [$fty:ty] })*]
        [$(($r:ident [$rty:ty]))*]
    ) => {
        $($docs)*
        #[derive(Clone, Debug, PartialEq)]
        $vis struct $name {
            /// Name, namespace, labels and annotations.
            pub metadata: $crate::__private::ObjectMeta,
            $($($fdoc)* $($fcfg)* $fvis $f: $fty,)*
        }

        impl $name {
            #[doc = concat!("A `", $kind, "` of this name with the given content and nothing else.")]
            pub fn new(name: impl Into<::std::string::String> $(, $r: $rty)*) -> Self {
                Self {
                    metadata: $crate::__private::named(name.into()),
                    $($($fcfg)* $f: $crate::__field_init!($mode $f),)*
                }
            }

            $crate::__resource_in_namespace!($scope);

            /// The same object with this label; an earlier value of the key is replaced.
            #[must_use]
            pub fn with_label(
                mut self,
                key: impl Into<::std::string::String>,
                value: impl Into<::std::string::String>,
            ) -> Self {
                $crate::__private::label(&mut self.metadata, key.into(), value.into());
                self
            }

            /// The same object with this annotation; an earlier value of the key is replaced.
            #[must_use]
            pub fn with_annotation(
                mut self,
                key: impl Into<::std::string::String>,
                value: impl Into<::std::string::String>,
            ) -> Self {
                $crate::__private::annotate(&mut self.metadata, key.into(), value.into());
                self
            }
        }

        impl ::k8s_openapi::Resource for $name {
            const API_VERSION: &'static str = concat!($group, "/", $version);
            const GROUP: &'static str = $group;
            const KIND: &'static str = $kind;
            const VERSION: &'static str = $version;
            const URL_PATH_SEGMENT: &'static str = $plural;
            type Scope = $crate::__resource_scope!($scope);
        }

        impl ::k8s_openapi::Metadata for $name {
            type Ty = $crate::__private::ObjectMeta;

            fn metadata(&self) -> &Self::Ty {
                &self.metadata
            }

            fn metadata_mut(&mut self) -> &mut Self::Ty {
                &mut self.metadata
            }
        }

        impl $crate::Kind for $name {
            const INFO: $crate::KindInfo = {
                #[allow(unused_mut)]
                let mut info =
                    $crate::KindInfo::new($group, $version, $kind, $plural, $crate::Scope::$scope);
                $($crate::__resource_info!(info $key = $value);)*
                info
            };
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use ::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("apiVersion", <Self as ::k8s_openapi::Resource>::API_VERSION)?;
                map.serialize_entry("kind", <Self as ::k8s_openapi::Resource>::KIND)?;
                map.serialize_entry("metadata", &self.metadata)?;
                $($($fcfg)* { $crate::__field_write!($mode $inner &self.$f, map $wire); })*
                map.end()
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Root;

                impl<'de> ::serde::de::Visitor<'de> for Root {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str(concat!("an object of kind ", $kind))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<Self::Value, A::Error> {
                        let mut head = $crate::__private::Head::<$name>::new();
                        $($($fcfg)* let mut $f = $crate::__field_slot!($mode $inner);)*
                        while let Some(key) = map.next_key::<$crate::__private::Key<'de>>()? {
                            if head.member(&key, &mut map)? {
                                continue;
                            }
                            $($($fcfg)* { if $crate::__field_read!($mode $inner $f key map $wire) {
                                continue;
                            } })*
                            map.next_value::<::serde::de::IgnoredAny>()?;
                        }
                        let metadata = head.finish()?;
                        Ok($name { metadata, $($($fcfg)* $f: $crate::__field_value!($mode $inner $f $wire),)* })
                    }
                }

                deserializer.deserialize_map(Root)
            }
        }

        #[cfg(feature = "schema")]
        const _: () = {
            impl ::schemars::JsonSchema for $name {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    $kind.into()
                }

                fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                    #[derive(::schemars::JsonSchema)]
                    $($docs)*
                    $($rootattr)*
                    #[schemars(rename_all = "camelCase")]
                    #[allow(dead_code)]
                    struct Root {
                        $($($fdoc)* $($fcfg)* $($fattr)* $f: $crate::__field_type!($mode $inner),)*
                    }
                    let mut schema = $crate::schema::root(
                        <Root as ::schemars::JsonSchema>::json_schema(generator),
                    );
                    $($($fcfg)* { $crate::__field_schema!(schema generator $mode $inner $wire); })*
                    schema
                }
            }

            impl $crate::crd::CrdVersion for $name {
                fn schema() -> ::schemars::Schema {
                    $crate::schema::raw_schema_for::<Self>()
                }
            }

            impl $name {
                /// The CustomResourceDefinition with this version alone.
                pub fn crd() -> $crate::crd::CustomResourceDefinition {
                    $crate::crd::Crd::of::<Self>().build()
                }
            }
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __resource_scope {
    (Namespaced) => {
        ::k8s_openapi::NamespaceResourceScope
    };
    (Cluster) => {
        ::k8s_openapi::ClusterResourceScope
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __resource_in_namespace {
    (Namespaced) => {
        /// The same object in this namespace.
        #[must_use]
        pub fn in_namespace(mut self, namespace: impl Into<::std::string::String>) -> Self {
            self.metadata.namespace = ::core::option::Option::Some(namespace.into());
            self
        }
    };
    (Cluster) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __resource_info {
    ($info:ident singular = $value:literal) => {
        $info.singular = Some($value)
    };
    ($info:ident list_kind = $value:literal) => {
        $info.list_kind = Some($value)
    };
    ($info:ident short_names = [$($value:literal),* $(,)?]) => {
        $info.short_names = &[$($value),*]
    };
    ($info:ident categories = [$($value:literal),* $(,)?]) => {
        $info.categories = &[$($value),*]
    };
    ($info:ident status_subresource = $value:literal) => {
        $info.status_subresource = $value
    };
    ($info:ident deprecated = true) => {
        $info.deprecated = true
    };
    ($info:ident deprecated = $value:literal) => {
        $info.deprecated = true;
        $info.deprecation_warning = Some($value)
    };
    ($info:ident printer_columns = [$(($name:literal, $type:literal, $path:literal $(, $priority:literal)?)),* $(,)?]) => {
        $info.printer_columns = &[$($crate::PrinterColumn {
            name: $name,
            type_: $type,
            json_path: $path,
            priority: 0 $(+ $priority)?,
        }),*]
    };
    ($info:ident $key:ident = $value:tt) => {
        compile_error!(concat!("resource!: unknown attribute or malformed value: ", stringify!($key)))
    };
}
