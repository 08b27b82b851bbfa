//! `teardown.sh`: removes the cluster, or, where the stack runs in a cluster of the user's, everything that it put there.

use super::script::Script;
use super::setup;
use super::tools;
use crate::bundle::{Bundle, Part};
use crate::contribution::Action;
use crate::render::install::Installation;

pub(super) fn text(bundle: &Bundle) -> String {
    let cluster = setup::cluster(bundle);
    let mut script = Script::new(&bundle.whole, "Removes the @noun@.");
    script.assign("environment", bundle.environment().name());
    script.assign("cluster", cluster.unwrap_or_default());
    let mark = bundle.whole.mark();
    script.assign("mark", &mark);
    let programs = match cluster {
        Some(_) => ["kind", "kubectl"],
        None => ["helm", "kubectl"],
    };
    tools::write(bundle, &programs.map(str::to_owned), &mut script);
    script.fixed(Script::COMMON);
    script.fixed(Script::CLUSTER);
    script.fixed(include_str!("teardown.sh"));
    if cluster.is_some() {
        script.call(0, &["remove_cluster"]);
    } else {
        for part in bundle.parts().iter().rev() {
            remove(bundle, part, &mut script);
        }
        // Last, so that a run that stops before its end can be repeated.
        let forget = ["run", "kubectl", "delete", "configmap", &mark];
        script.call(
            0,
            &[
                &forget[..],
                &["--namespace", "kube-system", "--ignore-not-found"],
            ]
            .concat(),
        );
    }
    script.into_text()
}

/// Takes back what a component put into the cluster, last first.
fn remove(bundle: &Bundle, part: &Part, script: &mut Script<'_>) {
    let installation = Installation::of(bundle, part);
    for action in part.plan().iter().rev() {
        match action {
            Action::Apply(place) => {
                script.call(
                    0,
                    &[
                        "run",
                        "kubectl",
                        "delete",
                        "--ignore-not-found",
                        "-f",
                        place.path(),
                    ],
                );
            }
            Action::Install(name) => {
                if let Some(release) = installation.release(name) {
                    let namespace = &release.namespace;
                    script.call(
                        0,
                        &[
                            "run",
                            "helm",
                            "uninstall",
                            name,
                            "--namespace",
                            namespace,
                            "--ignore-not-found",
                            "--wait",
                        ],
                    );
                }
            }
            Action::CreateCluster(_)
            | Action::Run { .. }
            | Action::Program { .. }
            | Action::Wait { .. } => {}
        }
    }
}
