//! `teardown.sh`: removes the cluster, or, where the stack runs in a cluster of the user's, everything that it put there.

use super::script::Script;
use super::setup;
use crate::bundle::{Bundle, Part};
use crate::contribution::Action;

pub(super) fn text(bundle: &Bundle) -> String {
    let cluster = setup::cluster(bundle);
    let mut script = Script::new(&bundle.whole, "Removes the @noun@.");
    script.assign("environment", bundle.environment().name());
    script.assign("cluster", cluster.unwrap_or_default());
    script.assign("namespace", &bundle.whole.marked_namespace);
    let programs: &[&str] = if cluster.is_some() {
        &["kind"]
    } else {
        &["helm", "kubectl"]
    };
    script.list(
        "programs",
        &programs
            .iter()
            .map(|program| (*program).to_owned())
            .collect::<Vec<_>>(),
    );
    script.fixed(Script::COMMON);
    script.fixed(Script::CLUSTER);
    script.fixed(include_str!("teardown.sh"));
    if cluster.is_some() {
        script.call(0, &["remove_cluster"]);
    } else {
        for part in bundle.parts().iter().rev() {
            remove(part, &mut script);
        }
    }
    script.into_text()
}

/// Takes back what a component put into the cluster, last first.
fn remove(part: &Part, script: &mut Script<'_>) {
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
                if let Some(release) = part.releases().iter().find(|release| release.name == *name)
                {
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
