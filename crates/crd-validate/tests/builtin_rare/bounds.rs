//! The last value that is taken, and the first that is not.

use crd_validate::KubernetesVersion;

use super::devices::{CLAIM, CLASS};
use super::flow::{FLOW, LEVEL};
use super::slices::{COUNTERS, SLICE};
use super::{judge, paths_of};

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

/// At the bound nothing is found, and one beyond it the list, the text or the number is refused.
#[test]
fn bounds_of_devices_and_flows() {
    let times = |count: usize, item: &dyn Fn(usize) -> String| {
        (0..count).map(item).collect::<Vec<_>>().join(", ")
    };
    let letters = |count: usize| "a".repeat(count);
    let one = |manifest: &str, from: &str, to: String| {
        assert!(manifest.contains(from), "{from} is not in {manifest}");
        manifest.replacen(from, &to, 1)
    };
    let selectors = |count| times(count, &|_| "{cel: {expression: 'true'}}".to_owned());
    let tolerations = |count| times(count, &|n| format!("{{key: k{n}, operator: Exists}}"));
    let alternatives = |count| times(count, &|n| format!("{{name: s{n}, deviceClassName: x}}"));
    let requests = |count| {
        times(count, &|n| {
            format!("{{name: q{n}, exactly: {{deviceClassName: x}}}}")
        })
    };
    let constraints = |count| times(count, &|_| "{matchAttribute: a.b/c}".to_owned());
    let configs = |count| {
        times(count, &|_| {
            "{opaque: {driver: d, parameters: {}}}".to_owned()
        })
    };
    let taints = |count| times(count, &|n| format!("{{key: k{n}, effect: NoExecute}}"));
    let sets = |count| {
        times(count, &|n| {
            format!("{{name: c{n}, counters: {{a: {{value: 1}}}}}}")
        })
    };
    let counters = |count| times(count, &|n| format!("a{n}: {{value: 1}}"));
    let members = |count| times(count, &|n| format!("m{n}: {{int: 1}}"));
    let words = |count, letter: char| times(count, &|n| format!("{letter}{n}"));
    let conditions = |count| {
        let list = format!("bindingConditions: [{}]", words(count, 'x'));
        one(SLICE, "bindingConditions: [x]", list)
    };
    let values = |count| times(count, &|n| n.to_string());
    let bare = "{apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {name: c}, spec: {devices: {requests: [], constraints: [], config: []}}}";
    for (most, path, make) in [
        (
            32,
            "spec.devices.requests",
            &(|n| one(bare, "requests: []", format!("requests: [{}]", requests(n))))
                as &dyn Fn(usize) -> String,
        ),
        (32, "spec.devices.constraints", &|n| {
            one(
                bare,
                "constraints: []",
                format!("constraints: [{}]", constraints(n)),
            )
        }),
        (32, "spec.devices.config", &|n| {
            one(bare, "config: []", format!("config: [{}]", configs(n)))
        }),
        (32, "spec.selectors", &|n| {
            one(CLASS, "{cel: {expression: 'true'}}", selectors(n))
        }),
        (32, "spec.config", &|n| {
            one(CLASS, "{opaque: {driver: d, parameters: {}}}", configs(n))
        }),
        (16, "spec.devices.requests[0].exactly.tolerations", &|n| {
            one(CLAIM, "{key: k, operator: Exists}", tolerations(n))
        }),
        (8, "spec.devices.requests[0].firstAvailable", &|n| {
            one(
                bare,
                "requests: []",
                format!(
                    "requests: [{{name: f, firstAvailable: [{}]}}]",
                    alternatives(n)
                ),
            )
        }),
        (32, "spec.devices.constraints[0].matchAttribute", &|n| {
            one(
                CLAIM,
                "example.com/model",
                format!("example.com/{}", letters(n)),
            )
        }),
        (63, "spec.devices.config[0].opaque.driver", &|n| {
            one(CLAIM, "d.example.com", letters(n))
        }),
        (
            10240,
            "spec.devices.requests[0].exactly.selectors[0].cel.expression",
            &|n| {
                one(
                    CLAIM,
                    "device.driver == \"d\"",
                    format!("\"{}\" == \"\"", letters(n - 8)),
                )
            },
        ),
        (10240, "spec.devices.config[0].opaque.parameters", &|n| {
            one(CLAIM, "{a: 1}", format!("{{a: {}}}", letters(n - 8)))
        }),
        (16, "spec.devices[0].taints", &|n| {
            one(SLICE, "{key: k, effect: NoSchedule}", taints(n))
        }),
        (8, "spec.sharedCounters", &|n| {
            one(COUNTERS, "{name: c, counters: {a: {value: 1}}}", sets(n))
        }),
        (32, "spec.sharedCounters[0].counters", &|n| {
            one(COUNTERS, "a: {value: 1}", counters(n))
        }),
        (32, "spec.devices[0]", &|n| {
            one(
                SLICE,
                "model: {string: x}, d.example.com/v: {version: 1.2.3}",
                members(n - 1),
            )
        }),
        (64, "spec.devices[0].attributes[model].string", &|n| {
            one(SLICE, "{string: x}", format!("{{string: {}}}", letters(n)))
        }),
        (64, "spec.devices[0].attributes[model].version", &|n| {
            one(
                SLICE,
                "{string: x}",
                format!("{{version: 1.0.0-{}}}", letters(n - 6)),
            )
        }),
        (4, "spec.devices[1].bindingConditions", &conditions),
        (
            10,
            "spec.devices[1].capacity[slots].requestPolicy.validValues",
            &|n| {
                let text = one(SLICE, "[1, 2]", format!("[{}]", values(n)));
                one(&text, "value: 4", "value: 40".to_owned())
            },
        ),
        (253, "spec.pool.name", &|n| {
            one(
                SLICE,
                "p/q",
                format!("{}/{}", letters(126), letters(n - 127)),
            )
        }),
        (10000, "spec.matchingPrecedence", &|n| {
            one(
                FLOW,
                "spec: {",
                format!("spec: {{matchingPrecedence: {n}, "),
            )
        }),
        (100, "spec.limited.lendablePercent", &|n| {
            one(LEVEL, "50", n.to_string())
        }),
    ] {
        let version = KubernetesVersion::default();
        assert_eq!(paths_of(&make(most), version), [""; 0], "{most} at {path}");
        assert_eq!(
            paths_of(&make(most + 1), version),
            [path],
            "{} at {path}",
            most + 1
        );
    }
}
