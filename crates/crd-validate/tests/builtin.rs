//! Built-in kinds: what people break daily, each fault found once, and nothing found in what is right.

use crd_validate::{Registry, UnknownFields, Verdict, reader};
use serde_json::Value;

const DEPLOYMENT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: demo, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: web, tier: front}, creationTimestamp: null}
    spec:
      serviceAccountName: web
      initContainers:
        - {name: init, image: busybox, restartPolicy: Always, startupProbe: {exec: {command: [test]}}}
      containers:
        - name: web
          image: example.com/web:1
          ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090, protocol: TCP}]
          env:
            - {name: A, value: '1'}
            - {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}
          envFrom: [{configMapRef: {name: c}}]
          resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 0.5, memory: 128Mi}}
          livenessProbe: {httpGet: {path: /, port: http}, periodSeconds: 5}
          volumeMounts: [{name: data, mountPath: /data}, {name: conf, mountPath: /conf, subPath: a}]
      volumes:
        - {name: data, emptyDir: {}}
        - {name: conf, configMap: {name: c, items: [{key: a, path: a}]}}
      tolerations: [{key: x, operator: Exists}]
";

const OTHERS: [&str; 36] = [
    "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: v}, webhooks: [{name: a.b.c, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {service: {name: s, namespace: ns, path: /x}}, rules: [{apiGroups: ['*'], apiVersions: [v1], resources: [pods], operations: [CREATE, UPDATE]}], timeoutSeconds: 5, failurePolicy: Ignore}]}",
    "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: m}, webhooks: [{name: a.b.c, sideEffects: NoneOnDryRun, admissionReviewVersions: [v1beta1], clientConfig: {url: 'https://x/y', caBundle: aGk=}}]}",
    "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: p}, spec: {failurePolicy: Fail, matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}, validations: [{expression: 'true'}]}}",
    "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: b}, spec: {policyName: p, validationActions: [Deny]}}",
    "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.a.b}, spec: {group: a.b, version: v1, groupPriorityMinimum: 100, versionPriority: 10, service: {name: s, namespace: ns}}}",
    "{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: r}, data: {a: 1}}",
    "{apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}}}",
    "{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: 'a:b'}, spec: {request: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUFBPQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K, signerName: a.b/c, usages: [client auth]}}",
    "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: l}, spec: {holderIdentity: a, leaseDurationSeconds: 15, renewTime: '2026-01-02T03:04:05.000000Z'}}",
    "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: e}, addressType: IPv4, endpoints: [{addresses: [10.0.0.1]}], ports: [{name: http, port: 80}]}",
    "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: e}, addressType: IPv4}",
    "{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: PriorityLevelConfiguration, metadata: {name: l}, spec: {type: Limited, limited: {nominalConcurrencyShares: 5, limitResponse: {type: Reject}}}}",
    "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: i}, spec: {controller: example.com/ingress}}",
    "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: r}, handler: runsc}",
    "{apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: {name: a.b}, spec: {attachRequired: false}}",
    "{apiVersion: v1, kind: Endpoints, metadata: {name: e}, subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]}",
    "{apiVersion: v1, kind: Node, metadata: {name: node}, spec: {taints: [{key: a, effect: NoSchedule}]}}",
    "{apiVersion: v1, kind: PodTemplate, metadata: {name: t}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}}",
    "{apiVersion: v1, kind: ReplicationController, metadata: {name: r}, spec: {replicas: 1, selector: {a: b}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}}}",
    // A server makes 1 of it.
    "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {terminationGracePeriodSeconds: -1, containers: [{name: a, image: b}]}}",
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a.txt: x}, binaryData: {b: aGk=}}",
    "{apiVersion: v1, kind: Secret, metadata: {name: s}, type: Opaque, data: {a: '', b: aGk=}, stringData: {c: d}}",
    "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}",
    "{apiVersion: v1, kind: Namespace, metadata: {name: demo}}",
    "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web}}",
    "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: d}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
    "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {requests.cpu: '4', pods: 10}}}",
    "{apiVersion: v1, kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: Container, min: {cpu: 1m}, default: {cpu: 1}}]}}",
    "{apiVersion: batch/v1, kind: Job, metadata: {generateName: j-}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}",
    "{apiVersion: batch/v1, kind: CronJob, metadata: {name: j}, spec: {schedule: '*/5 * * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: a, image: b}]}}}}}}",
    "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p}, spec: {minAvailable: 50%, selector: {matchLabels: {a: b}}}}",
    "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: p}, value: 1000}",
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: np}, spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}}",
    "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'a:b'}, rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]}",
    "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}, subjects: [{kind: ServiceAccount, name: s, namespace: ns}]}",
    "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {rules: [{host: '*.a.b', http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
];

fn findings(object: &Value) -> Vec<String> {
    let judgement = Registry::new().judge(object, UnknownFields::Refuse);
    assert_ne!(judgement.verdict, Verdict::Unknown, "{object}");
    judgement
        .report
        .findings
        .iter()
        .map(|finding| format!("{}: {}", finding.path, finding.message))
        .collect()
}

fn parse(text: &str) -> Value {
    reader::read(text.as_bytes()).remove(0).content.unwrap()
}

#[test]
fn what_is_right_is_accepted() {
    for text in OTHERS.into_iter().chain([DEPLOYMENT]) {
        assert_eq!(findings(&parse(text)), Vec::<String>::new(), "{text}");
    }
}

/// Replaces the first text by the second in a manifest, and expects a finding at the path of the expected one.
fn one_fault(manifest: &str, from: &str, to: &str, expected: &str) {
    assert!(manifest.contains(from), "{from} is not in the manifest");
    let found = findings(&parse(&manifest.replacen(from, to, 1)));
    assert!(!found.is_empty(), "{to}: nothing found, not {expected}");
    let path = expected.split(": ").next().unwrap();
    let there = found
        .iter()
        .any(|fault| fault.split(": ").next() == Some(path));
    assert!(there, "{to}: {found:?}, not {expected}");
}

#[test]
fn each_fault_of_a_deployment_is_found_once() {
    let pod = "spec.template.spec";
    for (from, to, path, message) in [
        (
            "matchLabels: {app: web}",
            "matchLabels: {app: api}",
            "spec.template.metadata.labels",
            "must be selected",
        ),
        (
            "  replicas: 2",
            "  replica: 2",
            "spec.replica",
            "unknown field",
        ),
        (
            "  replicas: 2",
            "  replicas: two",
            "spec.replicas",
            "must be an integer",
        ),
        (
            "  replicas: 2",
            "  replicas: -1",
            "spec.replicas",
            "-1 must not be negative",
        ),
        (
            "name: init,",
            "name: web,",
            ".initContainers[0].name",
            "duplicate of an earlier \"web\"",
        ),
        (
            "name: metrics,",
            "name: http,",
            ".containers[0].ports[1].name",
            "duplicate",
        ),
        (
            "      tolerations",
            "        - {name: data}\n      tolerations",
            ".volumes[2].name",
            "duplicate",
        ),
        (
            "emptyDir: {}",
            "emptyDir: {}, hostPath: {path: /x}",
            ".volumes[0].hostPath",
            "must have only one source",
        ),
        (
            "name: data, mountPath",
            "name: date, mountPath",
            ".containers[0].volumeMounts[0].name",
            "no volume is called",
        ),
        (
            "cpu: 100m",
            "cpu: 1 core",
            ".containers[0].resources.requests[cpu]",
            "\"1 core\" must be a quantity",
        ),
        (
            "memory: 64Mi",
            "memory: 1Gi",
            ".containers[0].resources.requests",
            "\"1Gi\" must be at most the limit",
        ),
        (
            "path: /, port: http}",
            "path: /, port: http}, tcpSocket: {port: 1}",
            ".containers[0].livenessProbe.tcpSocket",
            "is not allowed",
        ),
        (
            "containerPort: 8080",
            "containerPort: 80800",
            ".containers[0].ports[0].containerPort",
            "80800 must be a port",
        ),
        (
            "valueFrom: {",
            "value: x, valueFrom: {",
            ".containers[0].env[1].valueFrom",
            "excludes value",
        ),
        (
            "image: example.com/web:1",
            "workingDir: /",
            ".containers[0].image",
            "is required",
        ),
        (
            "- name: web\n",
            "- name: Web_1\n",
            ".containers[0].name",
            "\"Web_1\" must be",
        ),
        (
            "serviceAccountName: web",
            "restartPolicy: OnFailure",
            ".restartPolicy",
            "\"OnFailure\" is not one of: Always",
        ),
        (
            "serviceAccountName: web",
            "dnsPolicy: None2",
            ".dnsPolicy",
            "\"None2\" is not one of",
        ),
        (
            "key: k}}}",
            "key: k, kye: k}}}",
            ".containers[0].env[1].valueFrom.secretKeyRef.kye",
            "unknown field",
        ),
        (
            "value: '1'",
            "value: 1",
            ".containers[0].env[0].value",
            "must be a string, not the integer 1; quote it",
        ),
        (
            "{app: web, tier: front}",
            "{app: web, tier: 'a b'}",
            "spec.template.labels",
            "the value \"a b\"",
        ),
        (
            "name: web, namespace",
            "name: Web, namespace",
            "metadata.name",
            "\"Web\": it must",
        ),
        (
            "maxUnavailable: 0",
            "maxUnavailable: 5x",
            "spec.strategy.rollingUpdate.maxUnavailable",
            "\"5x\" must be",
        ),
    ] {
        let path = if path.starts_with('.') {
            format!("{pod}{path}")
        } else {
            path.to_owned()
        };
        one_fault(DEPLOYMENT, from, to, &format!("{path}: {message}"));
    }
}

#[test]
fn each_fault_of_the_other_kinds_is_found_once() {
    let find = |kind: &str| {
        let wanted = format!("kind: {kind},");
        OTHERS
            .into_iter()
            .find(|text| text.contains(&wanted))
            .unwrap()
    };
    for (kind, from, to, expected) in [
        ("ConfigMap", "a.txt", "a/txt", "data[a/txt]: the key"),
        (
            "ConfigMap",
            "{b: aGk=}",
            "{b: '?'}",
            "binaryData[b]: must be base64",
        ),
        (
            "Secret",
            "type: Opaque",
            "type: kubernetes.io/ssh-auth",
            "data[ssh-privatekey]: is required",
        ),
        (
            "Service",
            "port: 80,",
            "port: 0,",
            "spec.ports[0].port: 0 must be a port",
        ),
        (
            "Service",
            "{port: 80, targetPort: http}",
            "{port: 80, name: a}, {port: 81}",
            "spec.ports[1].name: is required",
        ),
        (
            "Service",
            "targetPort: http",
            "nodePort: 30000",
            "spec.ports[0].nodePort: is not allowed",
        ),
        (
            "Namespace",
            "demo",
            "a.b",
            "metadata.name: \"a.b\": it must consist",
        ),
        (
            "PersistentVolumeClaim",
            "ReadWriteOnce",
            "RWO",
            "spec.accessModes: \"RWO\" is not one of",
        ),
        (
            "ResourceQuota",
            "'4'",
            "4x",
            "spec.hard[requests.cpu]: \"4x\" must be a quantity",
        ),
        (
            "LimitRange",
            "min: {cpu: 1m}",
            "min: {cpu: 2}",
            "spec.limits[0].default[cpu]: must be at most default",
        ),
        (
            "Job",
            "restartPolicy: Never",
            "restartPolicy: Always",
            "spec.template.spec.restartPolicy: \"Always\" is not one of",
        ),
        (
            "Job",
            "restartPolicy: Never,",
            "",
            "spec.template.spec.restartPolicy: unset, which means Always, is not one of",
        ),
        ("CronJob", "*/5 * * * *", "*/5 * * *", "spec.schedule: "),
        (
            "PodDisruptionBudget",
            "minAvailable: 50%",
            "minAvailable: 1, maxUnavailable: 1",
            "spec: must have minAvailable or",
        ),
        (
            "PriorityClass",
            "value: 1000",
            "value: 2000000000",
            "value: 2000000000 must be at most",
        ),
        (
            "PriorityClass",
            "value: 1000",
            "value: 1000, preemptionPolicy: No",
            "preemptionPolicy: must be a string",
        ),
        (
            "NetworkPolicy",
            "10.0.0.0/8",
            "10.0.0.0",
            "spec.ingress[0].from[0].ipBlock.cidr: \"10.0.0.0\" must be",
        ),
        (
            "ClusterRole",
            "resources: [pods]",
            "resources: []",
            "rules[0].resources: must have at least one",
        ),
        (
            "Ingress",
            "path: /,",
            "path: a,",
            "spec.rules[0].http.paths[0].path: \"a\" must start with '/'",
        ),
        (
            "Ingress",
            "port: {number: 80}",
            "port: {}",
            "spec.rules[0].http.paths[0].backend: is required",
        ),
    ] {
        one_fault(find(kind), from, to, expected);
    }
}

#[test]
fn what_is_no_object_of_a_known_kind_is_unknown() {
    let registry = Registry::new();
    for text in [
        "{a: 1}",
        "{apiVersion: example.com/v1, kind: Lamp, metadata: {name: x}}",
    ] {
        assert_eq!(
            registry.judge(&parse(text), UnknownFields::Refuse).verdict,
            Verdict::Unknown,
            "{text}"
        );
    }
    assert_eq!(
        registry
            .judge(&parse("{kind: Pod}"), UnknownFields::Refuse)
            .verdict,
        Verdict::Rejected
    );
}

/// A pod with the members that few need, all of them right.
const POD: &str = "
apiVersion: v1
kind: Pod
metadata: {name: all, namespace: demo}
spec:
  dnsPolicy: None
  dnsConfig: {nameservers: [10.0.0.10]}
  nodeSelector: {kubernetes.io/os: linux}
  securityContext: {runAsUser: 1000, fsGroup: 0, fsGroupChangePolicy: OnRootMismatch, seccompProfile: {type: RuntimeDefault}}
  tolerations:
    - {operator: Exists}
    - {key: a/b, value: c, effect: NoExecute, tolerationSeconds: 30}
  topologySpreadConstraints:
    - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, minDomains: 2, labelSelector: {matchLabels: {a: b}}}
    - {maxSkew: 1, topologyKey: host, whenUnsatisfiable: ScheduleAnyway}
  affinity:
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Gt, values: ['5']}]}]}
      preferredDuringSchedulingIgnoredDuringExecution: [{weight: 10, preference: {matchExpressions: [{key: a, operator: Exists}]}}]
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {a: b}}}}]
  containers:
    - name: main
      image: example.com/main:1
      env:
        - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
        - {name: NODE, value: again}
        - {name: PART, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['a/b']\"}}}
        - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
      ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP}]
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}, readOnlyRootFilesystem: true}
      resources: {requests: {example.com/gpu: 1}, limits: {example.com/gpu: 1}}
      startupProbe: {tcpSocket: {port: 80}, terminationGracePeriodSeconds: 5}
      readinessProbe: {grpc: {port: 80}, successThreshold: 2}
      lifecycle: {preStop: {sleep: {seconds: 5}}}
";

#[test]
fn each_fault_of_a_pod_is_found_once() {
    assert_eq!(findings(&parse(POD)), Vec::<String>::new());
    let main = "spec.containers[0]";
    for (from, to, expected) in [
        ("[10.0.0.10]", "[]", "spec.dnsConfig.nameservers: must have".to_owned()),
        ("os: linux", "os: 'a b'", "spec.nodeSelector: the value".to_owned()),
        ("fsGroup: 0", "fsGroup: -1", "spec.securityContext.fsGroup: -1 must not".to_owned()),
        ("runAsUser: 1000", "runAsUser: -5", "spec.securityContext.runAsUser: -5 must not".to_owned()),
        (
            "type: RuntimeDefault",
            "type: Localhost",
            "spec.securityContext.seccompProfile.localhostProfile: is required".to_owned(),
        ),
        (
            "effect: NoExecute",
            "effect: NoSchedule",
            "spec.tolerations[1].effect: must be NoExecute".to_owned(),
        ),
        ("key: a/b,", "key: 'a b',", "spec.tolerations[1].key: \"a b\" must be".to_owned()),
        ("value: c,", "value: 'c d',", "spec.tolerations[1].operator: \"c d\"".to_owned()),
        ("{operator: Exists}\n", "{operator: Equal}\n", "spec.tolerations[0].operator: must be Exists".to_owned()),
        ("minDomains: 2", "minDomains: 0", "spec.topologySpreadConstraints[0].minDomains: must be".to_owned()),
        ("topologyKey: zone", "topologyKey: ''", "spec.topologySpreadConstraints[0].topologyKey: must not".to_owned()),
        (
            "topologyKey: host, whenUnsatisfiable: ScheduleAnyway",
            "topologyKey: zone, whenUnsatisfiable: DoNotSchedule",
            "spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: repeats".to_owned(),
        ),
        (
            "values: ['5']",
            "values: []",
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: must be one".to_owned(),
        ),
        (
            "weight: 10,",
            "weight: 0,",
            "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: must be from 1".to_owned(),
        ),
        (
            "topologyKey: kubernetes.io/hostname",
            "topologyKey: ''",
            "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.topologyKey: must".to_owned(),
        ),
        (
            "spec.nodeName",
            "spec.node",
            format!("{main}.env[0].valueFrom.fieldRef.fieldPath: \"spec.node\" is not"),
        ),
        (
            "{allowPrivilegeEscalation: false,",
            "{allowPrivilegeEscalation: false, privileged: true,",
            format!("{main}.securityContext: a container that is privileged"),
        ),
        (
            "requests: {example.com/gpu: 1}, limits: {example.com/gpu: 1}",
            "requests: {example.com/gpu: 1}",
            format!("{main}.resources.limits: needs a limit"),
        ),
        (
            "requests: {example.com/gpu: 1}, limits: {example.com/gpu: 1}",
            "limits: {example.com/gpu: 500m}",
            format!("{main}.resources.limits[example.com/gpu]: must be an integer"),
        ),
        (
            "terminationGracePeriodSeconds: 5",
            "terminationGracePeriodSeconds: 0",
            format!("{main}.startupProbe.terminationGracePeriodSeconds: must be at least 1"),
        ),
        (
            "successThreshold: 2",
            "terminationGracePeriodSeconds: 5",
            format!("{main}.readinessProbe.terminationGracePeriodSeconds: is not allowed"),
        ),
        (
            "  containers:\n",
            "  ephemeralContainers: [{name: debug, image: busybox}]\n  containers:\n",
            "spec.ephemeralContainers: is not allowed".to_owned(),
        ),
    ] {
        one_fault(POD, from, to, &expected);
    }
}

#[test]
fn what_servers_refuse_and_others_forget() {
    let mut wrong = Vec::new();
    let containers = "containers: [{name: a, image: b}]";
    let labelled = format!(
        "selector: {{matchLabels: {{a: b}}}}, template: {{metadata: {{labels: {{a: b}}}}, spec: {{{containers}}}}}"
    );
    let never = format!("template: {{spec: {{restartPolicy: Never, {containers}}}}}");
    let spec = |api: &str, kind: &str, spec: &str| {
        parse(&format!(
            "{{apiVersion: {api}, kind: {kind}, metadata: {{name: x}}, spec: {{{spec}}}}}"
        ))
    };
    let rule = "http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}";
    for (api, kind, text, expected) in [
        (
            "apps/v1",
            "Deployment",
            format!("progressDeadlineSeconds: 5, {labelled}"),
            "",
        ),
        (
            "apps/v1",
            "Deployment",
            format!("minReadySeconds: 5, progressDeadlineSeconds: 5, {labelled}"),
            "spec.progressDeadlineSeconds",
        ),
        (
            "apps/v1",
            "Deployment",
            format!("strategy: {{rollingUpdate: {{maxUnavailable: 150%}}}}, {labelled}"),
            "spec.strategy.rollingUpdate.maxUnavailable",
        ),
        (
            "apps/v1",
            "Deployment",
            format!("strategy: {{rollingUpdate: {{maxSurge: 150%}}}}, {labelled}"),
            "",
        ),
        (
            "apps/v1",
            "DaemonSet",
            format!(
                "updateStrategy: {{rollingUpdate: {{maxSurge: 1, maxUnavailable: 0}}}}, {labelled}"
            ),
            "",
        ),
        (
            "apps/v1",
            "DaemonSet",
            format!("updateStrategy: {{rollingUpdate: {{maxSurge: 1}}}}, {labelled}"),
            "spec.updateStrategy.rollingUpdate.maxSurge",
        ),
        (
            "apps/v1",
            "DaemonSet",
            format!("updateStrategy: {{rollingUpdate: {{maxUnavailable: 0}}}}, {labelled}"),
            "spec.updateStrategy.rollingUpdate.maxUnavailable",
        ),
        (
            "apps/v1",
            "StatefulSet",
            format!(
                "serviceName: s, persistentVolumeClaimRetentionPolicy: {{whenDeleted: Keep}}, {labelled}"
            ),
            "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
        ),
        (
            "batch/v1",
            "Job",
            format!("completionMode: Indexed, completions: 2, {never}"),
            "",
        ),
        (
            "batch/v1",
            "Job",
            format!("completionMode: Indexed, parallelism: 1, {never}"),
            "spec.completions",
        ),
        (
            "batch/v1",
            "Job",
            format!(
                "podFailurePolicy: {{rules: []}}, {}",
                never.replace("Never", "OnFailure")
            ),
            "spec.template.spec.restartPolicy",
        ),
        (
            "batch/v1",
            "CronJob",
            format!("schedule: '@daily', timeZone: Local, jobTemplate: {{spec: {{{never}}}}}"),
            "spec.timeZone",
        ),
        (
            "v1",
            "Service",
            "externalTrafficPolicy: Local, ports: [{port: 80}]".to_owned(),
            "spec.externalTrafficPolicy",
        ),
        (
            "v1",
            "Service",
            "type: NodePort, externalTrafficPolicy: Local, ports: [{port: 80}]".to_owned(),
            "",
        ),
        (
            "v1",
            "Service",
            "externalIPs: [1.2.3], ports: [{port: 80}]".to_owned(),
            "spec.externalIPs[0]",
        ),
        (
            "v1",
            "Service",
            "externalIPs: [127.0.0.1], ports: [{port: 80}]".to_owned(),
            "spec.externalIPs[0]",
        ),
        (
            "v1",
            "Service",
            "externalIPs: [192.0.2.1, '2001:db8::1'], ports: [{port: 80}]".to_owned(),
            "",
        ),
        (
            "v1",
            "Service",
            "clusterIP: none, ports: [{port: 80}]".to_owned(),
            "spec.clusterIPs[0]",
        ),
        (
            "v1",
            "Service",
            "clusterIP: 10.0.0.1, clusterIPs: [10.0.0.2], ports: [{port: 80}]".to_owned(),
            "spec.clusterIPs",
        ),
        (
            "v1",
            "Service",
            "clusterIP: None, clusterIPs: [None], ipFamilies: [IPv4], ipFamilyPolicy: SingleStack".to_owned(),
            "",
        ),
        (
            "v1",
            "Service",
            "type: ExternalName, externalName: a.b, clusterIP: 10.0.0.1".to_owned(),
            "spec.clusterIPs",
        ),
        (
            "v1",
            "Service",
            "ipFamilies: [IPv5], ports: [{port: 80}]".to_owned(),
            "spec.ipFamilies[0]",
        ),
        (
            "v1",
            "Service",
            "ipFamilies: [IPv4, IPv4], ports: [{port: 80}]".to_owned(),
            "spec.ipFamilies[1]",
        ),
        (
            "v1",
            "Service",
            "sessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}, ports: [{port: 80}]".to_owned(),
            "",
        ),
        (
            "v1",
            "Service",
            "sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}, ports: [{port: 80}]".to_owned(),
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
        ),
        (
            "v1",
            "Service",
            "loadBalancerSourceRanges: [10.0.0.0/8], ports: [{port: 80}]".to_owned(),
            "spec.LoadBalancerSourceRanges",
        ),
        (
            "networking.k8s.io/v1",
            "Ingress",
            format!("rules: [{{host: 10.0.0.1, {rule}}}]"),
            "spec.rules[0].host",
        ),
        (
            "networking.k8s.io/v1",
            "Ingress",
            "rules: [{host: a.b, http: {paths: []}}]".to_owned(),
            "spec.rules[0].http.paths",
        ),
        (
            "networking.k8s.io/v1",
            "Ingress",
            format!("rules: [{{{}}}]", rule.replace("name: s,", "name: S,")),
            "spec.rules[0].http.paths[0].backend.service.name",
        ),
        (
            "policy/v1",
            "PodDisruptionBudget",
            "maxUnavailable: 110%, selector: {}".to_owned(),
            "spec.maxUnavailable",
        ),
        (
            "v1",
            "ResourceQuota",
            "hard: {count/jobs.batch: 5, requests.storage: 1Gi, limits.cpu: 1}".to_owned(),
            "",
        ),
        (
            "v1",
            "ResourceQuota",
            "hard: {cpus: 5}".to_owned(),
            "spec.hard[cpus]",
        ),
        (
            "v1",
            "PersistentVolume",
            "capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], local: {path: /a}".to_owned(),
            "spec.nodeAffinity",
        ),
    ] {
        let report = Registry::new()
            .judge(&spec(api, kind, &text), UnknownFields::Refuse)
            .report;
        let paths: Vec<String> = report.findings.iter().map(|f| f.path.to_string()).collect();
        if paths.join(" ") != expected {
            wrong.push(format!("{kind} {text}\n    expected {expected}, found {paths:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (text, expected) in [
        (
            "{apiVersion: v1, kind: Secret, metadata: {name: s}, type: kubernetes.io/service-account-token}",
            "metadata.annotations[kubernetes.io/service-account.name]",
        ),
        (
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, annotations: {kubernetes.io/ingress.class: a}}, spec: {ingressClassName: b, defaultBackend: {service: {name: s, port: {number: 80}}}}}",
            "annotations.kubernetes.io/ingress.class",
        ),
    ] {
        let found = findings(&parse(text));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].starts_with(expected), "{found:?}");
    }
}

#[test]
fn each_fault_of_the_rarer_kinds_is_found_once() {
    for (manifest, from, to, expected) in [
        (
            0,
            "a.b.c, sideEffects: None,",
            "a, sideEffects: None,",
            "webhooks[0].name: \"a\" must be a DNS name of at least three parts",
        ),
        (
            0,
            "sideEffects: None,",
            "sideEffects: Some,",
            "webhooks[0].sideEffects: \"Some\" is not one of",
        ),
        (
            0,
            "sideEffects: None, ",
            "",
            "webhooks[0].sideEffects: is required",
        ),
        (
            0,
            "[v1], clientConfig",
            "[v2], clientConfig",
            "webhooks[0].admissionReviewVersions: must have v1",
        ),
        (
            0,
            "path: /x}}",
            "path: x}}",
            "webhooks[0].clientConfig.service.path: \"x\" must start",
        ),
        (
            0,
            "clientConfig: {service",
            "clientConfig: {url: 'https://a', service",
            "webhooks[0].clientConfig: must have one of",
        ),
        (
            0,
            "[CREATE, UPDATE]",
            "[Create]",
            "webhooks[0].rules[0].operations[0]: \"Create\" is not one of",
        ),
        (
            0,
            "['*']",
            "['*', apps]",
            "webhooks[0].rules[0].apiGroups: must have nothing beside",
        ),
        (
            0,
            "resources: [pods], ",
            "",
            "webhooks[0].rules[0].resources: is required",
        ),
        (
            0,
            "timeoutSeconds: 5",
            "timeoutSeconds: 31",
            "webhooks[0].timeoutSeconds: 31 must be from 1 to 30",
        ),
        (
            1,
            "https://x/y",
            "http://x",
            "webhooks[0].clientConfig.url: \"http://x\" must be",
        ),
        (
            2,
            "expression: 'true'",
            "expresion: 'true'",
            "spec.validations[0].expresion: unknown field",
        ),
        (
            9,
            "addressType: IPv4, endpoints",
            "endpoints",
            "addressType: is required",
        ),
        (
            12,
            "example.com/ingress",
            "ingress",
            "spec.controller: \"ingress\" must be a domain",
        ),
        (13, "runsc", "run_sc", "handler: \"run_sc\" must be"),
        (
            18,
            "selector: {a: b}",
            "selector: {a: c}",
            "spec.template.metadata.labels: must be selected",
        ),
        (
            17,
            "image: b}]}}",
            "image: b}, {name: a, image: b}]}}",
            "template.spec.containers[1].name: duplicate",
        ),
    ] {
        one_fault(OTHERS[manifest], from, to, expected);
    }
}
