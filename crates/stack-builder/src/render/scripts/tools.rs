//! The programs that the scripts call, and the versions that will do.

use std::collections::BTreeMap;

use super::script::Script;
use crate::bundle::Bundle;

/// What the scripts themselves need: `kubectl wait --for=create`, `helm uninstall --ignore-not-found`.
const OURS: [(&str, (u32, u32), &str); 2] = [
    ("helm", (3, 13), "https://helm.sh/docs/intro/install/"),
    (
        "kubectl",
        (1, 31),
        "https://kubernetes.io/docs/tasks/tools/",
    ),
];

/// Programs of which an oldest version is known: name, version, and the page that says how to install it.
pub(in crate::render) fn known(bundle: &Bundle) -> impl Iterator<Item = (&str, (u32, u32), &str)> {
    let declared = bundle.parts().iter().flat_map(|part| {
        let tools = part.contribution.tools.iter();
        tools.map(|tool| (tool.name.as_str(), tool.least, tool.install.as_str()))
    });
    let mut tools: BTreeMap<&str, ((u32, u32), &str)> = BTreeMap::new();
    for (name, least, install) in OURS.into_iter().chain(declared) {
        let known = tools.entry(name).or_insert((least, install));
        if known.0 < least {
            *known = (least, install);
        }
    }
    tools
        .into_iter()
        .map(|(name, (least, install))| (name, least, install))
}

/// Writes the programs that a script calls, and what is known of their versions.
pub(super) fn write(bundle: &Bundle, programs: &[String], script: &mut Script<'_>) {
    let tools: Vec<String> = known(bundle)
        .filter(|(name, _, _)| programs.iter().any(|program| program == name))
        .map(|(name, (major, minor), install)| format!("{name} {major}.{minor} {install}"))
        .collect();
    script.list("programs", programs);
    script.list("tools", &tools);
}
