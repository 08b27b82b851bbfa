//! Bounds of what may be in one object together, each at both sides.

use crd_validate::{KubernetesVersion, Registry, UnknownFields, Verdict};
use serde_json::{Value, json};

fn paths(object: &Value) -> Vec<String> {
    let registry = Registry::for_version(KubernetesVersion::default());
    let judgement = registry.judge(object, UnknownFields::Refuse);
    assert_ne!(judgement.verdict, Verdict::Unknown);
    let findings = judgement.report.findings.iter();
    let mut paths: Vec<String> = findings.map(|found| found.path.to_string()).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn assert_paths(what: &str, object: &Value, expected: &[&str]) {
    assert_eq!(paths(object), expected, "{what}");
}

const MEBIBYTE: usize = 1024 * 1024;

#[test]
fn data_is_bounded_all_together() {
    let text = |length: usize| "x".repeat(length);
    // Four digits of base64 for each three bytes.
    let binary = |length: usize| "A".repeat(length / 3 * 4);
    let map = |data: Value, binary: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data, "binaryData": binary});
    let third = MEBIBYTE / 3;
    for (what, data, binary, fits) in [
        (
            "one at the bound",
            json!({"a": text(MEBIBYTE)}),
            json!({}),
            true,
        ),
        (
            "one above",
            json!({"a": text(MEBIBYTE + 1)}),
            json!({}),
            false,
        ),
        (
            "two at the bound",
            json!({"a": text(third), "b": text(MEBIBYTE - third)}),
            json!({}),
            true,
        ),
        (
            "two above",
            json!({"a": text(third), "b": text(MEBIBYTE - third + 1)}),
            json!({}),
            false,
        ),
        (
            "binary below",
            json!({}),
            json!({"a": binary(third * 3)}),
            true,
        ),
        (
            "both above",
            json!({"a": text(MEBIBYTE - 3)}),
            json!({"b": binary(6)}),
            false,
        ),
        (
            "both at the bound",
            json!({"a": text(MEBIBYTE - 6)}),
            json!({"b": binary(6)}),
            true,
        ),
    ] {
        let found = paths(&map(data, binary));
        assert_eq!(found.is_empty(), fits, "{what}: {found:?}");
    }
    let secret = |data: Value| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "data": data});
    assert_paths(
        "a Secret below",
        &secret(json!({"a": binary(third * 3)})),
        &[],
    );
    let two = json!({"a": binary(third * 3), "b": binary(3)});
    assert_paths("two of a Secret", &secret(two), &["data"]);
    let texts = |length: usize| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"a": text(length)}});
    assert_paths("a Secret at the bound", &texts(MEBIBYTE), &[]);
}

#[test]
fn annotations_are_bounded_all_together() {
    let of = |one: usize, other: usize| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "annotations": {"a": "x".repeat(one), "b": "x".repeat(other)}}});
    let most = 256 * 1024;
    assert_paths("at the bound", &of(most / 2 - 1, most / 2 - 1), &[]);
    assert_paths(
        "above",
        &of(most / 2, most / 2 - 1),
        &["metadata.annotations"],
    );
}

fn pod(change: impl FnOnce(&mut Value)) -> Value {
    let mut spec = json!({"containers": [{"name": "a", "image": "b"}]});
    change(&mut spec);
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})
}

#[test]
fn pods_have_few_servers_and_modes_of_three_digits() {
    let servers = |count: usize| {
        pod(|spec| spec["dnsConfig"] = json!({"nameservers": vec!["10.0.0.1"; count]}))
    };
    assert_paths("three", &servers(3), &[]);
    assert_paths("four", &servers(4), &["spec.dnsConfig.nameservers"]);
    let mode = |mode: i64| {
        pod(|spec| {
            spec["volumes"] =
                json!([{"name": "v", "configMap": {"name": "c", "defaultMode": mode}}])
        })
    };
    assert_paths("0777", &mode(0o777), &[]);
    assert_paths(
        "01000",
        &mode(0o1000),
        &["spec.volumes[0].configMap.defaultMode"],
    );
    assert_paths(
        "negative",
        &mode(-1),
        &["spec.volumes[0].configMap.defaultMode"],
    );
}

#[test]
fn a_variable_has_one_source() {
    let from = |source: Value| {
        pod(|spec| spec["containers"][0]["env"] = json!([{"name": "A", "valueFrom": source}]))
    };
    let field = json!({"fieldPath": "metadata.name"});
    assert_paths("one", &from(json!({"fieldRef": field})), &[]);
    let two = json!({"fieldRef": field, "secretKeyRef": {"name": "s", "key": "k"}});
    let path = "spec.containers[0].env[0].valueFrom";
    assert_paths("two", &from(two), &[path]);
    assert_paths("none", &from(json!({})), &[path]);
}

#[test]
fn disks_of_a_pod_say_where_they_are() {
    let disk = |source: Value| {
        pod(|spec| {
            let mut volume = source;
            volume["name"] = "v".into();
            spec["volumes"] = json!([volume]);
        })
    };
    let managed = "/subscriptions/a/resourcegroups/b/providers/microsoft.compute/disks/c";
    for (what, source, expected) in [
        (
            "managed",
            json!({"azureDisk": {"diskName": "d", "diskURI": managed, "kind": "Managed"}}),
            "",
        ),
        (
            "shared",
            json!({"azureDisk": {"diskName": "d", "diskURI": "https://a/b"}}),
            "",
        ),
        (
            "shared elsewhere",
            json!({"azureDisk": {"diskName": "d", "diskURI": managed}}),
            "azureDisk.diskURI",
        ),
        (
            "managed elsewhere",
            json!({"azureDisk": {"diskName": "d", "diskURI": "https://a/b", "kind": "Managed"}}),
            "azureDisk.diskURI",
        ),
        (
            "cached oddly",
            json!({"azureDisk": {"diskName": "d", "diskURI": "https://a/b", "cachingMode": "All"}}),
            "azureDisk.cachingMode",
        ),
        (
            "last partition",
            json!({"awsElasticBlockStore": {"volumeID": "v", "partition": 255}}),
            "",
        ),
        (
            "partition too far",
            json!({"awsElasticBlockStore": {"volumeID": "v", "partition": 256}}),
            "awsElasticBlockStore.partition",
        ),
    ] {
        let path = format!("spec.volumes[0].{expected}");
        let expected: &[&str] = if expected.is_empty() { &[] } else { &[&path] };
        assert_paths(what, &disk(source), expected);
    }
}

#[test]
fn only_sticky_services_say_for_how_long() {
    let service = |affinity: &str, config: Value| json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}], "sessionAffinity": affinity, "sessionAffinityConfig": config}});
    let of = |seconds: i64| json!({"clientIP": {"timeoutSeconds": seconds}});
    let timeout: &[&str] = &["spec.sessionAffinityConfig.clientIP.timeoutSeconds"];
    assert_paths("the longest", &service("ClientIP", of(86_400)), &[]);
    assert_paths("too long", &service("ClientIP", of(86_401)), timeout);
    assert_paths("no time", &service("ClientIP", of(0)), timeout);
    // The server itself takes away what says nothing.
    assert_paths("not sticky", &service("None", of(1)), &[]);
}

fn job(change: impl FnOnce(&mut Value)) -> Value {
    let mut spec = json!({
        "completionMode": "Indexed", "completions": 10, "parallelism": 2,
        "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "b"}]}},
    });
    change(&mut spec);
    json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": spec})
}

#[test]
fn exit_codes_are_sorted_and_name_their_container() {
    let codes = |codes: Value| {
        job(|spec| {
            spec["podFailurePolicy"] =
                json!({"rules": [{"action": "FailJob", "onExitCodes": codes}]})
        })
    };
    let path = "spec.podFailurePolicy.rules[0].onExitCodes";
    for (what, given, expected) in [
        ("sorted", json!({"operator": "In", "values": [1, 2]}), None),
        (
            "unsorted",
            json!({"operator": "In", "values": [2, 1]}),
            Some("values"),
        ),
        (
            "success",
            json!({"operator": "In", "values": [0, 1]}),
            Some("values[0]"),
        ),
        (
            "not success",
            json!({"operator": "NotIn", "values": [0, 1]}),
            None,
        ),
        (
            "none",
            json!({"operator": "In", "values": []}),
            Some("values"),
        ),
        (
            "of a container",
            json!({"operator": "In", "values": [1], "containerName": "a"}),
            None,
        ),
        (
            "of another",
            json!({"operator": "In", "values": [1], "containerName": "x"}),
            Some("containerName"),
        ),
        (
            "most",
            json!({"operator": "In", "values": (1..=255).collect::<Vec<_>>()}),
            None,
        ),
        (
            "too many",
            json!({"operator": "In", "values": (1..=256).collect::<Vec<_>>()}),
            Some("values"),
        ),
    ] {
        let path = expected.map(|below| format!("{path}.{below}"));
        let expected: Vec<&str> = path.iter().map(String::as_str).collect();
        assert_paths(what, &codes(given), &expected);
    }
    let rules = |count: usize| {
        job(|spec| {
            let rule = json!({"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]});
            spec["podFailurePolicy"] = json!({"rules": vec![rule; count]});
        })
    };
    assert_paths("twenty rules", &rules(20), &[]);
    assert_paths("a rule more", &rules(21), &["spec.podFailurePolicy.rules"]);
}

#[test]
fn indexes_that_count_as_success_are_a_list_in_order() {
    let of = |indexes: &str, count: i64| {
        job(|spec| {
            spec["successPolicy"] =
                json!({"rules": [{"succeededIndexes": indexes, "succeededCount": count}]})
        })
    };
    for (indexes, count, fits) in [
        ("0-4,7", 6, true),
        ("0-4,7", 7, false),
        ("9", 1, true),
        ("10", 1, false),
        ("3-12", 1, false),
        ("4,3", 1, false),
        ("3,3", 1, false),
        ("3-3", 1, false),
        ("5-4", 1, false),
        ("a", 1, false),
    ] {
        let found = paths(&of(indexes, count));
        assert_eq!(found.is_empty(), fits, "{indexes} {count}: {found:?}");
    }
}

#[test]
fn what_is_scaled_has_a_group_unless_it_is_of_the_core() {
    let scaled = |api: &str, kind: &str| {
        json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "h"}, "spec": {
            "maxReplicas": 3, "scaleTargetRef": {"apiVersion": api, "kind": kind, "name": "a"},
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}]}})
    };
    let path: &[&str] = &["spec.scaleTargetRef.apiVersion"];
    assert_paths("of a group", &scaled("apps/v1", "Deployment"), &[]);
    assert_paths("of the core", &scaled("v1", "ReplicationController"), &[]);
    assert_paths("no group", &scaled("v1", "Deployment"), path);
    assert_paths("two groups", &scaled("a/b/v1", "Deployment"), path);
}
