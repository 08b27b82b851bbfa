//! The `README.md` of the tree: how to install the stack, and where its pages are.

use super::install::Installation;
use super::{airgap, scripts, shell};
use crate::bundle::{Bundle, Part};

/// Its path in the tree.
pub(crate) const FILE: &str = "README.md";

pub(crate) fn text(bundle: &Bundle) -> String {
    let environment = bundle.environment();
    let mut text = format!(
        "# {} `{}`\n\nDomain `*.{}`, profile `{}`. Written by {}; it is replaced as a whole on the next run.\n",
        bundle.whole.title(),
        environment.name(),
        environment.domain(),
        bundle.profile(),
        bundle.whole.program,
    );
    text.push_str(&format!(
        "\n## Install, verify, remove\n\n```bash\n{}\n```\n",
        programs(bundle)
    ));
    text.push_str("\n## Before you begin\n\n");
    text.push_str(&table(
        ["Program", "At least", "How to install it"],
        scripts::tools(bundle).map(|(name, (major, minor), install)| {
            [
                name.to_owned(),
                format!("{major}.{minor}"),
                install.to_owned(),
            ]
        }),
    ));
    for section in (bundle.whole.sections)(bundle) {
        if !section.is_empty() {
            text.push_str(&format!("\n{}\n", section.trim_end()));
        }
    }
    text.push_str("\n## Pages\n\n");
    text.push_str(&table(
        ["Service", "URL", "Sign-in"],
        bundle
            .parts()
            .iter()
            .flat_map(Part::access)
            .map(|page| [page.service.clone(), page.url.clone(), page.sign_in.clone()]),
    ));
    text.push_str(&format!(
        "\nOnce, so that the names resolve:\n\n```bash\n{}\n```\n",
        hosts_command(bundle)
    ));
    text.push_str("\n## Order of installation\n\n");
    text.push_str(&table(
        [
            "Step",
            "Component",
            "Namespace",
            "Needs",
            "Releases",
            "Objects",
            "Folder",
        ],
        bundle.parts().iter().map(|part| {
            let releases: Vec<&str> = part
                .releases()
                .iter()
                .map(|release| release.name.as_str())
                .collect();
            [
                part.step().to_string(),
                part.id().to_owned(),
                part.namespace().unwrap_or("-").to_owned(),
                dash_if_empty(part.depends_on().join(", ")),
                dash_if_empty(releases.join(", ")),
                part.objects().count().to_string(),
                format!("`{}/`", part.folder()),
            ]
        }),
    ));
    for part in bundle.parts() {
        let commands = commands(bundle, part);
        if !commands.is_empty() {
            text.push_str(&format!(
                "\n### {}. {}\n\n```bash\n{}\n```\n",
                part.step(),
                part.id(),
                commands.join("\n")
            ));
        }
    }
    let exercises: Vec<String> = bundle
        .parts()
        .iter()
        .flat_map(|part| part.exercises())
        .map(|(exercise, file, object)| {
            format!(
                "- Exercise {exercise}: `kubectl apply -f {file}` ({})\n",
                object.id()
            )
        })
        .collect();
    if !exercises.is_empty() {
        text.push_str("\n## For the exercises\n\nNot part of the running stack; apply them when the exercise asks for it.\n\n");
        text.extend(exercises);
    }
    text
}

/// The programs of the tree, as the documentation calls them.
fn programs(bundle: &Bundle) -> String {
    let environment = bundle.environment();
    let (setup, verify, teardown) = (scripts::SETUP, scripts::VERIFY, scripts::TEARDOWN);
    let mirror = match bundle.registry() {
        Some(registry) => format!(
            "bash {}   # first, where both the Internet and {registry} can be reached\n",
            airgap::MIRROR
        ),
        None => String::new(),
    };
    format!(
        "{mirror}bash {setup} --env {environment} --dry-run   # what it would do\nbash {setup} --env {environment}\n\
         bash {verify}\nbash {teardown} --env {environment}"
    )
}

/// The documented way to make the host names known on the machine that runs kind.
pub(crate) fn hosts_command(bundle: &Bundle) -> String {
    format!("echo \"{}\" | sudo tee -a /etc/hosts", bundle.hosts_line())
}

/// What one types to install a component by hand, from the root of the tree.
fn commands(bundle: &Bundle, part: &Part) -> Vec<String> {
    let installation = Installation::of(bundle, part);
    part.plan()
        .iter()
        .flat_map(|action| installation.commands(action))
        .map(|command| shell::join(&command))
        .collect()
}

fn dash_if_empty(text: String) -> String {
    if text.is_empty() {
        "-".to_owned()
    } else {
        text
    }
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
    for row in rows {
        text.push_str(&format!(
            "| {} |\n",
            row.map(|text| cell(&text)).join(" | ")
        ));
    }
    text
}
