//! What is waited for, and the questions of `verify-all.sh`.

use stack_builder::{Contribution, Count, Expectation};

use super::{RookCeph, pools};

pub(super) fn wait(rook: &RookCeph, out: &mut Contribution) {
    let namespace = rook.home.name();
    // The chart names it after its namespace.
    let cluster = format!("cephcluster/{namespace}");
    out.wait(
        "the Ceph cluster is made",
        &[
            "kubectl",
            "wait",
            "--for=jsonpath={.status.phase}=Ready",
            "--namespace",
            namespace,
            &cluster,
            "--timeout=1800s",
        ],
    );
}

pub(super) fn ask(rook: &RookCeph, out: &mut Contribution) {
    let namespace = rook.home.name();
    let questions = out.questions();
    for (id, what, selector) in [
        ("ROOK-1", "the operator runs", "app=rook-ceph-operator"),
        (
            "ROOK-2",
            "the operator of the drivers runs",
            "app.kubernetes.io/name=ceph-csi",
        ),
    ] {
        questions.pods(id, what, namespace, selector, Count::exactly(1), None);
    }
    let Some(cluster) = &rook.cluster else {
        return;
    };
    for (id, what, selector, number) in [
        (
            "ROOK-3",
            "the monitors run",
            "app=rook-ceph-mon",
            cluster.monitors,
        ),
        (
            "ROOK-4",
            "the managers run",
            "app=rook-ceph-mgr",
            cluster.managers,
        ),
    ] {
        questions.pods(id, what, namespace, selector, Count::exactly(number), None);
    }
    let health = questions.kubectl(
        "ROOK-5",
        "Ceph is well",
        &[
            "get",
            "cephcluster",
            "--namespace",
            namespace,
            namespace,
            "--no-headers",
        ],
        Expectation::like("no errors", ["HEALTH_(OK|WARN)".to_owned()]),
    );
    health.lenient = Some("data may still be spread over the disks".into());
    let names: Vec<String> = pools::class_names(cluster).map(str::to_owned).collect();
    if !names.is_empty() {
        let what = "the classes of Ceph are there";
        questions.names("ROOK-6", what, &["storageclasses"], names);
    }
}
