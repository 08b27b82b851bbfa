use serde_json::{Value, json};

use super::*;
use crate::Policies;

/// The controls that a pod breaks, each with its path.
fn broken(spec: Value, level: Level, minor: u32) -> Vec<String> {
    let pod = json!({"metadata": {}, "spec": spec});
    of_pod(&pod, level, minor)
}

fn of_pod(pod: &Value, level: Level, minor: u32) -> Vec<String> {
    let found = violations(&pod.into(), level, minor).into_iter();
    found
        .map(|one| format!("{} at {}", one.control, one.path))
        .collect()
}

fn one(container: Value) -> Value {
    let mut container = container;
    container["name"] = "a".into();
    json!({"containers": [container]})
}

fn secured(context: Value) -> Value {
    one(json!({"securityContext": context}))
}

/// A pod that keeps to everything.
fn hardened() -> Value {
    json!({
        "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{"name": "a", "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}],
    })
}

#[test]
fn the_baseline_has_all_its_controls() {
    let first = "spec.containers[0]";
    for (spec, expected) in [
        (
            json!({"securityContext": {"windowsOptions": {"hostProcess": true}}}),
            "hostProcess at spec.securityContext.windowsOptions.hostProcess".to_owned(),
        ),
        (
            json!({"hostIPC": true, "hostNetwork": true}),
            "host namespaces at spec.hostNetwork".to_owned(),
        ),
        (
            secured(json!({"privileged": true})),
            format!("privileged at {first}.securityContext.privileged"),
        ),
        (
            json!({"initContainers": [{"securityContext": {"privileged": true}}]}),
            "privileged at spec.initContainers[0].securityContext.privileged".to_owned(),
        ),
        (
            json!({"ephemeralContainers": [{"securityContext": {"privileged": true}}]}),
            "privileged at spec.ephemeralContainers[0].securityContext.privileged".to_owned(),
        ),
        (
            secured(json!({"capabilities": {"add": ["CHOWN", "NET_RAW"]}})),
            format!("non-default capabilities at {first}.securityContext.capabilities.add"),
        ),
        (
            json!({"volumes": [{"name": "x", "emptyDir": {}}, {"name": "y", "hostPath": {"path": "/"}}]}),
            "hostPath volumes at spec.volumes[1].hostPath".to_owned(),
        ),
        (
            one(json!({"ports": [{"containerPort": 1}, {"hostPort": 80}]})),
            format!("hostPort at {first}.ports[1].hostPort"),
        ),
        (
            one(json!({"livenessProbe": {"httpGet": {"host": "example.com"}}})),
            format!("probe or lifecycle host at {first}.livenessProbe.httpGet.host"),
        ),
        (
            one(json!({"lifecycle": {"preStop": {"tcpSocket": {"host": "127.0.0.1"}}}})),
            format!("probe or lifecycle host at {first}.lifecycle.preStop.tcpSocket.host"),
        ),
        (
            secured(json!({"appArmorProfile": {"type": "Unconfined"}})),
            format!("forbidden AppArmor profile at {first}.securityContext.appArmorProfile.type"),
        ),
        (
            secured(json!({"seLinuxOptions": {"type": "spc_t"}})),
            format!("seLinuxOptions at {first}.securityContext.seLinuxOptions.type"),
        ),
        (
            json!({"securityContext": {"seLinuxOptions": {"role": "x"}}}),
            "seLinuxOptions at spec.securityContext.seLinuxOptions.role".to_owned(),
        ),
        (
            secured(json!({"procMount": "Unmasked"})),
            format!("procMount at {first}.securityContext.procMount"),
        ),
        (
            secured(json!({"seccompProfile": {"type": "Unconfined"}})),
            format!("seccompProfile at {first}.securityContext.seccompProfile.type"),
        ),
        (
            json!({"securityContext": {"sysctls": [{"name": "net.ipv4.tcp_wmem"}, {"name": "kernel.msgmax"}]}}),
            "forbidden sysctls at spec.securityContext.sysctls[1].name".to_owned(),
        ),
    ] {
        assert_eq!(
            broken(spec.clone(), Level::Baseline, LATEST),
            [expected],
            "{spec}"
        );
        assert!(broken(spec, Level::Privileged, LATEST).is_empty());
    }
    let annotated = json!({"metadata": {"annotations": {"container.apparmor.security.beta.kubernetes.io/a": "unconfined"}}, "spec": {}});
    assert_eq!(of_pod(&annotated, Level::Baseline, LATEST).len(), 1);
}

#[test]
fn ordinary_pods_keep_to_the_baseline() {
    for spec in [
        hardened(),
        json!({}),
        json!({"hostNetwork": false, "hostUsers": false, "containers": [{"securityContext": {"procMount": "Unmasked"}}]}),
        secured(
            json!({"privileged": false, "capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["KILL"]}, "procMount": "Default"}),
        ),
        secured(
            json!({"seLinuxOptions": {"type": "container_engine_t", "level": "s0"}, "appArmorProfile": {"type": "Localhost"}}),
        ),
        one(json!({"ports": [{"hostPort": 0}], "readinessProbe": {"httpGet": {"host": ""}}})),
        json!({"securityContext": null, "volumes": [{"name": "x", "hostPath": null, "emptyDir": {}}]}),
    ] {
        assert_eq!(
            broken(spec.clone(), Level::Baseline, LATEST),
            [""; 0],
            "{spec}"
        );
    }
}

#[test]
fn the_restricted_level_asks_for_more() {
    assert_eq!(broken(hardened(), Level::Restricted, LATEST), [""; 0]);
    let found = broken(one(json!({})), Level::Restricted, LATEST);
    assert_eq!(
        found,
        [
            "allowPrivilegeEscalation != false at spec.containers[0].securityContext.allowPrivilegeEscalation",
            "runAsNonRoot != true at spec.securityContext.runAsNonRoot",
            "seccompProfile at spec.securityContext.seccompProfile.type",
            "unrestricted capabilities at spec.containers[0].securityContext.capabilities.drop",
        ]
    );
    let with = |pointer: &str, key: &str, value: Value| {
        let mut spec = hardened();
        spec.pointer_mut(pointer).unwrap()[key] = value;
        broken(spec, Level::Restricted, LATEST)
    };
    let container = "/containers/0/securityContext";
    for (found, control) in [
        (
            with("", "volumes", json!([{"name": "x", "nfs": {}}])),
            "restricted volume types at spec.volumes[0]",
        ),
        (
            with(
                "",
                "volumes",
                json!([{"name": "x", "hostPath": {"path": "/"}}]),
            ),
            "restricted volume types at spec.volumes[0]",
        ),
        (
            with(container, "runAsNonRoot", json!(false)),
            "runAsNonRoot != true at spec.containers[0].securityContext.runAsNonRoot",
        ),
        (
            with(container, "runAsUser", json!(0)),
            "runAsUser=0 at spec.containers[0].securityContext.runAsUser",
        ),
        (
            with("/securityContext", "runAsUser", json!(0)),
            "runAsUser=0 at spec.securityContext.runAsUser",
        ),
        (
            with(
                container,
                "capabilities",
                json!({"drop": ["ALL"], "add": ["CHOWN"]}),
            ),
            "unrestricted capabilities at spec.containers[0].securityContext.capabilities.add",
        ),
        (
            with(container, "seccompProfile", json!({"type": "Unconfined"})),
            "seccompProfile at spec.containers[0].securityContext.seccompProfile.type",
        ),
    ] {
        assert_eq!(found, [control]);
    }
    assert!(
        with(
            container,
            "capabilities",
            json!({"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]})
        )
        .is_empty()
    );
    assert!(
        with(
            "",
            "volumes",
            json!([{"name": "x"}, {"name": "y", "csi": {}}])
        )
        .is_empty()
    );
    // Windows has no privileges of this sort.
    let windows = json!({"os": {"name": "windows"}, "securityContext": {"runAsNonRoot": true}, "containers": [{"name": "a"}]});
    assert!(broken(windows, Level::Restricted, LATEST).is_empty());
}

#[test]
fn a_version_has_the_controls_of_its_time() {
    let probe = one(json!({"livenessProbe": {"tcpSocket": {"host": "x"}}}));
    assert_eq!(broken(probe.clone(), Level::Baseline, 33).len(), 0);
    assert_eq!(broken(probe, Level::Baseline, 34).len(), 1);
    let sysctl = json!({"securityContext": {"sysctls": [{"name": "net.ipv4.tcp_keepalive_time"}]}});
    assert_eq!(broken(sysctl.clone(), Level::Baseline, 28).len(), 1);
    assert_eq!(broken(sysctl, Level::Baseline, 29).len(), 0);
    let own_users = json!({"hostUsers": false, "containers": [{"name": "a", "securityContext": {"procMount": "Unmasked"}}]});
    assert_eq!(broken(own_users.clone(), Level::Baseline, 34).len(), 1);
    assert_eq!(broken(own_users, Level::Baseline, 35).len(), 0);
    let adding = secured(
        json!({"capabilities": {"add": ["NET_RAW"]}, "allowPrivilegeEscalation": false, "runAsNonRoot": true}),
    );
    assert_eq!(
        broken(adding, Level::Restricted, 18),
        ["non-default capabilities at spec.containers[0].securityContext.capabilities.add"]
    );
}

#[test]
fn namespaces_ask_by_labels_and_workloads_answer_for_their_pods() {
    let namespace = |labels: Value| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": labels}});
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"template": {"spec": {"hostPID": true, "containers": [{"name": "a"}]}}}});
    let said = |labels: Value| {
        let model = Model::read([namespace(labels), deployment.clone()]);
        let report = Policies::of(&model).judge(&model);
        report
            .verdicts
            .iter()
            .map(|one| (one.action, one.path.to_string()))
            .collect::<Vec<_>>()
    };
    let path = "spec.template.spec.hostPID".to_owned();
    assert_eq!(
        said(json!({"pod-security.kubernetes.io/enforce": "baseline"})),
        [(Action::Deny, path.clone())]
    );
    assert_eq!(
        said(json!({"pod-security.kubernetes.io/warn": "baseline"})),
        [(Action::Warn, path.clone())]
    );
    let both = json!({"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/audit": "restricted"});
    let both = said(both);
    assert_eq!(both[0], (Action::Deny, path));
    assert!(both[1..].iter().all(|(action, _)| *action == Action::Audit) && both.len() > 2);
    assert!(said(json!({"pod-security.kubernetes.io/enforce": "privileged"})).is_empty());
    assert!(said(json!({})).is_empty());
}
