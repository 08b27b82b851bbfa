//! The types of core Kubernetes, and which of them a shape is.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde_json::Value;

use crate::shape::{Edge, Shape, ShapeId, Shapes};

/// A type of k8s-openapi.
#[derive(Debug)]
pub(crate) struct CoreType {
    /// Its path in Rust.
    pub(crate) path: String,
    schema: Value,
}

impl CoreType {
    /// The last segment of its path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit("::").next().unwrap_or_default()
    }

    fn properties(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.schema["properties"].as_object().into_iter().flatten()
    }
}

/// All of them that are objects with members, by the name that k8s-openapi gives their schemas. A line for each: the example
/// `core_types` makes them from the types of each version, so that programs need not build the schemas of Kubernetes.
static TYPES: LazyLock<BTreeMap<String, CoreType>> = LazyLock::new(|| read(TABLE));

/// The types of the version with which k8s-openapi is built.
macro_rules! tables {
    ($($if_version:ident $file:literal)*) => { $(
        k8s_openapi::$if_version! {
            const TABLE: &str = include_str!(concat!("../core_types/", $file, ".txt"));
        }
    )* };
}
tables! {
    k8s_if_1_33 "1.33"
    k8s_if_1_34 "1.34"
    k8s_if_1_35 "1.35"
    k8s_if_1_36 "1.36"
    k8s_if_1_37 "1.37"
}

fn read(table: &str) -> BTreeMap<String, CoreType> {
    let lines = table.lines().filter_map(|line| line.split_once(' '));
    let types = lines.filter_map(|(name, schema)| {
        let path = name.strip_prefix("io.k8s.")?.replace('.', "::");
        let path = format!("k8s_openapi::{path}");
        let schema = serde_json::from_str(schema).ok()?;
        Some((name.to_owned(), CoreType { path, schema }))
    });
    types.collect()
}

/// Finds the core types among shapes; remembers what it found.
pub(crate) struct Recogniser<'a> {
    shapes: &'a Shapes,
    fits: HashMap<(ShapeId, &'static str), bool>,
}

/// How a shape's field set relates to a type's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Part,
    Whole,
}

/// Types whose field set is too common to tell what a shape is; the name of the member decides.
const BY_NAME: &[(&str, &[&str])] = &[
    ("ConfigMapKeySelector", &["configmap"]),
    // Whatever it is called: keys of ConfigMaps are asked for by that name.
    ("SecretKeySelector", &[""]),
    (
        "LocalObjectReference",
        &["secretref", "pullsecret", "localobjectref"],
    ),
    ("SecretReference", &["secretref", "secretreference"]),
    ("EnvVar", &["env"]),
    ("MatchCondition", &["matchcondition", "precondition"]),
    ("ParamKind", &["paramkind"]),
    ("Variable", &["variable"]),
];

/// Types of one or two members that mean something in their own context alone.
const NEVER: &[&str] = &[
    "HTTPHeader",
    "Sysctl",
    "KeyToPath",
    "LocalObjectReference",
    "SecretReference",
    "ExecAction",
    "SecretEnvSource",
    "ConfigMapEnvSource",
    "ConfigMapNodeConfigSource",
    "PodSchedulingGate",
    "PodReadinessGate",
    "WindowsSecurityContextOptions",
    "AttachedVolume",
    "NodeSelectorTerm",
    "ListMeta",
    "SleepAction",
    "HTTPGetAction",
    "TCPSocketAction",
    "GRPCAction",
    "CrossVersionObjectReference",
    "MetricTarget",
    "MetricIdentifier",
    "TypedObjectReference",
    "PortStatus",
    "VolumeDevice",
    "PodIP",
    "HostIP",
    "GRPCContainerResource",
    "ObjectMeta",
    "OwnerReference",
    "ManagedFieldsEntry",
    "ObjectFieldSelector",
    "PodFailurePolicyOnPodConditionsPattern",
    "SuccessPolicyRule",
    "PersistentVolumeClaimCondition",
    "PodDNSConfigOption",
    "EnvVarSource",
    "LabelSelectorRequirement",
    "PodResourceClaim",
    "ResourceClaim",
    "VolumeResourceRequirements",
];

impl<'a> Recogniser<'a> {
    pub(crate) fn new(shapes: &'a Shapes) -> Self {
        Self {
            shapes,
            fits: HashMap::new(),
        }
    }

    /// The core type that the shape is. `member` is what it is called where it stands.
    pub(crate) fn find(&mut self, id: ShapeId, member: &str) -> Option<&'static CoreType> {
        let shape = self.shapes.get(id);
        if shape.properties.is_empty()
            || shape
                .facts
                .contains_key("x-kubernetes-preserve-unknown-fields")
        {
            return None;
        }
        let mut found: Vec<(Likeness, usize, &'static CoreType)> = Vec::new();
        for (name, candidate) in TYPES.iter() {
            let Some(likeness) = likeness(shape, candidate) else {
                continue;
            };
            if self.plausible(candidate, member) && self.object_fits(id, name, candidate) {
                found.push((
                    likeness,
                    usize::MAX - candidate.properties().count(),
                    candidate,
                ));
            }
        }
        // Of equals the one that is not bound to a name of the member comes last.
        found
            .into_iter()
            .max_by_key(|(likeness, few, candidate)| {
                (*likeness, named(candidate.name(), member), *few)
            })
            .map(|(_, _, found)| found)
    }

    fn plausible(&self, candidate: &CoreType, member: &str) -> bool {
        let name = candidate.name();
        match BY_NAME.iter().any(|(known, _)| *known == name) {
            true => named(name, member),
            // One member alone tells nothing, unless what it is in is called like the type.
            false if candidate.properties().count() == 1 => {
                let (member, name) = (member.to_ascii_lowercase(), name.to_ascii_lowercase());
                !member.is_empty() && (member.contains(&name) || name.contains(&member))
            }
            false => !NEVER.contains(&name),
        }
    }

    fn object_fits(
        &mut self,
        id: ShapeId,
        name: &'static str,
        candidate: &'static CoreType,
    ) -> bool {
        if let Some(known) = self.fits.get(&(id, name)) {
            return *known;
        }
        // A shape holds no shape like itself, but a core type may (JSONSchemaProps).
        self.fits.insert((id, name), true);
        let shape = self.shapes.get(id);
        let fits = shape.values.is_none()
            && demands(shape, candidate)
            && shape.properties.iter().all(|(member, edge)| {
                let known = candidate.schema["properties"].get(member);
                known.is_some_and(|known| self.fits(edge, known))
            });
        self.fits.insert((id, name), fits);
        fits
    }

    fn fits(&mut self, edge: &Edge, known: &'static Value) -> bool {
        let shape = self.shapes.get(edge.shape);
        // What upstream leaves open to keep its schema small, such as volumes; a text or number is never left open for that.
        let is_open = shape.properties.is_empty()
            && shape.items.is_none()
            && shape.values.is_none()
            && shape
                .facts
                .contains_key("x-kubernetes-preserve-unknown-fields");
        if is_open && matches!(known["type"].as_str(), Some("array" | "object")) {
            return true;
        }
        if let Some(reference) = known["$ref"]
            .as_str()
            .or_else(|| known["allOf"][0]["$ref"].as_str())
        {
            let name = reference.rsplit('/').next().unwrap_or_default();
            return match TYPES.get_key_value(name) {
                Some((name, candidate)) if !shape.properties.is_empty() => {
                    self.object_fits(edge.shape, name, candidate)
                }
                // Upstream leaves the members of embedded metadata out.
                Some((name, _)) => {
                    name.ends_with(".ObjectMeta")
                        || shape
                            .facts
                            .get("type")
                            .is_some_and(|found| found == "object")
                }
                None => scalar_fits(shape, name),
            };
        }
        let found = shape.facts.get("type").and_then(Value::as_str);
        match known["type"].as_str() {
            Some("array") => match &shape.items {
                Some(items) => found == Some("array") && self.fits(items, &known["items"]),
                None => false,
            },
            Some("object") => match &shape.values {
                Some(values) => {
                    known["additionalProperties"].is_object()
                        && self.fits(values, &known["additionalProperties"])
                }
                None => found == Some("object"),
            },
            Some(wanted) => found == Some(wanted),
            None => true,
        }
    }
}

/// Whether what stands for a named type without members can be it.
fn scalar_fits(shape: &Shape, name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or_default();
    let int_or_string = shape.facts.contains_key("x-kubernetes-int-or-string");
    let text = shape
        .facts
        .get("type")
        .is_some_and(|found| found == "string");
    match name {
        "IntOrString" => int_or_string,
        "Quantity" => int_or_string || text,
        "Time" | "MicroTime" => text,
        _ => true,
    }
}

/// Whether what the type demands is there in every object of the shape; k8s-openapi makes up what is not. A name is `""` by
/// default in core Kubernetes too.
fn demands(shape: &Shape, candidate: &CoreType) -> bool {
    let required = candidate.schema["required"].as_array();
    let mut required = required.into_iter().flatten().filter_map(Value::as_str);
    required.all(|name| {
        let filled = shape
            .properties
            .iter()
            .any(|(known, edge)| known == name && edge.default.is_some());
        name == "name" || filled || shape.required.iter().any(|known| known == name)
    })
}

fn likeness(shape: &Shape, candidate: &CoreType) -> Option<Likeness> {
    let known = candidate.schema["properties"].as_object()?;
    let ours = shape.properties.len();
    if ours > known.len()
        || !shape
            .properties
            .iter()
            .all(|(name, _)| known.contains_key(name))
    {
        return None;
    }
    let required = candidate.schema["required"].as_array();
    let has_required = required.into_iter().flatten().filter_map(Value::as_str);
    if !has_required
        .into_iter()
        .all(|name| shape.properties.iter().any(|(found, _)| found == name))
    {
        return None;
    }
    if ours == known.len() {
        return Some(Likeness::Whole);
    }
    // What an older Kubernetes did not have yet may be missing.
    (ours >= 3 && ours * 10 >= known.len() * 7)
        .then_some(Likeness::Part)
        .filter(|_| candidate.name() != "Condition")
}

/// Whether the member's name speaks for the type.
fn named(name: &str, member: &str) -> bool {
    let member = member.to_ascii_lowercase();
    let words = BY_NAME.iter().find(|(known, _)| *known == name);
    let (_, words) = words.copied().unwrap_or_default();
    let config_map = name != "ConfigMapKeySelector" && member.contains("configmap");
    !config_map && words.iter().any(|word| member.contains(word))
}
