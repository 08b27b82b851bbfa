//! CustomResourceDefinitions as objects: what a server asks of them. `CRDS_DIR` names a folder with definitions that a server takes.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crd_validate::{Registry, UnknownFields, Verdict, reader};
use serde_json::Value;

fn lamp(spec: &str) -> Value {
    let text = format!(
        "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {{name: lamps.example.com}}, spec: {{group: example.com, scope: Namespaced, names: {{kind: Lamp, plural: lamps, singular: lamp, listKind: LampList}}, versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {{type: object, properties: {{spec: {spec}}}}}}}}}, {{name: v2, served: true, storage: false, schema: {{openAPIV3Schema: {{type: object}}}}}}]}}}}"
    );
    reader::read(text.as_bytes()).remove(0).content.unwrap()
}

/// Where faults are found in the schema of the lamp's `spec`.
fn faults(spec: &str) -> String {
    let report = Registry::new()
        .judge(&lamp(spec), UnknownFields::Refuse)
        .report;
    let start = "spec.versions[0].schema.openAPIV3Schema.properties[spec]";
    let paths = report.findings.iter().map(|finding| {
        let path = finding.path.to_string();
        path.strip_prefix(start)
            .unwrap_or(&path)
            .trim_start_matches('.')
            .to_owned()
    });
    paths.collect::<Vec<_>>().join(" ")
}

#[test]
fn schemas_are_structural() {
    for (spec, paths) in [
        ("{type: object}", ""),
        ("{}", "type"),
        ("{type: array}", "items"),
        ("{type: object, additionalProperties: false}", ""),
        (
            "{type: object, properties: {a: {type: string}}, additionalProperties: false}",
            "additionalProperties",
        ),
        (
            "{type: object, properties: {a: {type: string}}, additionalProperties: true}",
            "",
        ),
        (
            "{x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}",
            "",
        ),
        (
            "{type: string, allOf: [{anyOf: [{type: integer}, {type: string}]}]}",
            "",
        ),
        (
            "{type: string, anyOf: [{type: string}, {type: integer}]}",
            "anyOf[0].type anyOf[1].type",
        ),
        (
            "{type: object, oneOf: [{properties: {a: {minLength: 1}}}]}",
            "",
        ),
        ("{type: object, not: {description: x}}", "not.description"),
        (
            "{type: object, x-kubernetes-embedded-resource: true}",
            "properties",
        ),
        (
            "{type: object, x-kubernetes-embedded-resource: true, properties: {kind: {type: integer}}}",
            "properties[kind].type",
        ),
        ("{type: string, x-kubernetes-map-type: atomic}", "type"),
        ("{type: string, uniqueItems: true}", "uniqueItems"),
        ("{type: string, pattern: '('}", "pattern"),
    ] {
        assert_eq!(faults(spec), paths, "{spec}");
    }
}

#[test]
fn keys_tell_items_apart() {
    let list = |items: &str| {
        format!(
            "{{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {items}}}"
        )
    };
    for (items, paths) in [
        (
            "{type: object, required: [name], properties: {name: {type: string}}}",
            "",
        ),
        (
            "{type: object, properties: {name: {type: string, default: x}}}",
            "",
        ),
        (
            "{type: object, properties: {name: {type: string}}}",
            "items.properties[name].default",
        ),
        (
            "{type: object, required: [name], properties: {name: {type: string, nullable: true}}}",
            "items.properties[name].nullable",
        ),
        (
            "{type: object, required: [name], properties: {name: {type: object}}}",
            "items.properties[name].type",
        ),
        (
            "{type: object, required: [name], properties: {other: {type: string}}}",
            "x-kubernetes-list-map-keys",
        ),
        ("{type: string}", "items.type"),
    ] {
        assert_eq!(faults(&list(items)), paths, "{items}");
    }
    let set = "{type: array, x-kubernetes-list-type: set, items: {type: object}}";
    assert_eq!(faults(set), "items.x-kubernetes-map-type");
}

#[test]
fn defaults_fit_their_schemas() {
    for (spec, paths) in [
        (
            "{type: object, default: {a: x}, properties: {a: {type: string}}}",
            "",
        ),
        (
            "{type: object, default: {b: x}, properties: {a: {type: string}}}",
            "default",
        ),
        (
            "{type: object, default: {a: 1}, properties: {a: {type: string}}}",
            "default.a",
        ),
        (
            "{type: object, default: {}, required: [a], properties: {a: {type: string}}}",
            "default.a",
        ),
        ("{type: string, default: blue, enum: [red]}", "default"),
        (
            "{type: integer, default: 7, x-kubernetes-validations: [{rule: self < 5}]}",
            "default",
        ),
    ] {
        assert_eq!(faults(spec), paths, "{spec}");
    }
}

#[test]
fn rules_fit_their_schemas() {
    let rule = |schema: &str, rule: &str| {
        let spec = format!("{{{schema}, x-kubernetes-validations: [{rule}]}}");
        faults(&spec)
    };
    let object = "type: object, properties: {name: {type: string}, count: {type: integer}, tags: {type: array, items: {type: string}}, at: {type: string, format: date-time}, a-b: {type: boolean}, any: {x-kubernetes-preserve-unknown-fields: true}, port: {x-kubernetes-int-or-string: true}}";
    let fault = "x-kubernetes-validations[0].rule";
    for (text, path) in [
        (
            "self.name == 'x' && self.count > 1 && self.tags.all(t, t.startsWith('a'))",
            "",
        ),
        (
            "self.tags.map(t, size(t)).exists(n, n > 3) || self.a__dash__b",
            "",
        ),
        (
            "self.tags.filter(t, t != 'x').size() == 1 && self.tags[0] in ['a']",
            "",
        ),
        (
            "self.at > timestamp('2020-01-01T00:00:00Z') && self.port == 'x' && self.port != 1",
            "",
        ),
        ("has(self.name) ? self.name.matches('^a+$') : true", ""),
        ("self.count > 0.5", ""),
        ("self.name == 1", fault),
        ("self.nome == 'x'", fault),
        ("self.any == 'x'", fault),
        ("self.name.first == 'x'", fault),
        ("self.name.matches('[')", fault),
        ("self.count.startsWith('x')", fault),
        ("self.tags.all(t, t > 1)", fault),
        ("self.name", fault),
        ("size(self.count) > 1", fault),
        ("other == 1", fault),
        ("self.count + self.name == 1", fault),
    ] {
        assert_eq!(
            rule(object, &format!("{{rule: \"{text}\"}}")),
            path,
            "{text}"
        );
    }
    let first = "x-kubernetes-validations[0]";
    for (schema, text, path) in [
        (
            "type: string",
            "{rule: 'true', fieldPath: .a}",
            format!("{first}.fieldPath"),
        ),
        (
            "type: string",
            "{rule: 'true', messageExpression: '1'}",
            format!("{first}.messageExpression"),
        ),
        (
            "type: string",
            "{rule: 'true', reason: Because}",
            format!("{first}.reason"),
        ),
        (
            "type: string",
            "{rule: 'true', optionalOldSelf: true}",
            format!("{first}.optionalOldSelf"),
        ),
        ("type: string", "{rule: 'self == oldSelf'}", String::new()),
        (
            "x-kubernetes-preserve-unknown-fields: true",
            "{rule: 'true'}",
            "x-kubernetes-validations".to_owned(),
        ),
    ] {
        assert_eq!(rule(schema, text), path, "{text}");
    }
    let list =
        "{type: array, items: {type: string, x-kubernetes-validations: [{rule: self == oldSelf}]}}";
    assert_eq!(faults(list), format!("items.{fault}"));
}

#[test]
fn what_a_server_has_taken_is_taken() {
    let Some(folder) = std::env::var_os("CRDS_DIR") else {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: CRDS_DIR names no definitions, none were judged"
        );
        return;
    };
    let registry = Registry::new();
    let (mut count, mut refused) = (0, Vec::new());
    each_file(Path::new(&folder), &mut |path| {
        for document in reader::read(&fs::read(path).unwrap()) {
            let mut definition = document.content.unwrap();
            definition.as_object_mut().unwrap().shift_remove("status");
            let judgement = registry.judge(&definition, UnknownFields::Refuse);
            count += 1;
            if judgement.verdict != Verdict::Accepted {
                refused.push(format!(
                    "{}: {:?}",
                    path.display(),
                    judgement.report.findings
                ));
            }
        }
    });
    assert!(
        count > 100 && refused.is_empty(),
        "{} of {count}: {refused:#?}",
        refused.len()
    );
}

fn each_file(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, visit);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            visit(&path);
        }
    }
}

#[test]
fn expressions_of_policies_speak_of_what_there_is() {
    let policy = |params: &str, rest: &str| {
        let text = format!(
            "{{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {{name: p}}, spec: {{{params} matchConstraints: {{resourceRules: [{{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}}]}}, {rest}}}}}"
        );
        reader::read(text.as_bytes()).remove(0).content.unwrap()
    };
    let found = |object: &Value| {
        let report = Registry::new().judge(object, UnknownFields::Refuse).report;
        let paths = report
            .findings
            .iter()
            .map(|finding| finding.path.to_string());
        paths.collect::<Vec<_>>().join(" ")
    };
    let kind = "paramKind: {apiVersion: v1, kind: ConfigMap},";
    let fault = "spec.validations[0].expression";
    for (params, expression, path) in [
        (
            "",
            "object.spec.replicas < 5 && request.operation == 'CREATE'",
            "",
        ),
        ("", "request.userInfo.groups.exists(g, g == 'admins')", ""),
        (
            "",
            "authorizer.group('').resource('pods').check('get').allowed()",
            "",
        ),
        (kind, "object.spec.replicas < int(params.data.most)", ""),
        ("", "object.spec.replicas < params.most", fault),
        ("", "request.user == 'a'", fault),
        ("", "request.operation", fault),
        ("", "objekt.spec.replicas < 5", fault),
        ("", "request.userInfo.groups == 'admins'", fault),
    ] {
        let rest = format!("validations: [{{expression: \"{expression}\"}}]");
        assert_eq!(found(&policy(params, &rest)), path, "{expression}");
    }
    for (rest, path) in [
        (
            "validations: [{expression: 'true', messageExpression: \"'no ' + object.metadata.name\"}]",
            "",
        ),
        (
            "validations: [{expression: 'true', messageExpression: '1'}]",
            "spec.validations[0].messageExpression",
        ),
        (
            "matchConditions: [{name: a, expression: 'variables.x'}], validations: [{expression: 'true'}]",
            "spec.matchConditions[0].expression",
        ),
        (
            "variables: [{name: x, expression: '1'}], validations: [{expression: 'variables.x == 1'}]",
            "",
        ),
        (
            "variables: [{name: x, expression: '1'}], validations: [{expression: 'variables.y == 1'}]",
            "spec.validations[0].expression",
        ),
    ] {
        assert_eq!(found(&policy("", rest)), path, "{rest}");
    }
}
