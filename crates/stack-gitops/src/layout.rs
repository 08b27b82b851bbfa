//! The files of a repository, put together from their rooms.

use std::collections::{BTreeMap, BTreeSet};

use crd_validate::Registry;
use serde::Serialize;
use serde_json::Value;
use stack_builder::render::yaml;
use stack_builder::{Bundle, File};

use crate::annotate::Neighbours;
use crate::application::Applications;
use crate::applicationset;
use crate::bootstrap::{self, Bootstrap};
use crate::error::GitOpsError;
use crate::laid::Laid;
use crate::names::Projects;
use crate::object::text;
use crate::settings::{Cluster, GitOps, Style};
use crate::unit::{Content, units};
use crate::{checksums, ci, health, readme, shared_values};

impl GitOps {
    /// The files of these environments, by their paths in the repository, sorted. The registry knows the kinds of their
    /// objects, so that the defaults of a server are written out: those of the families, and of CRDs of one's own.
    ///
    /// # Errors
    /// [`GitOpsError`] says what cannot stand in Git as it is.
    pub fn files(
        &self,
        bundles: &[&Bundle],
        registry: &Registry,
    ) -> Result<Vec<File>, GitOpsError> {
        self.check()?;
        let mut laid = bundles
            .iter()
            .map(|bundle| self.lay(bundle))
            .collect::<Result<Vec<_>, _>>()?;
        self.check_clusters(&laid)?;
        let mut files = Files::default();
        self.values(&mut laid, &mut files);
        for (at, environment) in laid.iter().enumerate() {
            // One Argo CD makes the applications of all environments from one ApplicationSet: the first's.
            let own_argo_cd = at == 0 || self.style != Style::ApplicationSet;
            self.environment(environment, own_argo_cd, registry, &mut files)?;
        }
        if self.style == Style::ApplicationSet {
            self.over_all(&laid, &mut files)?;
        }
        files.plain(readme::FILE, readme::text(self, &laid));
        files.plain(ci::FILE, ci::text(self, &laid));
        let mut files = files.sorted()?;
        let list = checksums::text(&files);
        files.push(File {
            path: checksums::FILE.into(),
            text: list,
            executable: false,
        });
        files.sort_by(|a, b| a.path.cmp(&b.path));
        for file in &mut files {
            file.path = self.at(&file.path);
        }
        Ok(files)
    }

    fn check(&self) -> Result<(), GitOpsError> {
        let refuse = |setting, value: &str, reason| {
            Err(GitOpsError::Setting {
                setting,
                value: value.to_owned(),
                reason,
            })
        };
        let is_placeholder = |text: &str| text.contains(['<', '>', ' ', '\n']);
        if self.repository.is_empty() || is_placeholder(&self.repository) {
            return refuse(
                "repository",
                &self.repository,
                "is no URL of a Git repository",
            );
        }
        if matches!(self.revision.as_str(), "" | "HEAD") || is_placeholder(&self.revision) {
            return refuse(
                "revision",
                &self.revision,
                "does not say what is followed: name a branch, tag or commit",
            );
        }
        let plain = |part: &str| {
            !matches!(part, "" | "." | "..") && !part.contains(['\\', ' ', '\n', '{', '*'])
        };
        if !self.path.is_empty() && !self.path.split('/').all(plain) {
            return refuse(
                "path",
                &self.path,
                "is no folder of a repository, such as `gitops` or `clusters/lab`",
            );
        }
        Ok(())
    }

    /// An ApplicationSet makes objects for each environment: two in one cluster would have one name.
    fn check_clusters(&self, laid: &[Laid<'_>]) -> Result<(), GitOpsError> {
        let mut seen: BTreeMap<Option<&Cluster>, &str> = BTreeMap::new();
        for environment in laid {
            let cluster = self.clusters.get(environment.environment());
            if cluster.is_none() && self.style != Style::ApplicationSet {
                // Each is the one in which its own Argo CD runs.
                continue;
            }
            if let Some(first) = seen.insert(cluster, environment.environment()) {
                return Err(GitOpsError::SameCluster {
                    first: first.to_owned(),
                    second: environment.environment().to_owned(),
                    cluster: match cluster {
                        None => "the cluster of Argo CD".to_owned(),
                        Some(Cluster::Name(name) | Cluster::Server(name)) => {
                            format!("cluster `{name}`")
                        }
                    },
                });
            }
        }
        Ok(())
    }

    fn lay<'a>(&self, bundle: &'a Bundle) -> Result<Laid<'a>, GitOpsError> {
        let part = bundle.part(&self.argo_cd);
        let argo_cd = part.and_then(|part| Some((part, part.releases().first()?)));
        let Some(argo_cd) = argo_cd else {
            return Err(GitOpsError::NoArgoCd {
                environment: bundle.environment().name().to_owned(),
                component: self.argo_cd.clone(),
            });
        };
        let units = units(self, bundle)?;
        let made = bundle
            .of_kind("", "Namespace")
            .map(|namespace| namespace.id().name.clone());
        let of_cluster =
            ["default", "kube-node-lease", "kube-public", "kube-system"].map(str::to_owned);
        Ok(Laid {
            bundle,
            units,
            argo_cd,
            projects: Projects::new(bundle.environment().name()),
            namespaces: made.chain(of_cluster).collect(),
            values: BTreeMap::new(),
        })
    }

    /// What the environments share stands once; what differs, with each.
    fn values(&self, laid: &mut [Laid<'_>], files: &mut Files) {
        let mut all: BTreeMap<String, Vec<(usize, Value)>> = BTreeMap::new();
        for (at, environment) in laid.iter().enumerate() {
            for release in environment.bundle.releases() {
                let mut values = release.values.clone();
                if release.name == environment.argo_cd.1.name {
                    health::add_to(&mut values);
                }
                all.entry(release.name.clone())
                    .or_default()
                    .push((at, values));
            }
        }
        for (release, values) in all {
            let shared = match values.as_slice() {
                [_] => None,
                several => {
                    let several: Vec<&Value> = several.iter().map(|(_, values)| values).collect();
                    Some(shared_values::common(&several))
                        .filter(|values| values.as_object().is_some_and(|map| !map.is_empty()))
                }
            };
            let shared_file = format!("values/{release}.yaml");
            if let Some(shared) = &shared {
                files.plain(
                    &shared_file,
                    yaml::commented(
                        &format!("Release {release}: what all environments share"),
                        shared,
                    ),
                );
            }
            for (at, values) in values {
                let environment = &mut laid[at];
                let own_file = format!("{}/values/{release}.yaml", environment.environment());
                let own = match &shared {
                    None => Some(values),
                    Some(shared) => shared_values::rest(&values, shared),
                };
                let mut list: Vec<String> = shared.iter().map(|_| shared_file.clone()).collect();
                if let Some(own) = own {
                    let comment = format!(
                        "Release {release}: what environment {} has of its own",
                        environment.environment()
                    );
                    files.plain(&own_file, yaml::commented(&comment, &own));
                    list.push(own_file);
                }
                environment.values.insert(release.clone(), list);
            }
        }
    }

    fn environment(
        &self,
        laid: &Laid<'_>,
        own_argo_cd: bool,
        registry: &Registry,
        files: &mut Files,
    ) -> Result<(), GitOpsError> {
        let name = laid.environment();
        let every = laid.units.iter().flat_map(|unit| match &unit.content {
            Content::Objects(objects) => objects.as_slice(),
            _ => &[],
        });
        let neighbours = Neighbours::of(registry, every.map(|synced| &synced.value));
        for unit in &laid.units {
            let folder = format!("{name}/{}", unit.folder());
            match &unit.content {
                Content::Objects(objects) => {
                    for (file, value) in object_files(
                        objects
                            .iter()
                            .map(|synced| neighbours.written(synced))
                            .collect(),
                    ) {
                        files.plain(&format!("{folder}/{file}"), yaml::document(&value));
                    }
                }
                Content::Manifest(address) => files.plain(
                    &format!("{folder}/kustomization.yaml"),
                    yaml::document(&serde_json::json!({
                        "apiVersion": "kustomize.config.k8s.io/v1beta1",
                        "kind": "Kustomization",
                        "resources": [address],
                    })),
                ),
                Content::Release(_) => {}
            }
        }
        let from_root: BTreeMap<String, Vec<String>> = laid
            .values
            .iter()
            .map(|(release, list)| {
                (
                    release.clone(),
                    list.iter().map(|file| self.at(file)).collect(),
                )
            })
            .collect();
        let applications = self.applications(laid, &from_root);
        let projects = applications.all_projects(&laid.units, &neighbours);
        let apps = laid.units.iter().map(|unit| applications.of(unit));
        let control = match self.style {
            Style::ApplicationSet => "root".to_owned(),
            Style::Apps | Style::Rendered => format!("{name}/root"),
        };
        for project in &projects {
            let file = project.metadata.name.as_deref().unwrap_or_default();
            files.plain(
                &format!("{control}/projects/{file}.yaml"),
                document(project)?,
            );
        }
        for (unit, application) in laid.units.iter().zip(apps) {
            let file = format!("{:03}-{}.yaml", unit.wave, unit.name);
            match self.style {
                Style::ApplicationSet => {
                    let element = applicationset::element(&application)?;
                    files.plain(&format!("{name}/units/{file}"), yaml::document(&element));
                }
                Style::Apps | Style::Rendered => {
                    files.plain(&format!("{control}/apps/{file}"), document(&application)?);
                }
            }
        }
        let root_name = match self.style {
            Style::ApplicationSet => "root".to_owned(),
            Style::Apps | Style::Rendered => format!("{name}-root"),
        };
        let root = applications.root(&root_name, &self.at(&control));
        let script_values: BTreeMap<String, Vec<String>> = laid
            .values
            .iter()
            .map(|(release, list)| {
                let from_script = |file: &String| match file.strip_prefix(&format!("{name}/")) {
                    Some(own) => format!("../{own}"),
                    None => format!("../../{file}"),
                };
                (release.clone(), list.iter().map(from_script).collect())
            })
            .collect();
        let bootstrap = Bootstrap {
            gitops: self,
            bundle: laid.bundle,
            argo_cd: laid.argo_cd,
            values: &script_values,
            own_argo_cd,
        };
        for mut file in bootstrap.files()? {
            file.path = format!("{name}/bootstrap/{}", file.path);
            files.0.push(file);
        }
        if own_argo_cd {
            files.plain(
                &format!("{name}/bootstrap/{}", bootstrap::ROOT),
                document(&root)?,
            );
            let projects = projects.iter().map(value).collect::<Result<Vec<_>, _>>()?;
            files.plain(
                &format!("{name}/bootstrap/{}", bootstrap::PROJECTS),
                yaml::stream(&projects),
            );
        }
        Ok(())
    }

    fn applications<'a>(
        &'a self,
        laid: &'a Laid<'_>,
        values: &'a BTreeMap<String, Vec<String>>,
    ) -> Applications<'a> {
        Applications {
            gitops: self,
            bundle: laid.bundle,
            namespace: &laid.argo_cd.1.namespace,
            namespaces: &laid.namespaces,
            values,
            projects: &laid.projects,
        }
    }

    /// The ApplicationSet stands with the first environment's Argo CD.
    fn over_all(&self, laid: &[Laid<'_>], files: &mut Files) -> Result<(), GitOpsError> {
        let Some(first) = laid.first() else {
            return Ok(());
        };
        let environments: Vec<(&str, Vec<i64>)> = laid
            .iter()
            .map(|environment| {
                let waves: BTreeSet<i64> = environment.units.iter().map(|unit| unit.wave).collect();
                (environment.environment(), waves.into_iter().collect())
            })
            .collect();
        let set = applicationset::application_set(
            self,
            "stack",
            &first.argo_cd.1.namespace,
            &environments,
        );
        files.plain("root/applicationset.yaml", document(&set)?);
        Ok(())
    }
}

/// Objects with the names of their files: kind and name, and the namespace where that is not enough.
fn object_files(objects: Vec<Value>) -> Vec<(String, Value)> {
    let plain = |text: &str| {
        text.replace(
            |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.')),
            "_",
        )
    };
    let short = |object: &Value| {
        format!(
            "{}-{}",
            text(&object["kind"]).to_ascii_lowercase(),
            plain(text(&object["metadata"]["name"]))
        )
    };
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for object in &objects {
        *count.entry(short(object)).or_default() += 1;
    }
    objects
        .into_iter()
        .map(|object| {
            let name = short(&object);
            let name = match count.get(&name) {
                Some(1) | None => name,
                Some(_) => {
                    let version = plain(text(&object["apiVersion"]));
                    let namespace = plain(text(&object["metadata"]["namespace"]));
                    format!("{name}-{namespace}-{version}").replace("--", "-")
                }
            };
            (format!("{name}.yaml"), object)
        })
        .collect()
}

fn value(object: &impl Serialize) -> Result<Value, GitOpsError> {
    serde_json::to_value(object).map_err(|source| GitOpsError::Serialize {
        what: "an object of Argo CD".into(),
        source,
    })
}

fn document(object: &impl Serialize) -> Result<String, GitOpsError> {
    value(object).map(|value| yaml::document(&value))
}

/// Files while they are gathered, below the folder of all environments.
#[derive(Default)]
struct Files(Vec<File>);

impl Files {
    fn plain(&mut self, path: &str, text: String) {
        self.0.push(File {
            path: path.to_owned(),
            text,
            executable: false,
        });
    }

    fn sorted(self) -> Result<Vec<File>, GitOpsError> {
        let mut files = self.0;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        match files.windows(2).find(|pair| pair[0].path == pair[1].path) {
            None => Ok(files),
            Some(pair) => Err(GitOpsError::Twice {
                environment: pair[0]
                    .path
                    .split('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
                what: "file",
                name: pair[0].path.clone(),
            }),
        }
    }
}
