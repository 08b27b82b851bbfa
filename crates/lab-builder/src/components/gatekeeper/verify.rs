//! Section 6: the questions about Gatekeeper and its policies.

use stack_builder::verify::{Expectation, Questions};
use stack_builder::{Bundle, Count, Object, ObjectId};

use crate::ids::GATEKEEPER;

pub(super) fn ask(bundle: &Bundle, questions: &mut Questions) {
    let Some(release) = bundle.release(GATEKEEPER) else {
        return;
    };
    let pods = release.pods.map(|pods| bundle.count(pods));
    let count = pods.unwrap_or(Count::at_least(0));
    questions.pods(
        "VFY-021",
        "webhook and audit",
        &release.namespace,
        "",
        count,
        None,
    );
    let named = |keep: &dyn Fn(&ObjectId) -> bool| -> Vec<String> {
        bundle
            .objects()
            .map(Object::id)
            .filter(|id| keep(id))
            .map(|id| id.name.clone())
            .collect()
    };
    let templates = named(&|id| id.kind == "ConstraintTemplate");
    questions.names(
        "VFY-022",
        "the ConstraintTemplates",
        &["constrainttemplates"],
        templates,
    );
    let constraints = named(&|id| id.group() == "constraints.gatekeeper.sh");
    questions.names("VFY-023", "the constraints", &["constraints"], constraints);
    let denying = bundle
        .objects()
        .map(Object::id)
        .find(|id| id.group() == "constraints.gatekeeper.sh" && id.kind == "K8sDenyPrivileged");
    if let Some(constraint) = denying {
        questions.kubectl(
            "STATUS violations",
            "the audit counts privileged containers",
            &["describe", &constraint.kind, &constraint.name],
            Expectation::like(
                "Total Violations: a number",
                ["Total Violations: +[0-9]+$".to_owned()],
            ),
        );
    }
}
