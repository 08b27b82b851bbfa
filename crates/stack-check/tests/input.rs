//! Findings are the same for typed, dynamic and file input, in any order of the input.

use std::sync::LazyLock;

use crd_families::Registry;
use k8s_openapi::Resource;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{
    ConfigMap, Namespace, Node, Pod, Secret, Service, ServiceAccount,
};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stack_check::{Config, Level, all, run};
use stack_model::{Model, SourceObject};

/// How objects come to the model.
#[derive(Clone, Copy, Debug)]
enum Way {
    Dynamic,
    Typed,
    File,
    Json,
    List,
}

const WAYS: [Way; 5] = [Way::Dynamic, Way::Typed, Way::File, Way::Json, Way::List];

fn sources(objects: Vec<Value>, way: Way) -> Vec<SourceObject> {
    match way {
        Way::Dynamic => objects.into_iter().map(Into::into).collect(),
        Way::Typed => {
            let typed = objects.into_iter().map(|object| typed(&FAMILIES, object));
            typed.map(Into::into).collect()
        }
        Way::File => {
            let documents = objects
                .iter()
                .map(|object| kube_yaml::to_string(object).unwrap());
            documents_of(&documents.collect::<Vec<_>>().join("---\n"))
        }
        Way::Json => {
            let documents = objects.iter().map(Value::to_string);
            documents_of(&documents.collect::<Vec<_>>().join("\n"))
        }
        Way::List => vec![json!({"apiVersion": "v1", "kind": "List", "items": objects}).into()],
    }
}

fn documents_of(text: &str) -> Vec<SourceObject> {
    kube_yaml::Manifests::new(text)
        .map(|document| SourceObject::read("stack.yaml", document.unwrap()))
        .collect()
}

/// The object through its type and back; as it is where it has none here, or does not fit it.
fn typed(families: &Registry, object: Value) -> Value {
    fn through<T: Resource + DeserializeOwned + Serialize>(object: &Value) -> Option<Value> {
        let is_it = object["apiVersion"] == T::API_VERSION && object["kind"] == T::KIND;
        let typed: T = is_it.then(|| serde_json::from_value(object.clone()).ok())??;
        serde_json::to_value(typed).ok()
    }
    let built_in = [
        through::<ConfigMap>,
        through::<DaemonSet>,
        through::<Deployment>,
        through::<HorizontalPodAutoscaler>,
        through::<Ingress>,
        through::<Namespace>,
        through::<NetworkPolicy>,
        through::<Node>,
        through::<Pod>,
        through::<PodDisruptionBudget>,
        through::<Secret>,
        through::<Service>,
        through::<ServiceAccount>,
        through::<StatefulSet>,
    ];
    let text = |member: &str| object[member].as_str().unwrap_or_default();
    let of_family = || {
        let version = families.version(text("apiVersion"), text("kind"))?;
        version.strict(&object).ok()?.to_value().ok()
    };
    let found = built_in
        .iter()
        .find_map(|through| through(&object))
        .or_else(of_family);
    found.unwrap_or(object)
}

static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(examples);
static FAMILIES: LazyLock<Registry> = LazyLock::new(Registry::new);

/// An example of a check: the check's code, whether the example is a whole stack, and its objects.
type Example = (&'static str, bool, Vec<Value>);

/// What is found in each of the examples as it is written.
static EXPECTED: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let examples = EXAMPLES.iter();
    examples
        .map(|(_, whole, objects)| findings(sources(objects.clone(), Way::Dynamic), *whole))
        .collect()
});

/// All examples of all checks.
fn examples() -> Vec<Example> {
    let texts = all()
        .iter()
        .flat_map(|check| [(check.code, check.failing), (check.code, check.passing)]);
    texts
        .map(|(code, text)| {
            let objects = kube_yaml::Manifests::new(text).map(|document| document.unwrap().value);
            (code, text.starts_with("# whole"), objects.collect())
        })
        .collect()
}

fn findings(sources: Vec<SourceObject>, whole: bool) -> Vec<String> {
    let config = Config {
        whole,
        checks: [("posture".to_owned(), Level::Warn)].into(),
        ..Config::default()
    };
    let report = run(&Model::read(sources), &config);
    let texts = report
        .findings
        .into_iter()
        .map(|finding| finding.located(None).to_string());
    // Where an earlier description of the same object stands.
    let neutral = texts.map(|text| text.replace("stack.yaml:1 (", "earlier in the input ("));
    neutral.collect()
}

#[test]
fn every_example_has_the_same_findings_in_every_way() {
    for ((code, whole, objects), expected) in EXAMPLES.iter().zip(EXPECTED.iter()) {
        for way in WAYS {
            let found = findings(sources(objects.clone(), way), *whole);
            assert_eq!(found, *expected, "{code}, {way:?}");
        }
    }
}

/// Whether some object stands in several descriptions, of which the later counts: then the order says something.
fn has_several_descriptions(objects: &[Value]) -> bool {
    let mut seen = std::collections::HashSet::new();
    objects.iter().any(|object| !seen.insert(identity(object)))
}

fn identity(object: &Value) -> String {
    let place = &object["metadata"];
    let group = object["apiVersion"].as_str().unwrap_or_default();
    let group = group.split_once('/').map_or("", |(group, _)| group);
    format!(
        "{group} {} {} {}",
        object["kind"], place["namespace"], place["name"]
    )
}

#[test]
fn every_example_has_the_same_findings_backwards() {
    for ((code, whole, objects), expected) in EXAMPLES.iter().zip(EXPECTED.iter()) {
        if has_several_descriptions(objects) {
            continue;
        }
        let backwards: Vec<Value> = objects.iter().rev().cloned().collect();
        for way in [Way::Dynamic, Way::File] {
            let found = findings(sources(backwards.clone(), way), *whole);
            assert_eq!(found, *expected, "{code}, {way:?}");
        }
    }
}

#[test]
fn most_examples_fit_the_types() {
    let objects: Vec<&Value> = EXAMPLES.iter().flat_map(|example| &example.2).collect();
    // What comes back from its type has its members in the order of the type; only what has a type can change at all.
    let through = objects.iter().filter(|object| {
        let back = typed(&FAMILIES, (**object).clone());
        let (back, before) = (back.to_string(), object.to_string());
        back != before
    });
    assert!(through.count() * 3 > objects.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn findings_do_not_depend_on_the_order_of_the_input(
        example in 0..all().len() * 2,
        way in prop::sample::select(&WAYS[..]),
        other_example in 0..all().len() * 2,
        keys in prop::collection::vec(any::<u32>(), 64),
    ) {
        let (_, whole, mut objects) = EXAMPLES[example].clone();
        objects.extend_from_slice(&EXAMPLES[other_example].2);
        // Of two descriptions of one object the later counts: their order says something.
        let mut seen = std::collections::HashSet::new();
        objects.retain(|object| seen.insert(identity(object)));
        let mut shuffled: Vec<(u32, Value)> = keys.into_iter().cycle().zip(objects.clone()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled = shuffled.into_iter().map(|(_, object)| object).collect();
        prop_assert_eq!(
            findings(sources(shuffled, way), whole),
            findings(sources(objects, Way::Dynamic), whole)
        );
    }
}
