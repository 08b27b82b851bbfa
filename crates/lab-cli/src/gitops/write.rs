//! The repository, written.

use std::path::{Path, PathBuf};

use crd_validate::Registry;
use lab_builder::stack_builder::Tree;
use lab_builder::{Bundle, WriteOptions};
use stack_gitops::{Cluster, GitOps, KnownBy, SecretStore, Style};

use super::{GitOpsArguments, GitOpsStyle};
use crate::console::Failure;
use crate::text::{counted, one_line};

fn settings(arguments: &GitOpsArguments, bundles: &[Bundle]) -> Result<GitOps, Failure> {
    let repository = arguments
        .repo
        .as_deref()
        .ok_or("--format gitops needs --repo URL: the repository that Argo CD follows")?;
    // Pods need a network before Argo CD can bring anything.
    let mut gitops = GitOps::new(repository).bootstrap(["cilium"]);
    if let Some(revision) = &arguments.revision {
        gitops = gitops.revision(revision);
    }
    if let Some(path) = &arguments.path {
        let path = path.trim_start_matches("./").trim_matches('/');
        gitops = gitops.path(if path == "." { "" } else { path });
    }
    if let Some(store) = &arguments.secret_store {
        gitops = gitops.secrets_from(SecretStore {
            name: store.clone(),
            prefix: String::new(),
        });
    }
    gitops = gitops.style(match arguments.style.unwrap_or(GitOpsStyle::Apps) {
        GitOpsStyle::Apps => Style::Apps,
        GitOpsStyle::Appset => Style::ApplicationSet,
        GitOpsStyle::Rendered => Style::Rendered,
    });
    if gitops.style == Style::ApplicationSet {
        for bundle in bundles.iter().skip(1) {
            let name = bundle.environment().name();
            gitops = gitops.cluster(name, Cluster::Name(name.to_owned()));
        }
    }
    Ok(gitops)
}

/// Writes the environments into a folder that is, or will be, the repository; says what was done.
pub(crate) fn write(
    arguments: &GitOpsArguments,
    bundles: &[Bundle],
    again: &[Bundle],
    out: Option<&Path>,
    options: WriteOptions,
) -> Result<String, Failure> {
    let mut gitops = settings(arguments, bundles)?;
    for (bundle, again) in bundles.iter().zip(again) {
        gitops = gitops.compared(bundle, again);
    }
    let mut registry = Registry::new();
    lab_builder::check::add_definitions(&mut registry);
    let files = gitops.files(&bundles.iter().collect::<Vec<_>>(), &registry)?;
    let folder = out.map_or_else(
        || ["target", "gitops"].iter().collect::<PathBuf>(),
        Path::to_owned,
    );
    let names: Vec<&str> = bundles
        .iter()
        .map(|bundle| bundle.environment().name())
        .collect();
    let tree = Tree {
        program: "lab-builder-gitops".into(),
        noun: "GitOps repository".into(),
        environment: names.join(","),
        files,
    };
    let written = tree.write(&folder, options)?;
    let below = match gitops.path.as_str() {
        "" => folder.clone(),
        path => folder.join(path),
    };
    let mut text = format!(
        "{} in {}\n",
        counted(written.files, "file"),
        folder.display()
    );
    for file in &written.kept {
        text.push_str(&format!("Kept as you edited it: {file}\n"));
    }
    if arguments.renders() {
        for bundle in bundles {
            text.push_str(&made_up(&gitops, bundle));
        }
    }
    text.push_str(&format!(
        "Next: stackctl sync-plan {below}; then read {below}/README.md, commit and push\n",
        below = below.display()
    ));
    Ok(text)
}

/// Which values the charts of an environment make up with each rendering, a line for each.
fn made_up(gitops: &GitOps, bundle: &Bundle) -> String {
    let environment = bundle.environment().name();
    let all = gitops.generated(bundle);
    let mut text = String::new();
    for one in &all {
        for value in &one.values {
            text.push_str(&format!(
                "{environment}: made up anew by each rendering of {}: {}\n",
                one.release,
                one_line(&value.to_string())
            ));
        }
    }
    let unknown = all.iter().filter(|one| one.by == KnownBy::Nobody);
    let unknown: Vec<&str> = unknown.map(|one| one.release.as_str()).collect();
    if !unknown.is_empty() {
        text.push_str(&format!(
            "{environment}: not known whether values are made up for {}; --charts helm renders twice and tells\n",
            unknown.join(", ")
        ));
    }
    text
}
