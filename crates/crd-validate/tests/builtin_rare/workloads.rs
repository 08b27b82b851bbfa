//! What makes pods.

use crd_validate::KubernetesVersion;

use super::{change, judge, judge_in};

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
            (
                "binaryVersion: 1.36.0, strategy: Youngest",
                "spec.strategy.strategy",
            ),
            ("binaryVersion: 1.36.0", "spec.strategy"),
            (
                "binaryVersion: 1.35.0, emulationVersion: 1.36.0, strategy: e.com/s",
                "spec.binaryVersion",
            ),
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
