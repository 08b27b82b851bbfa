//! How the server shares itself.

use super::{judge, judge_changes};

pub(super) const FLOW: &str = "{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: FlowSchema, metadata: {name: f}, spec: {priorityLevelConfiguration: {name: l}, distinguisherMethod: {type: ByUser}, rules: [{subjects: [{kind: ServiceAccount, serviceAccount: {name: '*', namespace: ns}}, {kind: Group, group: {name: g}}], resourceRules: [{verbs: [get, list], apiGroups: ['*'], resources: [pods], namespaces: [default]}], nonResourceRules: [{verbs: ['*'], nonResourceURLs: [/healthz/*]}]}]}}";

pub(super) const LEVEL: &str = "{apiVersion: flowcontrol.apiserver.k8s.io/v1, kind: PriorityLevelConfiguration, metadata: {name: l}, spec: {type: Limited, limited: {lendablePercent: 50, limitResponse: {type: Queue, queuing: {handSize: 6}}}}}";

#[test]
fn flow_control() {
    judge_changes(&[
        (
            FLOW,
            "spec: {",
            "spec: {matchingPrecedence: 1, ",
            &["spec.matchingPrecedence"],
        ),
        (
            FLOW,
            "spec: {",
            "spec: {matchingPrecedence: -1, ",
            &["spec.matchingPrecedence"],
        ),
        (
            FLOW,
            "spec: {",
            "spec: {matchingPrecedence: 10001, ",
            &["spec.matchingPrecedence"],
        ),
        (
            FLOW,
            "name: f}, spec: {",
            "name: exempt}, spec: {matchingPrecedence: 1, ",
            // The server's own, which is not to be another one.
            &["spec"],
        ),
        (
            FLOW,
            "ByUser",
            "ByGroup",
            &["spec.distinguisherMethod.type"],
        ),
        (
            FLOW,
            "name: l}",
            "name: L}",
            &["spec.priorityLevelConfiguration.name"],
        ),
        (
            FLOW,
            "name: '*'",
            "name: S",
            &["spec.rules[0].subjects[0].serviceAccount.name"],
        ),
        (
            FLOW,
            "namespace: ns",
            "namespace: n.s",
            &["spec.rules[0].subjects[0].serviceAccount.namespace"],
        ),
        (
            FLOW,
            ", namespace: ns",
            "",
            &["spec.rules[0].subjects[0].serviceAccount.namespace"],
        ),
        (
            FLOW,
            "kind: Group",
            "kind: User",
            &[
                "spec.rules[0].subjects[1].group",
                "spec.rules[0].subjects[1].user",
            ],
        ),
        (
            FLOW,
            "kind: Group",
            "kind: Team",
            &["spec.rules[0].subjects[1].kind"],
        ),
        (
            FLOW,
            "name: g",
            "name: ''",
            &["spec.rules[0].subjects[1].group.name"],
        ),
        (
            FLOW,
            "[get, list]",
            "[get, '*']",
            &["spec.rules[0].resourceRules[0].verbs"],
        ),
        (
            FLOW,
            "[get, list]",
            "[fetch]",
            &["spec.rules[0].resourceRules[0].verbs"],
        ),
        (
            FLOW,
            "[get, list]",
            "[]",
            &["spec.rules[0].resourceRules[0].verbs"],
        ),
        (
            FLOW,
            "apiGroups: ['*']",
            "apiGroups: ['*', a]",
            &["spec.rules[0].resourceRules[0].apiGroups"],
        ),
        (
            FLOW,
            "namespaces: [default]",
            "namespaces: [D]",
            &["spec.rules[0].resourceRules[0].namespaces[0]"],
        ),
        (
            FLOW,
            "namespaces: [default]",
            "namespaces: []",
            &["spec.rules[0].resourceRules[0].namespaces"],
        ),
        (FLOW, "namespaces: [default]", "clusterScope: true", &[]),
        (
            FLOW,
            "/healthz/*",
            "healthz",
            &["spec.rules[0].nonResourceRules[0].nonResourceURLs[0]"],
        ),
        (
            FLOW,
            "/healthz/*",
            "/a/*/b",
            &["spec.rules[0].nonResourceRules[0].nonResourceURLs[0]"],
        ),
        (
            FLOW,
            "/healthz/*",
            "/a*",
            &["spec.rules[0].nonResourceRules[0].nonResourceURLs[0]"],
        ),
        (
            FLOW,
            "/healthz/*",
            "/a//b",
            &["spec.rules[0].nonResourceRules[0].nonResourceURLs[0]"],
        ),
        (
            FLOW,
            "/healthz/*",
            "/a b",
            &["spec.rules[0].nonResourceRules[0].nonResourceURLs[0]"],
        ),
        (FLOW, "/healthz/*", "/", &[]),
        (
            LEVEL,
            "type: Limited",
            "type: Exempt",
            &["spec.limited", "spec.type"],
        ),
        (LEVEL, "name: l", "name: exempt", &["spec.type"]),
        (
            LEVEL,
            "type: Queue",
            "type: Wait",
            &["spec.limited.limitResponse.type"],
        ),
        (
            LEVEL,
            "type: Queue",
            "type: Reject",
            &["spec.limited.limitResponse.queuing"],
        ),
        (
            LEVEL,
            ", queuing: {handSize: 6}",
            "",
            &["spec.limited.limitResponse.queuing"],
        ),
        (
            LEVEL,
            "handSize: 6",
            "handSize: 65",
            &["spec.limited.limitResponse.queuing.handSize"],
        ),
        (LEVEL, "handSize: 6", "handSize: 10", &[]),
        (
            LEVEL,
            "handSize: 6",
            "handSize: 11",
            &["spec.limited.limitResponse.queuing.handSize"],
        ),
        (
            LEVEL,
            "handSize: 6",
            "handSize: -1",
            &["spec.limited.limitResponse.queuing.handSize"],
        ),
        (
            LEVEL,
            "handSize: 6",
            "queues: 10000001, handSize: 1",
            &["spec.limited.limitResponse.queuing.queues"],
        ),
        (
            LEVEL,
            "handSize: 6",
            "queueLengthLimit: -1",
            &["spec.limited.limitResponse.queuing.queueLengthLimit"],
        ),
        (
            LEVEL,
            "lendablePercent: 50",
            "lendablePercent: 101",
            &["spec.limited.lendablePercent"],
        ),
        (
            LEVEL,
            "lendablePercent: 50",
            "borrowingLimitPercent: -1",
            &["spec.limited.borrowingLimitPercent"],
        ),
        (
            LEVEL,
            "lendablePercent: 50",
            "nominalConcurrencyShares: -1",
            &["spec.limited.nominalConcurrencyShares"],
        ),
    ]);
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
