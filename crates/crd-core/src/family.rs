//! All kinds of one project, declared once.

#[cfg(feature = "schema")]
use crate::channel::Channel;
#[cfg(feature = "schema")]
use crate::crd::{CustomResourceDefinition, Definition};
use crate::resource::{Declared, KindInfo};
use crate::version::Version;

/// The kinds of one project: the one list of them, from which definitions, bindings and tests are made.
///
/// ```
/// # use crd_core::{Family, Resource};
/// # use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
/// # /// A kind.
/// # #[derive(Clone, Debug, PartialEq, Resource)]
/// # #[resource(group = "example.com", version = "v1", kind = "Box", plural = "boxes", scope = Cluster)]
/// # pub struct Package {
/// #     /// Its name.
/// #     pub metadata: ObjectMeta,
/// # }
/// /// All kinds of the project.
/// #[inline]
/// pub fn family() -> Family {
///     Family::new("example").kind::<Package>()
/// }
///
/// let document = serde_json::json!({"apiVersion": "example.com/v1", "kind": "Box", "metadata": {"name": "a"}});
/// let read = family().version("example.com/v1", "Box").map(|version| version.strict(&document));
/// let package = read.unwrap()?;
/// assert_eq!(package.metadata().name.as_deref(), Some("a"));
/// assert!(package.as_any().is::<Package>());
/// # Ok::<(), crd_core::ParseError>(())
/// ```
///
/// The function that makes it is `#[inline]`, so that the code which reads all kinds is compiled only where it is called.
#[derive(Clone, Debug)]
pub struct Family {
    name: &'static str,
    /// The versions of each kind, the newest first.
    kinds: Vec<Vec<Version>>,
    #[cfg(feature = "schema")]
    release: Option<fn(Definition, Channel) -> Definition>,
}

impl Family {
    /// A family without kinds. The name is a short one for people and folders, such as `gateway-api`.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            kinds: Vec::new(),
            #[cfg(feature = "schema")]
            release: None,
        }
    }

    /// Adds a kind with all versions that are declared with `K`.
    #[must_use]
    pub fn kind<K: Declared>(mut self) -> Self {
        self.kinds.push(K::versions());
        self
    }

    /// Adds the kinds of another list, such as that of one API group.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.kinds.extend(other.kinds);
        self
    }

    /// What else the project's release says of every definition: labels, annotations, changes.
    #[cfg(feature = "schema")]
    #[must_use]
    pub fn release(mut self, release: fn(Definition, Channel) -> Definition) -> Self {
        self.release = Some(release);
        self
    }

    /// The short name for people and folders, such as `gateway-api`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The kinds, in the order of their declaration, each by its newest version.
    pub fn kinds(&self) -> impl Iterator<Item = &KindInfo> {
        let newest = self.kinds.iter().filter_map(|versions| versions.first());
        newest.map(Version::info)
    }

    /// All versions of all kinds.
    pub fn versions(&self) -> impl Iterator<Item = &Version> {
        self.kinds.iter().flatten()
    }

    /// The version that a document with this `apiVersion` and `kind` is read as, served or not.
    pub fn version(&self, api_version: &str, kind: &str) -> Option<&Version> {
        let (group, version) = api_version.split_once('/')?;
        self.versions().find(|found| {
            let info = found.info();
            info.kind == kind && info.group == group && info.version == version
        })
    }

    /// The definitions of the kinds that the channel has, none of them made yet.
    #[cfg(feature = "schema")]
    pub fn definitions(&self, channel: Channel) -> Vec<Definition> {
        let known = self.kinds.iter().filter(|versions| {
            let newest = versions.first();
            channel.has(newest.is_some_and(|version| version.info().experimental))
        });
        known
            .filter_map(|versions| Definition::of_versions(versions.clone()))
            .map(|definition| {
                let definition = definition.in_channel(channel);
                match self.release {
                    Some(release) => release(definition, channel),
                    None => definition,
                }
            })
            .collect()
    }

    /// The finished CustomResourceDefinitions of the kinds that the channel has.
    #[cfg(feature = "schema")]
    pub fn crds(&self, channel: Channel) -> Vec<CustomResourceDefinition> {
        self.definitions(channel)
            .iter()
            .map(Definition::build)
            .collect()
    }
}

/// Writes `crds()` and `definitions()` beside a crate's function `family()`, in builds with schemas.
///
/// `family_crds!();` is for projects without release channels; `family_crds!(by_channel);` writes functions that take a
/// [`Channel`](crate::Channel). Doc comments within go to `crds()`.
///
/// ```
/// # use crd_core::{Family, ObjectMeta, Resource};
/// # /// A kind.
/// # #[derive(Clone, Debug, PartialEq, Resource)]
/// # #[resource(group = "example.com", version = "v1", kind = "Box", plural = "boxes", scope = Cluster)]
/// # pub struct Package {
/// #     /// Name and labels.
/// #     pub metadata: ObjectMeta,
/// # }
/// /// All kinds of the project.
/// #[inline]
/// pub fn family() -> Family {
///     Family::new("example").kind::<Package>()
/// }
///
/// crd_core::family_crds!();
///
/// # crd_core::if_schema! { fn check() {
/// assert_eq!(crds()[0].metadata.name.as_deref(), Some("boxes.example.com"));
/// # } }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! family_crds {
    ($(#[$docs:meta])* by_channel) => {
        $crate::if_schema! {
            $(#[$docs])*
            #[must_use]
            pub fn crds(channel: $crate::Channel) -> ::std::vec::Vec<$crate::crd::CustomResourceDefinition> {
                family().crds(channel)
            }

            /// What the [`crds`] of a channel are made from, none of them made yet: for tools that look up a few kinds.
            #[must_use]
            pub fn definitions(channel: $crate::Channel) -> ::std::vec::Vec<$crate::crd::Definition> {
                family().definitions(channel)
            }
        }
    };
    ($(#[$docs:meta])*) => {
        $crate::if_schema! {
            /// The CustomResourceDefinitions of all kinds of the [`family`], with their schemas.
            $(#[$docs])*
            #[must_use]
            pub fn crds() -> ::std::vec::Vec<$crate::crd::CustomResourceDefinition> {
                family().crds($crate::Channel::Standard)
            }

            /// What the [`crds`] are made from, none of them made yet: for tools that look up a few kinds.
            #[must_use]
            pub fn definitions() -> ::std::vec::Vec<$crate::crd::Definition> {
                family().definitions($crate::Channel::Standard)
            }
        }
    };
}
