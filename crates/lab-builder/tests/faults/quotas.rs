use lab_builder::Severity;
use lab_builder::components::{DemoApp, Platform};

use super::{assert_found, dev};

#[test]
fn quotas_and_budgets_that_the_stack_breaks_are_found() {
    let quota = |change: fn(&mut Platform)| dev().configure(change);
    assert_found(
        "quota-exceeded",
        vec![
            ("as documented", dev(), &[]),
            (
                "fewer pods than run",
                quota(|platform| platform.quota.pods = "2".into()),
                &["ResourceQuota demo/demo-quota"],
            ),
            (
                "less memory than is asked for",
                quota(|platform| platform.quota.requests_memory = "100Mi".into()),
                &["spec.hard"],
            ),
            (
                "more replicas than are allowed",
                dev().configure(|demo: &mut DemoApp| demo.backend.replicas = 40),
                &["pods", "requests.cpu", "limits.cpu"],
            ),
        ],
    );
    let budget = |least| {
        dev().configure(move |platform: &mut Platform| platform.backend_min_available = least)
    };
    assert_found(
        "disruption-budget-blocks",
        vec![
            ("as documented", budget(1), &[]),
            (
                "all of them",
                budget(2),
                &["PodDisruptionBudget demo/backend-pdb"],
            ),
            (
                "more than there are",
                budget(3),
                &["PodDisruptionBudget demo/backend-pdb"],
            ),
        ],
    );
    let report = quota(|platform| platform.quota.pods = "2".into())
        .build()
        .unwrap()
        .check();
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    );
}
