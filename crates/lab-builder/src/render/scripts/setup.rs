//! `setup.sh`: the steps of the installation, in order.

use std::collections::BTreeSet;

use super::script::Script;
use crate::bundle::{Bundle, Part, settled};
use crate::component::Action;
use crate::components::ISTIO;
use crate::render::{install, readme};

const END: &str = r#"
if "$dry_run"; then
  exit 0
fi
printf '\nLab %s is installed after %s s.\n' "$environment" "$SECONDS"
"#;
/// API groups whose objects mean nothing without Istio end in this.
const ISTIO_GROUPS: &str = "istio.io";
/// Programs that a program of the tree may call, and that not every machine has.
const CALLED: [&str; 3] = ["curl", "kubectl", "openssl"];

pub(super) fn text(bundle: &Bundle) -> String {
    let mut script = Script::new("Installs the lab. Written by lab-builder; see --help.");
    let steps = bundle.parts().iter().map(Part::step).max().unwrap_or(0);
    script.assign("environment", bundle.environment().name());
    script.assign("steps", &steps.to_string());
    script.assign("cluster", cluster(bundle).unwrap_or_default());
    script.list("programs", &programs(bundle));
    script.fixed(Script::COMMON);
    script.fixed(include_str!("setup.sh"));
    for part in bundle.parts() {
        script.blank();
        step(bundle, part, &mut script);
    }
    script.fixed(END);
    ending(bundle, &mut script);
    script.into_text()
}

/// The name of the kind cluster, where the lab makes one.
pub(super) fn cluster(bundle: &Bundle) -> Option<&str> {
    bundle.cluster()?["name"].as_str()
}

fn step(bundle: &Bundle, part: &Part, script: &mut Script) {
    script.call(0, &["begin", &part.step().to_string(), part.id()]);
    let whole = part.id() == ISTIO;
    if whole {
        script.fixed("if \"$skip_istio\"; then\n  note 'left out with --skip-istio'\nelse\n");
    }
    let level = usize::from(whole);
    for action in part.plan() {
        let mesh = !whole && needs_mesh(part, action);
        for command in install::commands(bundle.registry(), part, action) {
            let mut words: Vec<&str> = Vec::new();
            if mesh {
                words.push("mesh");
            }
            let purpose;
            let name;
            match action {
                Action::CreateCluster(place) => {
                    name = cluster(bundle).unwrap_or_default();
                    words.extend(["create_cluster", name, settled(place)]);
                    script.call(level, &words);
                    continue;
                }
                Action::Wait { purpose, .. } => words.extend(["wait_for", purpose]),
                Action::Install(release) => {
                    purpose = format!("release {release} is ready");
                    words.extend(["wait_for", &purpose]);
                }
                Action::Run { purpose, .. } | Action::Program { purpose, .. } => {
                    words.extend(["run", purpose])
                }
                Action::Apply(_) => words.extend(["run", ""]),
            }
            words.extend(command.iter().map(String::as_str));
            script.call(level, &words);
        }
    }
    if whole {
        script.fixed("fi\n");
    }
    script.call(0, &["finish"]);
}

/// Whether an action applies objects of Istio's API groups.
fn needs_mesh(part: &Part, action: &Action) -> bool {
    let Action::Apply(place) = action else {
        return false;
    };
    part.objects()
        .any(|(file, object)| file == settled(place) && object.id().group().ends_with(ISTIO_GROUPS))
}

/// Every program that the installation calls, once.
fn programs(bundle: &Bundle) -> Vec<String> {
    let mut programs = BTreeSet::new();
    for part in bundle.parts() {
        for action in part.plan() {
            programs.extend(
                install::commands(bundle.registry(), part, action)
                    .into_iter()
                    .filter_map(|command| command.into_iter().next()),
            );
            if let Action::Program { place, .. } = action {
                let text = part.program(settled(place)).unwrap_or_default();
                let words: BTreeSet<&str> =
                    text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
                programs.extend(
                    CALLED
                        .iter()
                        .filter(|program| words.contains(*program))
                        .map(|program| (*program).to_owned()),
                );
            }
        }
    }
    programs.into_iter().collect()
}

fn ending(bundle: &Bundle, script: &mut Script) {
    let mut lines = vec!["printf".to_owned(), "%s\\n".to_owned(), "Pages:".to_owned()];
    let pages = bundle.parts().iter().flat_map(Part::access);
    lines.extend(pages.map(|page| format!("  {:<13} {}", page.service, page.url)));
    lines.push("Once, so that their names resolve:".to_owned());
    lines.push(format!("  {}", readme::hosts_command(bundle)));
    lines.push(format!("Next: bash {}", super::VERIFY));
    script.call(0, &lines);
}
