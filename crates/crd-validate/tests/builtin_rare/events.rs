//! Events in their two forms.

use super::judge;

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
