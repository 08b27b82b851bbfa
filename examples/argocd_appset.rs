//! Argo CD applications, as YAML on standard output:
//! `cargo run --example argocd_appset -- test-guestbook | kubectl apply -n argocd -f -`.
//!
//! Four Applications, and an ApplicationSet that makes one for each environment. Two of the five are documented without the
//! project that Argo CD demands: standard error says what reading them reports, and what is printed has the project.
#![allow(clippy::print_stderr)]

#[cfg(test)]
#[path = "argocd_appset/tests.rs"]
mod tests;

use std::io::Write;

use argocd_types::v1alpha1::{
    Application, ApplicationSet, ApplicationSetGenerator, ApplicationSetSpec,
    ApplicationSetTemplate, ApplicationSource, ApplicationSourceHelm, ApplicationSpec, Backoff,
    RetryStrategy, SyncPolicy,
};
use clap::{Parser, ValueEnum};
use crd_core::parse::{self, ParseError};
use lab_builder::render::yaml;
use serde_json::{Value, json, to_value};

const ARGOCD: &str = "argocd";
/// The project that every Argo CD has, and that allows everything.
const PROJECT: &str = "default";
const INFRA: &str = "https://github.com/acme/infra";

/// Prints Argo CD applications as YAML.
#[derive(Parser)]
#[command(after_help = "\
Examples:
  argocd_appset                                      all five
  argocd_appset apps | kubectl apply -n argocd -f -  one, into the cluster

Exit code: 0 when printed, 2 when the name is unknown.")]
struct Arguments {
    /// The object to print. Without a name all are printed.
    name: Option<Name>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// Application: a chart with values for production; a failed sync is tried again, less and less often
    ObservabilityStack,
    /// Application: one environment of an API; documented without a project
    Api,
    /// ApplicationSet: the same API in two environments; documented without a project
    Apps,
    /// Application of exercise 5-1: plain manifests in a namespace that Argo CD creates
    TestGuestbook,
    /// Application of exercise 11-4: the demo app as a Helm chart
    DemoAppHelm,
}

fn main() -> Result<(), serde_json::Error> {
    let every = || Name::value_variants().to_vec();
    let names = Arguments::parse()
        .name
        .map_or_else(every, |name| vec![name]);
    let mut objects = Vec::new();
    for name in names {
        if let Some(error) = name.fault() {
            eprintln!("as documented, {error}; here it is `{PROJECT}`");
        }
        objects.push(name.object()?);
    }
    // A reader that stops early, such as `head`, is no fault of ours.
    let _ = std::io::stdout()
        .lock()
        .write_all(yaml::stream(&objects).as_bytes());
    Ok(())
}

impl Name {
    fn object(self) -> Result<Value, serde_json::Error> {
        match self {
            Self::ObservabilityStack => to_value(observability_stack()),
            Self::Api => to_value(api()),
            Self::Apps => to_value(apps()),
            Self::TestGuestbook => to_value(test_guestbook()),
            Self::DemoAppHelm => to_value(demo_app_helm()),
        }
    }

    /// What is wrong with the object as it is documented.
    fn fault(self) -> Option<ParseError> {
        match self {
            Self::Api => parse::strict::<Application>(&documented_api()).err(),
            Self::Apps => parse::strict::<ApplicationSet>(&documented_apps()).err(),
            _ => None,
        }
    }
}

/// A chart in a folder of a Git repository, with one file of values.
fn chart(repository: &str, path: &str, revision: &str, values: &str) -> ApplicationSource {
    ApplicationSource::git(repository, path)
        .at(revision)
        .with_helm(ApplicationSourceHelm::value_files([values]))
}

fn observability_stack() -> Application {
    let retry = RetryStrategy {
        limit: Some(5),
        backoff: Some(Backoff {
            duration: Some("5s".to_owned()),
            factor: Some(2),
            ..Backoff::default()
        }),
        ..RetryStrategy::default()
    };
    let manifests = "https://github.com/company/platform-manifests";
    let source = chart(manifests, "observability", "HEAD", "values-production.yaml");
    let spec = ApplicationSpec::new("platform")
        .from_source(source)
        .to_local_cluster("observability")
        .synced(SyncPolicy::automatic().create_namespace().retry(retry));
    Application::new("observability-stack", spec).in_namespace(ARGOCD)
}

/// The API in one namespace. No spec can be begun without a project: `ApplicationSpec::new` asks for it.
fn api_in(namespace: &str, values: &str) -> ApplicationSpec {
    ApplicationSpec::new(PROJECT)
        .from_source(chart(INFRA, "helm/api", "main", values))
        .to_local_cluster(namespace)
        .synced(SyncPolicy::automatic())
}

fn api() -> Application {
    let policy = SyncPolicy::automatic().create_namespace();
    Application::new("api", api_in("prod", "values-prod.yaml").synced(policy)).in_namespace(ARGOCD)
}

/// One Application per element of the list, whose members fill in the template. It is documented without a namespace of its own;
/// it belongs where Argo CD is, hence `kubectl apply -n argocd`.
fn apps() -> ApplicationSet {
    let elements = ["dev", "prod"].map(|environment| {
        json!({
            "name": format!("api-{environment}"),
            "namespace": environment,
            "values": format!("values-{environment}.yaml"),
        })
    });
    let mut template =
        ApplicationSetTemplate::new("{{name}}", api_in("{{namespace}}", "{{values}}"));
    template.metadata.namespace = Some(ARGOCD.to_owned());
    let generators = [ApplicationSetGenerator::list(elements)];
    ApplicationSet::new("apps", ApplicationSetSpec::new(generators, template))
}

fn test_guestbook() -> Application {
    let examples = "https://github.com/argoproj/argocd-example-apps";
    let spec = ApplicationSpec::new(PROJECT)
        .from_source(ApplicationSource::git(examples, "guestbook").at("HEAD"))
        .to_local_cluster("test")
        .synced(SyncPolicy::automatic().create_namespace());
    Application::new("test-guestbook", spec).in_namespace(ARGOCD)
}

/// The repository is yours: put its owner in place of `<your-repo>`.
fn demo_app_helm() -> Application {
    let repository = "https://github.com/<your-repo>/interview-prep.git";
    let path = "lab/03-argocd/apps/demo-app";
    let spec = ApplicationSpec::new(PROJECT)
        .from_source(chart(repository, path, "main", "values.yaml"))
        .to_local_cluster("demo")
        .synced(SyncPolicy::automatic());
    Application::new("demo-app-helm", spec).in_namespace(ARGOCD)
}

/// Without `spec.project`.
fn documented_api() -> Value {
    json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "api", "namespace": "argocd"},
        "spec": {"source": {"repoURL": "https://github.com/acme/infra", "path": "helm/api", "targetRevision": "main",
            "helm": {"valueFiles": ["values-prod.yaml"]}},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "prod"},
        "syncPolicy": {"automated": {"prune": true, "selfHeal": true}, "syncOptions": ["CreateNamespace=true"]},
    }})
}

/// Without `spec.template.spec.project`.
fn documented_apps() -> Value {
    json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "apps"}, "spec": {
        "generators": [{"list": {"elements": [
            {"name": "api-dev", "namespace": "dev", "values": "values-dev.yaml"},
            {"name": "api-prod", "namespace": "prod", "values": "values-prod.yaml"},
        ]}}],
        "template": {"metadata": {"name": "{{name}}", "namespace": "argocd"}, "spec": {
            "source": {"repoURL": "https://github.com/acme/infra", "path": "helm/api", "targetRevision": "main",
                "helm": {"valueFiles": ["{{values}}"]}},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "{{namespace}}"},
            "syncPolicy": {"automated": {"prune": true, "selfHeal": true}},
        }},
    }})
}
