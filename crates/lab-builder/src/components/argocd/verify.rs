//! Section 5: the questions about Argo CD.

use stack_builder::verify::{Expectation, Questions};
use stack_builder::{Bundle, Count};

use crate::ids::ARGOCD;

pub(super) fn ask(bundle: &Bundle, questions: &mut Questions) {
    let Some(release) = bundle.release(ARGOCD) else {
        return;
    };
    let pods = release.pods.map(|pods| bundle.count(pods));
    let count = pods.unwrap_or(Count::at_least(0));
    questions.pods(
        "VFY-019",
        "server, controller, repo server and the others",
        &release.namespace,
        "",
        count,
        None,
    );
    questions.kubectl(
        "VFY-020",
        "Applications can be listed",
        &["get", "applications", "-n", &release.namespace],
        Expectation::Success,
    );
    questions
        .kubectl(
            "STATUS argocd-admin",
            "the first password of admin is there",
            &[
                "get",
                "secret",
                "-n",
                &release.namespace,
                "argocd-initial-admin-secret",
                "-o",
                // The keys and not the values: what is printed ends in logs.
                "go-template={{range $key, $value := .data}}{{$key}}{{end}}",
            ],
            Expectation::like("key password", ["^password$".to_owned()]),
        )
        .lenient = Some("it is removed once the password was changed".to_owned());
}
