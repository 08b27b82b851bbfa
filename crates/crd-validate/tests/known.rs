//! What depends on the objects of a cluster: noted where they are unknown, judged where they are known.

use crd_validate::{Registry, UnknownFields, reader};
use serde_json::Value;

fn parse(text: &str) -> Value {
    reader::read(text.as_bytes()).remove(0).content.unwrap()
}

fn pod(more: &str) -> Value {
    parse(&format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{{more}, containers: [{{name: a, image: b}}]}}}}"
    ))
}

fn registry() -> Registry {
    let mut registry = Registry::new();
    for class in [
        "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: urgent}, value: 1000, preemptionPolicy: Never}",
        "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: usual}, value: 5, globalDefault: true}",
        "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: kata}, handler: kata, overhead: {podFixed: {cpu: 250m}}, scheduling: {nodeSelector: {kata: 'yes'}}}",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: other}}",
        "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: twice}, value: 1}",
        "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: twice}, value: 2}",
    ] {
        registry.know(&parse(class));
    }
    registry
}

#[test]
fn classes_that_are_known_are_judged() {
    let registry = registry();
    for (more, findings, notes) in [
        ("priorityClassName: urgent", "", ""),
        (
            "priorityClassName: urgent, priority: 1000, preemptionPolicy: Never",
            "",
            "",
        ),
        (
            "priorityClassName: urgent, priority: 7",
            "spec.priority",
            "",
        ),
        (
            "priorityClassName: urgent, preemptionPolicy: PreemptLowerPriority",
            "spec.preemptionPolicy",
            "",
        ),
        ("priorityClassName: twice, priority: 2", "", ""),
        ("priorityClassName: twice, priority: 3", "spec.priority", ""),
        ("priorityClassName: other", "", "spec.priorityClassName"),
        (
            "priorityClassName: system-node-critical, priority: 5",
            "spec.priority",
            "",
        ),
        ("priority: 5", "", ""),
        ("priority: 6", "spec.priority", ""),
        ("runtimeClassName: kata", "", ""),
        ("runtimeClassName: kata, overhead: {cpu: 0.25}", "", ""),
        (
            "runtimeClassName: kata, overhead: {cpu: 1}",
            "spec.overhead",
            "",
        ),
        (
            "runtimeClassName: kata, nodeSelector: {kata: 'yes', a: b}",
            "",
            "",
        ),
        (
            "runtimeClassName: kata, nodeSelector: {kata: 'no'}",
            "spec.nodeSelector[kata]",
            "",
        ),
        ("runtimeClassName: runsc", "", "spec.runtimeClassName"),
    ] {
        let report = registry.judge(&pod(more), UnknownFields::Refuse).report;
        let paths = |list: &[kube_vocab::Finding]| {
            let paths: Vec<String> = list.iter().map(|one| one.path.to_string()).collect();
            paths.join(" ")
        };
        assert_eq!(paths(&report.findings), findings, "{more}: {report:?}");
        assert_eq!(paths(&report.notes), notes, "{more}: {report:?}");
    }
}

#[test]
fn classes_that_nobody_told_of_are_noted() {
    for more in [
        "priorityClassName: urgent, priority: 7",
        "priority: 5",
        "runtimeClassName: kata, overhead: {cpu: 1}",
    ] {
        let report = Registry::new()
            .judge(&pod(more), UnknownFields::Refuse)
            .report;
        assert!(report.is_accepted(), "{more}: {report:?}");
        assert_eq!(report.notes.len(), 1, "{more}");
    }
}

/// Each row: the old specification of a Service, the new one, and what is wrong with the change.
#[test]
fn a_service_of_another_type_loses_what_belonged_to_the_old_one() {
    let service = |spec: &str| {
        parse(&format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: s, resourceVersion: '1'}}, spec: {{ports: [{{port: 80, nodePort: 30080}}], {spec}}}}}"
        ))
    };
    let old = service(
        "type: NodePort, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ipFamilies: [IPv4], ipFamilyPolicy: SingleStack, externalTrafficPolicy: Local",
    );
    for (new, paths) in [
        (
            "type: ClusterIP, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ipFamilies: [IPv4], externalTrafficPolicy: Local",
            "",
        ),
        (
            "type: ClusterIP, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], externalTrafficPolicy: Cluster",
            "spec.externalTrafficPolicy",
        ),
        (
            "type: ExternalName, externalName: a.b, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ipFamilies: [IPv4], ipFamilyPolicy: SingleStack",
            "",
        ),
        (
            "type: ExternalName, externalName: a.b, ipFamilyPolicy: PreferDualStack",
            "spec.ipFamilyPolicy",
        ),
    ] {
        let report = Registry::new()
            .judge_update(&service(new), &old, UnknownFields::Refuse)
            .report;
        let found: Vec<String> = report
            .findings
            .iter()
            .map(|one| one.path.to_string())
            .collect();
        assert_eq!(found.join(" "), paths, "{new}: {report:?}");
    }
}

#[test]
fn rare_rules_of_frequent_kinds_are_kept() {
    let crd = |fields: &str| {
        format!(
            "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {{name: lamps.example.com}}, spec: {{group: example.com, scope: Namespaced, names: {{kind: Lamp, plural: lamps, singular: lamp, listKind: LampList}}, versions: [{{name: v1, served: true, storage: true, selectableFields: {fields}, schema: {{openAPIV3Schema: {{type: object, properties: {{spec: {{type: object, properties: {{colour: {{type: string}}, sizes: {{type: array, items: {{type: string}}}}}}}}}}}}}}}}]}}}}"
        )
    };
    let class = |terms: &str| {
        format!(
            "{{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {{name: c}}, provisioner: a.b/c, allowedTopologies: [{terms}]}}"
        )
    };
    let field = "spec.selectableFields";
    for (text, paths) in [
        ("{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: ExternalName, externalName: a.b, ipFamilies: [IPv4]}}".to_owned(), "spec.ipFamilies".to_owned()),
        (class("{matchLabelExpressions: [{key: z, values: [a, b]}]}, {matchLabelExpressions: [{key: z, values: [a]}]}"), String::new()),
        (class("{matchLabelExpressions: [{key: z, values: [a, b]}]}, {matchLabelExpressions: [{key: z, values: [b, a]}]}"), "allowedTopologies[1].matchLabelExpressions".to_owned()),
        (class("{matchLabelExpressions: []}"), "allowedTopologies[0].matchLabelExpressions".to_owned()),
        (crd("[{jsonPath: .spec.colour}]"), String::new()),
        (crd("[{jsonPath: .spec.colour}, {jsonPath: .spec.colour}]"), format!("{field}[1].jsonPath")),
        (crd("[{jsonPath: .spec.sizes}]"), format!("{field}[0].jsonPath")),
        (crd("[{jsonPath: .spec.weight}]"), format!("{field}[0].jsonPath")),
        (crd("[{jsonPath: spec.colour}]"), format!("{field}[0].jsonPath")),
        (crd("[{jsonPath: .metadata.name}]"), format!("{field}[0].jsonPath")),
        (crd("[{jsonPath: ''}]"), format!("{field}[0].jsonPath")),
    ] {
        let report = Registry::new().judge(&parse(&text), UnknownFields::Refuse).report;
        let found: Vec<String> = report.findings.iter().map(|one| one.path.to_string()).collect();
        assert_eq!(found.join(" "), paths, "{text}: {report:?}");
    }
}

#[test]
fn what_is_kept_is_what_the_server_writes() {
    let registry = {
        let mut registry = Registry::new();
        registry.know(&parse("{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: urgent}, value: 7, preemptionPolicy: Never}"));
        registry.know(&parse("{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: vm}, handler: kata, overhead: {podFixed: {cpu: 250m}}}"));
        registry
    };
    let deployment = |pod: &str| {
        format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d}}, spec: {{template: {{spec: {{{pod}}}}}}}}}"
        )
    };
    let pod = |spec: &str| {
        format!("{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{{spec}}}}}")
    };
    let service = |spec: &str| {
        format!("{{apiVersion: v1, kind: Service, metadata: {{name: s}}, spec: {{{spec}}}}}")
    };
    let set = |spec: &str| {
        format!(
            "{{apiVersion: apps/v1, kind: StatefulSet, metadata: {{name: s}}, spec: {{{spec}}}}}"
        )
    };
    for (text, pointer, kept) in [
        (deployment("containers: [{name: a, image: Not-a-name}]"), "/spec/template/spec/containers/0/imagePullPolicy", "IfNotPresent"),
        (deployment("containers: [{name: a, image: a, resources: {limits: {cpu: 0.0001}}}]"), "/spec/template/spec/containers/0/resources/limits/cpu", "1m"),
        (deployment("containers: [{name: a, env: [{name: A, value: ''}]}]"), "/spec/template/spec/containers/0/env/0", "{name: A}"),
        (deployment("hostNetwork: false, hostUsers: false"), "/spec/template/spec/hostNetwork", ""),
        (deployment("hostNetwork: false, hostUsers: false"), "/spec/template/spec/hostUsers", "false"),
        (deployment(""), "/spec/selector", ""),
        (pod("priorityClassName: urgent"), "/spec/priority", "7"),
        (pod("priorityClassName: urgent"), "/spec/preemptionPolicy", "Never"),
        (pod("runtimeClassName: vm"), "/spec/overhead/cpu", "250m"),
        (
            pod("resources: {limits: {cpu: 2, memory: 1Gi}}, initContainers: [{name: i, resources: {requests: {cpu: 300m}}}], containers: [{name: a, resources: {requests: {cpu: 100m}}}, {name: b, resources: {requests: {cpu: 100m}}}]"),
            "/spec/resources/requests",
            "{cpu: 300m, memory: 1Gi}",
        ),
        (service("clusterIP: None"), "/spec/ipFamilies", "[IPv4, IPv6]"),
        (service("clusterIP: None"), "/spec/ipFamilyPolicy", "RequireDualStack"),
        (service("clusterIP: None, selector: {a: b}"), "/spec/ipFamilyPolicy", "SingleStack"),
        (service("type: ExternalName, externalName: a.b"), "/spec/ipFamilies", ""),
        (set("updateStrategy: {type: RollingUpdate}"), "/spec/updateStrategy/rollingUpdate", ""),
        (set(""), "/spec/updateStrategy/rollingUpdate/partition", "0"),
        ("{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}}".to_owned(), "/rules", ""),
        ("{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: l}, spec: {renewTime: '2026-01-01T02:00:00.123456+02:00'}}".to_owned(), "/spec/renewTime", "2026-01-01T00:00:00.123456Z"),
    ] {
        let stored = registry.stored(&parse(&text)).unwrap();
        let found = stored.pointer(pointer).cloned().unwrap_or_default();
        let kept = if kept.is_empty() { Value::Null } else { parse(kept) };
        let same = found == kept || found.as_str().is_some_and(|text| Some(text) == kept.as_str());
        assert!(same, "{text}: {pointer} is {found}, not {kept}");
    }
}

#[test]
fn an_address_of_a_known_range_need_only_be_free() {
    let service = parse(
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {clusterIP: 10.9.0.7, ports: [{port: 80}]}}",
    );
    let mut registry = Registry::new();
    let note = |registry: &Registry| {
        let notes = registry.judge(&service, UnknownFields::Refuse).report.notes;
        notes[0].message.clone()
    };
    assert!(note(&registry).contains("must be in the cluster's range"));
    registry.know(&parse("{apiVersion: networking.k8s.io/v1, kind: ServiceCIDR, metadata: {name: more}, spec: {cidrs: [10.9.0.0/16]}}"));
    assert_eq!(note(&registry), "10.9.0.7 must be free");
}

#[test]
fn a_custom_resource_is_kept_as_the_version_of_its_storage_has_it() {
    let definition = |conversion: &str| {
        let text = format!(
            "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {{name: lamps.example.com}}, spec: {{group: example.com, scope: Namespaced, conversion: {{strategy: {conversion}}}, names: {{kind: Lamp, plural: lamps}}, versions: [{{name: v1, served: true, storage: false, schema: {{openAPIV3Schema: {{type: object, properties: {{spec: {{type: object, properties: {{old: {{type: string, default: x}}, both: {{type: string}}}}}}}}}}}}}}, {{name: v2, served: true, storage: true, schema: {{openAPIV3Schema: {{type: object, properties: {{spec: {{type: object, properties: {{new: {{type: string, default: z}}, both: {{type: string}}}}}}}}}}}}}}]}}}}"
        );
        crd_validate::Validator::new(&parse(&text)).unwrap()
    };
    let lamp =
        parse("{apiVersion: example.com/v1, kind: Lamp, metadata: {name: desk}, spec: {both: y}}");
    let spec = |conversion: &str| definition(conversion).stored(&lamp).unwrap()["spec"].clone();
    assert_eq!(spec("None"), parse("{both: y}"));
    assert_eq!(spec("Webhook"), parse("{both: y, old: x}"));
}
