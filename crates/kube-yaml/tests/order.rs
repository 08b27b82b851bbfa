//! In which order keys are written, and what the serialiser makes of serde's data model.

use std::collections::BTreeMap;

use kube_yaml::{Order, WriteError, Writer};
use serde::{Serialize, Serializer};
use serde_json::json;

/// A struct with its fields in alphabetical order, as those of k8s-openapi.
#[derive(Serialize)]
struct Meta {
    annotations: BTreeMap<&'static str, &'static str>,
    labels: BTreeMap<&'static str, &'static str>,
    name: &'static str,
    namespace: &'static str,
}

#[derive(Serialize)]
struct Container {
    args: Vec<&'static str>,
    command: Vec<&'static str>,
    env: BTreeMap<&'static str, &'static str>,
    image: &'static str,
    name: &'static str,
}

#[derive(Serialize)]
struct Spec {
    containers: Vec<Container>,
    replicas: u8,
    script: &'static str,
    template: Meta,
}

#[derive(Serialize)]
struct Deployment {
    metadata: Meta,
    spec: Spec,
    kind: &'static str,
    #[serde(rename = "apiVersion")]
    api_version: &'static str,
}

fn meta() -> Meta {
    Meta {
        annotations: [("name", "a"), ("k", "v")].into(),
        labels: [("app", "x"), ("env", "dev")].into(),
        name: "web",
        namespace: "demo",
    }
}

fn deployment() -> Deployment {
    let container = || Container {
        args: vec!["-v"],
        command: vec![],
        env: [("a", "b"), ("image", "c")].into(),
        image: "i",
        name: "n",
    };
    Deployment {
        metadata: meta(),
        spec: Spec {
            containers: vec![container(), container()],
            replicas: 1,
            script: "a\n\n",
            template: meta(),
        },
        kind: "Deployment",
        api_version: "apps/v1",
    }
}

#[test]
fn a_built_in_object_is_written_as_people_write_it_and_its_data_as_it_is() {
    let expected = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: demo
  labels:
    app: x
    env: dev
  annotations:
    k: v
    name: a
spec:
  replicas: 1
  containers:
  - name: \"n\"
    image: i
    command: []
    args:
    - -v
    env:
      a: b
      image: c
  - name: \"n\"
    image: i
    command: []
    args:
    - -v
    env:
      a: b
      image: c
  script: |+
    a

  template:
    name: web
    namespace: demo
    annotations:
      k: v
      name: a
    labels:
      app: x
      env: dev
";
    assert_eq!(
        kube_yaml::to_string_in(Order::BuiltIn, &deployment()).unwrap(),
        expected
    );
}

#[test]
fn other_objects_keep_the_order_of_their_types_below_the_metadata() {
    let text = kube_yaml::to_string_in(Order::Object, &deployment()).unwrap();
    assert!(text.starts_with("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: demo\n  labels:\n"));
    assert!(text.contains("spec:\n  containers:\n  - args:\n    - -v\n    command: []\n"));
    let given = kube_yaml::to_string(&deployment()).unwrap();
    assert!(given.starts_with("metadata:\n  annotations:\n"));
    // A value has no types; its root is that of an object all the same.
    let value = json!({"spec": {"name": 1, "a": {"z": 1, "name": 2}}, "metadata": {"labels": {"b": 1, "app": 2}, "name": "x"}, "kind": "K", "apiVersion": "v1"});
    for order in [Order::Object, Order::BuiltIn] {
        assert_eq!(
            kube_yaml::to_string_in(order, &value).unwrap(),
            "apiVersion: v1\nkind: K\nmetadata:\n  name: x\n  labels:\n    b: 1\n    app: 2\nspec:\n  name: 1\n  a:\n    z: 1\n    name: 2\n",
        );
    }
}

#[test]
fn values_are_in_the_order_that_is_written() {
    for order in [Order::Given, Order::Object, Order::BuiltIn] {
        let value = kube_yaml::to_value_in(order, &deployment()).unwrap();
        assert_eq!(value, serde_json::to_value(deployment()).unwrap());
        assert_eq!(
            kube_yaml::to_string(&value).unwrap(),
            kube_yaml::to_string_in(order, &deployment()).unwrap()
        );
    }
}

#[test]
fn the_order_follows_from_the_group() {
    for (api_version, order) in [
        ("v1", Order::BuiltIn),
        ("apps/v1", Order::BuiltIn),
        ("networking.k8s.io/v1", Order::BuiltIn),
        ("gateway.networking.k8s.io/v1", Order::Object),
        ("cilium.io/v2", Order::Object),
    ] {
        assert_eq!(Order::of_api_version(api_version), order, "{api_version}");
    }
}

#[test]
fn all_of_serdes_data_model_has_a_form() {
    #[derive(Serialize)]
    enum Shape {
        Unit,
        New(Vec<u8>),
        Pair(u8, &'static str),
        Named { x: Option<f32> },
    }
    #[derive(Serialize)]
    struct Wrapped(&'static str);
    #[derive(Serialize)]
    struct All {
        shapes: Vec<Shape>,
        nested: Vec<Vec<Shape>>,
        unit: (),
        tuple: (bool, char, i128),
        wrapped: Wrapped,
        empty: Vec<u8>,
        keys: BTreeMap<i32, u8>,
        not_a_number: [f64; 3],
    }
    let shapes = || {
        vec![
            Shape::Unit,
            Shape::New(vec![1]),
            Shape::Pair(2, "b"),
            Shape::Named { x: Some(0.1) },
        ]
    };
    let all = All {
        shapes: shapes(),
        nested: vec![shapes()],
        unit: (),
        tuple: (true, 'n', i128::MIN),
        wrapped: Wrapped("x\ny"),
        empty: Vec::new(),
        keys: [(-1, 2)].into(),
        not_a_number: [f64::NAN, f64::INFINITY, f64::NEG_INFINITY],
    };
    let expected = r#"shapes:
- Unit
- New:
  - 1
- Pair:
  - 2
  - b
- Named:
    x: 0.1
nested:
- - Unit
  - New:
    - 1
  - Pair:
    - 2
    - b
  - Named:
      x: 0.1
unit: null
tuple:
- true
- "n"
- -170141183460469231731687303715884105728
wrapped: |-
  x
  y
empty: []
keys:
  "-1": 2
not_a_number:
- .nan
- .inf
- -.inf
"#;
    assert_eq!(kube_yaml::to_string(&all).unwrap(), expected);
    let mut value = kube_yaml::to_value_in(Order::BuiltIn, &all.shapes).unwrap();
    assert_eq!(
        value,
        json!(["Unit", {"New": [1]}, {"Pair": [2, "b"]}, {"Named": {"x": 0.1_f32}}])
    );
    value = kube_yaml::to_value_in(
        Order::Given,
        &(&all.unit, &all.keys, 'n', u128::from(u64::MAX)),
    )
    .unwrap();
    assert_eq!(value, json!([null, {"-1": 2}, "n", u64::MAX]));
    let keys: BTreeMap<Vec<u8>, u8> = [(vec![1], 2)].into();
    assert!(matches!(kube_yaml::to_string(&keys), Err(WriteError::Key)));
}

/// What serde_json's numbers look like once some crate of the build has turned on `arbitrary_precision`.
#[test]
fn numbers_kept_as_text_are_written_as_numbers() {
    struct Kept(&'static str);
    impl Serialize for Kept {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeStruct;
            let mut number = serializer.serialize_struct("$serde_json::private::Number", 1)?;
            number.serialize_field("$serde_json::private::Number", self.0)?;
            number.end()
        }
    }
    let numbers = [
        Kept("1"),
        Kept("-7"),
        Kept("1e21"),
        Kept("0.5"),
        Kept("18446744073709551615"),
    ];
    assert_eq!(
        kube_yaml::to_string_in(Order::Object, &numbers).unwrap(),
        "- 1\n- -7\n- 1.0e+21\n- 0.5\n- 18446744073709551615\n"
    );
}

/// Counts what arrives, and how much of it at once.
#[derive(Default)]
struct Counter {
    bytes: usize,
    largest: usize,
}

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes += bytes.len();
        self.largest = self.largest.max(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_large_stream_needs_little_memory() {
    let line = "x".repeat(60);
    let mut writer = Writer::new(Counter::default());
    writer.only(Order::Given, &vec![&line; 20_000]).unwrap();
    for _ in 0..2_000 {
        writer.document(Order::BuiltIn, &deployment()).unwrap();
    }
    let counter = writer.finish().unwrap();
    let one = kube_yaml::to_string_in(Order::BuiltIn, &deployment())
        .unwrap()
        .len()
        + 4;
    assert_eq!(counter.bytes, 20_000 * 63 + 2_000 * one);
    assert!(
        counter.largest < 70_000,
        "{} bytes at once",
        counter.largest
    );
}

#[test]
fn a_writer_that_fails_is_told_of() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("no space"))
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = kube_yaml::to_writer(Full, &vec!["x"; 100_000]).unwrap_err();
    assert_eq!(error.to_string(), "no space");
}
