//! The last value that is taken, and the first that is not.

use super::judge;

fn repeated(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).map(each).collect::<Vec<_>>().join(", ")
}

/// A number or a text at both sides of a bound: with `good` nothing is found, with each of `bad` the path.
fn bound(manifest: &str, good: &[&str], bad: &[&str], path: &str) {
    for text in good {
        judge(manifest, &[(text, "")]);
    }
    for text in bad {
        judge(manifest, &[(text, path)]);
    }
}

#[test]
fn of_lists() {
    let slice = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s}, addressType: IPv4, _}";
    let addresses = |count| {
        let all = repeated(count, |at| format!("10.0.{}.{}", at / 100, at % 100 + 1));
        format!("endpoints: [{{addresses: [{all}]}}]")
    };
    bound(
        slice,
        &[&addresses(100)],
        &[&addresses(101)],
        "endpoints[0].addresses",
    );
    let endpoints = |count| {
        let all = repeated(count, |at| {
            format!("{{addresses: [10.{}.{}.1]}}", at / 200, at % 200)
        });
        format!("endpoints: [{all}]")
    };
    bound(slice, &[&endpoints(1000)], &[&endpoints(1001)], "endpoints");
    let topology = |count| {
        let all = repeated(count, |at| format!("k{at}: v"));
        format!("endpoints: [{{addresses: [10.0.0.1], deprecatedTopology: {{{all}}}}}]")
    };
    bound(
        slice,
        &[&topology(16)],
        &[&topology(17)],
        "endpoints[0].deprecatedTopology",
    );
}

#[test]
fn of_numbers() {
    bound(
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {maxReplicas: _, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}}}",
        &["1"],
        &["0", "-1"],
        "spec.maxReplicas",
    );
    bound(
        "{apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: {name: d.example.com}, spec: {tokenRequests: [{audience: a, expirationSeconds: _}]}}",
        &["600", "4294967296"],
        &["599", "4294967297"],
        "spec.tokenRequests[0].expirationSeconds",
    );
    bound(
        "{apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: {name: d.example.com}, spec: {nodeAllocatableUpdatePeriodSeconds: _}}",
        &["10"],
        &["9"],
        "spec.nodeAllocatableUpdatePeriodSeconds",
    );
    bound(
        "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: l}, spec: {leaseDurationSeconds: _}}",
        &["1"],
        &["0", "-1"],
        "spec.leaseDurationSeconds",
    );
    bound(
        "{apiVersion: events.k8s.io/v1, kind: Event, metadata: {name: e}, regarding: {kind: Node}, eventTime: '2020-01-01T00:00:00.000000Z', reportingController: example.com/c, reportingInstance: i, action: a, reason: r, type: Normal, series: {lastObservedTime: '2020-01-01T00:00:00.000000Z', count: _}}",
        &["2"],
        &["1"],
        "series.count",
    );
    let job = "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {completionMode: Indexed, completions: 100001, backoffLimitPerIndex: 1, _, template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}";
    bound(
        job,
        &["parallelism: 10000, maxFailedIndexes: 10000"],
        &["parallelism: 10000, maxFailedIndexes: 10001"],
        "spec.maxFailedIndexes",
    );
    bound(
        job,
        &[],
        &["parallelism: 10001, maxFailedIndexes: 10000"],
        "spec.parallelism",
    );
}

#[test]
fn of_texts() {
    let long = |count: usize| "a".repeat(count);
    bound(
        "{apiVersion: storage.k8s.io/v1, kind: CSINode, metadata: {name: m}, spec: {drivers: [{name: d.example.com, nodeID: _}]}}",
        &[&long(256)],
        &[&long(257), "''"],
        "spec.drivers[0].nodeID",
    );
    bound(
        "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: i}, spec: {controller: example.com/_}}",
        &[&long(238)],
        &[&long(239)],
        "spec.controller",
    );
    bound(
        "{apiVersion: batch/v1, kind: CronJob, metadata: {name: _}, spec: {schedule: '1 * * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}}}",
        &[&long(52)],
        &[&long(53)],
        "metadata.name",
    );
    bound(
        "{apiVersion: certificates.k8s.io/v1beta1, kind: PodCertificateRequest, metadata: {name: r}, spec: {signerName: e.com/s, maxExpirationSeconds: 3600, podName: p, podUID: _, serviceAccountName: s, serviceAccountUID: u, nodeName: m, nodeUID: u, pkixPublicKey: AAAA, proofOfPossession: AAAA}}",
        &[&long(128)],
        &[&long(129), "''"],
        "spec.podUID",
    );
    // The searches of names together, with a blank between two.
    let searches = |last: usize| {
        let all = repeated(9, |_| {
            format!("{}.{}.{}.{}", long(60), long(60), long(60), long(20))
        });
        format!(
            "{all}, {}",
            long(last).replacen("aaaaaaaaaa", "aaaaaaaaa.", 20)
        )
    };
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {dnsConfig: {searches: [_]}, containers: [{name: a, image: b}]}}";
    // Nine of 203 characters with a blank each, and what is left of 2048.
    bound(
        pod,
        &[&searches(212)],
        &[&searches(213)],
        "spec.dnsConfig.searches",
    );
    let words = |name: &str| {
        format!(
            "{{apiVersion: certificates.k8s.io/v1beta1, kind: ClusterTrustBundle, metadata: {{generateName: {name}}}, spec: {{trustBundle: _}}}}"
        )
    };
    // A name that is to be completed may end so; one that is complete may not.
    judge(&words("bundle-"), &[("x", "spec.trustBundle")]);
    judge(
        &words("bundle-").replace("generateName", "name"),
        &[("x", "metadata.name spec.trustBundle")],
    );
}

#[test]
fn of_questions() {
    judge(
        "{apiVersion: authorization.k8s.io/v1, kind: LocalSubjectAccessReview, spec: {user: u, resourceAttributes: {_}}}",
        &[
            ("namespace: default", ""),
            ("namespace: other", "spec.resourceAttributes.namespace"),
        ],
    );
    judge(
        "{apiVersion: authorization.k8s.io/v1, kind: SelfSubjectAccessReview, spec: {resourceAttributes: {labelSelector: {requirements: [{key: a, operator: DoesNotExist, values: [_]}]}}}}",
        &[
            ("", ""),
            (
                "a",
                "spec.resourceAttributes.labelSelector.requirements[0].values",
            ),
        ],
    );
}
