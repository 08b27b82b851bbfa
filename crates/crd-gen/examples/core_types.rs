//! Writes down the core types that are recognised, of the Kubernetes version that is chosen, and the schemas that crd-core has:
//! `K8S_OPENAPI_ENABLED_VERSION=1.35 cargo run -p crd-gen --example core_types`, and so for each version.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use k8s_openapi::api::{
    admissionregistration, authentication, autoscaling, batch, core, networking, rbac,
};
use k8s_openapi::apimachinery::pkg::apis::meta;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

macro_rules! version {
    ($($if_version:ident $version:literal)*) => { $(
        k8s_openapi::$if_version! {
            const VERSION: &str = $version;
        }
    )* };
}
version! {
    k8s_if_1_33 "1.33"
    k8s_if_1_34 "1.34"
    k8s_if_1_35 "1.35"
    k8s_if_1_36 "1.36"
    k8s_if_1_37 "1.37"
}

fn main() -> io::Result<()> {
    for (path, text) in files() {
        fs::write(path, text)?;
    }
    Ok(())
}

/// The files, by their places.
pub fn files() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("core_types");
    vec![
        (folder.join(format!("{VERSION}.txt")), in_lines(types())),
        (folder.join("crd-core.txt"), in_lines(of_crd_core())),
    ]
}

fn in_lines(schemas: BTreeMap<String, Value>) -> String {
    let lines = schemas.into_iter();
    lines
        .map(|(name, schema)| format!("{name} {schema}\n"))
        .collect()
}

/// These types and all that they hold, as far as they are objects with members.
fn types() -> BTreeMap<String, Value> {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    macro_rules! with {
        ($($ty:ty),* $(,)?) => { $(generator.subschema_for::<$ty>();)* };
    }
    with!(
        admissionregistration::v1::ValidatingAdmissionPolicySpec,
        authentication::v1::UserInfo,
        autoscaling::v2::HorizontalPodAutoscalerBehavior,
        autoscaling::v2::MetricSpec,
        batch::v1::JobSpec,
        core::v1::LocalObjectReference,
        core::v1::NodeSelector,
        core::v1::ObjectReference,
        core::v1::PersistentVolumeClaim,
        core::v1::PodTemplateSpec,
        core::v1::SecretReference,
        core::v1::ServicePort,
        core::v1::TypedLocalObjectReference,
        meta::v1::Condition,
        networking::v1::NetworkPolicyPeer,
        networking::v1::NetworkPolicyPort,
        rbac::v1::PolicyRule,
    );
    let definitions = generator.definitions().iter();
    // A root of core Kubernetes checks and writes its apiVersion and kind, which what is embedded may lack.
    let is_root = |schema: &Value| {
        schema.pointer("/properties/kind").is_some()
            && schema.pointer("/properties/metadata").is_some()
    };
    let objects = definitions.filter(|(_, schema)| schema["properties"].is_object());
    let objects = objects.filter(|(_, schema)| !is_root(schema));
    objects
        .map(|(name, schema)| (name.clone(), without_words(schema)))
        .collect()
}

fn of_crd_core() -> BTreeMap<String, Value> {
    use crd_core::schema;
    let generator = &mut SchemaGenerator::default();
    let known = [
        ("any_object", schema::any_object(generator)),
        ("condition", schema::condition(generator)),
        ("conditions", schema::conditions(generator)),
        ("int_or_string", schema::int_or_string(generator)),
        ("label_selector", schema::label_selector(generator)),
    ];
    let known = known.into_iter();
    known
        .map(|(name, schema)| {
            let schema = without_words(&schema.to_value());
            (format!("crd_core::schema::{name}"), schema)
        })
        .collect()
}

/// The schema without what is said to people, its members in alphabetical order.
fn without_words(schema: &Value) -> Value {
    let Some(members) = schema.as_object() else {
        return schema.clone();
    };
    let mut kept: Vec<(&String, Value)> = members
        .iter()
        .filter(|(key, _)| *key != "description")
        .map(|(key, member)| {
            let member = match member {
                Value::Object(named) if key == "properties" => {
                    let named = named.iter();
                    let mut named: Vec<_> = named
                        .map(|(name, schema)| (name.clone(), without_words(schema)))
                        .collect();
                    named.sort_by(|one, other| one.0.cmp(&other.0));
                    Value::Object(Map::from_iter(named))
                }
                Value::Array(items) => items.iter().map(without_words).collect(),
                other => without_words(other),
            };
            (key, member)
        })
        .collect();
    kept.sort_by_key(|(key, _)| *key);
    kept.into_iter()
        .map(|(key, member)| (key.clone(), member))
        .collect()
}
