//! The page that tells a person what stands here, in which order it comes alive, and what not to touch.

use crate::checksums;
use crate::laid::Laid;
use crate::made_up;
use crate::settings::{Cluster, GitOps, Style};
use crate::unit::Content;

pub(crate) const FILE: &str = "README.md";

pub(crate) fn text(gitops: &GitOps, laid: &[Laid<'_>]) -> String {
    let mut text = format!(
        "# The stack as Argo CD reads it\n\n\
         Generated: change the program that writes it, not these files. `sha256sum --check --quiet {}` in this folder finds edits.\n\n\
         Argo CD follows `{}` of <{}>.\n\n## Begin\n\n\
         Commit and push this folder, then run one script for each cluster. It may run again.\n\n```\n",
        checksums::FILE,
        gitops.revision,
        gitops.repository,
    );
    for environment in laid {
        text.push_str(&format!(
            "bash {}/bootstrap/bootstrap.sh\n",
            environment.environment()
        ));
    }
    text.push_str("```\n\nA private repository must be made known to Argo CD first: `argocd repo add`.\n\n## What comes when\n");
    for environment in laid {
        text.push_str(&format!("\n### {}\n\n", environment.environment()));
        if let Some(cluster) = gitops.clusters.get(environment.environment()) {
            let cluster = match cluster {
                Cluster::Name(name) => format!("the cluster that Argo CD knows as `{name}`"),
                Cluster::Server(url) => format!("the cluster at <{url}>"),
            };
            text.push_str(&format!("In {cluster}.\n\n"));
        }
        text.push_str("| wave | application | what |\n|---:|---|---|\n");
        for unit in &environment.units {
            let what = match &unit.content {
                Content::Release(release) => {
                    format!("chart {} {}", release.chart.name, release.chart.version)
                }
                Content::Objects(objects) => counted(objects.len()),
                Content::Manifest(address) => format!("<{address}>"),
            };
            text.push_str(&format!(
                "| {} | {}-{} | {what} |\n",
                unit.wave,
                environment.environment(),
                unit.name
            ));
        }
    }
    if gitops.style == Style::Rendered {
        text.push_str("\n## Values that charts make up\n");
        for environment in laid {
            text.push_str(&made_up::section(gitops, environment.bundle));
        }
    }
    text.push_str("\n## What to know\n\n");
    text.push_str(match gitops.style {
        Style::ApplicationSet => {
            "- The ApplicationSet syncs environment by environment and wave by wave, each step when the one before is healthy. \
             This needs progressive syncs: `applicationsetcontroller.enable.progressive.syncs: \"true\"` in `argocd-cmd-params-cm`.\n"
        }
        Style::Apps | Style::Rendered => {
            "- Waves order what the root Application syncs. Once an Application is there, it follows a new commit on its own, in \
             no order with others.\n\
             - Waves of Applications wait only because Argo CD is told what the health of an Application is; that setting is in \
             the values of its chart.\n"
        }
    });
    text.push_str(
        "- Namespaces, CustomResourceDefinitions and volumes are never deleted by Argo CD, whatever leaves Git.\n\
         - Jobs are hooks: each sync that changes something runs them once more.\n\
         - Secrets are not here. Programs of `bootstrap/` make those that the stack needs to begin.\n\
         - Defaults that a server adds are written out, so that nothing is out of sync for ever.\n",
    );
    text
}

fn counted(objects: usize) -> String {
    match objects {
        1 => "1 object".to_owned(),
        several => format!("{several} objects"),
    }
}
