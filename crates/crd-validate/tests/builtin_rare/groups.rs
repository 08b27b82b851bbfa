//! The other groups, and what all kinds share.

use super::{change, judge};

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
