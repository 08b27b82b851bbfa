//! Strict and lenient parsing on documents with many things wrong.

use std::collections::BTreeMap;

use crd_core::parse::{lenient, strict};
use crd_core::{FieldPath, ParseError, ProblemKind};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

/// A tree of lists and maps, all fields needed.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Node {
    number: u8,
    #[serde(default)]
    children: Vec<Node>,
    #[serde(default)]
    named: BTreeMap<String, Node>,
}

/// A document, and the paths of what is wrong in it.
fn broken(depth: u32) -> BoxedStrategy<(Value, Vec<FieldPath>)> {
    let number = prop_oneof![
        3 => any::<u8>().prop_map(|n| (Some(json!(n)), false)),
        1 => Just((Some(json!("x")), true)),
        1 => Just((Some(json!(-1)), true)),
        1 => Just((Some(json!(null)), true)),
        1 => Just((None, true)),
    ];
    let children = if depth == 0 {
        Just(Vec::new()).boxed()
    } else {
        proptest::collection::vec(broken(depth - 1), 0..4).boxed()
    };
    (number, children.clone(), children, any::<bool>())
        .prop_map(|((number, wrong), children, named, typo)| {
            let mut node = json!({});
            let mut paths = Vec::new();
            if wrong {
                paths.push(FieldPath::root().field("number"));
            }
            if let Some(number) = number {
                node["number"] = number;
            }
            if typo {
                node["numbr"] = json!([1]);
                paths.push(FieldPath::root().field("numbr"));
            }
            for (index, (child, inner)) in children.iter().enumerate() {
                let at = FieldPath::root().field("children").index(index);
                paths.extend(inner.iter().map(|path| join(&at, path)));
                let list = node
                    .as_object_mut()
                    .unwrap()
                    .entry("children")
                    .or_insert(json!([]));
                list.as_array_mut().unwrap().push(child.clone());
            }
            for (index, (child, inner)) in named.iter().enumerate() {
                let at = FieldPath::root().field("named").field(format!("a.{index}"));
                paths.extend(inner.iter().map(|path| join(&at, path)));
                node["named"][format!("a.{index}")] = child.clone();
            }
            (node, paths)
        })
        .boxed()
}

fn join(outer: &FieldPath, inner: &FieldPath) -> FieldPath {
    inner
        .segments()
        .iter()
        .fold(outer.clone(), |path, segment| match segment {
            crd_core::Segment::Field(key) => path.field(key.as_str()),
            crd_core::Segment::Key(key) => path.key(key.as_str()),
            crd_core::Segment::Index(index) => path.index(*index),
        })
}

proptest! {
    #[test]
    fn exactly_what_is_wrong_is_reported((document, mut expected) in broken(2)) {
        expected.sort();
        let found: Vec<FieldPath> = match strict::<Node>(&document) {
            Ok(_) => Vec::new(),
            Err(error) => error.problems().iter().map(|problem| problem.path.clone()).collect(),
        };
        prop_assert_eq!(&found, &expected, "{}", document);
        let known: Vec<_> = expected
            .into_iter()
            .filter(|path| path.segments().last() != Some(&crd_core::Segment::Field("numbr".into())))
            .collect();
        let found: Vec<FieldPath> = match lenient::<Node>(&document) {
            Ok(_) => Vec::new(),
            Err(error) => error.problems().iter().map(|problem| problem.path.clone()).collect(),
        };
        prop_assert_eq!(&found, &known, "{}", document);
        // The other sort of value says the same.
        let held = kube_value::Value::from(&document);
        let said = |read: Result<Node, ParseError>| read.map_or_else(|error| error.to_string(), |read| format!("{read:?}"));
        prop_assert_eq!(said(strict(&held)), said(strict(&document)));
        prop_assert_eq!(said(lenient(&held)), said(lenient(&document)));
    }
}

#[test]
fn a_hostile_document_comes_to_an_end() {
    let document = json!({"number": 1, "children": vec![json!({"number": "x"}); 5000]});
    let error = strict::<Node>(&document).unwrap_err();
    assert!(error.problems().len() >= 500, "{}", error.problems().len());
    assert!(matches!(error.problems()[0].kind, ProblemKind::Invalid(_)));
}

/// serde's own reader fills a struct from a list, by position; an API server refuses it.
#[test]
fn a_list_is_no_object() {
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Outer {
        inner: Inner,
    }

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(default)]
    #[allow(dead_code)]
    struct Inner {
        name: String,
    }

    for inner in [json!([]), json!(["x"])] {
        let document = json!({ "inner": inner });
        for error in [
            strict::<Outer>(&document).unwrap_err(),
            lenient::<Outer>(&document).unwrap_err(),
        ] {
            assert_eq!(error.problems()[0].path.to_string(), "inner", "{error}");
        }
    }
    assert!(strict::<Outer>(&json!({"inner": {}})).is_ok());
}

/// Numbers of every size, and what is not one.
#[derive(Debug, PartialEq, Deserialize)]
struct Numbers {
    #[serde(default)]
    share: Option<f64>,
    #[serde(default)]
    count: Option<i64>,
    #[serde(default)]
    small: Option<u8>,
}

#[test]
fn numbers_with_a_point_are_read_as_they_are_written() {
    for (document, expected) in [
        (json!({"share": 0.25}), 0.25),
        (json!({"share": -1.5e300}), -1.5e300),
        (json!({"share": 3}), 3.0),
        (json!({"share": -3}), -3.0),
        (json!({"share": u64::MAX}), 18_446_744_073_709_551_615.0),
    ] {
        let read: Numbers = strict(&document).unwrap();
        assert_eq!(read.share, Some(expected), "{document}");
        assert_eq!(lenient::<Numbers>(&document).unwrap(), read);
    }
    // What is found is told as it stands.
    for (document, parts) in [
        (json!({"count": 0.5}), ["count", "0.5"]),
        (json!({"count": -2.5}), ["count", "-2.5"]),
        (json!({"small": 256}), ["small", "256"]),
        (json!({"small": -1}), ["small", "-1"]),
        (json!({"share": "0.5"}), ["share", "0.5"]),
        (json!({"share": true}), ["share", "true"]),
    ] {
        let error = strict::<Numbers>(&document).unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{part} in {error}");
        }
    }
}

/// An enum as serde derives it, one of each form.
#[derive(Debug, PartialEq, Deserialize)]
enum Shape {
    Nothing,
    One(u8),
    Two(u8, u8),
    Named { a: u8 },
}

#[test]
fn enums_are_read_in_each_form() {
    let read = |document: &Value| strict::<Vec<Shape>>(&json!([document]));
    for (document, expected) in [
        (json!("Nothing"), Shape::Nothing),
        (json!({"One": 1}), Shape::One(1)),
        (json!({"Two": [1, 2]}), Shape::Two(1, 2)),
        (json!({"Named": {"a": 1}}), Shape::Named { a: 1 }),
    ] {
        assert_eq!(read(&document), Ok(vec![expected]), "{document}");
    }
    for document in [
        json!("One"),
        json!({"Nothing": 1}),
        json!({"Two": {"0": 1, "1": 2}}),
        json!({"Two": 1}),
        json!({"One": 1, "Two": [1, 2]}),
        json!({}),
        json!(5),
    ] {
        assert!(read(&document).is_err(), "{document}");
    }
}

#[test]
fn large_numbers_are_whole_and_null_is_called_so() {
    assert_eq!(strict::<Vec<u64>>(&json!([u64::MAX])), Ok(vec![u64::MAX]));
    assert_eq!(
        strict::<Vec<Option<u8>>>(&json!([null, 1])),
        Ok(vec![None, Some(1)])
    );
    let error = strict::<Vec<u8>>(&json!([null])).unwrap_err().to_string();
    assert!(error.contains("null"), "{error}");
}
