//! The other groups.

use crd_validate::KubernetesVersion;

use super::{judge, judge_in, paths, read};

/// A certificate of an authority, and one that is of none.
const AUTHORITY: &str = "-----BEGIN CERTIFICATE-----\nMIIBLjCB4aADAgECAhQGZrwEyJHg25zQH3+xHErR0LXNqTAFBgMrZXAwDDEKMAgG\nA1UEAwwBYTAgFw0yN\
jExMjIwMjE5MThaGA8yMTI2MTAyOTAyMTkxOFowDDEKMAgG\nA1UEAwwBYTAqMAUGAytlcAMhAE1J0kS6kv4OZntpg3AqKYzdI1IsKrzlBHE4kv\
kN\nWSdTo1MwUTAdBgNVHQ4EFgQUOEbAQuqHBM7uS0XXc/vQkc2OsmgwHwYDVR0jBBgw\nFoAUOEbAQuqHBM7uS0XXc/vQkc2OsmgwDwYDVR0TAQ\
H/BAUwAwEB/zAFBgMrZXAD\nQQA8oIBibSpepSlJv7DM02dP6AXCDJdUcJqy0b+Hwm9iRU4tBuEyEtpncVEfa35u\nMi4BRo2mqabeMhN3cU+Dve\
sN\n-----END CERTIFICATE-----\n";
const LEAF: &str = "-----BEGIN CERTIFICATE-----\nMIIBKzCB3qADAgECAhR0PtapMG/xVKZRL7fr+/6HqVwOfzAFBgMrZXAwDDEKMAgG\nA1UEAwwBYTAgFw0yN\
jExMjIwMjE5MThaGA8yMTI2MTAyOTAyMTkxOFowDDEKMAgG\nA1UEAwwBYTAqMAUGAytlcAMhAFddDH8NC5dJg5LvXbgejrM/qA3hrKZC3/Merc\
xN\n3m1Do1AwTjAdBgNVHQ4EFgQUIf9hh0taupkTbj17NnyP3kr77hYwHwYDVR0jBBgw\nFoAUIf9hh0taupkTbj17NnyP3kr77hYwDAYDVR0TAQ\
H/BAIwADAFBgMrZXADQQAI\n6aQiwtVKoYrJkAPrd8zllgY/jpKkfLbmG7htFAMaAKztp0KHXINQE2RuS06TyoJg\n7iiEd5XW/yjMeX8SCRUN\n-\
----END CERTIFICATE-----\n";

/// What a change of a manifest is refused for: `_` is what it has before and after.
fn change(manifest: &str, rows: &[(&str, &str, &str)]) {
    for (before, after, expected) in rows {
        let with = |text: &str| read(&manifest.replacen('_', text, 1));
        let found = paths(&with(after), Some(&with(before)), KubernetesVersion::V1_36).join(" ");
        assert_eq!(found, *expected, "{before} to {after} in {manifest}");
    }
}

#[test]
fn rules_of_a_creation_do_not_hold_for_what_is_there() {
    let ingress = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, annotations: {kubernetes.io/ingress.class: a}}, spec: {ingressClassName: b, defaultBackend: {service: {name: s, port: {number: _}}}}}";
    judge(ingress, &[("1", "annotations.kubernetes.io/ingress.class")]);
    change(ingress, &[("1", "2", "")]);
    let long = "a".repeat(53);
    let cron = format!(
        "{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: {long}}}, spec: {{schedule: '_ * * * *', jobTemplate: {{spec: {{template: {{spec: {{restartPolicy: Never, containers: [{{name: a, image: b}}]}}}}}}}}}}}}"
    );
    judge(&cron, &[("1", "metadata.name")]);
    change(&cron, &[("1", "2", "")]);
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined, container.apparmor.security.beta.kubernetes.io/a: unconfined}}, spec: {nodeName: m, schedulingGates: [{name: g}], securityContext: {seccompProfile: {type: RuntimeDefault}, appArmorProfile: {type: RuntimeDefault}}, containers: [{name: a, image: _}], ephemeralContainers: [{name: e, image: e}]}}";
    judge(
        pod,
        &[(
            "b",
            "spec.containers[0].securityContext.appArmorProfile.type spec.ephemeralContainers spec.nodeName spec.securityContext.seccompProfile.type",
        )],
    );
    change(pod, &[("b", "c", "")]);
    let file = "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {seccomp.security.alpha.kubernetes.io/pod: localhost/a}}, spec: {securityContext: {seccompProfile: {type: Localhost, localhostProfile: _}}, containers: [{name: a, image: b}]}}";
    judge(
        file,
        &[
            ("a", ""),
            ("b", "spec.securityContext.seccompProfile.localhostProfile"),
        ],
    );
    let template = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: p}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}, annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}}, spec: {securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a, image: _}]}}}}";
    change(
        template,
        &[(
            "b",
            "c",
            "spec.template.spec.securityContext.seccompProfile.type",
        )],
    );
}

#[test]
fn addresses_of_services() {
    let slice = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s}, addressType: IPv4, endpoints: [{addresses: [10.0.0.1], hints: {_}}]}";
    let zones = |count: usize| {
        let zones: Vec<String> = (0..count)
            .map(|zone| format!("{{name: z{zone}}}"))
            .collect();
        format!("forZones: [{}]", zones.join(", "))
    };
    judge(
        slice,
        &[
            (&zones(8), ""),
            (&zones(9), "endpoints[0].hints.forZones"),
            // A zone is the value of a label.
            ("forZones: [{name: ''}]", ""),
            (
                "forZones: [{name: a/b}]",
                "endpoints[0].hints.forZones[0].name",
            ),
            (
                "forZones: [{name: a}, {name: a}]",
                "endpoints[0].hints.forZones[1].name",
            ),
            (
                "forNodes: [{name: A}]",
                "endpoints[0].hints.forNodes[0].name",
            ),
        ],
    );
    let endpoints = "{apiVersion: v1, kind: Endpoints, metadata: {name: e, annotations: {endpoints.kubernetes.io/last-change-trigger-time: _}}}";
    judge(endpoints, &[("x", "")]);
}

#[test]
fn classes_drivers_and_attachments() {
    let runtime = "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: r}, handler: h, scheduling: {tolerations: [_]}}";
    judge(
        runtime,
        &[
            ("{key: a}, {key: a, effect: NoExecute}", ""),
            (
                "{key: a, operator: Exists}, {key: a, operator: Exists, effect: NoExecute}",
                "",
            ),
            (
                "{key: a, operator: Exists}, {key: a, operator: Exists}",
                "scheduling.tolerations[1]",
            ),
        ],
    );
    let driver = "{apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: {name: d.example.com}, spec: {_}}";
    change(
        driver,
        &[
            (
                "attachRequired: true",
                "attachRequired: false",
                "spec.attachedRequired",
            ),
            ("podInfoOnMount: true", "podInfoOnMount: false", ""),
            (
                "volumeLifecycleModes: [Persistent]",
                "volumeLifecycleModes: [Ephemeral]",
                "spec.volumeLifecycleModes",
            ),
        ],
    );
    let attachment = "{apiVersion: storage.k8s.io/v1, kind: VolumeAttachment, metadata: {name: v}, spec: {attacher: a.example.com, _}}";
    judge(
        attachment,
        &[
            ("nodeName: m, source: {persistentVolumeName: v}", ""),
            (
                "nodeName: M, source: {persistentVolumeName: v}",
                "spec.nodeName",
            ),
            ("source: {persistentVolumeName: v}", "spec.nodeName"),
        ],
    );
    let inline = "{apiVersion: storage.k8s.io/v1, kind: VolumeAttachment, metadata: {name: v}, spec: {attacher: a.example.com, nodeName: m, source: {inlineVolumeSpec: {_}}}}";
    let csi = "csi: {driver: d.example.com, volumeHandle: h}";
    let at = |name: &str| format!("spec.source.inlineVolumeSpec.{name}");
    judge(
        inline,
        &[
            (&format!("accessModes: [ReadWriteOnce], {csi}"), ""),
            (csi, &at("accessModes")),
            (
                &format!(
                    "accessModes: [ReadWriteOnce], {csi}, persistentVolumeReclaimPolicy: Retain, volumeMode: Filesystem"
                ),
                "",
            ),
            (
                "accessModes: [ReadWriteOnce], nfs: {server: s, path: /p}",
                &at("csi"),
            ),
            (
                &format!("accessModes: [ReadWriteOnce], {csi}, capacity: {{storage: 1Gi}}"),
                &at("capacity"),
            ),
            (
                &format!("accessModes: [ReadWriteOnce], {csi}, storageClassName: s"),
                &at("storageClassName"),
            ),
            (
                &format!(
                    "accessModes: [ReadWriteOnce], {csi}, persistentVolumeReclaimPolicy: Delete"
                ),
                &at("persistentVolumeReclaimPolicy"),
            ),
            (
                &format!("accessModes: [ReadWriteOnce], {csi}, volumeMode: Block"),
                &at("volumeMode"),
            ),
        ],
    );
}

#[test]
fn events_with_and_without_a_precise_time() {
    let rest = "reportingComponent: example.com/c, reportingInstance: i, action: a, reason: r";
    let event =
        format!("{{apiVersion: v1, kind: Event, metadata: {{name: e, namespace: _}}, {rest}}}");
    let time = "eventTime: '2020-01-01T00:00:00.000000Z'";
    judge(
        &event,
        &[
            ("default}, involvedObject: {kind: Node", ""),
            (
                "ns}, involvedObject: {kind: Node",
                "involvedObject.namespace",
            ),
            (
                "kube-system}, involvedObject: {kind: Node",
                "involvedObject.namespace",
            ),
            (
                "ns}, involvedObject: {namespace: m",
                "involvedObject.namespace",
            ),
            (
                &format!("default}}, {time}, involvedObject: {{kind: Node"),
                "",
            ),
            (
                &format!("kube-system}}, {time}, involvedObject: {{kind: Node"),
                "",
            ),
            (
                &format!("ns}}, {time}, involvedObject: {{kind: Node"),
                "involvedObject.namespace",
            ),
            (&format!("ns}}, {time}, involvedObject: {{namespace: m"), ""),
        ],
    );
    let rest = "reportingController: example.com/c, reportingInstance: i, action: a, reason: r, type: Normal";
    let event = format!(
        "{{apiVersion: events.k8s.io/v1, kind: Event, metadata: {{name: e, namespace: _}}, {rest}}}"
    );
    judge(
        &event,
        &[
            (&format!("ns}}, {time}, regarding: {{namespace: m"), ""),
            (
                &format!("ns}}, {time}, regarding: {{kind: Node"),
                "involvedObject.namespace",
            ),
            ("ns}, regarding: {namespace: ns", "eventTime"),
            (
                "ns}, regarding: {namespace: m",
                "eventTime involvedObject.namespace",
            ),
        ],
    );
}

#[test]
fn what_a_server_shares_itself_by_from_its_start() {
    let rules = |groups: &str| {
        format!(
            "rules: [{{subjects: [{groups}], resourceRules: [{{verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*']}}], nonResourceRules: [{{verbs: ['*'], nonResourceURLs: ['*']}}]}}]"
        )
    };
    let group = |name: &str| format!("{{kind: Group, group: {{name: 'system:{name}'}}}}");
    let schema =
        "{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: FlowSchema, metadata: {name: _}}";
    let exempt = |level: &str| {
        format!(
            "exempt}}, spec: {{matchingPrecedence: 1, priorityLevelConfiguration: {{name: {level}}}, {}",
            rules(&group("masters"))
        )
    };
    let rest = |first: &str, second: &str| {
        format!(
            "catch-all}}, spec: {{matchingPrecedence: 10000, distinguisherMethod: {{type: ByUser}}, priorityLevelConfiguration: {{name: catch-all}}, {}",
            rules(&format!("{}, {}", group(first), group(second)))
        )
    };
    judge(
        schema,
        &[
            (&exempt("exempt"), ""),
            (&exempt("l"), "spec"),
            (&rest("unauthenticated", "authenticated"), ""),
            (&rest("authenticated", "unauthenticated"), "spec"),
        ],
    );
    let level = "{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: PriorityLevelConfiguration, metadata: {name: _}}";
    let limited = |shares: u32| {
        format!(
            "catch-all}}, spec: {{type: Limited, limited: {{nominalConcurrencyShares: {shares}, limitResponse: {{type: Reject}}}}"
        )
    };
    judge(
        level,
        &[
            (&limited(5), ""),
            (&limited(6), "spec"),
            (
                "exempt}, spec: {type: Exempt, exempt: {nominalConcurrencyShares: 7}",
                "",
            ),
        ],
    );
}

#[test]
fn questions_have_no_metadata() {
    let own = "{apiVersion: authorization.k8s.io/v1, kind: SelfSubjectAccessReview, _}";
    let attributes = "spec: {resourceAttributes: {verb: get, resource: pods}}";
    judge(
        own,
        &[
            (attributes, ""),
            (&format!("metadata: {{name: a}}, {attributes}"), "metadata"),
            (
                &format!("metadata: {{labels: {{a: b}}}}, {attributes}"),
                "metadata",
            ),
            (&format!("metadata: {{labels: {{}}}}, {attributes}"), ""),
        ],
    );
    let other = "{apiVersion: authorization.k8s.io/v1, kind: SubjectAccessReview, _}";
    judge(
        other,
        &[
            ("spec: {user: u, resourceAttributes: {verb: get}}", ""),
            (
                "metadata: {name: a}, spec: {user: u, resourceAttributes: {verb: get}}",
                "metadata",
            ),
            ("spec: {user: u}", "spec.resourceAttributes"),
            ("spec: {resourceAttributes: {verb: get}}", "spec.user"),
        ],
    );
    let local = "{apiVersion: authorization.k8s.io/v1, kind: LocalSubjectAccessReview, metadata: {namespace: ns}, spec: {user: u, _}}";
    judge(
        local,
        &[
            ("resourceAttributes: {namespace: ns, verb: get}", ""),
            (
                "resourceAttributes: {namespace: m, verb: get}",
                "spec.resourceAttributes.namespace",
            ),
            (
                "resourceAttributes: {verb: get}",
                "spec.resourceAttributes.namespace",
            ),
            (
                "nonResourceAttributes: {path: /a, verb: get}",
                "spec.nonResourceAttributes",
            ),
        ],
    );
    let selected = "{apiVersion: authorization.k8s.io/v1, kind: SelfSubjectAccessReview, spec: {resourceAttributes: {_}}}";
    let at = |rest: &str| format!("spec.resourceAttributes.{rest}");
    judge(
        selected,
        &[
            ("labelSelector: {rawSelector: a=b}", ""),
            ("labelSelector: {}", &at("labelSelector.requirements")),
            (
                "labelSelector: {rawSelector: a, requirements: [{key: a, operator: Exists}]}",
                &at("labelSelector.rawSelector"),
            ),
            (
                "labelSelector: {requirements: [{key: A/B/C, operator: In, values: ['?']}]}",
                &format!(
                    "{} {}",
                    at("labelSelector.requirements[0].key"),
                    at("labelSelector.requirements[0].values[0]")
                ),
            ),
            (
                "fieldSelector: {requirements: [{operator: Exists, values: [a]}]}",
                &format!(
                    "{} {}",
                    at("fieldSelector.requirements[0].key"),
                    at("fieldSelector.requirements[0].values")
                ),
            ),
            (
                "fieldSelector: {requirements: [{key: a, operator: NotIn}]}",
                &at("fieldSelector.requirements[0].values"),
            ),
            (
                "fieldSelector: {requirements: [{key: a, operator: Near}]}",
                "",
            ),
        ],
    );
}

#[test]
fn certificates() {
    let bundle =
        "{apiVersion: certificates.k8s.io/v1beta1, kind: ClusterTrustBundle, metadata: {_}}";
    let with = |name: &str, signer: &str, text: &str| {
        let text = text.replace('\n', "\\n");
        format!("name: '{name}'}}, spec: {{signerName: '{signer}', trustBundle: \"{text}\"")
    };
    let twice = format!("{AUTHORITY}{AUTHORITY}");
    let headed = AUTHORITY.replacen("-----\n", "-----\nKey: value\n\n", 1);
    let key = AUTHORITY.replace("CERTIFICATE", "PUBLIC KEY");
    judge(
        bundle,
        &[
            (&with("b", "", AUTHORITY), ""),
            (&with("b", "", &format!("# ours\n{AUTHORITY}")), ""),
            (&with("b:c", "", AUTHORITY), "metadata.name"),
            (&with("e.com:s:b", "e.com/s", AUTHORITY), ""),
            (&with("b", "e.com/s", AUTHORITY), "metadata.name"),
            (&with("e.com:s:B", "e.com/s", AUTHORITY), "metadata.name"),
            (&with("com:s:b", "com/s", AUTHORITY), "spec.signerName"),
            (&with("b", "", ""), "spec.trustBundle"),
            (&with("b", "", LEAF), "spec.trustBundle"),
            (&with("b", "", &twice), "spec.trustBundle"),
            (&with("b", "", &headed), "spec.trustBundle"),
            (&with("b", "", &key), "spec.trustBundle"),
        ],
    );
    let request = "{apiVersion: certificates.k8s.io/v1beta1, kind: PodCertificateRequest, metadata: {name: r}, spec: {podName: p, podUID: u, serviceAccountName: s, serviceAccountUID: u, nodeName: m, nodeUID: u, pkixPublicKey: AAAA, proofOfPossession: AAAA, _}}";
    judge(
        request,
        &[
            ("signerName: e.com/s, maxExpirationSeconds: 3600", ""),
            (
                "signerName: e.com/s, maxExpirationSeconds: 3599",
                "spec.maxExpirationSeconds",
            ),
            (
                "signerName: e.com/s, maxExpirationSeconds: 7862401",
                "spec.maxExpirationSeconds",
            ),
            (
                "signerName: kubernetes.io/s, maxExpirationSeconds: 86401",
                "spec.maxExpirationSeconds",
            ),
            ("maxExpirationSeconds: 3600", "spec.signerName"),
        ],
    );
    judge(
        "{apiVersion: certificates.k8s.io/v1beta1, kind: PodCertificateRequest, metadata: {name: r}, spec: {signerName: e.com/s, maxExpirationSeconds: 3600, _}}",
        &[(
            "podUID: ''",
            "spec.nodeName spec.nodeUID spec.pkixPublicKey spec.podName spec.podUID spec.serviceAccountName spec.serviceAccountUID",
        )],
    );
}

#[test]
fn workloads_candidates_and_migrations() {
    let workload =
        "{apiVersion: scheduling.k8s.io/v1alpha2, kind: Workload, metadata: {name: w}, spec: {_}}";
    let at = "spec.podGroupTemplates";
    let many: Vec<String> = (0..9)
        .map(|group| format!("{{name: g{group}, schedulingPolicy: {{basic: {{}}}}}}"))
        .collect();
    judge(
        workload,
        &[
            (
                "podGroupTemplates: [{name: g, schedulingPolicy: {gang: {minCount: 2}}}]",
                "",
            ),
            ("podGroupTemplates: []", at),
            (&format!("podGroupTemplates: [{}]", many.join(", ")), at),
            (
                "podGroupTemplates: [{schedulingPolicy: {basic: {}}}]",
                &format!("{at}[0].name"),
            ),
            (
                "podGroupTemplates: [{name: g, schedulingPolicy: {basic: {}}}, {name: g, schedulingPolicy: {basic: {}}}]",
                &format!("{at}[1]"),
            ),
            (
                "podGroupTemplates: [{name: g, schedulingPolicy: {basic: {}, gang: {minCount: 1}}}]",
                &format!("{at}[0].schedulingPolicy"),
            ),
            (
                "podGroupTemplates: [{name: g, schedulingPolicy: {}}]",
                &format!("{at}[0].schedulingPolicy"),
            ),
            (
                "podGroupTemplates: [{name: g, schedulingPolicy: {gang: {minCount: 0}}}]",
                &format!("{at}[0].schedulingPolicy.gang.minCount"),
            ),
            (
                "podGroupTemplates: [{name: g, schedulingPolicy: {gang: {minCount: -1}}}]",
                &format!("{at}[0].schedulingPolicy.gang.minCount"),
            ),
            (
                "controllerRef: {apiGroup: '.g', kind: a/b}, podGroupTemplates: [{name: g, schedulingPolicy: {basic: {}}}]",
                "spec.controllerRef.apiGroup spec.controllerRef.kind spec.controllerRef.name",
            ),
        ],
    );
    judge_in(
        KubernetesVersion::V1_35,
        "{apiVersion: scheduling.k8s.io/v1alpha1, kind: Workload, metadata: {name: w}, spec: {_}}",
        &[
            ("podGroups: [{name: g, policy: {basic: {}}}]", ""),
            (
                "podGroups: [{name: G, policy: {}}]",
                "spec.podGroups[0].name spec.podGroups[0].policy",
            ),
        ],
    );
    judge_in(
        KubernetesVersion::V1_37,
        "{apiVersion: scheduling.k8s.io/v1beta1, kind: Workload, metadata: {name: w}, spec: {_}}",
        &[("controllerRef: {kind: a, name: b}", "spec")],
    );
    let group = "{apiVersion: scheduling.k8s.io/v1alpha2, kind: PodGroup, metadata: {name: g}, spec: {schedulingPolicy: {gang: {minCount: 2}}, _}}";
    let of = |workload: &str| format!("podGroupTemplateRef: {workload}");
    judge(
        group,
        &[
            (
                &of("{workload: {workloadName: w.a, podGroupTemplateName: t}}"),
                "",
            ),
            (&of("{}"), "spec.podGroupTemplateRef"),
            (
                &of("{workload: {workloadName: W, podGroupTemplateName: t.a}}"),
                "spec.podGroupTemplateRef.workload.podGroupTemplateName spec.podGroupTemplateRef.workload.workloadName",
            ),
            (
                "schedulingConstraints: {topology: [{key: ''}]}",
                "spec.schedulingConstraints.topology[0].key",
            ),
            (
                "schedulingConstraints: {topology: [{key: a}, {key: b}]}",
                "spec.schedulingConstraints.topology",
            ),
            ("priorityClassName: P", "spec.priorityClassName"),
        ],
    );
    change(
        "{apiVersion: scheduling.k8s.io/v1alpha2, kind: Workload, metadata: {name: w}, spec: {_ podGroupTemplates: [{name: g, schedulingPolicy: {basic: {}}}]}}",
        &[
            ("", "controllerRef: {kind: a, name: b},", ""),
            (
                "controllerRef: {kind: a, name: b},",
                "",
                "spec.controllerRef",
            ),
        ],
    );
    let candidate = "{apiVersion: coordination.k8s.io/v1beta1, kind: LeaseCandidate, metadata: {name: c}, spec: {leaseName: l, _}}";
    judge(
        candidate,
        &[
            (
                "binaryVersion: 1.36.0, emulationVersion: 1.35.0, strategy: OldestEmulationVersion",
                "",
            ),
            (
                "binaryVersion: '1.36', strategy: e.com/s",
                "spec.binaryVersion",
            ),
            (
                "binaryVersion: 1.36.0, strategy: OldestEmulationVersion",
                "spec.emulationVersion",
            ),
            ("binaryVersion: 1.36.0, strategy: Youngest", "spec.strategy"),
            ("binaryVersion: 1.36.0", "spec.strategy"),
        ],
    );
    let migration = "{apiVersion: storagemigration.k8s.io/v1beta1, kind: StorageVersionMigration, metadata: {name: m}, spec: {resource: {_}}}";
    judge(
        migration,
        &[
            ("group: apps, resource: deployments", ""),
            ("group: apps", "spec.resource.resource"),
            (
                "group: Apps, resource: Deployments",
                "spec.resource.group spec.resource.resource",
            ),
        ],
    );
    change(migration, &[("resource: pods", "resource: nodes", "spec")]);
}

#[test]
fn policies_of_admission() {
    let condition = "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: p}, spec: {matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}, validations: [{expression: \"_\"}]}}";
    let at = "spec.validations[0].expression";
    judge(
        condition,
        &[
            // A word of CEL, which is the name of a field here.
            ("request.namespace == 'a'", ""),
            (
                "request.userInfo.username == 'a' && request.kind.kind == 'Pod'",
                "",
            ),
            ("request.__namespace__ == 'a'", at),
            ("request.spaces == 'a'", at),
            ("request.namespace", at),
        ],
    );
    let policy = "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingAdmissionPolicy, metadata: {name: p}, spec: {reinvocationPolicy: Never, matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [_], resources: [pods]}]}, mutations: [{patchType: JSONPatch, jsonPatch: {expression: '[]'}}]}}";
    judge(
        policy,
        &[
            ("CREATE, UPDATE, CONNECT", ""),
            ("'*'", ""),
            ("DELETE", "spec.matchConstraints.resourceRules.operations"),
        ],
    );
    let binding = "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingAdmissionPolicyBinding, metadata: {name: b}, spec: {policyName: p, _}}";
    judge(
        binding,
        &[
            (
                "matchResources: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [DELETE], resources: [pods]}]}",
                "spec.matchResources.resourceRules.operations",
            ),
            (
                "paramRef: {parameterNotFoundAction: Deny, name: a/b, selector: {matchExpressions: [{key: a, operator: Near}]}}",
                "spec.paramRef.name spec.paramRef.selector spec.paramRef.selector.matchExpressions[0].operator",
            ),
        ],
    );
}

#[test]
fn fields_of_older_events() {
    let event = "{apiVersion: events.k8s.io/v1, kind: Event, metadata: {name: e}, regarding: {kind: Node}, eventTime: '2020-01-01T00:00:00.000000Z', reportingController: example.com/c, reportingInstance: i, action: a, reason: r, type: Normal, _}";
    judge(
        event,
        &[
            ("deprecatedCount: 1", "count"),
            ("deprecatedSource: {component: a}", "source"),
            (
                "deprecatedFirstTimestamp: '2020-01-01T00:00:00Z'",
                "firstTimestamp",
            ),
            (
                "deprecatedLastTimestamp: '2020-01-01T00:00:00Z'",
                "lastTimestamp",
            ),
        ],
    );
}

#[test]
fn indexes_that_may_fail() {
    judge(
        "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {completionMode: Indexed, completions: 200000, parallelism: 1, backoffLimitPerIndex: 1, maxFailedIndexes: _, template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}",
        &[("10000", ""), ("100001", "spec.maxFailedIndexes")],
    );
}

#[test]
fn a_template_is_judged_by_a_selector_that_can_be_used() {
    let rest = |kind: &str, of_pods: &str| {
        format!(
            "{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: a}}, spec: {{selector: {{matchExpressions: [{{key: a, operator: _}}]}}, template: {{metadata: {{labels: {{a: '?'}}}}, spec: {{{of_pods}}}}}}}}}"
        )
    };
    let broken = "spec.selector spec.selector.matchExpressions[0].operator";
    let forever = "spec.template.spec.activeDeadlineSeconds";
    for (kind, more) in [
        ("Deployment", ""),
        ("ReplicaSet", ""),
        ("StatefulSet", forever),
    ] {
        let all = format!("spec.template.labels {forever} spec.template.spec.containers");
        judge(
            &rest(kind, "activeDeadlineSeconds: 1"),
            &[
                ("Exists", all.as_str()),
                ("Near", format!("{broken} {more}").trim()),
            ],
        );
    }
}

#[test]
fn what_a_kind_is_asked_of_its_metadata() {
    judge(
        "{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: a, generation: _}, data: {}, revision: 1}",
        &[("-1", "metadata.generation"), ("1", "")],
    );
    judge(
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a, generation: _}, spec: {podSelector: {}}}",
        &[("-1", "")],
    );
    judge(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, finalizers: [_]}}",
        &[("a", "metadata.finalizers[0]"), ("e.com/a", "")],
    );
    judge(
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a, finalizers: [_]}}",
        &[("a", "")],
    );
    judge(
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {maxReplicas: 1, metrics: [{type: _}], scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}}}",
        &[("Near", "spec.metrics[0].type")],
    );
}
