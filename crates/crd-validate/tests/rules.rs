//! Rules at their boundaries: beside each value that is refused stands its neighbour that is not.

use crd_validate::{Registry, Report, UnknownFields, Validator, reader};
use serde_json::{Value, json};

fn read(text: &str) -> Value {
    let content = reader::read(text.as_bytes()).remove(0).content;
    content.unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn paths(report: &Report) -> String {
    let mut paths: Vec<String> = report.findings.iter().map(|f| f.path.to_string()).collect();
    paths.dedup();
    paths.join(" ")
}

/// Each row: a manifest of a built-in kind, and the paths of what is wrong with it.
fn builtin(rows: &[(&str, &str)]) {
    for (manifest, expected) in rows {
        let judgement = Registry::new().judge(&read(manifest), UnknownFields::Refuse);
        assert_eq!(
            paths(&judgement.report),
            *expected,
            "{manifest}: {:?}",
            judgement.report
        );
    }
}

#[test]
fn ports_of_network_policies() {
    let policy = |port: &str| {
        format!(
            "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p}}, spec: {{podSelector: {{}}, ingress: [{{ports: [{port}]}}]}}}}"
        )
    };
    let at = |member: &str| format!("spec.ingress[0].ports[0].{member}");
    for (port, expected) in [
        ("{}", String::new()),
        ("{port: 1}", String::new()),
        ("{port: 65535}", String::new()),
        ("{port: 0}", at("port")),
        ("{port: 65536}", at("port")),
        ("{port: http}", String::new()),
        ("{port: '80'}", at("port")),
        ("{port: Http}", at("port")),
        ("{port: 80, endPort: 80}", String::new()),
        ("{port: 80, endPort: 90}", String::new()),
        ("{port: 80, endPort: 79}", at("endPort")),
        ("{port: 80, endPort: 65536}", at("endPort")),
        ("{endPort: 90}", at("endPort")),
        ("{port: http, endPort: 90}", at("endPort")),
        ("{port: 80, protocol: SCTP}", String::new()),
        ("{port: 80, protocol: HTTP}", at("protocol")),
    ] {
        builtin(&[(&policy(port), &expected)]);
        // The other direction has the same rules.
        builtin(&[(
            &policy(port).replace("ingress", "egress"),
            &expected.replace("ingress", "egress"),
        )]);
    }
}

#[test]
fn ports_of_the_node_are_taken_once() {
    let pod = |more: &str, first: &str, second: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{{more}containers: [{{name: a, image: i, ports: [{first}]}}, {{name: b, image: i, ports: [{second}]}}]}}}}"
        )
    };
    let one = "{containerPort: 80, hostPort: 8080}";
    let twice = "spec.containers[1].ports[0].hostPort";
    for (more, second, expected) in [
        ("", one, twice),
        (
            "",
            "{containerPort: 81, hostPort: 8080, protocol: TCP}",
            twice,
        ),
        ("", "{containerPort: 80, hostPort: 8081}", ""),
        ("", "{containerPort: 80}", ""),
        ("", "{containerPort: 80, hostPort: 8080, protocol: UDP}", ""),
        (
            "",
            "{containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1}",
            "",
        ),
        (
            "",
            "{containerPort: 80, hostPort: 65536}",
            "spec.containers[1].ports[0].hostPort",
        ),
        // On the host network both numbers are one.
        (
            "hostNetwork: true, ",
            "{containerPort: 81}",
            "spec.containers[0].ports[0].hostPort",
        ),
    ] {
        builtin(&[(&pod(more, one, second), expected)]);
    }
    builtin(&[(
        &pod(
            "hostNetwork: true, ",
            "{containerPort: 80, hostPort: 80}",
            "{containerPort: 81}",
        ),
        "",
    )]);
}

#[test]
fn priorities_of_the_system() {
    let class = |name: &str, value: &str| {
        format!(
            "{{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {{name: {name}}}, value: {value}}}"
        )
    };
    for (name, value, expected) in [
        ("mine", "1000000000", ""),
        ("mine", "1000000001", "value"),
        ("mine", "-2147483648", ""),
        ("system-mine", "1", "metadata.name"),
        ("system-node-critical", "2000001000", ""),
        ("system-node-critical", "2000000000", "metadata.name"),
        ("system-cluster-critical", "2000000000", ""),
        ("system-cluster-critical", "2000001000", "metadata.name"),
        ("systems", "1", ""),
    ] {
        builtin(&[(&class(name, value), expected)]);
    }
}

#[test]
fn bounds_of_autoscalers() {
    let scaler = |bounds: &str| {
        format!(
            "{{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {{name: h}}, spec: {{{bounds}, scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: d}}}}}}"
        )
    };
    for (bounds, expected) in [
        ("maxReplicas: 1", ""),
        ("maxReplicas: 0", "spec.maxReplicas"),
        ("minReplicas: 2, maxReplicas: 2", ""),
        ("minReplicas: 3, maxReplicas: 2", "spec.maxReplicas"),
        ("minReplicas: 1, maxReplicas: 2", ""),
    ] {
        builtin(&[(&scaler(bounds), expected)]);
        builtin(&[(
            &scaler(bounds).replace("autoscaling/v2", "autoscaling/v1"),
            expected,
        )]);
    }
}

#[test]
fn operators_of_selectors_and_tolerations() {
    let budget = |expression: &str| {
        format!(
            "{{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {{name: p}}, spec: {{minAvailable: 1, selector: {{matchExpressions: [{expression}]}}}}}}"
        )
    };
    let values = "spec.selector.matchExpressions[0].values";
    for (expression, expected) in [
        ("{key: a, operator: In, values: [b]}", ""),
        ("{key: a, operator: In}", values),
        ("{key: a, operator: NotIn, values: []}", values),
        ("{key: a, operator: Exists}", ""),
        ("{key: a, operator: Exists, values: []}", ""),
        ("{key: a, operator: Exists, values: [b]}", values),
        ("{key: a, operator: DoesNotExist, values: [b]}", values),
        ("{key: a, operator: DoesNotExist}", ""),
        (
            "{key: a, operator: Gt, values: ['1']}",
            "spec.selector.matchExpressions[0].operator",
        ),
    ] {
        builtin(&[(&budget(expression), expected)]);
    }
    let pod = |toleration: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{{name: a, image: b}}], tolerations: [{toleration}]}}}}"
        )
    };
    for (toleration, expected) in [
        ("{key: a, operator: Exists}", ""),
        (
            "{key: a, operator: Exists, value: b}",
            "spec.tolerations[0].operator",
        ),
        ("{key: a, operator: Equal, value: b}", ""),
        ("{operator: Exists}", ""),
    ] {
        builtin(&[(&pod(toleration), expected)]);
    }
}

#[test]
fn types_of_secrets() {
    let secret = |kind: &str, data: &str| {
        format!("{{apiVersion: v1, kind: Secret, metadata: {{name: s}}, type: {kind}, {data}}}")
    };
    let basic = "kubernetes.io/basic-auth";
    for (kind, data, refused) in [
        (basic, "data: {username: YQ==}", false),
        (basic, "data: {password: YQ==}", false),
        (basic, "data: {username: YQ==, password: YQ==}", false),
        (basic, "stringData: {username: a}", false),
        (basic, "data: {user: YQ==}", true),
        (basic, "data: {}", true),
        (
            "kubernetes.io/ssh-auth",
            "data: {ssh-privatekey: YQ==}",
            false,
        ),
        (
            "kubernetes.io/ssh-auth",
            "data: {ssh-publickey: YQ==}",
            true,
        ),
        ("Opaque", "data: {}", false),
    ] {
        let manifest = secret(kind, data);
        let judgement = Registry::new().judge(&read(&manifest), UnknownFields::Refuse);
        assert_eq!(
            !judgement.report.findings.is_empty(),
            refused,
            "{manifest}: {:?}",
            judgement.report
        );
    }
}

#[test]
fn modes_of_access() {
    let claim = |modes: &str| {
        format!(
            "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: c}}, spec: {{accessModes: [{modes}], resources: {{requests: {{storage: 1Gi}}}}}}}}"
        )
    };
    for (modes, expected) in [
        ("ReadWriteOncePod", ""),
        ("ReadWriteOncePod, ReadWriteOnce", "spec.accessModes"),
        ("ReadWriteOnce, ReadOnlyMany", ""),
        ("", "spec.accessModes"),
    ] {
        builtin(&[(&claim(modes), expected)]);
    }
}

#[test]
fn every_suffix_of_a_quantity() {
    let pod = |request: &str, limit: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{{name: a, image: b, resources: {{requests: {{memory: {request}}}, limits: {{memory: {limit}}}}}}}]}}}}"
        )
    };
    let refused = "spec.containers[0].resources.requests";
    // Each pair is in order, and turned round it is not.
    for (small, large) in [
        ("999", "1k"),
        ("1k", "1001"),
        ("1k", "1Ki"),
        ("1023", "1Ki"),
        ("999k", "1M"),
        ("1M", "1000001"),
        ("1M", "1Mi"),
        ("1023Ki", "1Mi"),
        ("999M", "1G"),
        ("1023Mi", "1Gi"),
        ("999G", "1T"),
        ("1T", "1Ti"),
        ("1023Gi", "1Ti"),
        ("1Ti", "1100G"),
        ("1Ti", "1P"),
        ("1P", "1Pi"),
        ("1Pi", "1E"),
        ("1E", "1Ei"),
        ("1e3", "1001"),
        ("999", "1e3"),
    ] {
        builtin(&[(&pod(small, large), ""), (&pod(large, small), refused)]);
    }
    for (one, same) in [
        ("1k", "1000"),
        ("1M", "1000k"),
        ("1Ti", "1024Gi"),
        ("1e3", "1k"),
    ] {
        builtin(&[(&pod(one, same), ""), (&pod(same, one), "")]);
    }
}

/// A definition of `example.com/v1 Lamp` with this schema of `spec`, in YAML.
fn lamps(spec: &str) -> Validator {
    Validator::new(&json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com", "scope": "Namespaced", "names": {"kind": "Lamp", "plural": "lamps"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                "type": "object", "properties": {"spec": read(spec)}
            }}}]
        }
    }))
    .unwrap()
}

fn lamp(metadata: Value) -> Value {
    let mut object = json!({"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "desk"}, "spec": {}});
    for (name, value) in metadata.as_object().unwrap() {
        object["metadata"][name] = value.clone();
    }
    object
}

#[test]
fn what_an_update_may_not_change_in_metadata() {
    let lamps = lamps("{type: object}");
    let time = "2006-01-02T15:04:05Z";
    for (old, new, expected) in [
        (json!({}), json!({}), ""),
        (json!({}), json!({"name": "other"}), "metadata.name"),
        (json!({"namespace": "a"}), json!({"namespace": "a"}), ""),
        (
            json!({"namespace": "a"}),
            json!({"namespace": "b"}),
            "metadata.namespace",
        ),
        (json!({"namespace": "a"}), json!({}), ""),
        (json!({}), json!({"namespace": "b"}), ""),
        (json!({"uid": "a"}), json!({"uid": "a"}), ""),
        (json!({"uid": "a"}), json!({"uid": "b"}), "metadata.uid"),
        (json!({"uid": "a"}), json!({}), ""),
        (json!({}), json!({"uid": "b"}), ""),
        (
            json!({}),
            json!({"deletionTimestamp": time}),
            "metadata.deletionTimestamp",
        ),
        (
            json!({"deletionTimestamp": time}),
            json!({"deletionTimestamp": time}),
            "",
        ),
        (
            json!({}),
            json!({"deletionGracePeriodSeconds": 5}),
            "metadata.deletionGracePeriodSeconds",
        ),
        (
            json!({"deletionGracePeriodSeconds": 5}),
            json!({"deletionGracePeriodSeconds": 6}),
            "metadata.deletionGracePeriodSeconds",
        ),
        (
            json!({"deletionGracePeriodSeconds": 5}),
            json!({"deletionGracePeriodSeconds": 5}),
            "",
        ),
        (json!({}), json!({"finalizers": ["a.b/c"]}), ""),
        (
            json!({"deletionTimestamp": time}),
            json!({"finalizers": ["a.b/c"]}),
            "metadata.finalizers",
        ),
        (
            json!({"deletionTimestamp": time, "finalizers": ["a.b/c"]}),
            json!({"finalizers": ["a.b/c"]}),
            "",
        ),
    ] {
        let report = lamps.update(&lamp(new.clone()), &lamp(old.clone()));
        assert_eq!(paths(&report), expected, "{old} -> {new}: {report:?}");
    }
}

#[test]
fn finalizers_and_managed_fields() {
    let lamps = lamps("{type: object}");
    for (finalizers, expected) in [
        (json!(["orphan"]), ""),
        (json!(["foregroundDeletion"]), ""),
        (
            json!(["orphan", "foregroundDeletion"]),
            "metadata.finalizers",
        ),
    ] {
        let report = lamps.create(&lamp(json!({"finalizers": finalizers})));
        assert_eq!(paths(&report), expected, "{finalizers}: {report:?}");
    }
    // The server writes them itself, and judges them in objects inside of others.
    let pots = self::lamps(
        "{type: object, properties: {pot: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}}}",
    );
    let at = |member: &str| format!("spec.pot.metadata.managedFields[0].{member}");
    for (change, expected) in [
        (json!({}), String::new()),
        (json!({"manager": "m".repeat(128)}), String::new()),
        (json!({"manager": "m".repeat(129)}), at("manager")),
        (json!({"manager": "a\nb"}), at("manager")),
        (json!({"subresource": "s".repeat(256)}), String::new()),
        (json!({"subresource": "s".repeat(257)}), at("subresource")),
        (json!({"operation": "Update"}), String::new()),
        (json!({"operation": "Patch"}), at("operation")),
        (json!({"fieldsType": ""}), String::new()),
        (json!({"fieldsType": "FieldsV2"}), at("fieldsType")),
    ] {
        let mut entry = json!({"manager": "m", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1"});
        for (name, value) in change.as_object().unwrap() {
            entry[name] = value.clone();
        }
        let mut object = lamp(json!({}));
        object["spec"]["pot"] = json!({
            "apiVersion": "v1", "kind": "Pot", "metadata": {"name": "p", "managedFields": [entry]},
        });
        let report = pots.create(&object);
        assert_eq!(paths(&report), expected, "{change}: {report:?}");
    }
}

#[test]
fn times_have_a_zone_of_hours_and_minutes() {
    let lamps = lamps("{type: object}");
    for (time, good) in [
        ("2006-01-02T15:04:05Z", true),
        ("2006-01-02T15:04:05+02:00", true),
        ("2006-01-02T15:04:05-23:59", true),
        ("2006-01-02T15:04:05+24:60", true),
        ("2006-01-02T15:04:05+25:00", false),
        ("2006-01-02T15:04:05+02:61", false),
        ("2006-01-02T15:04:05+2:00", false),
        ("2006-01-02T15:04:05+02:0", false),
        ("2006-01-02T15:04:05+0200", false),
        ("2006-01-02T15:04:05Z02:00", false),
        ("2006-01-02T15:04:05", false),
        ("2006-01-02T24:04:05Z", false),
        ("2006-01-02T23:59:59.999Z", true),
        ("2006-01-02T23:60:59Z", false),
        ("2006-01-02T23:59:59.Z", false),
        ("2006-02-30T15:04:05Z", false),
    ] {
        let report = lamps.create(&lamp(json!({"creationTimestamp": time})));
        assert_eq!(report.findings.is_empty(), good, "{time}: {report:?}");
    }
}

/// Each row: a schema, and values with whether they keep it.
fn values(schema: &str, rows: &[(&str, bool)]) {
    let lamps = lamps(&format!("{{type: object, properties: {{v: {schema}}}}}"));
    for (value, good) in rows {
        let mut object = lamp(json!({}));
        object["spec"] = read(&format!("v: {value}"));
        let report = lamps.create(&object);
        assert_eq!(report.notes, []);
        assert_eq!(
            report.findings.is_empty(),
            *good,
            "{value} in {schema}: {report:?}"
        );
    }
}

#[test]
fn numbers_and_members_at_their_bounds() {
    values(
        "{type: integer, format: int32}",
        &[
            ("2147483647", true),
            ("2147483648", false),
            ("-2147483648", true),
            ("-2147483649", false),
        ],
    );
    values(
        "{type: integer}",
        &[
            ("2147483648", true),
            ("4294967296", true),
            ("9223372036854775807", true),
        ],
    );
    values(
        "{type: integer, maximum: 4294967296}",
        &[("4294967296", true), ("4294967297", false)],
    );
    values(
        "{type: object, maxProperties: 2, additionalProperties: {type: integer}}",
        &[
            ("{a: 1}", true),
            ("{a: 1, b: 2}", true),
            ("{a: 1, b: 2, c: 3}", false),
        ],
    );
    values(
        "{type: object, minProperties: 2, additionalProperties: {type: integer}}",
        &[("{a: 1}", false), ("{a: 1, b: 2}", true)],
    );
}

/// Each row: the schema of a value, a rule, a value that keeps it, and one that breaks it.
#[test]
fn functions_of_rules_at_their_edges() {
    let text = "{type: string}";
    let numbers = "{type: array, items: {type: number}}";
    let time = |zone: &str, part: &str, expected: u32| {
        format!("timestamp(self).{part}('{zone}') == {expected}")
    };
    let rows = [
        (
            text,
            time("+05:30", "getMinutes", 34),
            "2006-01-02T15:04:05Z",
            "2006-01-02T15:05:05Z",
        ),
        (
            text,
            time("-05:30", "getMinutes", 34),
            "2006-01-02T15:04:05Z",
            "2006-01-02T15:05:05Z",
        ),
        (
            text,
            time("+05:30", "getHours", 20),
            "2006-01-02T15:04:05Z",
            "2006-01-02T16:04:05Z",
        ),
        (
            text,
            time("-05:30", "getHours", 9),
            "2006-01-02T15:04:05Z",
            "2006-01-02T16:04:05Z",
        ),
        (
            text,
            time("00:45", "getMinutes", 49),
            "2006-01-02T15:04:05Z",
            "2006-01-02T15:05:05Z",
        ),
        (
            text,
            time("+09:00", "getDate", 3),
            "2006-01-02T15:04:05Z",
            "2006-01-02T14:04:05Z",
        ),
        (
            numbers,
            "self.sum() == 0.75".to_owned(),
            "[0.5, 0.25]",
            "[0.5, 0.5]",
        ),
        (
            numbers,
            "self.sum() == -1.5".to_owned(),
            "[-2.0, 0.5]",
            "[2.0, 0.5]",
        ),
        (
            numbers,
            "self.sum() > 1.0".to_owned(),
            "[0.5, 0.75]",
            "[0.5]",
        ),
        (
            text,
            "url(self).getHost() == 'é.x:80'".to_owned(),
            "http://%C3%A9.x:80/x",
            "http://e.x:80/x",
        ),
        (
            text,
            "url(self).getHost() == 'host'".to_owned(),
            "http://user:pw@host/x",
            "http://host:1/x",
        ),
        (
            text,
            "url(self).getHostname() == 'host'".to_owned(),
            "http://host:8080",
            "http://hosts:8080",
        ),
        (
            text,
            "url(self).getPort() == '8080'".to_owned(),
            "http://host:8080/x",
            "http://host/8080",
        ),
        (
            text,
            "url(self).getHost() == ''".to_owned(),
            "/a/b",
            "http://a/b",
        ),
        (
            text,
            "url(self).getScheme() == 'http'".to_owned(),
            "HTTP://a/b",
            "https://a/b",
        ),
        (
            text,
            "url(self).getEscapedPath() == '/a%22b'".to_owned(),
            "'http://h/a\"b'",
            "http://h/ab",
        ),
        (
            text,
            "url(self).getEscapedPath() == '/a%20b'".to_owned(),
            "http://h/a%20b",
            "http://h/a%21b",
        ),
        (
            text,
            "url(self).getQuery()['k'] == ['a b', 'c']".to_owned(),
            "http://h/?k=a+b&k=c",
            "http://h/?k=a-b&k=c",
        ),
        (
            text,
            "url(self).getQuery()['k'] == ['a/b']".to_owned(),
            "http://h/?k=a%2Fb&l;m=1",
            "http://h/?k=a%2Eb",
        ),
    ];
    for (schema, rule, good, bad) in rows {
        let mut with_rule = read(schema);
        with_rule["x-kubernetes-validations"] = json!([{"rule": rule}]);
        let schema = with_rule.to_string();
        let quote = |value: &str| match value.starts_with(['[', '\'']) {
            true => value.to_owned(),
            false => format!("'{value}'"),
        };
        values(&schema, &[(&quote(good), true), (&quote(bad), false)]);
    }
}
