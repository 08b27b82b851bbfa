//! The Application of each unit, and the one above them.

use std::collections::{BTreeMap, BTreeSet};

use argocd_types::annotations::{
    CASCADE_FINALIZER, COMPARE_OPTIONS, MANIFEST_GENERATE_PATHS, SYNC_WAVE,
};
use argocd_types::v1alpha1::{
    Application, ApplicationDestination, ApplicationSource, ApplicationSourceDirectory,
    ApplicationSourceHelm, ApplicationSpec, Backoff, ResourceIgnoreDifferences, RetryStrategy,
    SyncOption, SyncPolicy,
};
use serde_json::Value;
use stack_builder::{Bundle, Chart, Registry};

use crate::names::{COMPONENT, ENVIRONMENT, LOCAL, PROVIDES, Projects, WAVE};
use crate::object::{group, is_crd, is_without, text};
use crate::rendered;
use crate::settings::{Cluster, GitOps};
use crate::unit::{Content, Unit};

/// What the Applications of one environment have in common.
pub(crate) struct Applications<'a> {
    pub(crate) gitops: &'a GitOps,
    pub(crate) bundle: &'a Bundle,
    /// The namespace in which Argo CD looks for Applications.
    pub(crate) namespace: &'a str,
    /// The namespaces that objects of the stack make, or the cluster.
    pub(crate) namespaces: &'a BTreeSet<String>,
    /// The values files of each release, from the root of the repository, in the order in which they are merged.
    pub(crate) values: &'a BTreeMap<String, Vec<String>>,
    pub(crate) projects: &'a Projects,
}

impl Applications<'_> {
    pub(crate) fn environment(&self) -> &str {
        self.bundle.environment().name()
    }

    /// The Application of a unit.
    pub(crate) fn of(&self, unit: &Unit<'_>) -> Application {
        let (sources, paths) = self.sources(unit);
        let mut spec = ApplicationSpec::new(self.projects.of(unit));
        spec = match <[ApplicationSource; 1]>::try_from(sources) {
            Ok([only]) => spec.from_source(only),
            Err(several) => spec.from_sources(several),
        };
        spec.destination = self.destination(unit);
        spec.ignore_differences = self.ignored(unit);
        spec.revision_history_limit = Some(3);
        spec.sync_policy = Some(self.policy(unit, !spec.ignore_differences.is_empty()));
        let mut application = Application::new(self.name(unit), spec).in_namespace(self.namespace);
        let metadata = &mut application.metadata;
        metadata.labels = Some(BTreeMap::from([
            (COMPONENT.to_owned(), unit.part.id().to_owned()),
            (ENVIRONMENT.to_owned(), self.environment().to_owned()),
            (WAVE.to_owned(), unit.wave.to_string()),
        ]));
        let mut annotations = BTreeMap::from([
            (MANIFEST_GENERATE_PATHS.to_owned(), paths),
            (SYNC_WAVE.to_owned(), unit.wave.to_string()),
        ]);
        if !matches!(unit.content, Content::Objects(_)) {
            // A server knows the defaults of what a chart leaves out; Git does not.
            annotations.insert(
                COMPARE_OPTIONS.to_owned(),
                "ServerSideDiff=true,IncludeMutationWebhook=true".to_owned(),
            );
        }
        if !unit.provides.is_empty() {
            annotations.insert(PROVIDES.to_owned(), unit.provides.join(","));
        }
        metadata.annotations = Some(annotations);
        if self.gitops.cascade.contains(self.environment()) {
            metadata.finalizers = Some(vec![CASCADE_FINALIZER.to_owned()]);
        }
        application
    }

    pub(crate) fn name(&self, unit: &Unit<'_>) -> String {
        format!("{}-{}", self.environment(), unit.name)
    }

    /// Where its manifests come from, and the paths whose changes matter.
    fn sources(&self, unit: &Unit<'_>) -> (Vec<ApplicationSource>, String) {
        let gitops = self.gitops;
        match &unit.content {
            Content::Objects(_) | Content::Manifest(_) => {
                let folder = gitops.at(&format!("{}/{}", self.environment(), unit.folder()));
                let source =
                    ApplicationSource::git(&gitops.repository, folder).at(&gitops.revision);
                (vec![source], ".".to_owned())
            }
            Content::Release(release) => {
                let files = self.values.get(&release.name).cloned().unwrap_or_default();
                let mut helm = ApplicationSourceHelm::value_files(
                    files.iter().map(|file| format!("$values/{file}")),
                );
                helm.release_name = Some(release.name.clone());
                let (repository, chart) = repository(&release.chart, self.bundle.registry());
                let chart = ApplicationSource::chart(repository, chart, &release.chart.version)
                    .with_helm(helm);
                let values =
                    ApplicationSource::reference(&gitops.repository, "values").at(&gitops.revision);
                let paths: Vec<String> = files.iter().map(|file| format!("/{file}")).collect();
                (vec![chart, values], paths.join(";"))
            }
        }
    }

    fn destination(&self, unit: &Unit<'_>) -> ApplicationDestination {
        let namespace = match (&unit.content, unit.release) {
            (_, Some(release)) => Some(release.namespace.as_str()),
            // What others publish says itself where it goes.
            (Content::Manifest(_), None) => None,
            (_, None) => unit.part.namespace(),
        };
        // Objects that are in no namespace need one all the same.
        self.cluster_of(namespace.unwrap_or("default"))
    }

    /// A namespace of the environment's cluster.
    pub(crate) fn cluster_of(&self, namespace: &str) -> ApplicationDestination {
        match self.gitops.clusters.get(self.environment()) {
            None => ApplicationDestination::server(LOCAL, namespace),
            Some(Cluster::Server(url)) => ApplicationDestination::server(url, namespace),
            Some(Cluster::Name(name)) => ApplicationDestination::cluster(name, namespace),
        }
    }

    fn policy(&self, unit: &Unit<'_>, ignores: bool) -> SyncPolicy {
        let mut policy = SyncPolicy::automatic()
            .retry(retry())
            .with(SyncOption::PruneLast(true))
            .with(SyncOption::FailOnSharedResource(true));
        let large = match &unit.content {
            Content::Objects(objects) => objects.iter().any(|synced| is_crd(&synced.value)),
            _ => true,
        };
        if large {
            policy = policy.with(SyncOption::ServerSideApply(true));
        }
        if ignores {
            policy = policy.with(SyncOption::RespectIgnoreDifferences(true));
        }
        if let Content::Release(release) = &unit.content
            && !self.namespaces.contains(&release.namespace)
        {
            policy = policy.create_namespace();
        }
        policy
    }

    /// Fields that controllers fill in after Argo CD has applied what a chart renders to, as precisely as they are known.
    fn ignored(&self, unit: &Unit<'_>) -> Vec<ResourceIgnoreDifferences> {
        let objects: Vec<&Value> = match &unit.content {
            Content::Release(release) => rendered::known(self.bundle, release).unwrap_or_default(),
            Content::Objects(objects) => objects.iter().map(|synced| &synced.value).collect(),
            Content::Manifest(_) => Vec::new(),
        };
        objects.into_iter().filter_map(filled_in).collect()
    }

    /// The Application whose objects are the projects and Applications of the environment.
    pub(crate) fn root(&self, name: &str, folder: &str) -> Application {
        let source = ApplicationSource {
            directory: Some(ApplicationSourceDirectory::recursive()),
            ..ApplicationSource::git(&self.gitops.repository, folder).at(&self.gitops.revision)
        };
        let spec = ApplicationSpec::new(&self.projects.root)
            .from_source(source)
            .to_local_cluster(self.namespace)
            .synced(
                SyncPolicy::automatic()
                    .retry(retry())
                    .with(SyncOption::PruneLast(true)),
            );
        Application::new(name, spec).in_namespace(self.namespace)
    }
}

/// A webhook may not answer yet, and a kind may not be served yet, when an object comes that needs it.
fn retry() -> RetryStrategy {
    RetryStrategy {
        limit: Some(5),
        backoff: Some(Backoff {
            duration: Some("10s".into()),
            factor: Some(2),
            max_duration: Some("3m".into()),
        }),
        refresh: Some(true),
    }
}

/// Repository and chart as Argo CD takes them: of a registry without its scheme.
pub(crate) fn repository(chart: &Chart, registry: Option<&Registry>) -> (String, String) {
    let chart = chart.mirrored(registry);
    let repository = chart.repository.trim_end_matches('/');
    let repository = repository
        .strip_prefix("oci://")
        .unwrap_or(&chart.repository);
    (repository.to_owned(), chart.name)
}

/// The fields of an object that another controller writes.
fn filled_in(object: &Value) -> Option<ResourceIgnoreDifferences> {
    let pointers: Vec<String> = match text(&object["kind"]) {
        "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration" => object["webhooks"]
            .as_array()?
            .iter()
            .enumerate()
            .filter(|(_, webhook)| {
                webhook["clientConfig"]
                    .get("caBundle")
                    .is_none_or(|bundle| text(bundle).is_empty())
            })
            .map(|(at, _)| format!("/webhooks/{at}/clientConfig/caBundle"))
            .collect(),
        "CustomResourceDefinition" => {
            let webhook = object["spec"]["conversion"].get("webhook")?;
            let empty = webhook["clientConfig"]
                .get("caBundle")
                .is_none_or(|bundle| text(bundle).is_empty());
            empty
                .then(|| "/spec/conversion/webhook/clientConfig/caBundle".to_owned())
                .into_iter()
                .collect()
        }
        "APIService" => {
            object["spec"].get("service")?;
            let filled = object["spec"].get("caBundle").is_some()
                || object["spec"]["insecureSkipTLSVerify"] == true;
            (!filled)
                .then(|| "/spec/caBundle".to_owned())
                .into_iter()
                .collect()
        }
        // One without data is there for a controller to fill.
        "Secret" if is_without(object, "data") && is_without(object, "stringData") => {
            vec!["/data".to_owned()]
        }
        _ => return None,
    };
    let version = text(&object["apiVersion"]);
    (!pointers.is_empty()).then(|| ResourceIgnoreDifferences {
        group: Some(group(version).to_owned()).filter(|group| !group.is_empty()),
        kind: text(&object["kind"]).to_owned(),
        name: object["metadata"]["name"].as_str().map(str::to_owned),
        namespace: object["metadata"]["namespace"].as_str().map(str::to_owned),
        json_pointers: pointers,
        ..ResourceIgnoreDifferences::default()
    })
}
