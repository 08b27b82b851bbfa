//! Who is meant: a place, or all workloads of a namespace, or all.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Reach;
use crate::flow::{Name, Place};
use crate::notation::PlaceError;
use crate::path::labelled;

/// One or more places; `*` is every workload, `namespace/*` every workload of a namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parties(Vec<Group>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Group {
    Everybody,
    Namespace(String),
    One(Place),
}

/// A text that is neither a place nor one of the two wildcards.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; or `*`, or `namespace/*`")]
pub struct PartyError(#[from] PlaceError);

impl Parties {
    /// Whether the list is empty, as that of exceptions is by default.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The places that are meant in a cluster.
    pub(super) fn places(&self, reach: &Reach<'_>) -> Vec<Place> {
        let mut places = Vec::new();
        for group in &self.0 {
            let wanted = |name: &Name| match group {
                Group::Everybody => true,
                Group::Namespace(namespace) => name.namespace == *namespace,
                Group::One(_) => false,
            };
            match group {
                Group::One(Place::Pods { pods }) => places.extend(labelled(reach, pods)),
                Group::One(place) => places.push(place.clone()),
                Group::Everybody | Group::Namespace(_) => {}
            }
            let pods = reach
                .world
                .pods
                .iter()
                .filter(|pod| !pod.implied && wanted(&pod.name));
            places.extend(pods.map(|pod| Place::Workload(pod.name.clone())));
        }
        places
    }

    /// Whether a place is one of those that are named.
    pub(super) fn contain(&self, reach: &Reach<'_>, place: &Place) -> bool {
        self.0.iter().any(|group| match (group, place) {
            (Group::One(Place::Pods { pods }), place) => labelled(reach, pods).contains(place),
            (Group::Everybody, Place::Workload(_)) => true,
            (Group::Namespace(namespace), Place::Workload(name)) => name.namespace == *namespace,
            (Group::One(one), place) => one == place,
            _ => false,
        })
    }
}

impl FromStr for Group {
    type Err = PartyError;

    fn from_str(text: &str) -> Result<Self, PartyError> {
        Ok(match text.split_once('/') {
            _ if text == "*" => Self::Everybody,
            Some((namespace, "*")) if !namespace.is_empty() => {
                Self::Namespace(namespace.to_owned())
            }
            _ => Self::One(text.parse()?),
        })
    }
}

impl FromStr for Parties {
    type Err = PartyError;

    fn from_str(text: &str) -> Result<Self, PartyError> {
        Ok(Self(vec![text.parse()?]))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    One(String),
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for Parties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = match Written::deserialize(deserializer)? {
            Written::One(text) => vec![text],
            Written::Many(texts) => texts,
        };
        let groups: Result<_, PartyError> = texts.iter().map(|text| text.parse()).collect();
        groups.map(Self).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Parties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = |group: &Group| match group {
            Group::Everybody => "*".to_owned(),
            Group::Namespace(namespace) => format!("{namespace}/*"),
            Group::One(place) => place.notation().to_string(),
        };
        match self.0.as_slice() {
            [one] => serializer.serialize_str(&text(one)),
            many => serializer.collect_seq(many.iter().map(text)),
        }
    }
}
