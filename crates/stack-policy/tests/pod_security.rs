//! What the Pod Security Standards say of a pod, word for word.

use serde_json::{Value, json};
use stack_model::Model;
use stack_policy::Policies;

fn read(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

/// What a namespace that enforces a level says of a pod with this specification, and with these annotations.
fn said(level: &str, annotations: &str, spec: &str) -> Vec<String> {
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {
        "name": "demo", "labels": {"pod-security.kubernetes.io/enforce": level}}});
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {
        "name": "web", "namespace": "demo", "annotations": read(annotations)}, "spec": read(spec)});
    let model = Model::read([namespace, pod]);
    let report = Policies::of(&model).judge(&model);
    report
        .broken()
        .map(|one| format!("{}: {}", one.path, one.message))
        .collect()
}

#[test]
fn each_control_names_its_containers_and_values() {
    for (annotations, spec, expected) in [
        ("{}", "{containers: [{name: a, image: b}]}", &[][..]),
        (
            "{}",
            "{hostNetwork: true, hostPID: true, hostIPC: true, containers: [{name: a, image: b}]}",
            &[
                "spec.hostNetwork: violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)",
            ],
        ),
        (
            "{}",
            "{hostPID: true, containers: [{name: a, image: b}]}",
            &[
                "spec.hostPID: violates PodSecurity \"baseline:latest\": host namespaces (hostPID=true)",
            ],
        ),
        (
            "{}",
            "{containers: [{name: a, image: b, securityContext: {privileged: true}}]}",
            &[
                "spec.containers[0].securityContext.privileged: violates PodSecurity \"baseline:latest\": privileged (container \"a\" must not set securityContext.privileged=true)",
            ],
        ),
        (
            "{}",
            "{containers: [{name: a, image: b, securityContext: {privileged: true}}, {name: c, image: b, securityContext: {privileged: true}}, {name: d, image: b, securityContext: {privileged: false}}]}",
            &[
                "spec.containers[0].securityContext.privileged: violates PodSecurity \"baseline:latest\": privileged (containers \"a\", \"c\" must not set securityContext.privileged=true)",
            ],
        ),
        (
            "{}",
            "{containers: [{name: a, image: b, securityContext: {capabilities: {add: [NET_ADMIN, CHOWN, SYS_TIME]}}}, {name: c, image: b, securityContext: {capabilities: {add: [KILL]}}}]}",
            &[
                "spec.containers[0].securityContext.capabilities.add: violates PodSecurity \"baseline:latest\": non-default capabilities (container \"a\" must not include \"NET_ADMIN\", \"SYS_TIME\" in securityContext.capabilities.add)",
            ],
        ),
        (
            "{}",
            "{volumes: [{name: v, hostPath: {path: /a}}], containers: [{name: a, image: b}]}",
            &[
                "spec.volumes[0].hostPath: violates PodSecurity \"baseline:latest\": hostPath volumes (volume \"v\")",
            ],
        ),
        (
            "{}",
            "{volumes: [{name: v, hostPath: {path: /a}}, {name: w, hostPath: {path: /b}}, {name: x, emptyDir: {}}], containers: [{name: a, image: b}]}",
            &[
                "spec.volumes[0].hostPath: violates PodSecurity \"baseline:latest\": hostPath volumes (volumes \"v\", \"w\")",
            ],
        ),
        (
            "{}",
            "{containers: [{name: a, image: b, ports: [{containerPort: 80, hostPort: 80}]}]}",
            &[
                "spec.containers[0].ports[0].hostPort: violates PodSecurity \"baseline:latest\": hostPort (container \"a\" uses hostPort 80)",
            ],
        ),
        (
            "{}",
            "{containers: [{name: a, image: b, ports: [{containerPort: 80, hostPort: 80}, {containerPort: 81, hostPort: 81}]}, {name: c, image: b, ports: [{containerPort: 82, hostPort: 82}]}, {name: d, image: b, ports: [{containerPort: 82, hostPort: 0}]}]}",
            &[
                "spec.containers[0].ports[0].hostPort: violates PodSecurity \"baseline:latest\": hostPort (containers \"a\", \"c\" use hostPorts 80, 81, 82)",
            ],
        ),
        (
            "{}",
            "{containers: [{name: a, image: b, securityContext: {windowsOptions: {hostProcess: true}}}]}",
            &[
                "spec.containers[0].securityContext.windowsOptions.hostProcess: violates PodSecurity \"baseline:latest\": hostProcess (container \"a\" must not set securityContext.windowsOptions.hostProcess=true)",
            ],
        ),
        (
            "{}",
            "{securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: a, image: b}]}",
            &[
                "spec.securityContext.windowsOptions.hostProcess: violates PodSecurity \"baseline:latest\": hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)",
            ],
        ),
        (
            "{container.apparmor.security.beta.kubernetes.io/a: unconfined}",
            "{containers: [{name: a, image: b}]}",
            &[
                "metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]: violates PodSecurity \"baseline:latest\": forbidden AppArmor profile (annotation container.apparmor.security.beta.kubernetes.io/a=\"unconfined\")",
            ],
        ),
        (
            "{container.apparmor.security.beta.kubernetes.io/a: runtime/default}",
            "{containers: [{name: a, image: b}]}",
            &[],
        ),
        (
            "{container.apparmor.security.beta.kubernetes.io/a: localhost/x}",
            "{containers: [{name: a, image: b}]}",
            &[],
        ),
        (
            "{container.apparmor.security.beta.kubernetes.io/a: ''}",
            "{containers: [{name: a, image: b}]}",
            &[],
        ),
        (
            "{other/a: unconfined}",
            "{containers: [{name: a, image: b}]}",
            &[],
        ),
        (
            "{}",
            "{securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: a, image: b}]}",
            &[
                "spec.securityContext.appArmorProfile.type: violates PodSecurity \"baseline:latest\": forbidden AppArmor profile (pod must not set AppArmor profile type to \"Unconfined\")",
            ],
        ),
        (
            "{}",
            "{securityContext: {seLinuxOptions: {type: spc_t, user: u, role: r}}, containers: [{name: a, image: b, securityContext: {seLinuxOptions: {type: container_t}}}]}",
            &[
                "spec.securityContext.seLinuxOptions.type: violates PodSecurity \"baseline:latest\": seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type \"spc_t\")",
            ],
        ),
        (
            "{}",
            "{containers: [{name: a, image: b, securityContext: {seLinuxOptions: {type: x}}}, {name: c, image: b, securityContext: {seLinuxOptions: {type: z}}}]}",
            &[
                "spec.containers[0].securityContext.seLinuxOptions.type: violates PodSecurity \"baseline:latest\": seLinuxOptions (containers \"a\", \"c\" set forbidden securityContext.seLinuxOptions: type \"x\")",
            ],
        ),
        (
            "{}",
            "{containers: [{name: a, image: b, securityContext: {procMount: Unmasked}}, {name: c, image: b, securityContext: {procMount: Default}}]}",
            &[
                "spec.containers[0].securityContext.procMount: violates PodSecurity \"baseline:latest\": procMount (container \"a\" must not set securityContext.procMount to \"Unmasked\")",
            ],
        ),
        (
            "{}",
            "{securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: a, image: b}]}",
            &[
                "spec.securityContext.seccompProfile.type: violates PodSecurity \"baseline:latest\": seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")",
            ],
        ),
        (
            "{}",
            "{containers: [{name: a, image: b, securityContext: {seccompProfile: {type: Unconfined}}}, {name: c, image: b, securityContext: {seccompProfile: {type: Unconfined}}}]}",
            &[
                "spec.containers[0].securityContext.seccompProfile.type: violates PodSecurity \"baseline:latest\": seccompProfile (containers \"a\", \"c\" must not set securityContext.seccompProfile.type to \"Unconfined\")",
            ],
        ),
        (
            "{}",
            "{securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: '1'}, {name: kernel.msgmax, value: '1'}]}, containers: [{name: a, image: b}]}",
            &[
                "spec.securityContext.sysctls[1].name: violates PodSecurity \"baseline:latest\": forbidden sysctls (kernel.msgmax)",
            ],
        ),
        (
            "{}",
            "{initContainers: [{name: i, image: b, securityContext: {privileged: true}}], ephemeralContainers: [{name: e, image: b, securityContext: {privileged: true}}], containers: [{name: a, image: b}]}",
            &[
                "spec.initContainers[0].securityContext.privileged: violates PodSecurity \"baseline:latest\": privileged (containers \"i\", \"e\" must not set securityContext.privileged=true)",
            ],
        ),
        (
            "{}",
            "{containers: [{name: a, image: b, livenessProbe: {httpGet: {port: 80, host: h}}, lifecycle: {preStop: {tcpSocket: {port: 80, host: h}}}}]}",
            &[
                "spec.containers[0].livenessProbe.httpGet.host: violates PodSecurity \"baseline:latest\": probe or lifecycle host (container \"a\" must not use \"h\" as a host)",
            ],
        ),
    ] {
        assert_eq!(
            said("baseline", annotations, spec),
            expected,
            "{annotations} {spec}"
        );
    }
}

#[test]
fn the_restricted_level_asks_for_more() {
    for (spec, expected) in [
        (
            "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: b, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}",
            &[][..],
        ),
        (
            "{containers: [{name: a, image: b}]}",
            &[
                "spec.containers[0].securityContext.allowPrivilegeEscalation: violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false (container \"a\" must set securityContext.allowPrivilegeEscalation=false)",
                "spec.securityContext.runAsNonRoot: violates PodSecurity \"restricted:latest\": runAsNonRoot != true (pod or container \"a\" must set securityContext.runAsNonRoot=true)",
                "spec.securityContext.seccompProfile.type: violates PodSecurity \"restricted:latest\": seccompProfile (pod or container \"a\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")",
                "spec.containers[0].securityContext.capabilities.drop: violates PodSecurity \"restricted:latest\": unrestricted capabilities (container \"a\" must set securityContext.capabilities.drop=[\"ALL\"])",
            ],
        ),
        (
            "{containers: [{name: a, image: b}, {name: c, image: b}]}",
            &[
                "spec.containers[0].securityContext.allowPrivilegeEscalation: violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false (containers \"a\", \"c\" must set securityContext.allowPrivilegeEscalation=false)",
                "spec.securityContext.runAsNonRoot: violates PodSecurity \"restricted:latest\": runAsNonRoot != true (pod or containers \"a\", \"c\" must set securityContext.runAsNonRoot=true)",
                "spec.securityContext.seccompProfile.type: violates PodSecurity \"restricted:latest\": seccompProfile (pod or containers \"a\", \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")",
                "spec.containers[0].securityContext.capabilities.drop: violates PodSecurity \"restricted:latest\": unrestricted capabilities (containers \"a\", \"c\" must set securityContext.capabilities.drop=[\"ALL\"])",
            ],
        ),
        (
            "{securityContext: {runAsNonRoot: true, runAsUser: 0, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: b, securityContext: {runAsUser: 0, allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]}",
            &[
                "spec.securityContext.runAsUser: violates PodSecurity \"restricted:latest\": runAsUser=0 (pod and container \"a\" must not set runAsUser=0)",
            ],
        ),
        (
            "{securityContext: {runAsNonRoot: true, seccompProfile: {type: Localhost, localhostProfile: x}}, containers: [{name: a, image: b, securityContext: {runAsUser: 0, allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [CHOWN, KILL]}}}, {name: c, image: b, securityContext: {runAsUser: 0, allowPrivilegeEscalation: true, capabilities: {drop: [KILL]}}}]}",
            &[
                "spec.containers[1].securityContext.allowPrivilegeEscalation: violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false)",
                "spec.containers[0].securityContext.runAsUser: violates PodSecurity \"restricted:latest\": runAsUser=0 (containers \"a\", \"c\" must not set runAsUser=0)",
                "spec.containers[1].securityContext.capabilities.drop: violates PodSecurity \"restricted:latest\": unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]; container \"a\" must not include \"CHOWN\", \"KILL\" in securityContext.capabilities.add)",
            ],
        ),
        (
            "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, volumes: [{name: v, nfs: {server: s, path: /p}}], containers: [{name: a, image: b, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}",
            &[
                "spec.volumes[0]: violates PodSecurity \"restricted:latest\": restricted volume types (volume \"v\" uses restricted volume type \"nfs\")",
            ],
        ),
        (
            "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, volumes: [{name: v, nfs: {server: s, path: /p}}, {name: w, glusterfs: {endpoints: e, path: p}}, {name: x, emptyDir: {}}, {name: u, configMap: {name: c}}], containers: [{name: a, image: b, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}",
            &[
                "spec.volumes[0]: violates PodSecurity \"restricted:latest\": restricted volume types (volumes \"v\", \"w\" use restricted volume types \"glusterfs\", \"nfs\")",
            ],
        ),
        (
            "{securityContext: {runAsNonRoot: false, seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: b, securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}",
            &[
                "spec.securityContext.runAsNonRoot: violates PodSecurity \"restricted:latest\": runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)",
            ],
        ),
        (
            "{securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: b, securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}, {name: c, image: b, securityContext: {runAsNonRoot: false, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}",
            &[
                "spec.containers[1].securityContext.runAsNonRoot: violates PodSecurity \"restricted:latest\": runAsNonRoot != true (container \"c\" must not set securityContext.runAsNonRoot=false)",
            ],
        ),
        (
            "{os: {name: windows}, securityContext: {runAsNonRoot: true}, containers: [{name: a, image: b}]}",
            &[],
        ),
    ] {
        assert_eq!(said("restricted", "{}", spec), expected, "{spec}");
    }
}
