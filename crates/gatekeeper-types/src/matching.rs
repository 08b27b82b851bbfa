//! Which objects a constraint or a mutator is about.
//!
//! Constraints, mutators and expansion share one set of criteria, and all of them must hold. An absent criterion holds for
//! every object. Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/howto#the-match-field>.

use crd_core::{Object, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The criteria that select objects; all that are given must hold.
///
/// ```
/// use gatekeeper_types::matching::{Kinds, Match};
///
/// let pods_of_demo = Match {
///     kinds: vec![Kinds::core(["Pod"])],
///     namespaces: vec!["demo".into()],
///     ..Match::default()
/// };
/// # assert!(pods_of_demo.namespaces[0].matches("demo"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Match {
    /// Whether objects that users sent, objects that Gatekeeper expanded from a generator (a Pod out of a Deployment), or
    /// both are selected. Absent means both.
    pub source: Option<Source>,
    /// Groups and kinds; one entry that fits is enough. Empty selects every kind.
    pub kinds: Vec<Kinds>,
    /// Cluster-scoped objects, namespaced ones, or both. Absent means both.
    pub scope: Option<Scope>,
    /// Only objects of these namespaces, and these Namespace objects themselves. Cluster-scoped objects are not affected.
    pub namespaces: Vec<Wildcard>,
    /// No objects of these namespaces, and not these Namespace objects themselves. Cluster-scoped objects are not affected.
    pub excluded_namespaces: Vec<Wildcard>,
    /// Must select the labels of the object.
    #[schemars(schema_with = "crd_core::schema::label_selector")]
    pub label_selector: Option<LabelSelector>,
    /// Must select the labels of the object's namespace, or of the object itself where it is a Namespace. Holds for all
    /// other cluster-scoped objects.
    #[schemars(schema_with = "crd_core::schema::label_selector")]
    pub namespace_selector: Option<LabelSelector>,
    /// The name that the object must have; a `*` at either end stands for any text.
    pub name: Option<Wildcard>,
}

/// API groups crossed with kinds: an object fits when its group and its kind are both listed.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Kinds {
    /// API groups without version; `""` is the core group, `*` every group. Empty selects every group.
    pub api_groups: Vec<String>,
    /// Kinds as in an object's `kind`; `*` is every kind. Empty selects every kind.
    pub kinds: Vec<String>,
}

impl Kinds {
    /// Kinds of one API group (`apps`, not `apps/v1`).
    pub fn new<K: Into<String>>(
        group: impl Into<String>,
        kinds: impl IntoIterator<Item = K>,
    ) -> Self {
        Self {
            api_groups: vec![group.into()],
            kinds: kinds.into_iter().map(Into::into).collect(),
        }
    }

    /// Kinds of the core group, such as `Pod` and `Namespace`.
    pub fn core<K: Into<String>>(kinds: impl IntoIterator<Item = K>) -> Self {
        Self::new("", kinds)
    }

    /// Whether an object of this group and kind fits.
    #[must_use]
    pub fn selects(&self, group: &str, kind: &str) -> bool {
        let holds = |wanted: &[String], found: &str| {
            wanted.is_empty() || wanted.iter().any(|w| w == "*" || w == found)
        };
        holds(&self.api_groups, group) && holds(&self.kinds, kind)
    }
}

/// The scope of the objects that are selected.
///
/// Gatekeeper takes an unknown value for [`Scope::All`], without a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum Scope {
    /// `*`: objects of every scope.
    #[arm(rename = "*")]
    All,
    /// Objects without a namespace, and Namespaces.
    Cluster,
    /// Objects that lie in a namespace.
    Namespaced,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Where an object that is looked at comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum Source {
    /// Sent to the API server or derived, whichever.
    All,
    /// Derived by an ExpansionTemplate.
    Generated,
    /// Sent to the API server as it is.
    Original,
}

/// A name with an optional `*` at its start, at its end, or at both; no `*` elsewhere has a meaning.
///
/// ```
/// use gatekeeper_types::matching::Wildcard;
///
/// assert!(Wildcard::from("kube-*").matches("kube-system"));
/// assert!(Wildcard::from("*-system").matches("kube-system"));
/// assert!(Wildcard::from("*be-sys*").matches("kube-system"));
/// assert!(!Wildcard::from("kube").matches("kube-system"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Wildcard(pub String);

impl Wildcard {
    /// The pattern that the API server holds such a name against.
    pub const PATTERN: &'static str = r"^\*?[-:a-z0-9]*\*?$";

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a name fits: a `*` at either end stands for any text, also for none.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let after_star = self.0.strip_prefix('*');
        let middle = after_star.unwrap_or(&self.0);
        match (after_star.is_some(), middle.strip_suffix('*')) {
            (true, Some(part)) => name.contains(part),
            (false, Some(start)) => name.starts_with(start),
            (true, None) => name.ends_with(middle),
            (false, None) => name == middle,
        }
    }

    /// Whether the API server accepts the text: an optional `*`, then lower-case letters, digits, `-` and `:`, then an
    /// optional `*`.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let middle = self.0.strip_prefix('*').unwrap_or(&self.0);
        let middle = middle.strip_suffix('*').unwrap_or(middle);
        middle
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b':')
    }
}

impl From<&str> for Wildcard {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Wildcard {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Wildcard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crd_core::if_schema! {
    impl crd_core::schema::JsonSchema for Wildcard {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Wildcard".into()
        }

        fn inline_schema() -> bool {
            true
        }

        fn json_schema(_: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
            crd_core::schema::json_schema!({ "type": "string", "pattern": Self::PATTERN })
        }
    }
}
