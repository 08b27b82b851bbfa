//! Definitions with one oddity each, which an API server takes all the same.

use serde_json::{Map, Value, json};

/// What is odd, and the definitions.
pub fn all() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        ("keys", vec![spec(keys())]),
        ("sets", vec![spec(sets())]),
        ("deep", vec![spec(deep())]),
        ("lists", vec![spec(lists())]),
        ("defaults", vec![spec(defaults())]),
        ("unions", vec![spec(unions())]),
        ("free", free()),
        ("roots", roots()),
        ("versions", versions()),
        ("clashes", clashes()),
        ("groups", groups()),
        ("long", long()),
        ("prose", vec![spec(prose())]),
        ("rules", vec![spec(rules())]),
        ("wide", vec![spec(wide())]),
    ]
}

/// A definition of the kind `Kite` with this schema of its spec.
fn spec(spec: Value) -> Value {
    let root = object(json!({"spec": spec}));
    definition("example.com", "Kite", &[("v1", root)])
}

fn object(members: Value) -> Value {
    json!({"type": "object", "properties": members})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn definition(group: &str, kind: &str, versions: &[(&str, Value)]) -> Value {
    let versions = versions.iter().enumerate();
    let versions: Vec<Value> = versions
        .map(|(number, (name, root))| {
            json!({"name": name, "served": true, "storage": number == 0, "schema": {"openAPIV3Schema": root}})
        })
        .collect();
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{}s.{group}", kind.to_lowercase())},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": format!("{}s", kind.to_lowercase())},
            "versions": versions,
        },
    })
}

fn keys() -> Value {
    let names = [
        "$ref",
        "$patch",
        "-",
        "--x",
        "a-b",
        "a_b",
        "aB",
        "AB",
        "a.b",
        "a/b",
        "été",
        "日本",
        "🙂",
        "",
        " ",
        "0",
        "00",
        "1st",
        "self",
        "Self",
        "super",
        "crate",
        "type",
        "Type",
        "TYPE",
        "fn",
        "gen",
        "try",
        "async",
        "dyn",
        "box",
        "macro",
        "union",
        "default",
        "Default",
        "_",
        "__",
        "_a",
        "a_",
        "r#type",
        "choice",
        "others",
        "metadata",
        "apiVersion",
        "kind",
        "\"",
        "\\",
        "a\"b",
        "{}",
        "[]",
        "'",
        "`",
        "x\ny",
        "PascalCase",
        "SCREAMING_CASE",
        "kebab-case-key",
        "dotted.key.name",
        "URLs",
        "oidcJWKSURI",
        "IPv4",
        "ipv6CIDRs",
        "v1",
        "http2",
        "3scale",
    ];
    let members: Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), text()))
        .collect();
    let nested: Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), object(json!({(*name): {"type": "string"}, "of": {"type": "string", "enum": [name, "x"]}}))))
        .collect();
    json!({
        "type": "object",
        "required": ["", "$ref", "type", "日本", "x\ny"],
        "properties": {"flat": {"type": "object", "properties": members, "required": ["-", "self", "\""]}, "nested": object(Value::Object(nested))},
    })
}

fn sets() -> Value {
    object(json!({
        "signs": {"type": "string", "enum": ["=", "==", "!=", "=~", "!~", "<", "<=", ">", ">=", "*", "", " ", "+", "-", "."]},
        "case": {"type": "string", "enum": ["debug", "Debug", "DEBUG", "deBug", "de-bug", "de_bug"]},
        "words": {"type": "string", "enum": ["Self", "self", "None", "Some", "Other", "Ok", "type", "true", "null", "1", "01", "1.2", "été", "日本"]},
        "nullable": {"type": "string", "nullable": true, "enum": ["a", null]},
        "one": {"type": "string", "enum": ["only"]},
        "numbers": {"type": "integer", "enum": [0, 1, -1, 301, 302]},
        "small": {"type": "integer", "format": "int32", "enum": [-2147483648, 2147483647]},
        "large": {"type": "integer", "format": "int64", "enum": [i64::MIN, i64::MAX]},
        "floats": {"type": "number", "enum": [0.5, 1, 2.25]},
        "truth": {"type": "boolean", "enum": [true]},
        "objects": {"type": "object", "enum": [{"a": 1}, {}], "x-kubernetes-preserve-unknown-fields": true},
        "lists": {"type": "array", "items": {"type": "string", "enum": ["x", "y"]}, "enum": [["x"], ["x", "y"]]},
        "repeated": {"type": "string", "enum": ["a", "a", "b"]},
        "pattern": {"type": "string", "pattern": "^(on|off|a-b|a_b)$"},
        "both": {"x-kubernetes-int-or-string": true, "enum": [1, "one"]},
        "of_nothing": {"type": "string", "enum": [""]},
        "long": {"type": "string", "enum": [format!("a{}", "very".repeat(30)), format!("b{}", "Long".repeat(30))]},
        "with_default": {"type": "string", "enum": ["On", "Off"], "default": "On"},
        "keyed": {"type": "object", "additionalProperties": {"type": "string", "enum": ["In", "Out"]}},
    }))
}

fn deep() -> Value {
    let int_or_string = json!({"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}], "default": "25%"});
    let mut schema = json!({"type": "array", "items": {"type": "object", "additionalProperties": {"type": "array", "items": int_or_string}}});
    for depth in 0..30 {
        schema = match depth % 3 {
            0 => json!({"type": "array", "items": schema}),
            1 => json!({"type": "object", "additionalProperties": schema}),
            _ => object(
                json!({"next": schema, "any": {"x-kubernetes-preserve-unknown-fields": true}}),
            ),
        };
    }
    object(json!({
        "chain": schema,
        "quantity": {"x-kubernetes-int-or-string": true, "pattern": "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$", "anyOf": [{"type": "integer"}, {"type": "string"}]},
        "plain": {"x-kubernetes-int-or-string": true},
    }))
}

fn lists() -> Value {
    let row = object(json!({"x": {"type": "number"}, "y": {"type": "number", "format": "float"}}));
    object(json!({
        "of_lists": {"type": "array", "items": {"type": "array", "items": {"type": "array", "items": row}}},
        "of_nullable": {"type": "array", "items": {"type": "string", "nullable": true}},
        "nullable": {"type": "array", "nullable": true, "items": {"type": "object", "nullable": true, "properties": {"a": {"type": "string"}}}},
        "map_of_nullable": {"type": "object", "additionalProperties": {"type": "integer", "nullable": true}},
        "map_of_maps": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "object", "properties": {"k": {"type": "boolean"}}}}},
        "without_items": {"type": "array", "items": {"x-kubernetes-preserve-unknown-fields": true}},
        "map": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "0"], "items": {"type": "object", "required": ["name", "0"], "properties": {"name": {"type": "string"}, "0": {"type": "integer"}}}},
        "set": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "integer"}, "maxItems": 0},
        "bounded": {"type": "array", "minItems": 1, "maxItems": 16, "uniqueItems": false, "items": {"type": "string", "minLength": 1, "maxLength": 63}},
        "numbers": {"type": "object", "additionalProperties": {"type": "number", "minimum": -0.5, "exclusiveMinimum": true, "multipleOf": 0.25}},
    }))
}

fn defaults() -> Value {
    object(json!({
        "whole": {"type": "object", "default": {}, "properties": {"a": {"type": "string", "default": "x"}, "b": {"type": "integer", "default": 3}}},
        "filled": {"type": "object", "default": {"a": "y", "list": [1, 2], "map": {"k": {"v": true}}}, "required": ["a"], "properties": {
            "a": {"type": "string"}, "list": {"type": "array", "items": {"type": "integer"}, "default": []},
            "map": {"type": "object", "additionalProperties": {"type": "object", "properties": {"v": {"type": "boolean", "default": false}}}, "default": {"z": {}}},
        }},
        "list": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string", "default": "z"}}}, "default": [{"a": "b"}, {}]},
        "text": {"type": "string", "default": "line\nline \"quoted\" `tick` \\ {}"},
        "empty": {"type": "string", "default": ""},
        "number": {"type": "number", "default": 1e21},
        "negative": {"type": "integer", "default": -7},
        "null": {"type": "string", "nullable": true, "default": null},
        "any": {"x-kubernetes-preserve-unknown-fields": true, "default": {"deep": [null, {"a": 1.50}]}},
        "int_or_string": {"x-kubernetes-int-or-string": true, "default": 8080},
        "set": {"type": "string", "enum": ["a", "b"], "default": "b"},
        "duration": {"type": "string", "pattern": "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$", "default": "30s"},
        "time": {"type": "string", "format": "date-time", "default": "2020-01-01T00:00:00Z"},
        "union": {"type": "object", "default": {"left": "l"}, "oneOf": [{"required": ["left"]}, {"required": ["right"]}], "properties": {"left": {"type": "string"}, "right": {"type": "string"}}},
        "required": {"type": "object", "required": ["with", "union", "set"], "properties": {
            "with": {"type": "string", "default": "d"},
            "union": {"type": "object", "oneOf": [{"required": ["one"]}, {"required": ["two"]}], "properties": {"one": {"type": "string"}, "two": {"type": "integer"}}},
            "set": {"type": "string", "enum": ["p", "q"]},
        }},
    }))
}

fn unions() -> Value {
    let members = json!({"a": {"type": "string"}, "b": object(json!({"x": {"type": "integer"}})), "c": {"type": "array", "items": {"type": "string"}}});
    let with = |key: &str, value: Value| {
        let mut schema = object(members.clone());
        schema[key] = value;
        schema
    };
    let required = |names: &[&str]| -> Vec<Value> {
        names
            .iter()
            .map(|name| json!({"required": [name]}))
            .collect()
    };
    object(json!({
        "whole": with("oneOf", json!(required(&["a", "b", "c"]))),
        "part": with("oneOf", json!(required(&["a", "b"]))),
        "any_of": with("anyOf", json!(required(&["a", "b", "c"]))),
        "none_too": with("oneOf", json!([{"required": ["a"]}, {"required": ["b"]}, {"not": {"anyOf": required(&["a", "b"])}}])),
        "pairs": with("oneOf", json!([{"required": ["a", "b"]}, {"required": ["c"]}])),
        "not_both": with("not", json!({"required": ["a", "b"]})),
        "all_of": with("allOf", json!([{"oneOf": required(&["a", "b"])}, {"oneOf": required(&["b", "c"])}])),
        "most_one": with("maxProperties", json!(1)),
        "exactly_one": {"type": "object", "minProperties": 1, "maxProperties": 1, "properties": members},
        "unknown_names": with("oneOf", json!(required(&["a", "z"]))),
        "values": with("oneOf", json!([{"properties": {"a": {"enum": ["x"]}}, "required": ["a"]}, {"properties": {"b": {"minProperties": 1}}}])),
        "single": {"type": "object", "oneOf": required(&["only"]), "properties": {"only": {"type": "string"}}},
        "and_preserved": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "oneOf": required(&["a", "b"]), "properties": members},
        "of_keywords": {"type": "object", "oneOf": required(&["self", "Self", "type", "été", "-"]), "properties": {"self": text(), "Self": text(), "type": text(), "été": text(), "-": text()}},
        "tagged": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string", "enum": ["Left", "right-hand", "None"]}, "left": object(json!({"l": text()})), "rightHand": object(json!({"r": text()}))},
            "x-kubernetes-validations": [
                {"rule": "self.type == 'Left' ? has(self.left) : !has(self.left)"},
                {"rule": "self.type == 'right-hand' ? has(self.rightHand) : !has(self.rightHand)"},
            ]},
        "untold": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string", "enum": ["Left", "Right"]}, "left": object(json!({"m": text()})), "right": object(json!({"n": text()}))}},
        "two": {"type": "object", "properties": {"a": text(), "b": text(), "c": text(), "d": text()},
            "x-kubernetes-validations": [{"rule": "has(self.a) != has(self.b)"}, {"rule": "!(has(self.c) && has(self.d))"}]},
        "of_lists": {"type": "object", "oneOf": required(&["many", "any", "map", "none"]), "properties": {
            "many": {"type": "array", "items": {"type": "object", "oneOf": required(&["p", "q"]), "properties": {"p": text(), "q": {"type": "boolean"}}}},
            "any": {"x-kubernetes-preserve-unknown-fields": true}, "map": {"type": "object", "additionalProperties": text()}, "none": {"type": "object"}}},
    }))
}

fn free() -> Vec<Value> {
    let rest = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {
        "known": text(), "inner": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"known": text(),
            "inner": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"others": text()}}}},
        "embedded": {"type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true},
        "typed": {"type": "object", "x-kubernetes-embedded-resource": true, "properties": {"spec": object(json!({"a": text()})), "apiVersion": text(), "kind": text(), "metadata": {"type": "object"}}},
        "empty": {"type": "object"}, "closed": {"type": "object", "additionalProperties": false, "properties": {"a": text()}},
        "list": {"type": "array", "items": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}},
        "nothing": {"x-kubernetes-preserve-unknown-fields": true, "nullable": true},
    }});
    let root = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"spec": rest}});
    vec![
        definition("free.example.com", "Free", &[("v1", root)]),
        definition(
            "free.example.com",
            "Bare",
            &[("v1", json!({"type": "object"}))],
        ),
        definition(
            "free.example.com",
            "Open",
            &[(
                "v1",
                json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
            )],
        ),
    ]
}

fn roots() -> Vec<Value> {
    let mut scaled = definition(
        "roots.example.com",
        "Scaled",
        &[(
            "v1",
            object(
                json!({"spec": object(json!({"replicas": {"type": "integer"}})), "status": object(json!({"replicas": {"type": "integer"}, "selector": text()}))}),
            ),
        )],
    );
    let version = &mut scaled["spec"]["versions"][0];
    version["subresources"] = json!({"status": {}, "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas", "labelSelectorPath": ".status.selector"}});
    version["additionalPrinterColumns"] = json!([{"name": "Say \"when\"", "type": "date", "jsonPath": ".metadata.annotations.x\\.y/z", "priority": 1}]);
    version["selectableFields"] = json!([{"jsonPath": ".spec.replicas"}]);
    version["deprecated"] = json!(true);
    version["deprecationWarning"] = json!("use \"Other\" {instead}");
    let mut cluster = definition(
        "roots.example.com",
        "Report",
        &[(
            "v1",
            object(
                json!({"summary": object(json!({"pass": {"type": "integer"}})), "results": {"type": "array", "items": object(json!({"policy": text()}))}, "spec": text()}),
            ),
        )],
    );
    cluster["spec"]["scope"] = json!("Cluster");
    cluster["spec"]["names"]["shortNames"] = json!(["rp"]);
    let needed = json!({"type": "object", "required": ["spec", "data", "union", "metadata"], "properties": {
        "metadata": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 10}}},
        "spec": {"type": "object", "required": ["a"], "properties": {"a": text()}}, "data": {"type": "object", "additionalProperties": text()},
        "union": {"type": "object", "oneOf": [{"required": ["x"]}, {"required": ["y"]}], "properties": {"x": text(), "y": text()}}}});
    let union = json!({"type": "object", "oneOf": [{"required": ["gas"]}, {"required": ["power"]}], "properties": {"gas": text(), "power": text(), "spec": {"type": "array", "items": text()}}});
    let list_spec = object(
        json!({"spec": {"type": "array", "items": object(json!({"a": text()}))}, "status": {"type": "string", "enum": ["on", "off"]}}),
    );
    vec![
        scaled,
        cluster,
        definition("roots.example.com", "Needed", &[("v1", needed)]),
        definition("roots.example.com", "Engine", &[("v1", union)]),
        definition("roots.example.com", "Rows", &[("v1", list_spec)]),
        definition(
            "roots.example.com",
            "AnySpec",
            &[(
                "v1",
                object(json!({"spec": {"x-kubernetes-preserve-unknown-fields": true}})),
            )],
        ),
    ]
}

fn versions() -> Vec<Value> {
    let first = object(
        json!({"spec": object(json!({"a": text(), "shared": object(json!({"s": text()}))}))}),
    );
    let second = object(
        json!({"spec": object(json!({"a": {"type": "integer"}, "shared": object(json!({"s": text()})), "more": object(json!({"a": text()}))}))}),
    );
    let third = object(json!({"data": text()}));
    vec![
        definition(
            "versions.example.com",
            "HTTPThing",
            &[
                ("v1", first.clone()),
                ("v1beta1", first.clone()),
                ("v1alpha1", second.clone()),
                ("v2", second.clone()),
                ("2021-06-01", third.clone()),
                ("v10", third),
            ],
        ),
        definition(
            "versions.example.com",
            "Other",
            &[("v1alpha1", first), ("v1beta1", second)],
        ),
    ]
}

fn clashes() -> Vec<Value> {
    let with = |name: &str| {
        object(
            json!({"spec": object(json!({name: object(json!({name: text(), "target": object(json!({name: {"type": "boolean"}}))}))})), "status": object(json!({name: text()}))}),
        )
    };
    let mut made = Vec::new();
    for kind in [
        "HTTPRoute",
        "HttpRoute",
        "Httproute",
        "Object",
        "Vec",
        "Option",
        "String",
        "Box",
        "Result",
        "Default",
        "Value",
        "Kind",
        "Family",
        "Channel",
        "Resource",
        "Union",
        "Shared",
        "Sets",
        "Mod",
        "Type",
        "Self",
        "Spec",
        "Status",
        "ObjectMeta",
        "List",
        "Schema",
        "V1",
        "Lib",
        "Main",
        "Test",
        "KiteSpec",
        "Kite",
        "KiteList",
        "Error",
        "Core",
        "Std",
        "Crate",
        "I32",
        "Bool",
        "Str",
    ] {
        made.push(definition(
            "clash.example.com",
            kind,
            &[
                ("v1", with(&kind.to_lowercase())),
                ("v1beta1", with(&kind.to_lowercase())),
            ],
        ));
    }
    made
}

fn groups() -> Vec<Value> {
    let root = || {
        object(json!({"spec": object(json!({"a": text(), "inner": object(json!({"b": text()}))}))}))
    };
    [
        "example.com",
        "v1.example.com",
        "core.example.com",
        "std.example.com",
        "schema.example.com",
        "a-b.example.com",
        "a.b.example.com",
        "type.example.com",
        "3scale.example.com",
        "example.org",
        "example.net",
        "x.io",
    ]
    .into_iter()
    .map(|group| definition(group, "Kite", &[("v1", root()), ("v1beta1", root())]))
    .collect()
}

fn long() -> Vec<Value> {
    let kind = "ExtraordinarilyLongWindedCustomResourceKindNameForTests";
    let other = "ExtraordinarilyLongWindedCustomResourceKindNameForOthers";
    let glued = "supercalifragilisticexpialidociousconfigurationreference";
    let nested = object(
        json!({glued: object(json!({glued: object(json!({glued: object(json!({"a": text()})), "b": text(), "mode": {"type": "string", "enum": ["one", "two"]}}))})),
        "theVeryLongNameOfAnAlreadyNestedConfigurationSection": object(json!({"theVeryLongNameOfAnAlreadyNestedConfigurationSection": {"type": "object", "oneOf": [{"required": ["anotherVeryLongNameOfAMemberThatExcludesOthers"]}, {"required": ["c"]}],
            "properties": {"anotherVeryLongNameOfAMemberThatExcludesOthers": object(json!({"d": text()})), "c": text()}}}))}),
    );
    let root = object(json!({"spec": nested, "status": object(json!({glued: text()}))}));
    [kind, other]
        .into_iter()
        .map(|kind| {
            definition(
                "long.example.com",
                kind,
                &[("v1", root.clone()), ("v1beta1", root.clone())],
            )
        })
        .collect()
}

fn prose() -> Value {
    let texts = [
        "",
        "\n\n",
        "One.\n\n    indented code {\n",
        "```yaml\na: [b](c)\n",
        "# Heading\n## Another",
        "- a\n  continued\n- b\n\n  paragraph",
        "1. one\n2) two\nthree",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "<script>alert(1)</script> <foo@bar.com> http://a.b/c?d=<e>&f",
        "[link]: http://x.y\n[link]",
        "a `b c",
        "``` a",
        "/// doc\n//! doc */ /* x",
        "ends with backslash \\",
        "tab\there\r\nand\rthere",
        "\"quoted\" {braces} $dollar #hash",
        "> quote\nlazy",
        "* star\nlazy\n* star",
        "HTML &amp; &lt; entities",
        "under_score *star* **bold** ~~no~~ __x__",
        "word\u{200b}zero\u{feff}width \u{202e}bidi",
        "+++ plus\n=== equals\n--- dashes",
        "[`Vec`] [Vec] [crate::x] [a]: b",
        "a line that ends with a colon:\n  * item: value\n      * deeper",
        "12345678901234567890.",
        "é".repeat(300).leak(),
        "footnote[^1]\n\n[^1]: text",
        "$$math$$ \\( x \\)",
        "a.\nb.\nc.\n- d",
        "https://example.com/a_b*c(d) and (https://x.y).",
    ];
    let members: Map<String, Value> = texts.iter().enumerate()
        .map(|(number, text)| (format!("f{number}"), json!({"type": "object", "description": text, "properties": {"a": {"type": "string", "description": text, "pattern": format!("^`{number}[a-z]{{1,3}}\\\\\"$"), "default": text}}})))
        .collect();
    let enums: Map<String, Value> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            (
                format!("e{number}"),
                json!({"type": "string", "description": text, "enum": [text, "other"]}),
            )
        })
        .collect();
    json!({"type": "object", "description": texts.join("\n"), "properties": {"texts": object(Value::Object(members)), "enums": object(Value::Object(enums))}})
}

fn rules() -> Value {
    json!({"type": "object", "properties": {"a": {"type": "string", "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "a is \"fixed\"", "reason": "FieldValueForbidden", "fieldPath": ".b"}]},
        "b": {"type": "integer", "x-kubernetes-validations": [{"rule": "self > 0 &&\nself < 10", "messageExpression": "'b is ' + string(self)", "optionalOldSelf": true}]},
        "list": {"type": "array", "maxItems": 5, "x-kubernetes-validations": [{"rule": "self.all(x, x.size() > 0)"}], "items": {"type": "string", "maxLength": 10}}},
        "x-kubernetes-validations": [{"rule": "has(self.a) || has(self.b)", "message": "line\nline"}, {"rule": "this is no CEL ((", "message": ""}, {"rule": "!has(self.list) || self.list.exists_one(x, x == \"\\\"\")"}]})
}

fn wide() -> Value {
    let members: Map<String, Value> = (0..300)
        .map(|number| {
            (
                format!("field{number}"),
                match number % 4 {
                    0 => json!({"type": "string", "default": format!("{number}")}),
                    1 => object(json!({"x": text(), format!("y{number}"): {"type": "integer"}})),
                    2 => json!({"type": "string", "enum": [format!("a{number}"), "b"]}),
                    _ => json!({"type": "array", "items": {"type": "integer", "format": "int32"}}),
                },
            )
        })
        .collect();
    object(Value::Object(members))
}
