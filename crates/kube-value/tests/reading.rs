//! A value is read as its JSON is.

use std::collections::BTreeMap;

use kube_value::Value;
use kube_value::reading::{Notes, read};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value as Json, json};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Name(String);

#[derive(Debug, PartialEq, Deserialize)]
enum Choice {
    One,
    Wrapped(Option<u8>),
    Pair(u8, bool),
}

/// One of each sort. No field is a struct: `serde_json` takes lists for those.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sorts {
    a: Option<String>,
    b: Option<Vec<f64>>,
    c: Option<BTreeMap<Name, Choice>>,
    d: Option<BTreeMap<u8, (bool, i64)>>,
    e: Option<Json>,
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<u8>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "(One|Wrapped|x|)".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::btree_map("(One|Wrapped|Pair|1|300|x)", inner, 0..3)
                .prop_map(|members| members.into_iter().collect::<Json>()),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_is_read_as_its_json_is(
        members in prop::collection::btree_map("[a-f]", any_json(), 0..6),
    ) {
        let json: Json = members.into_iter().collect();
        let value = Value::from(&json);
        let notes = [Notes::of_unknown(), Notes::of_unknown()];
        let (of_json, of_value) = (read::<Sorts>(&json, &notes[0]), read::<Sorts>(&value, &notes[1]));
        prop_assert_eq!(&of_json, &of_value);
        let [of_json, of_value] = notes.map(Notes::into_unknown);
        prop_assert_eq!(of_json, of_value);
        // serde_json takes null for the body of a variant that has none.
        if let Ok(read) = value.read::<Sorts>() {
            prop_assert_eq!(serde_json::from_value::<Sorts>(json).unwrap(), read);
        }
    }
}

#[test]
fn maps_by_numbers_and_by_names_are_read() {
    let json = json!({
        "c": {"x": "One", "y": {"Wrapped": 1}, "z": {"Pair": [1, true]}},
        "d": {"7": [true, -1]},
        "f": {},
    });
    let notes = Notes::of_unknown();
    let read = read::<Sorts>(&Value::from(&json), &notes).unwrap();
    assert_eq!(
        read.c.unwrap()[&Name("z".to_owned())],
        Choice::Pair(1, true)
    );
    assert_eq!(read.d.unwrap()[&7], (true, -1));
    assert_eq!(notes.into_unknown(), ["f".into()]);
}

#[test]
fn a_list_is_no_struct() {
    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Selector {
        #[allow(dead_code)]
        labels: Vec<String>,
    }
    let value = Value::from(json!({"selector": []}));
    assert!(value.read::<BTreeMap<String, Selector>>().is_err());
    assert!(serde_json::from_value::<BTreeMap<String, Selector>>(value.to_json()).is_ok());
}

#[test]
fn a_failure_says_where_it_is() {
    let value = Value::from(json!({"b": [1, "x"]}));
    let failure = read::<Sorts>(&value, &Notes::default()).unwrap_err();
    assert_eq!(
        failure.to_string(),
        "b[1]: invalid type: string \"x\", expected f64"
    );
}
