//! What a reading of the server's source told and no manifest did.

use crd_validate::KubernetesVersion;

use super::{change, judge, judge_changes, judge_in};

#[test]
fn names_that_are_made_of_other_members() {
    let service = "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {_}, spec: {group: g.example.com, version: v1, groupPriorityMinimum: 1, versionPriority: 1}}";
    judge(
        service,
        &[
            ("name: v1.g.example.com", ""),
            ("name: v2.g.example.com", "metadata.name"),
            (
                "generateName: v1.g.example.com-",
                "metadata.generateName metadata.name",
            ),
        ],
    );
    let core = "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: _.}, spec: {version: _, groupPriorityMinimum: 1, versionPriority: 1}}";
    for (version, expected) in [("v1", ""), ("v2", "spec.group")] {
        judge(&core.replace('_', version), &[("", expected)]);
    }
}

#[test]
fn autoscalers() {
    let metric = "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}, metrics: [_]}}";
    let container = |name: &str, container: &str| {
        format!(
            "{{type: ContainerResource, containerResource: {{name: {name}, container: {container}, target: {{type: Utilization, averageUtilization: 50}}}}}}"
        )
    };
    let object = |version: &str| {
        format!(
            "{{type: Object, object: {{describedObject: {{apiVersion: {version}, kind: Ingress, name: i}}, metric: {{name: m}}, target: {{type: Value, value: 1}}}}}}"
        )
    };
    judge(
        metric,
        &[
            (&container("cpu", "app"), ""),
            (
                &container("cpu", "App"),
                "spec.metrics[0].containerResource.container",
            ),
            (
                &container("pods", "app"),
                "spec.metrics[0].containerResource.name",
            ),
            (&object("v1"), ""),
            (&object("networking.k8s.io/v1"), ""),
            (
                &object("a/b/c"),
                "spec.metrics[0].object.describedObject.apiVersion",
            ),
        ],
    );
    let target = "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {maxReplicas: 2, scaleTargetRef: {apiVersion: _, kind: Deployment, name: d}}}";
    judge(
        target,
        &[("apps/v1", ""), ("/v1", "spec.scaleTargetRef.apiVersion")],
    );
}

#[test]
fn addresses_have_one_form_in_newer_fields() {
    let range = "{apiVersion: networking.k8s.io/v1, kind: ServiceCIDR, metadata: {name: s}, spec: {cidrs: [_]}}";
    judge(
        range,
        &[
            ("10.96.0.0/16", ""),
            ("'2001:db8::/64'", ""),
            ("'2001:DB8::/64'", "spec.cidrs[0]"),
            ("'2001:db8:0:0::/64'", "spec.cidrs[0]"),
            ("10.96.0.1/16", "spec.cidrs[0]"),
            ("010.96.0.0/16", "spec.cidrs[0]"),
        ],
    );
    change(
        range,
        &[
            ("10.96.0.0/16", "10.97.0.0/16", "spec.cidrs[0]"),
            ("10.96.0.0/16", "10.96.0.0/16, 'fd00::/64'", ""),
            ("10.96.0.0/16, 'fd00::/64'", "10.96.0.0/16", "spec.cidrs"),
        ],
    );
    let address = "{apiVersion: networking.k8s.io/v1, kind: IPAddress, metadata: {name: '_'}, spec: {parentRef: {resource: services, name: s}}}";
    judge(
        address,
        &[
            ("10.0.0.1", ""),
            ("2001:db8::1", ""),
            ("2001:db8::0001", "metadata.name"),
            ("::ffff:1.2.3.4", "metadata.name"),
        ],
    );
}

#[test]
fn domains_behind_services() {
    let slice = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s}, addressType: FQDN, endpoints: [{addresses: [_]}]}";
    judge(
        slice,
        &[
            ("a.example.com", ""),
            ("a.example.com.", ""),
            ("localhost", "endpoints[0].addresses[0]"),
            ("A.example.com", "endpoints[0].addresses[0]"),
        ],
    );
    // What was there before topology had fields of its own, a server drops.
    let topology = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s}, addressType: IPv4, endpoints: [{addresses: [10.0.0.1], deprecatedTopology: {_: b}}]}";
    judge(topology, &[("a", ""), ("'-a'", "")]);
}

#[test]
fn hosts_and_paths_of_ingresses() {
    let long = format!("'*.{}'", ["a".repeat(62).as_str(); 4].join("."));
    let ingress = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {rules: [{host: _}]}}";
    judge(
        ingress,
        &[
            (&long, ""),
            (&long.replace("*.", "*.b"), "spec.rules[0].host"),
        ],
    );
    let class = "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: i}, spec: {controller: _}}";
    judge(
        class,
        &[
            ("example.com/a~b", ""),
            ("example.com/a@b", "spec.controller"),
        ],
    );
}

#[test]
fn classes_and_drivers_of_storage() {
    let class = "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: s}, provisioner: p, _}";
    judge(
        class,
        &[
            ("reclaimPolicy: ''", ""),
            ("reclaimPolicy: Recycle", "reclaimPolicy"),
        ],
    );
    let attributes = "{apiVersion: storage.k8s.io/v1, kind: VolumeAttributesClass, metadata: {name: s}, driverName: _, parameters: {a: b}}";
    judge(
        attributes,
        &[
            ("example.com/Driver", ""),
            ("a/b/c", "driverName"),
            ("''", "driverName"),
        ],
    );
    let capacity = "{apiVersion: storage.k8s.io/v1, kind: CSIStorageCapacity, metadata: {name: s}, storageClassName: c, _: -1}";
    judge(
        capacity,
        &[("capacity", "capacity"), ("maximumVolumeSize", "")],
    );
    let node = "{apiVersion: storage.k8s.io/v1, kind: CSINode, metadata: {name: m}, spec: {drivers: [{name: d, nodeID: _}]}}";
    judge(
        node,
        &[
            ("i, topologyKeys: [a]", ""),
            ("i, topologyKeys: ['']", "spec.drivers[0]"),
            ("i, topologyKeys: [a, a]", "spec.drivers[0]"),
        ],
    );
    change(node, &[("i", "j", "spec.drivers")]);
    let attachment = "{apiVersion: storage.k8s.io/v1, kind: VolumeAttachment, metadata: {name: a}, spec: {attacher: d, nodeName: m, source: {persistentVolumeName: _}}}";
    judge(
        attachment,
        &[("v", ""), ("V", "spec.source.persistentVolumeName")],
    );
}

#[test]
fn definitions() {
    const DEFINITION: &str = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: lamps.example.com}, spec: {group: example.com, scope: Cluster, names: {kind: Lamp, plural: lamps}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {a: {type: string}, b: {type: string}}}}}]}}";
    const TWO: &str = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: lamps.example.com}, spec: {group: example.com, scope: Cluster, names: {kind: Lamp, plural: lamps}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}, {name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}]}}";
    judge_changes(&[
        (
            DEFINITION,
            "storage: true",
            "storage: true, selectableFields: [{jsonPath: .a}]",
            &[],
        ),
        // What all versions share, a server has above them.
        (
            DEFINITION,
            "storage: true",
            "storage: true, selectableFields: [{jsonPath: .c}]",
            &["spec.selectableFields[0].jsonPath"],
        ),
        (
            TWO,
            "storage: true",
            "storage: true, selectableFields: [{jsonPath: .c}]",
            &["spec.versions[0].selectableFields"],
        ),
        // One version with a status is enough for the schema of all.
        (
            TWO,
            "{type: object}}}, {name: v2",
            "{type: object}}, subresources: {status: {}}}, {name: v2",
            &[],
        ),
        (
            DEFINITION,
            "scope: Cluster",
            "scope: Cluster, conversion: {strategy: None, webhook: {conversionReviewVersions: [], clientConfig: {}}}",
            &["spec.conversion.webhookClientConfig"],
        ),
        (
            DEFINITION,
            "scope: Cluster",
            "scope: Cluster, preserveUnknownFields: true, conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: 'https://a.example.com'}}}",
            &["spec.conversion.strategy", "spec.preserveUnknownFields"],
        ),
        (
            DEFINITION,
            "storage: true",
            "storage: true, deprecated: true, deprecationWarning: take v2",
            &[],
        ),
        (
            DEFINITION,
            "storage: true",
            "storage: true, deprecated: true, deprecationWarning: \"take\\tv2\"",
            &["spec.versions[0].deprecationWarning"],
        ),
        (
            DEFINITION,
            "metadata: {name: lamps.example.com}",
            "metadata: {generateName: lamps.example.com}",
            &["metadata.name"],
        ),
    ]);
    let any_status = TWO
        .replace(
            "{type: object}}}, {name: v2",
            "{type: object, _}}}, {name: v2",
        )
        .replace(
            "{type: object}}}]",
            "{type: object, _}}, subresources: {status: {}}}]",
        );
    let with =
        |text: &str| any_status.replace("{type: object, _}", &format!("{{type: object{text}}}"));
    judge(&with(""), &[("_", "")]);
    judge(
        &with(", x-kubernetes-map-type: atomic"),
        &[("_", "spec.validation.openAPIV3Schema")],
    );
}

#[test]
fn urls_of_webhooks() {
    let hook = "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: w}, webhooks: [{name: a.example.com, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: '_'}}]}";
    let path = "webhooks[0].clientConfig.url";
    judge(
        hook,
        &[
            ("https://a.example.com", ""),
            ("HTTPS://a.example.com:8443/x", ""),
            ("https://[::1]/", ""),
            ("https://a.example.com/?", ""),
            ("https://a.example.com/#", ""),
            ("https://a.example.com/?b", path),
            ("https://a.example.com/#b", path),
            ("https://u@a.example.com", path),
            ("https://a.example.com:http", path),
            ("https://a b", path),
            ("https:///x", path),
            ("http://a.example.com", path),
            ("a.example.com", path),
        ],
    );
}

#[test]
fn policies_in_detail() {
    let policy = "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: p}, spec: {matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}, _}}";
    let notes = |count: usize| {
        let notes: Vec<String> = (0..count)
            .map(|note| format!("{{key: n{note}, valueExpression: \"'a'\"}}"))
            .collect();
        format!("auditAnnotations: [{}]", notes.join(", "))
    };
    judge(
        policy,
        &[
            // A server means to ask for a message here, and does not.
            ("validations: [{expression: \"true &&\\ntrue\"}]", ""),
            (
                "validations: [{expression: 'true', message: \"a\\nb\"}]",
                "spec.validations[0].message",
            ),
            (&notes(20), ""),
            (&notes(21), "spec.auditAnnotations"),
        ],
    );
    let priority = "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: system-node-critical}, value: 2000001000, globalDefault: _}";
    judge(priority, &[("false", ""), ("true", "metadata.name")]);
}

#[test]
fn jobs_and_controllers() {
    let job = "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {completions: 5, parallelism: 1, completionMode: Indexed, successPolicy: {rules: [{succeededIndexes: '_'}]}, template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}";
    let path = "spec.successPolicy.rules[0].succeededIndexes";
    judge(
        job,
        &[
            ("1,3-4", ""),
            ("", ""),
            ("5", path),
            ("3-3", path),
            ("2,1", path),
        ],
    );
    let cron = "{apiVersion: batch/v1, kind: CronJob, metadata: {name: c}, spec: {schedule: '* * * * *', timeZone: _, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}}}";
    judge(
        cron,
        &[
            ("Europe/Berlin", ""),
            ("Etc/GMT+5", ""),
            ("Europe/Belin", "spec.timeZone"),
            ("''", "spec.timeZone"),
        ],
    );
    let noted = |kind: &str, annotation: &str| {
        format!(
            "{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: d, annotations: {{{annotation}: '_'}}}}, spec: {{selector: {{matchLabels: {{a: b}}}}, template: {{metadata: {{labels: {{a: b}}}}, spec: {{containers: [{{name: a, image: b}}]}}}}}}}}"
        )
    };
    for (kind, annotation) in [
        ("DaemonSet", "deprecated.daemonset.template.generation"),
        ("Deployment", "deprecated.deployment.rollback.to"),
    ] {
        let path = format!("metadata.annotations[{annotation}]");
        judge(
            &noted(kind, annotation),
            &[("1", ""), ("", ""), ("one", &path)],
        );
    }
}

#[test]
fn signers_and_requests_of_pods() {
    let bundle = "{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: c}, spec: {request: LS0t, usages: [any], signerName: _}}";
    let path = "spec.request spec.signerName";
    judge(
        bundle,
        &[
            ("example.com/signer", "spec.request"),
            ("example.com/a.b-c", "spec.request"),
            ("example.com/Signer", path),
            ("example.com/a_b", path),
            ("example/signer", path),
            ("Example.com/signer", path),
            ("example.com/a/b", path),
        ],
    );
    let bare = "{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: c}, spec: {request: LS0t_}}";
    judge(
        bare,
        &[
            (", signerName: a.b/c, usages: [any]", "spec.request"),
            (", signerName: a.b/c", "spec.request spec.usages"),
            (", usages: [any]", path),
        ],
    );
    let event = "{apiVersion: v1, kind: Event, metadata: {name: e}, eventTime: '2026-01-01T00:00:00.000000Z', action: a, reason: r, reportingComponent: c, reportingInstance: _, involvedObject: {}}";
    let long = "a".repeat(129);
    judge(event, &[("i", ""), (&long, "repotingIntance")]);
}

#[test]
fn kinds_of_newer_versions() {
    let request = "{apiVersion: resource.k8s.io/v1alpha3, kind: ResourcePoolStatusRequest, metadata: {name: r}, spec: {_}}";
    judge(
        request,
        &[
            ("driver: d.example.com, poolName: a/b, limit: 1000", ""),
            ("poolName: ''", "spec.driver spec.poolName"),
            ("driver: d, limit: 1001", "spec.limit"),
            ("driver: d, limit: 0", "spec.limit"),
        ],
    );
    change(request, &[("driver: d", "driver: e", "spec")]);
    let group = "{apiVersion: scheduling.k8s.io/v1alpha3, kind: CompositePodGroup, metadata: {name: g}, spec: {workloadRef: {workloadName: w}, _}}";
    judge_in(
        KubernetesVersion::V1_37,
        group,
        &[
            ("schedulingPolicy: {gang: {minGroupCount: 2}}", ""),
            ("schedulingPolicy: {basic: {}}, priorityClassName: p", ""),
            (
                "schedulingPolicy: {gang: {minGroupCount: 0}}",
                "spec.schedulingPolicy.gang.minGroupCount",
            ),
            ("schedulingPolicy: {}", "spec.schedulingPolicy"),
            (
                "schedulingPolicy: {basic: {}}, parentCompositePodGroupName: P, priority: 1000000001",
                "spec.parentCompositePodGroupName spec.priority",
            ),
            (
                "schedulingPolicy: {basic: {}}, workloadRef: null",
                "spec.workloadRef",
            ),
        ],
    );
    let certificate = "{apiVersion: certificates.k8s.io/v1beta1, kind: PodCertificateRequest, metadata: {name: c}, spec: {signerName: a.b/c, podName: p, podUID: u, serviceAccountName: s, serviceAccountUID: u, nodeName: m, nodeUID: u, pkixPublicKey: YQ==, proofOfPossession: YQ==_}}";
    judge(
        certificate,
        &[
            ("", ""),
            (", maxExpirationSeconds: 3599", "spec.maxExpirationSeconds"),
        ],
    );
}

#[test]
fn what_only_a_creation_is_asked() {
    let class = "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: s}, provisioner: p, allowedTopologies: [{matchLabelExpressions: [{key: k, values: _}]}]}";
    judge(
        class,
        &[(
            "[a, a]",
            "allowedTopologies[0].matchLabelExpressions[0].values[1]",
        )],
    );
    change(class, &[("[a]", "[a, a]", "")]);
    let runtime = "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: r}, handler: h, overhead: {podFixed: {cpu: _}}}";
    judge(runtime, &[("-1", "overhead.limits[cpu]")]);
    change(runtime, &[("1", "-1", "")]);
}
