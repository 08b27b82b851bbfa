//! `bootstrap.sh`: what must stand before Argo CD can look after the rest.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stack_builder::render::shell::{join, quote};
use stack_builder::render::yaml;
use stack_builder::{Action, Bundle, File, Part, Release};

use crate::error::GitOpsError;
use crate::object::text;
use crate::settings::{Cluster, GitOps};

const SCRIPT: &str = "bootstrap.sh";
/// What is applied at the end, in this order.
pub(crate) const ROOT: &str = "root.yaml";
pub(crate) const PROJECTS: &str = "projects.yaml";

/// What the script is made from.
pub(crate) struct Bootstrap<'a> {
    pub(crate) gitops: &'a GitOps,
    pub(crate) bundle: &'a Bundle,
    pub(crate) argo_cd: (&'a Part, &'a Release),
    /// The values files of each release, relative to the script.
    pub(crate) values: &'a BTreeMap<String, Vec<String>>,
    /// Whether the Argo CD of this cluster looks after it, rather than that of another one.
    pub(crate) own_argo_cd: bool,
}

impl Bootstrap<'_> {
    /// The files of the folder: the script, the cluster's configuration and the programs that it runs.
    pub(crate) fn files(&self) -> Result<Vec<File>, GitOpsError> {
        let first = self.first()?;
        let mut files = Vec::new();
        let mut script = self.head();
        let mut programs = String::new();
        for part in self.bundle.parts() {
            let is_cluster = part
                .plan()
                .iter()
                .any(|action| matches!(action, Action::CreateCluster(_)));
            if is_cluster {
                script.push_str(&self.cluster(part, &mut files));
            }
            if first.contains(part.id()) && part.id() != self.argo_cd.0.id() {
                script.push_str(&self.releases(part));
            }
            programs.push_str(&self.programs(part, &mut files));
        }
        if !programs.is_empty() {
            script.push_str("\nheading 'What no manifest can say'\n");
            script.push_str(&programs);
        }
        script.push_str(&match self.own_argo_cd {
            true => self.argo_cd(),
            false => self.registration(),
        });
        files.push(File {
            path: SCRIPT.into(),
            text: script,
            executable: true,
        });
        Ok(files)
    }

    /// The components that are installed before Argo CD.
    fn first(&self) -> Result<BTreeSet<&str>, GitOpsError> {
        let known = |id: &str| self.bundle.part(id);
        match &self.gitops.bootstrap {
            Some(ids) => ids
                .iter()
                .map(|id| {
                    known(id)
                        .map(Part::id)
                        .ok_or_else(|| GitOpsError::NoComponent {
                            environment: self.bundle.environment().name().to_owned(),
                            component: id.clone(),
                        })
                })
                .collect(),
            None => {
                let mut first = BTreeSet::new();
                let mut open = vec![self.argo_cd.0];
                while let Some(part) = open.pop() {
                    if first.insert(part.id()) {
                        open.extend(part.depends_on().iter().filter_map(|id| known(id)));
                    }
                }
                Ok(first)
            }
        }
    }

    fn head(&self) -> String {
        let environment = self.bundle.environment().name();
        let cluster = self
            .bundle
            .cluster()
            .map_or("", |config| text(&config["name"]));
        let context = match cluster {
            "" => String::new(),
            cluster => format!("kind-{cluster}"),
        };
        format!(
            r#"#!/usr/bin/env bash
# Brings the cluster of environment {environment} to the point from which Argo CD looks after it. It may run again: what Argo
# CD manages already is left to Argo CD.
set -euo pipefail
cd "$(dirname "${{BASH_SOURCE[0]}}")"
context=${{1:-{context}}}
if [ -z "$context" ]; then
  echo 'error: say which cluster: bootstrap.sh CONTEXT; kubectl config get-contexts lists them' >&2
  exit 2
fi

heading() {{ printf '\n%s\n' "$1"; }}
# For the programs beside this one, too.
kubectl() {{ command kubectl --context "$context" "$@"; }}
helm() {{ command helm --kube-context "$context" "$@"; }}
export context
export -f kubectl helm

# Whether Argo CD looks after a release already: two owners would undo each other's work.
managed() {{
  kubectl get application.argoproj.io "$1" --namespace {namespace} >/dev/null 2>&1
}}
"#,
            namespace = quote(&self.argo_cd.1.namespace),
        )
    }

    fn cluster(&self, part: &Part, files: &mut Vec<File>) -> String {
        let mut script = String::new();
        for action in part.plan() {
            let (Action::CreateCluster(place), Some(config)) = (action, self.bundle.cluster())
            else {
                continue;
            };
            let file = file_name(place.path());
            files.push(plain(file, yaml::document(config)));
            let name = text(&config["name"]);
            script.push_str(&format!(
                "\nheading 'The cluster'\nif ! kind get clusters | grep -xF -- {name} >/dev/null; then\n  kind create cluster --config {file}\nfi\n",
                name = quote(name),
                file = quote(file),
            ));
        }
        script
    }

    fn releases(&self, part: &Part) -> String {
        let mut script = String::new();
        for action in part.plan() {
            match action {
                Action::Install(name) => {
                    let release = part.releases().iter().find(|release| release.name == *name);
                    script.push_str(
                        &release
                            .map(|release| self.install(release))
                            .unwrap_or_default(),
                    );
                }
                Action::Run { command, .. } | Action::Wait { command, .. }
                    if is_about_cluster(command) =>
                {
                    script.push_str(&format!("{}\n", join(command)));
                }
                _ => {}
            }
        }
        script
    }

    fn install(&self, release: &Release) -> String {
        let chart = release.chart.mirrored(self.bundle.registry());
        let mut command: Vec<String> = ["helm", "upgrade", "--install", &release.name]
            .map(str::to_owned)
            .into();
        command.extend(chart.source());
        for word in [
            "--version",
            &chart.version,
            "--namespace",
            &release.namespace,
            "--create-namespace",
        ] {
            command.push(word.to_owned());
        }
        for file in self.values.get(&release.name).into_iter().flatten() {
            command.extend(["--values".to_owned(), file.clone()]);
        }
        command.extend(["--wait", "--timeout", "10m"].map(str::to_owned));
        format!(
            "\nheading {heading}\nmanaged {application} ||\n  {command}\n",
            heading = quote(&format!("Release {}", release.name)),
            application = quote(&format!(
                "{}-{}",
                self.bundle.environment().name(),
                release.name
            )),
            command = join(&command),
        )
    }

    /// Programs make what has no place in Git, such as keys; the namespaces that they need come first.
    fn programs(&self, part: &Part, files: &mut Vec<File>) -> String {
        let mut script = String::new();
        let mut needed: Vec<&Value> = Vec::new();
        for (_, object) in part.objects() {
            if object.id().kind == "Namespace" {
                needed.push(object.value());
            }
        }
        for action in part.plan() {
            let Action::Program { purpose, place } = action else {
                continue;
            };
            let Some(program) = part.program(place.path()) else {
                continue;
            };
            if script.is_empty() && !needed.is_empty() {
                let file = format!("{}-namespaces.yaml", part.id());
                script.push_str(&format!(
                    "kubectl apply --server-side -f {}\n",
                    quote(&file)
                ));
                files.push(plain(&file, yaml::stream(needed.iter().copied())));
            }
            let file = format!("{}-{}", part.id(), file_name(place.path()));
            script.push_str(&format!("# {purpose}\nbash {}\n", quote(&file)));
            files.push(File {
                path: file,
                text: program.to_owned(),
                executable: true,
            });
        }
        script
    }

    /// The cluster is looked after from another one, which has to be told of it.
    fn registration(&self) -> String {
        let environment = self.bundle.environment().name();
        let add = match self.gitops.clusters.get(environment) {
            Some(Cluster::Name(name)) => format!("argocd cluster add %s --name {}", quote(name)),
            _ => "argocd cluster add %s".to_owned(),
        };
        format!(
            "\nheading 'Now tell the Argo CD of the first cluster of this one'\nprintf '{}\\n' \"$context\"\n",
            add.replace('\'', r"'\''")
        )
    }

    fn argo_cd(&self) -> String {
        let (_, release) = self.argo_cd;
        format!(
            "{install}\nheading 'Everything else is the work of Argo CD'\nkubectl apply --server-side -f {PROJECTS}\nkubectl apply --server-side -f {ROOT}\n\
             printf '\\nProgress: kubectl get applications --namespace %s --watch\\n' {namespace}\n",
            install = self.install(release),
            namespace = quote(&release.namespace),
        )
    }
}

/// Whether a command looks at nodes, which everything needs, rather than at something that Argo CD brings.
fn is_about_cluster(command: &[String]) -> bool {
    command.iter().any(|word| word == "nodes" || word == "node")
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn plain(path: &str, text: String) -> File {
    File {
        path: path.to_owned(),
        text,
        executable: false,
    }
}
