//! Packed definitions: what is read of them, and what is said where they are broken.

use crd_validate::{
    PackError, PackedDefinitions, Packer, Registry, UnknownFields, Validator, Verdict,
};
use serde_json::{Value, json};

/// A definition whose schemas share parts.
fn lamps(most: u32) -> Value {
    let schema = json!({
        "type": "object",
        "properties": {
            "spec": {"$ref": "#/$defs/Spec", "description": "What is wanted."},
            "twin": {"$ref": "#/$defs/Spec"},
            "plug": {"$ref": "#/$defs/Plug"}
        },
        "$defs": {
            "Spec": {
                "type": "object",
                "required": ["watts"],
                "properties": {
                    "watts": {"type": "integer", "maximum": most},
                    "colour": {"$ref": "#/$defs/Colour"},
                    "plugs": {"type": "array", "items": {"$ref": "#/$defs/Plug"}}
                },
                "x-kubernetes-validations": [{"rule": "self.watts != 7", "message": "not seven", "reason": "FieldValueInvalid"}]
            },
            "Colour": {"type": "string", "default": "white", "enum": ["white", "red"]},
            "Plug": {
                "type": "array",
                "x-kubernetes-list-type": "set",
                "items": {"type": "string"}
            }
        }
    });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "lamps.example.com"},
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"kind": "Lamp", "plural": "lamps"},
            "versions": [{
                "name": "v1", "served": true, "storage": true,
                "subresources": {"status": {}, "scale": null},
                "schema": {"openAPIV3Schema": schema}
            }]
        }
    })
}

fn packed(channels: &[(&str, &Value)]) -> &'static PackedDefinitions {
    let mut packer = Packer::new();
    for (channel, definition) in channels {
        packer.add(channel, definition).unwrap();
    }
    of_text(packer.finish())
}

fn of_text(text: String) -> &'static PackedDefinitions {
    Box::leak(Box::new(PackedDefinitions::new(text.leak())))
}

fn lamp(spec: Value) -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "desk", "namespace": "home"}, "spec": spec})
}

/// A part is looked for from the middle of the text, wherever that is.
#[test]
fn parts_are_found_between_characters_of_several_bytes() {
    for length in 0..12 {
        let mut definition = lamps(60);
        let schema = &mut definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
        schema["$defs"]["Spec"]["x-kubernetes-validations"][0]["message"] =
            json!("일곱이 아니다".repeat(40) + &"x".repeat(length));
        let mut judge = Registry::new();
        judge.add_packed(packed(&[("stable", &definition)]), "stable");
        let judgement = judge.judge(&lamp(json!({"watts": 61})), UnknownFields::Refuse);
        assert_eq!(judgement.verdict, Verdict::Rejected);
        assert_eq!(judgement.report.findings[0].path.to_string(), "spec.watts");
    }
}

#[test]
fn the_text_has_what_is_judged_by_once_and_in_order() {
    let lines: Vec<&str> = packed(&[("stable", &lamps(60))]).lines().collect();
    let expected = [
        r#"kind example.com Lamp * {"scope":"Namespaced","versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},"schema":{"openAPIV3Schema":"Lamp:kr"}}]}"#,
        r#"part Colour {"default":"white","enum":["white","red"],"type":"string"}"#,
        r#"part Lamp {"properties":{"plug":"Plug:k","spec":"Spec:kr","twin":"Spec:kr"},"type":"object"}"#,
        r#"part Plug {"items":{"type":"string"},"type":"array","x-kubernetes-list-type":"set"}"#,
        r#"part Spec {"properties":{"colour":"Colour:d","plugs":{"items":"Plug:k","type":"array"},"watts":{"maximum":60,"type":"integer"}},"required":["watts"],"type":"object","x-kubernetes-validations":[{"message":"not seven","rule":"self.watts != 7"}]}"#,
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_differs_between_channels_is_named_after_the_channel() {
    let text = packed(&[("stable", &lamps(60)), ("next", &lamps(100))]);
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split(" {").next())
        .collect();
    let expected = [
        "kind example.com Lamp next",
        "kind example.com Lamp stable",
        "part Colour",
        "part Lamp",
        "part Lamp.next",
        "part Plug",
        "part Spec",
        "part Spec.next",
    ];
    assert_eq!(names, expected);
    for (channel, verdict) in [("stable", Verdict::Rejected), ("next", Verdict::Accepted)] {
        let mut registry = Registry::new();
        registry.add_packed(text, channel);
        let judgement = registry.judge(&lamp(json!({"watts": 80})), UnknownFields::Refuse);
        assert_eq!(judgement.verdict, verdict, "{channel}");
    }
    assert_eq!(text.kinds("other").count(), 0);
    let same = packed(&[("stable", &lamps(60)), ("next", &lamps(60))]);
    assert_eq!(
        same.kinds("other").collect::<Vec<_>>(),
        [("example.com", "Lamp")]
    );
}

#[test]
fn objects_are_judged_and_kept_as_by_the_definition() {
    let validator = Validator::new(&lamps(60)).unwrap();
    let mut registry = Registry::new();
    registry.add_packed(packed(&[("stable", &lamps(60))]), "stable");
    for spec in [
        json!({"watts": 40}),
        json!({"watts": 7}),
        json!({"watts": 70, "colour": "blue"}),
        json!({"colour": null, "plugs": [["a", "a"], ["b"]], "more": 1}),
        json!([]),
    ] {
        let object = lamp(spec);
        let judgement = registry.judge(&object, UnknownFields::Refuse);
        assert_eq!(judgement.report, validator.create(&object), "{object}");
        assert_eq!(
            registry.stored(&object),
            validator.stored(&object),
            "{object}"
        );
    }
    let kept = registry.stored(&lamp(json!({"watts": 40}))).unwrap();
    assert_eq!(kept["spec"]["colour"], "white");
}

#[test]
fn a_definition_can_be_written_out_again() {
    let packed = packed(&[("stable", &lamps(60))]);
    let written = packed
        .definition("stable", "example.com", "Lamp")
        .unwrap()
        .unwrap();
    let spec = written.pointer("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    assert_eq!(spec.unwrap()["properties"]["colour"]["default"], "white");
    Validator::new(&written).unwrap().compile().unwrap();
    assert!(
        packed
            .definition("stable", "example.com", "Torch")
            .is_none()
    );
}

/// Texts that no packer wrote.
#[test]
fn what_is_no_definition_and_what_never_ends_are_told() {
    for (text, expected) in [
        ("kind example.com Lamp * []\n", "invalid type: sequence"),
        (
            concat!(
                r#"kind example.com Lamp * {"scope":"Namespaced","versions":[{"name":"v1","schema":{"openAPIV3Schema":"Lamp"}}]}"#,
                "\n",
                r#"part Lamp {"properties":{"twin":"Lamp"},"type":"object"}"#,
                "\n"
            ),
            "nested too deep",
        ),
    ] {
        let definitions = of_text(text.to_owned());
        let found = definitions.definition("stable", "example.com", "Lamp");
        let error = found.unwrap().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn parts_that_no_object_touches_are_not_read() {
    let whole: String = packed(&[("stable", &lamps(60))])
        .lines()
        .map(|line| format!("{line}\n"))
        .collect();
    let broken = whole.replace(r#"part Plug {"#, r#"part Plug ["#);
    assert_ne!(broken, whole);
    let definitions = of_text(broken);
    let mut registry = Registry::new();
    registry.add_packed(definitions, "stable");
    let sound = registry.judge(&lamp(json!({"watts": 40})), UnknownFields::Refuse);
    assert_eq!(
        (sound.verdict, sound.report.notes.len()),
        (Verdict::Accepted, 0)
    );
    // What touches it is not judged, and a note says why.
    let touching = registry.judge(
        &lamp(json!({"watts": 40, "plugs": [["a"]]})),
        UnknownFields::Refuse,
    );
    assert_eq!(touching.verdict, Verdict::Unknown);
    let note = &touching.report.notes[0];
    assert!(
        note.message.starts_with("cannot be judged: part Plug: "),
        "{note}"
    );
}

#[test]
fn a_reference_that_does_not_fit_its_part_is_told() {
    let whole: String = packed(&[("stable", &lamps(60))])
        .lines()
        .map(|line| format!("{line}\n"))
        .collect();
    for (from, to) in [
        ("Plug:k\",\"type\"", "Plug\",\"type\""),
        ("\"Plug:k\",\"type\"", "\"Plugs:k\",\"type\""),
    ] {
        let broken = whole.replace(from, to);
        assert_ne!(broken, whole);
        let mut registry = Registry::new();
        registry.add_packed(of_text(broken), "stable");
        let judgement = registry.judge(
            &lamp(json!({"watts": 40, "plugs": [["a"]]})),
            UnknownFields::Refuse,
        );
        assert_eq!(judgement.verdict, Verdict::Unknown, "{to}");
    }
}

#[test]
fn of_two_definitions_of_one_kind_the_first_counts() {
    let definitions = packed(&[("stable", &lamps(60))]);
    let mut first = Registry::new();
    first.add_packed(definitions, "stable");
    first.add(Validator::new(&lamps(100)).unwrap());
    let mut second = Registry::new();
    second.add(Validator::new(&lamps(100)).unwrap());
    second.add_packed(definitions, "stable");
    let object = lamp(json!({"watts": 80}));
    assert_eq!(
        first.judge(&object, UnknownFields::Refuse).verdict,
        Verdict::Rejected
    );
    assert_eq!(
        second.judge(&object, UnknownFields::Refuse).verdict,
        Verdict::Accepted
    );
    assert_eq!(first.is_namespaced("example.com/v1", "Lamp"), Some(true));
}

#[test]
fn what_cannot_be_packed_is_told() {
    let mut packer = Packer::new();
    assert_eq!(
        packer.add("stable", &json!({})),
        Err(PackError::Missing("spec.group"))
    );
    let mut dangling = lamps(60);
    let schema = "/spec/versions/0/schema/openAPIV3Schema/properties/spec";
    *dangling.pointer_mut(schema).unwrap() = json!({"$ref": "#/$defs/Nothing"});
    let error = packer.add("stable", &dangling).unwrap_err();
    assert_eq!(error.to_string(), "Lamp: nothing is called Nothing");
    let circle = "/spec/versions/0/schema/openAPIV3Schema/$defs/Plug/items";
    let mut endless = lamps(60);
    *endless.pointer_mut(circle).unwrap() = json!({"$ref": "#/$defs/Plug"});
    let error = packer.add("stable", &endless).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Lamp: the schema is nested more than 128 deep"
    );
    *dangling.pointer_mut(schema).unwrap() = json!(7);
    assert!(matches!(
        packer.add("stable", &dangling),
        Err(PackError::Schema { .. })
    ));
}
