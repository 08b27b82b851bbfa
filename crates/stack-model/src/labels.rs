//! Labels and annotations, as views.

use std::collections::{BTreeMap, HashMap};

use kube_value::{Map, Text, Value};

/// Anything that has labels: what a [`Selector`](crate::Selector) is asked about.
pub trait LabelSet {
    /// The value of a label; `None` if it is not set.
    fn value(&self, key: &str) -> Option<&str>;
}

impl<L: LabelSet + ?Sized> LabelSet for &L {
    fn value(&self, key: &str) -> Option<&str> {
        (**self).value(key)
    }
}

impl LabelSet for BTreeMap<String, String> {
    fn value(&self, key: &str) -> Option<&str> {
        self.get(key).map(String::as_str)
    }
}

impl LabelSet for HashMap<String, String> {
    fn value(&self, key: &str) -> Option<&str> {
        self.get(key).map(String::as_str)
    }
}

impl LabelSet for [(&str, &str)] {
    fn value(&self, key: &str) -> Option<&str> {
        self.iter().find(|pair| pair.0 == key).map(|pair| pair.1)
    }
}

impl<const N: usize> LabelSet for [(&str, &str); N] {
    fn value(&self, key: &str) -> Option<&str> {
        self.as_slice().value(key)
    }
}

/// The labels (or annotations) of an object, with those that the cluster adds by itself.
///
/// What is not a text is no label: the server would refuse it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Labels<'m> {
    written: Option<&'m Map>,
    implied: [Option<(&'static str, &'m str)>; 2],
}

impl<'m> Labels<'m> {
    /// The labels that stand in an object's map; none for anything but a map.
    pub fn of(map: Option<&'m Value>) -> Self {
        Self::written(map.and_then(Value::as_object))
    }

    pub(crate) const fn written(map: Option<&'m Map>) -> Self {
        Self {
            written: map,
            implied: [None; 2],
        }
    }

    /// With labels that the cluster sets over whatever is written.
    #[must_use]
    pub(crate) fn with_implied(mut self, implied: [Option<(&'static str, &'m str)>; 2]) -> Self {
        self.implied = implied;
        self
    }

    /// The value of a label.
    pub fn get(&self, key: &str) -> Option<&'m str> {
        crate::work::step();
        self.implied()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value)
            .or_else(|| self.written?.get(key)?.as_str())
    }

    /// All labels: first as written, then those that the cluster adds.
    pub fn iter(&self) -> impl Iterator<Item = (&'m str, &'m str)> + use<'m> {
        self.not_implied()
            .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
            .chain(self.implied.into_iter().flatten())
    }

    /// As [`iter`](Self::iter), to be kept: the texts share their memory with the object.
    pub fn texts(&self) -> impl Iterator<Item = (Text, Text)> + use<'m> {
        let written = self.not_implied().filter_map(|(key, value)| match value {
            Value::String(value) => Some((key.clone(), value.clone())),
            _ => None,
        });
        written.chain(
            self.implied()
                .map(|(key, value)| (key.into(), value.into())),
        )
    }

    /// The keys that are written, also of what is no text and therefore no label.
    pub fn written_keys(&self) -> impl Iterator<Item = &'m str> + use<'m> {
        let members = self.written.into_iter().flatten();
        members.map(|(key, _)| key.as_str())
    }

    /// Whether there is no label at all.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// What is written and not set over.
    fn not_implied(&self) -> impl Iterator<Item = (&'m Text, &'m Value)> + use<'m> {
        let implied = self.implied;
        let is_set = move |key: &str| implied.iter().flatten().any(|(name, _)| *name == key);
        let written = self.written.into_iter().flatten();
        written.filter(move |(key, _)| !is_set(key))
    }

    fn implied(&self) -> impl Iterator<Item = (&'static str, &'m str)> + use<'m> {
        self.implied.into_iter().flatten()
    }
}

impl LabelSet for Labels<'_> {
    fn value(&self, key: &str) -> Option<&str> {
        self.get(key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_cluster_sets_wins_over_what_is_written() {
        let written = json!({"job-name": "mine", "app": "web", "odd": 3}).into();
        let labels = Labels::of(Some(&written)).with_implied([Some(("job-name", "real")), None]);
        assert_eq!(labels.get("job-name"), Some("real"));
        assert_eq!(labels.get("odd"), None);
        assert_eq!(
            labels.iter().collect::<Vec<_>>(),
            [("app", "web"), ("job-name", "real")]
        );
        assert!(Labels::default().is_empty());
    }
}
