//! Whatever the schemas allow is read strictly and comes back; whatever they do not know is
//! reported with its path.
#![cfg(feature = "schema")]

use crate::{kinds, losses};

use cilium_types::{v2, v2alpha1};
use kinds::reread;
use losses::losses;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

/// Documents of one kind, from its schema. Patterns are not followed: types keep any text.
fn documents(api_version: String, kind: String, schema: &Value) -> BoxedStrategy<Value> {
    object(schema)
        .prop_map(move |mut document| {
            document["apiVersion"] = json!(api_version);
            document["kind"] = json!(kind);
            document["metadata"] = json!({ "name": "x", "labels": { "a": "b" } });
            document
        })
        .boxed()
}

fn values(schema: &Value) -> BoxedStrategy<Value> {
    if let Some(known) = schema["enum"].as_array() {
        return prop::sample::select(known.clone()).boxed();
    }
    if schema["x-kubernetes-int-or-string"] == true {
        return prop_oneof![
            (0..=255u8).prop_map(|code| json!(code)),
            prop::sample::select(vec!["EchoRequest", "ExtendedEcho Reply", "8", "?"])
                .prop_map(|name| json!(name)),
        ]
        .boxed();
    }
    match schema["type"].as_str() {
        Some("object") if schema["x-kubernetes-preserve-unknown-fields"] == true => {
            prop::collection::btree_map("[@a-z]{1,3}", any::<Option<i32>>(), 0..3)
                .prop_map(|map| json!(map))
                .boxed()
        }
        Some("object") if schema["additionalProperties"].is_object() => {
            prop::collection::btree_map(
                "[.:a-z]{0,3}",
                values(&schema["additionalProperties"]),
                0..3,
            )
            .prop_map(|map| json!(map))
            .boxed()
        }
        Some("object") => object(schema),
        Some("array") => prop::collection::vec(values(&schema["items"]), 0..3)
            .prop_map(Value::Array)
            .boxed(),
        Some("boolean") => any::<bool>().prop_map(Value::Bool).boxed(),
        Some("integer") => {
            let widest = match schema["format"].as_str() {
                Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
                Some("int64") => (i64::MIN, i64::MAX),
                // The narrowest type in use.
                _ => (0, 255),
            };
            let bound = |name: &str, default: i64| {
                schema[name].as_f64().map_or(default, |bound| bound as i64)
            };
            (bound("minimum", widest.0)..=bound("maximum", widest.1))
                .prop_map(|number| json!(number))
                .boxed()
        }
        Some("string") => match schema["format"].as_str() {
            Some("cidr") => cidrs(),
            Some("ipv4") => any::<std::net::Ipv4Addr>().prop_map(|ip| json!(ip)).boxed(),
            Some("date-time") => "20[0-9]{2}-0[1-9]-1[0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9]Z"
                .prop_map(Value::String)
                .boxed(),
            // Blocks of addresses for which upstream has a pattern in place of the format.
            _ if schema["pattern"]
                .as_str()
                .is_some_and(|p| p.contains("3[0-2])$|")) =>
            {
                cidrs()
            }
            _ => "\\PC{0,8}".prop_map(Value::String).boxed(),
        },
        other => panic!("no values for {other:?}"),
    }
}

fn cidrs() -> BoxedStrategy<Value> {
    prop_oneof![
        (any::<std::net::Ipv4Addr>(), 0..=32).prop_map(|(ip, bits)| json!(format!("{ip}/{bits}"))),
        (any::<std::net::Ipv6Addr>(), 0..=128).prop_map(|(ip, bits)| json!(format!("{ip}/{bits}"))),
    ]
    .boxed()
}

fn object(schema: &Value) -> BoxedStrategy<Value> {
    let required = strings(&schema["required"]);
    let arms: Vec<Vec<String>> = schema["oneOf"].as_array().map_or(Vec::new(), |arms| {
        arms.iter().map(|arm| strings(&arm["required"])).collect()
    });
    let mut members: BoxedStrategy<Map<String, Value>> = Just(Map::new()).boxed();
    for (name, schema) in schema["properties"].as_object().unwrap() {
        if ["apiVersion", "kind", "metadata"].contains(&name.as_str()) {
            continue;
        }
        let must = required.contains(name) || arms.iter().flatten().any(|arm| arm == name);
        let value = if must {
            values(schema).prop_map(Some).boxed()
        } else {
            prop::option::weighted(0.3, values(schema)).boxed()
        };
        let name = name.clone();
        members = (members, value)
            .prop_map(move |(mut members, value)| {
                members.extend(value.map(|value| (name.clone(), value)));
                members
            })
            .boxed();
    }
    if !arms.is_empty() {
        members = (members, 0..arms.len())
            .prop_map(move |(mut members, chosen)| {
                for (position, arm) in arms.iter().enumerate() {
                    if position != chosen {
                        members.retain(|name, _| !arm.contains(name));
                    }
                }
                // Belongs to one of the arms without being its mark.
                if !members.contains_key("l7proto") {
                    members.remove("l7");
                }
                members
            })
            .boxed();
    }
    // The one union with a discriminator: its rules are CEL.
    if schema["properties"]["interface"].is_object()
        && required.contains(&"advertisementType".into())
    {
        let (service, interface) = (
            &schema["properties"]["service"],
            &schema["properties"]["interface"],
        );
        members = (members, values(service), values(interface))
            .prop_map(|(mut members, service, interface)| {
                members.retain(|name, _| name != "service" && name != "interface");
                match members["advertisementType"].as_str() {
                    Some("Service") => drop(members.insert("service".into(), service)),
                    Some("Interface") => drop(members.insert("interface".into(), interface)),
                    _ => {}
                }
                members
            })
            .boxed();
    }
    members.prop_map(Value::Object).boxed()
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().map_or(Vec::new(), |list| {
        list.iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    })
}

/// Calls `test` with the documents of each kind and version, and their schema.
fn for_each_kind(cases: u32, test: impl Fn(&Value, &Value) -> Result<(), TestCaseError>) {
    let mut versions = 0;
    for crd in cilium_types::crds() {
        let crd = serde_json::to_value(crd).unwrap();
        let (group, kind) = (&crd["spec"]["group"], &crd["spec"]["names"]["kind"]);
        for version in crd["spec"]["versions"].as_array().unwrap() {
            versions += 1;
            let schema = &version["schema"]["openAPIV3Schema"];
            let api_version = format!(
                "{}/{}",
                group.as_str().unwrap(),
                version["name"].as_str().unwrap()
            );
            let kind = kind.as_str().unwrap().to_owned();
            let documents = documents(api_version.clone(), kind.clone(), schema);
            let mut runner = TestRunner::new(Config {
                cases,
                ..Config::default()
            });
            if let Err(error) = runner.run(&documents, |document| test(&document, schema)) {
                panic!("{api_version} {kind}: {error}");
            }
        }
    }
    assert_eq!(versions, 29, "21 kinds, 8 of them in two versions");
}

/// Reads a text as the type, and writes it.
fn kept<T: serde::Serialize + serde::de::DeserializeOwned>(text: &str) -> Value {
    let value: T = serde_json::from_value(json!(text)).unwrap();
    serde_json::to_value(value).unwrap()
}

proptest! {
    #[test]
    fn any_text_is_kept(text in prop_oneof![
        "\\PC{0,12}",
        "[0-9]{1,6}",
        prop::sample::select(vec!["world", "TCP", "http", "k8s:app", "$host", "EchoRequest", "8"])
            .prop_map(str::to_owned),
    ]) {
        for written in [
            kept::<v2::Entity>(&text),
            kept::<v2::L4Proto>(&text),
            kept::<v2::Port>(&text),
            kept::<v2::IcmpType>(&text),
            kept::<v2::LabelKey>(&text),
            kept::<v2::LabelSource>(&text),
            kept::<v2::BgpServiceAddressType>(&text),
            kept::<v2::BgpAutoDiscoveryMode>(&text),
            kept::<v2::EndpointState>(&text),
            kept::<v2::EndpointPolicyState>(&text),
            kept::<v2alpha1::ServiceExternalTrafficPolicy>(&text),
        ] {
            prop_assert_eq!(&written, &json!(text));
        }
    }
}

#[test]
fn what_the_schema_allows_comes_back() {
    for_each_kind(48, |document, _| {
        let written = reread(document).map_err(TestCaseError::fail)?;
        prop_assert_eq!(losses(document, &written), Vec::<String>::new());
        Ok(())
    });
}

#[test]
fn what_the_schema_does_not_know_is_reported() {
    for_each_kind(24, |document, schema| {
        let mut places = Vec::new();
        objects(document, schema, String::new(), String::new(), &mut places);
        for (pointer, path) in places {
            let mut document = document.clone();
            document.pointer_mut(&pointer).unwrap()["zzz"] = json!(1);
            let error = reread(&document).err().unwrap_or_default();
            let expected = if path.is_empty() {
                "zzz: unknown field".to_owned()
            } else {
                format!("{path}.zzz: unknown field")
            };
            prop_assert!(
                error.contains(&expected),
                "{expected:?} is not in {error:?}"
            );
        }
        Ok(())
    });
}

/// Places of all objects with known members: as JSON pointers, and as paths of messages.
fn objects(
    value: &Value,
    schema: &Value,
    pointer: String,
    path: String,
    places: &mut Vec<(String, String)>,
) {
    match value {
        Value::Object(members) if schema["properties"].is_object() => {
            for (name, value) in members {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                let schema = &schema["properties"][name];
                objects(value, schema, format!("{pointer}/{name}"), path, places);
            }
            places.push((pointer, path));
        }
        Value::Array(items) => {
            for (position, value) in items.iter().enumerate() {
                let path = format!("{path}[{position}]");
                objects(
                    value,
                    &schema["items"],
                    format!("{pointer}/{position}"),
                    path,
                    places,
                );
            }
        }
        _ => {}
    }
}
