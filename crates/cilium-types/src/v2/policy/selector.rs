//! Which endpoints or nodes are meant.

use std::collections::BTreeMap;

use crate::label::{LabelKey, POD_NAMESPACE};
use crd_core::{Object, StringEnum};

/// Picks endpoints (or nodes) by their labels.
///
/// All that is named must match. A selector that names nothing (`{}`) picks **everything**: in
/// a [`CiliumNetworkPolicy`](crate::v2::CiliumNetworkPolicy) every endpoint of the policy's
/// namespace, in a
/// [`CiliumClusterwideNetworkPolicy`](crate::v2::CiliumClusterwideNetworkPolicy) every endpoint
/// of every namespace. A namespaced policy reaches another namespace only through a label of
/// that namespace, see [`EndpointSelector::namespace`].
///
/// ```
/// use cilium_types::v2::EndpointSelector;
///
/// // Pods `app: frontend` of the policy's own namespace.
/// let frontend = EndpointSelector::labels([("app", "frontend")]);
/// // The same in namespace `shop`.
/// let shop = frontend.clone().in_namespace("shop");
/// assert_eq!(shop.label("k8s:io.kubernetes.pod.namespace"), Some("shop"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(inline, extend("x-kubernetes-map-type" = "atomic"))]
pub struct EndpointSelector {
    /// Labels that must all be there with exactly this value. Empty and absent both demand nothing;
    /// an explicit `{}` is kept as it was written. A value has at most 63 characters.
    #[schemars(with = "BTreeMap<String, crate::schema::LabelValue>")]
    pub match_labels: Option<BTreeMap<LabelKey, String>>,
    /// Further demands that must all hold. Empty and absent both demand nothing.
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub match_expressions: Option<Vec<LabelSelectorRequirement>>,
}

impl EndpointSelector {
    /// Everything within reach: the empty selector `{}`.
    pub fn everything() -> Self {
        Self::default()
    }

    /// Endpoints that carry all of these labels.
    pub fn labels<K, V>(labels: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<LabelKey>,
        V: Into<String>,
    {
        let mut match_labels = BTreeMap::new();
        // To collect them would compile a sort for each type of `labels`.
        for (key, value) in labels {
            match_labels.insert(key.into(), value.into());
        }
        Self {
            match_labels: Some(match_labels),
            match_expressions: None,
        }
    }

    /// All pods of a namespace, whichever namespace the policy is in.
    pub fn namespace(namespace: impl Into<String>) -> Self {
        Self::everything().in_namespace(namespace)
    }

    /// Narrows (or moves) the selector to the pods of a namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.match_labels
            .get_or_insert_default()
            .insert(LabelKey::from(POD_NAMESPACE), namespace.into());
        self
    }

    /// Adds a demand.
    #[must_use]
    pub fn and(mut self, requirement: LabelSelectorRequirement) -> Self {
        self.match_expressions
            .get_or_insert_default()
            .push(requirement);
        self
    }

    /// Whether the selector names nothing, and so picks everything.
    pub fn selects_all(&self) -> bool {
        self.match_labels.as_ref().is_none_or(BTreeMap::is_empty)
            && self.match_expressions.as_ref().is_none_or(Vec::is_empty)
    }

    /// The value that `match_labels` demands of a label; `None` where it demands none.
    pub fn label(&self, key: impl Into<LabelKey>) -> Option<&str> {
        let labels = self.match_labels.as_ref()?;
        labels.get(&key.into()).map(String::as_str)
    }
}

/// One demand on a label.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct LabelSelectorRequirement {
    /// The key of the label; a source in front, such as `k8s:`, narrows it.
    pub key: LabelKey,
    /// How the label is judged: against the values, or by being there.
    pub operator: LabelSelectorOperator,
    /// The values to compare with: at least one for `In` and `NotIn`, none for the others.
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub values: Vec<String>,
}

impl LabelSelectorRequirement {
    /// The label has one of these values.
    pub fn is_in<V: Into<String>>(
        key: impl Into<LabelKey>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::with(key, LabelSelectorOperator::In, values)
    }

    /// The label has none of these values, or is not there.
    pub fn not_in<V: Into<String>>(
        key: impl Into<LabelKey>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::with(key, LabelSelectorOperator::NotIn, values)
    }

    /// The label is there, with any value.
    pub fn exists(key: impl Into<LabelKey>) -> Self {
        Self::with(key, LabelSelectorOperator::Exists, [""; 0])
    }

    /// The label is not there.
    pub fn does_not_exist(key: impl Into<LabelKey>) -> Self {
        Self::with(key, LabelSelectorOperator::DoesNotExist, [""; 0])
    }

    fn with<V: Into<String>>(
        key: impl Into<LabelKey>,
        operator: LabelSelectorOperator,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self {
            key: key.into(),
            operator,
            values: values.into_iter().map(Into::into).collect(),
        }
    }
}

/// How a [`LabelSelectorRequirement`] judges a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum LabelSelectorOperator {
    /// The label's value is one of the values.
    In,
    /// The label's value is none of the values, or there is no such label.
    NotIn,
    /// There is such a label.
    Exists,
    /// There is no such label.
    DoesNotExist,
}
