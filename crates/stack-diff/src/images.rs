//! Which images come, go or change.

use std::collections::BTreeMap;
use std::fmt;

use kube_vocab::ObjectId;
use serde::Serialize;
use serde_json::Value;

/// The image of one container, on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImageChange {
    /// The object that runs it.
    #[serde(serialize_with = "crate::as_text")]
    pub object: ObjectId,
    /// The container, by its name.
    pub container: String,
    /// Before; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// After; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

impl fmt::Display for ImageChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let none = "none";
        let (old, new) = (
            self.old.as_deref().unwrap_or(none),
            self.new.as_deref().unwrap_or(none),
        );
        write!(
            f,
            "{}, container {}: {old} -> {new}",
            self.object, self.container
        )
    }
}

pub(crate) fn changes(old: Option<&Value>, new: Option<&Value>) -> Vec<ImageChange> {
    let Some(object) = new.or(old).map(crate::identity) else {
        return Vec::new();
    };
    let (old, mut new) = (of(old), of(new));
    let mut both: BTreeMap<String, (Option<String>, Option<String>)> = old
        .into_iter()
        .map(|(container, old)| {
            let new = new.remove(&container);
            (container, (Some(old), new))
        })
        .collect();
    both.extend(
        new.into_iter()
            .map(|(container, new)| (container, (None, Some(new)))),
    );
    both.into_iter()
        .filter(|(_, (old, new))| old != new)
        .map(|(container, (old, new))| ImageChange {
            object: object.clone(),
            container,
            old,
            new,
        })
        .collect()
}

/// Images by the names of their containers, wherever in the object a pod is described.
fn of(object: Option<&Value>) -> BTreeMap<String, String> {
    let mut images = BTreeMap::new();
    let mut open: Vec<&Value> = object.into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    if matches!(
                        key.as_str(),
                        "containers" | "initContainers" | "ephemeralContainers"
                    ) {
                        for container in member.as_array().into_iter().flatten() {
                            if let (Some(name), Some(image)) =
                                (container["name"].as_str(), container["image"].as_str())
                            {
                                images.insert(name.to_owned(), image.to_owned());
                            }
                        }
                    }
                    open.push(member);
                }
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    images
}
