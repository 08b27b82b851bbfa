//! Argo CD applications as YAML: `cargo run --example argocd_appset -- test-guestbook | kubectl apply -n argocd -f -`.
//!
//! Two of the five are documented without the project that Argo CD demands: standard error says what reading them so reports.

#[cfg(test)]
#[path = "argocd_appset/tests.rs"]
mod tests;

use argocd_types::v1alpha1::*;
use examples::Set;
use lab_builder::components::ArgoCd;
use serde_json::{Error, json};

fn main() -> Result<std::process::ExitCode, Error> {
    Ok(examples::print("Prints Argo CD applications.", &sets()?))
}

fn sets() -> Result<[Set; 5], Error> {
    let lab = ArgoCd::default();
    let stack = Set::new("observability-stack", "a chart in production");
    let api = Set::new("api", "one environment of an API").with(&api())?;
    let apps = Set::new("apps", "the same API in two environments").with(&apps())?;
    let guestbook = Set::new("test-guestbook", "exercise 5-1: plain manifests");
    let demo = Set::new("demo-app-helm", "exercise 11-4: the demo app as a chart");
    Ok([
        stack.with(&observability())?,
        api.lacks::<Application>("/spec", "project"),
        apps.lacks::<ApplicationSet>("/spec/template/spec", "project"),
        guestbook.with(&lab.guestbook())?,
        demo.with(&lab.demo_app("demo"))?,
    ])
}

/// A chart in a folder of a Git repository, with one file of values.
fn chart(owned: &str, path: &str, revision: &str, values: &str) -> ApplicationSource {
    let source = ApplicationSource::git(format!("https://github.com/{owned}"), path);
    source.at(revision).with_value_files([values])
}

/// A failed sync is tried again, less and less often.
fn observability() -> Application {
    let manifests = "company/platform-manifests";
    let source = chart(manifests, "observability", "HEAD", "values-production.yaml");
    let retry = RetryStrategy::times(5).waiting("5s", 2);
    let spec = ApplicationSpec::new("platform").from_source(source);
    let policy = SyncPolicy::automatic().create_namespace().retry(retry);
    let spec = spec.to_local_cluster("observability").synced(policy);
    Application::new("observability-stack", spec).in_namespace("argocd")
}

/// The API in one namespace. No spec can be begun without a project: `ApplicationSpec::new` asks for it.
fn api_in(namespace: &str, values: &str) -> ApplicationSpec {
    let source = chart("acme/infra", "helm/api", "main", values);
    let spec = ApplicationSpec::new("default")
        .from_source(source)
        .to_local_cluster(namespace);
    spec.synced(SyncPolicy::automatic())
}

fn api() -> Application {
    let policy = SyncPolicy::automatic().create_namespace();
    let spec = api_in("prod", "values-prod.yaml").synced(policy);
    Application::new("api", spec).in_namespace("argocd")
}

/// One Application per element of the list, whose members fill in the template.
fn apps() -> ApplicationSet {
    let elements = ["dev", "prod"].map(|to| {
        json!({"name": format!("api-{to}"), "namespace": to, "values": format!("values-{to}.yaml")})
    });
    let template = ApplicationSetTemplate::new("{{name}}", api_in("{{namespace}}", "{{values}}"));
    let generators = [ApplicationSetGenerator::list(elements)];
    let spec = ApplicationSetSpec::new(generators, template.in_namespace("argocd"));
    ApplicationSet::new("apps", spec)
}
