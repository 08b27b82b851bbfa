//! The pods that an object makes, read from its value.

use serde_json::{Map, Value};

use crate::object::Object;

/// The lists of a pod that name images: the list, and the pointer in each element.
const IMAGES: [(&str, &str); 4] = [
    ("initContainers", "/image"),
    ("containers", "/image"),
    ("ephemeralContainers", "/image"),
    ("volumes", "/image/reference"),
];

/// The pods that an object makes.
///
/// ```
/// use stack_builder::Object;
///
/// let object = Object::dynamic(serde_json::json!({
///     "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
///     "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}},
/// }))?;
/// let pods = object.pod_template().unwrap();
/// assert_eq!(pods.label("app"), Some("web"));
/// assert_eq!(pods.images().collect::<Vec<_>>(), [("/spec/template/spec/containers/0/image".to_owned(), "a:1")]);
/// # Ok::<(), stack_builder::ObjectError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PodTemplate<'a> {
    at: &'static str,
    metadata: &'a Value,
    spec: &'a Value,
}

impl Object {
    /// The pods that it makes; `None` where it makes none.
    pub fn pod_template(&self) -> Option<PodTemplate<'_>> {
        PodTemplate::in_value(self.value(), self.pods_at()?)
    }
}

impl<'a> PodTemplate<'a> {
    /// The template at a pointer, which [`Object::pods_at`] gives.
    pub(crate) fn in_value(value: &'a Value, at: &'static str) -> Option<Self> {
        let template = value.pointer(at)?;
        Some(PodTemplate {
            at,
            metadata: &template["metadata"],
            spec: &template["spec"],
        })
    }

    /// Key and value of each label that the pods will carry. A value that is no text is left out.
    pub fn labels(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        texts(self.metadata["labels"].as_object())
    }

    /// The value of one label of the pods; `None` where it is absent or no text.
    pub fn label(&self, key: &str) -> Option<&'a str> {
        self.metadata["labels"].get(key)?.as_str()
    }

    /// The value of one annotation of the pods; `None` where it is absent or no text.
    pub fn annotation(&self, key: &str) -> Option<&'a str> {
        self.metadata["annotations"].get(key)?.as_str()
    }

    /// The pods' `spec` as JSON; `null` where the template has none.
    pub fn spec(&self) -> &'a Value {
        self.spec
    }

    /// The ports that containers declare: name and number.
    pub fn ports(&self) -> impl Iterator<Item = (Option<&'a str>, u16)> + use<'a> {
        // A sidecar may be an init container.
        ["initContainers", "containers"]
            .into_iter()
            .flat_map(|list| items(&self.spec[list]))
            .flat_map(|container| items(&container["ports"]))
            .filter_map(|port| {
                let number = u16::try_from(port["containerPort"].as_u64()?).ok()?;
                Some((port["name"].as_str(), number))
            })
    }

    /// The images that the pods run or mount, each with its JSON pointer in the object.
    pub fn images(&self) -> impl Iterator<Item = (String, &'a str)> + use<'a> {
        let PodTemplate { at, spec, .. } = *self;
        IMAGES.into_iter().flat_map(move |(list, pointer)| {
            let entries = items(&spec[list]).enumerate();
            entries.filter_map(move |(index, entry)| {
                let image = entry.pointer(pointer)?.as_str()?;
                Some((format!("{at}/spec/{list}/{index}{pointer}"), image))
            })
        })
    }
}

fn texts(map: Option<&Map<String, Value>>) -> impl Iterator<Item = (&str, &str)> {
    map.into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn images_are_found_wherever_pods_are_described() {
        let pod = json!({
            "initContainers": [{"image": "a:1", "ports": [{"containerPort": 1}]}],
            "containers": [{"image": "b:1", "ports": [{"name": "web", "containerPort": 80}]}, {"name": "none"}],
            "volumes": [{"emptyDir": {}}, {"image": {"reference": "c:1"}}],
        });
        let object = |kind: &str, rest: Value| {
            let mut object = rest;
            object["apiVersion"] = if kind == "Pod" { "v1" } else { "x/v1" }.into();
            object["kind"] = kind.into();
            object["metadata"] = json!({"name": "a"});
            Object::dynamic(object).unwrap()
        };
        for (kind, value, at) in [
            ("Pod", json!({"spec": pod}), ""),
            (
                "StatefulSet",
                json!({"spec": {"template": {"spec": pod}}}),
                "/spec/template",
            ),
            (
                "Rollout",
                json!({"spec": {"template": {"spec": pod}}}),
                "/spec/template",
            ),
            (
                "CronJob",
                json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": pod}}}}}),
                "/spec/jobTemplate/spec/template",
            ),
            (
                "PodTemplate",
                json!({"template": {"spec": pod}}),
                "/template",
            ),
        ] {
            let object = object(kind, value);
            let pods = object.pod_template().unwrap();
            let images: Vec<_> = pods.images().collect();
            let expected = [
                ("initContainers/0/image", "a:1"),
                ("containers/0/image", "b:1"),
                ("volumes/1/image/reference", "c:1"),
            ]
            .map(|(path, image)| (format!("{at}/spec/{path}"), image));
            assert_eq!(images, expected, "{kind}");
            let ports: Vec<_> = pods.ports().collect();
            assert_eq!(ports, [(None, 1), (Some("web"), 80)], "{kind}");
            for (path, image) in images {
                assert_eq!(object.value().pointer(&path), Some(&image.into()), "{kind}");
            }
        }
        // A selector of pods, and a list of another kind, are none.
        for other in [
            json!({"spec": {"template": {"labels": {}}}}),
            json!({"spec": {"containers": [{"image": "a"}]}}),
        ] {
            assert!(object("Other", other).pod_template().is_none());
        }
    }
}
