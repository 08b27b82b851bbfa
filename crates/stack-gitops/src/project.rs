//! AppProjects: what may come from where, and go where.

use std::collections::BTreeSet;

use argocd_types::annotations::SYNC_WAVE;
use argocd_types::v1alpha1::{
    AppProject, AppProjectSpec, ApplicationDestination, ClusterResourceRestrictionItem, GroupKind,
    ProjectDestination,
};
use serde_json::Value;

use crate::annotate::Neighbours;
use crate::application::{Applications, repository};
use crate::names::LOCAL;
use crate::object::{group, text};
use crate::rendered;
use crate::unit::{Content, Unit};

/// What a project lets through, while it is gathered.
#[derive(Default)]
struct Allowed {
    repositories: BTreeSet<String>,
    namespaces: BTreeSet<String>,
    /// Group and kind.
    cluster_kinds: BTreeSet<(String, String)>,
    kinds: BTreeSet<(String, String)>,
    /// Whether something comes whose objects are not known.
    unknown: bool,
}

impl Allowed {
    fn object(&mut self, object: &Value, neighbours: &Neighbours<'_>, namespace: &str) {
        let kind = (
            group(text(&object["apiVersion"])).to_owned(),
            text(&object["kind"]).to_owned(),
        );
        if neighbours.is_namespaced(object) {
            let own = object["metadata"]["namespace"].as_str();
            self.namespaces.insert(own.unwrap_or(namespace).to_owned());
            self.kinds.insert(kind);
        } else {
            self.cluster_kinds.insert(kind);
        }
    }

    fn project(self, name: &str, description: &str, applications: &Applications<'_>) -> AppProject {
        let any = || BTreeSet::from([("*".to_owned(), "*".to_owned())]);
        let (cluster_kinds, kinds) = match self.unknown {
            true => (any(), any()),
            false => (self.cluster_kinds, self.kinds),
        };
        let namespaces = match self.unknown {
            true => BTreeSet::from(["*".to_owned()]),
            false => self.namespaces,
        };
        let cluster = applications.cluster();
        let destinations = namespaces.into_iter().map(|namespace| ProjectDestination {
            server: cluster.server.clone(),
            name: cluster.name.clone(),
            namespace: Some(namespace),
        });
        let spec = AppProjectSpec {
            description: Some(description.to_owned()),
            source_repos: self.repositories.into_iter().collect(),
            destinations: destinations.collect(),
            cluster_resource_whitelist: cluster_kinds
                .into_iter()
                .map(|(group, kind)| ClusterResourceRestrictionItem {
                    group,
                    kind,
                    name: None,
                })
                .collect(),
            namespace_resource_whitelist: kinds
                .into_iter()
                .map(|(group, kind)| GroupKind { group, kind })
                .collect(),
            ..AppProjectSpec::default()
        };
        project(name, spec, applications)
    }
}

fn project(name: &str, spec: AppProjectSpec, applications: &Applications<'_>) -> AppProject {
    let mut project = AppProject::new(name, spec).in_namespace(applications.namespace);
    // Before the Applications that name it.
    project.metadata.annotations = Some([(SYNC_WAVE.to_owned(), "-1".to_owned())].into());
    project
}

impl Applications<'_> {
    /// The environment's projects: each says exactly what it lets through, as far as that is known.
    pub(crate) fn all_projects(
        &self,
        units: &[Unit<'_>],
        neighbours: &Neighbours<'_>,
    ) -> Vec<AppProject> {
        let (mut own, mut upstream) = (Allowed::default(), Allowed::default());
        for unit in units {
            let allowed = match unit.content {
                Content::Objects(_) => &mut own,
                Content::Release(_) | Content::Manifest(_) => &mut upstream,
            };
            allowed.repositories.insert(self.gitops.repository.clone());
            let destination = self.of(unit).spec.destination.namespace.unwrap_or_default();
            allowed.namespaces.insert(destination.clone());
            match &unit.content {
                Content::Objects(objects) => {
                    for synced in objects {
                        allowed.object(&synced.value, neighbours, &destination);
                    }
                }
                Content::Release(release) => {
                    let (repository, _) = repository(&release.chart, self.bundle.registry());
                    allowed.repositories.insert(repository);
                    if !self.namespaces.contains(&release.namespace) {
                        allowed
                            .cluster_kinds
                            .insert((String::new(), "Namespace".to_owned()));
                    }
                    match rendered::known(self.bundle, release) {
                        None => allowed.unknown = true,
                        Some(objects) => {
                            for object in objects {
                                allowed.object(object, neighbours, &destination);
                            }
                        }
                    }
                }
                Content::Manifest(_) => allowed.unknown = true,
            }
        }
        let mut projects = vec![self.root_project()];
        for (allowed, name, description) in [
            (
                own,
                &self.projects.own,
                "Objects that stand in this repository: exactly their kinds and namespaces.",
            ),
            (
                upstream,
                &self.projects.upstream,
                "Charts and manifests that others publish. Where their objects are not known, every kind is let through.",
            ),
        ] {
            if !allowed.repositories.is_empty() {
                projects.push(allowed.project(name, description, self));
            }
        }
        projects
    }

    fn root_project(&self) -> AppProject {
        let kind = |kind: &str| GroupKind {
            group: "argoproj.io".into(),
            kind: kind.into(),
        };
        let spec = AppProjectSpec {
            description: Some("Applications and projects of the stack, and nothing else.".into()),
            source_repos: vec![self.gitops.repository.clone()],
            destinations: vec![ProjectDestination {
                server: Some(LOCAL.to_owned()),
                name: None,
                namespace: Some(self.namespace.to_owned()),
            }],
            namespace_resource_whitelist: vec![
                kind("AppProject"),
                kind("Application"),
                kind("ApplicationSet"),
            ],
            ..AppProjectSpec::default()
        };
        project(&self.projects.root, spec, self)
    }

    fn cluster(&self) -> ApplicationDestination {
        self.cluster_of("")
    }
}
