//! Each reference stack as Git would hold it, in every style: taken by an API server, the same from both sources, synced in an
//! order in which nothing is used before it is there.
#![allow(clippy::unwrap_used)]

use crate::made;

use std::collections::BTreeMap;

use crd_validate::{Registry, UnknownFields, Validator, Verdict};
use made::Declared;
use reference_stacks::stacks::{Cluster, Size};
use serde_json::Value;
use stack_builder::fleet::FleetBundles;
use stack_builder::{Bundle, File};
use stack_gitops::sync::{Repository, SyncPlan};
use stack_gitops::{Cluster as Target, GitOps, KnownBy, SecretStore, Style};

const ROOT: &str = "gitops/root/applicationset.yaml";

fn built(size: Size) -> FleetBundles<Cluster> {
    size.fleet("prod", "example.com").build().unwrap()
}

fn definitions() -> Registry {
    let mut registry = Registry::new();
    stack_catalog::add_definitions(&mut registry);
    registry
}

/// Clusters beside the first are known to its Argo CD by name.
fn gitops(style: Style, bundles: &[&Bundle]) -> GitOps {
    let mut gitops = GitOps::new("https://git.example/platform.git").style(style);
    for bundle in bundles.iter().skip(1) {
        let name = bundle.environment().name();
        gitops = gitops.cluster(name, Target::Name(name.to_owned()));
    }
    gitops
}

fn objects(file: &File) -> Vec<Value> {
    let documents = kube_yaml::Documents::new(&file.text);
    documents.map(|document| document.unwrap().value).collect()
}

fn repository(files: &[File]) -> Repository {
    Repository::read(files.iter().map(|file| (file.path.clone(), &file.text)))
}

/// Every object that some sync applies: neither values nor elements of an ApplicationSet nor the workflow.
fn applied(files: &[File]) -> Vec<(&str, Value)> {
    let holds = |file: &&File| {
        let not = ["/values/", "/units/", "/ci/"];
        file.path.ends_with(".yaml") && !not.iter().any(|part| file.path.contains(part))
    };
    let all = files.iter().filter(holds).flat_map(|file| {
        let objects = objects(file).into_iter();
        objects.map(|object| (file.path.as_str(), object))
    });
    all.filter(|(_, object)| {
        let version = object["apiVersion"].as_str().unwrap_or_default();
        !version.starts_with("kustomize.") && !version.starts_with("kind.")
    })
    .collect()
}

/// Accepted by our own validation, with the definitions that are among the objects themselves.
fn assert_accepted(files: &[File], registry: &mut Registry, who: &str) {
    let objects = applied(files);
    for (_, object) in &objects {
        if object["kind"] == "ConstraintTemplate" {
            let template: gatekeeper_types::templates::v1::ConstraintTemplate =
                serde_json::from_value(object.clone()).unwrap();
            let crd = serde_json::to_value(template.constraint_crd().unwrap()).unwrap();
            registry.add(Validator::new(&crd).unwrap());
        }
    }
    for (path, object) in objects {
        let judgement = registry.judge(&object, UnknownFields::Refuse);
        assert_eq!(
            judgement.verdict,
            Verdict::Accepted,
            "{who}, {path}: {:?}",
            judgement.report
        );
    }
}

fn assert_synced_in_order(files: &[File], who: &str) {
    let plan = SyncPlan::of(&repository(files));
    let found: Vec<String> = plan.findings.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{who}:\n{}", found.join("\n"));
    assert!(plan.applications.len() > 10, "{who}");
}

#[test]
fn applications_and_the_application_set_are_accepted_say_the_same_and_sync_in_order() {
    for size in Size::ALL {
        let bundles = built(size);
        let bundles: Vec<&Bundle> = bundles.members().map(|(_, bundle)| bundle).collect();
        let mut registry = definitions();
        let mut of_style = |style: Style| {
            let files = gitops(style, &bundles).files(&bundles, &registry).unwrap();
            let who = format!("{size}, {style:?}");
            assert_accepted(&files, &mut registry, &who);
            assert_synced_in_order(&files, &who);
            files
        };
        let (apps, set) = (of_style(Style::Apps), of_style(Style::ApplicationSet));
        // The template, filled in for every element, gives what style `apps` writes.
        let root = set.iter().find(|file| file.path == ROOT).unwrap();
        let made = repository(&set).applications_of(&objects(root)[0]).unwrap();
        let written = apps
            .iter()
            .filter(|file| file.path.contains("/root/apps/"))
            .flat_map(objects);
        let by_name = |all: &mut dyn Iterator<Item = Value>| -> BTreeMap<String, Value> {
            all.map(|app| (app["metadata"]["name"].as_str().unwrap().to_owned(), app))
                .collect()
        };
        let made = by_name(&mut made.into_iter());
        let written = by_name(&mut written.into_iter());
        assert_eq!(
            made.keys().collect::<Vec<_>>(),
            written.keys().collect::<Vec<_>>(),
            "{size}"
        );
        for (name, app) in &made {
            assert_eq!(Some(app), written.get(name), "{size}: {name}");
        }
    }
}

#[test]
fn rendered_stacks_are_accepted_sync_in_order_and_name_what_is_made_up() {
    for size in Size::ALL {
        let bundles = built(size);
        let with = |password: &str| -> Vec<Bundle> {
            let members = bundles.members();
            members
                .map(|(_, bundle)| {
                    let charts = Declared::of(bundle, password);
                    bundle.clone().with_charts(&charts).unwrap()
                })
                .collect()
        };
        let (first, again) = (with("Zmlyc3Q="), with("YWdhaW4="));
        let bundles: Vec<&Bundle> = first.iter().collect();
        let store = SecretStore {
            name: "vault".into(),
            prefix: String::new(),
        };
        let mut gitops = gitops(Style::Rendered, &bundles).secrets_from(store);
        for (bundle, again) in first.iter().zip(&again) {
            assert!(
                gitops
                    .generated(bundle)
                    .iter()
                    .all(|one| one.by != KnownBy::Comparing)
            );
            gitops = gitops.compared(bundle, again);
        }
        let mut registry = definitions();
        let files = gitops.files(&bundles, &registry).unwrap();
        let who = format!("{size}, rendered");
        assert_accepted(&files, &mut registry, &who);
        assert_synced_in_order(&files, &who);
        let readme = files
            .iter()
            .find(|file| file.path == "gitops/README.md")
            .unwrap();
        for (bundle, release) in first
            .iter()
            .flat_map(|bundle| bundle.releases().map(move |release| (bundle, release)))
        {
            let found = gitops.generated(bundle);
            let of = found
                .iter()
                .find(|one| one.release == release.name)
                .unwrap();
            let paths: Vec<String> = of.values.iter().map(ToString::to_string).collect();
            let named = |kind: &str, suffix: &str, path: &str| {
                format!(
                    "{kind} {}/{}-made{suffix}: {path}",
                    release.namespace, release.name
                )
            };
            assert_eq!(
                paths,
                [
                    named("ConfigMap", "-sum", "data.checksum"),
                    named("Secret", "-password", "data.password"),
                ],
                "{who}"
            );
            assert!(
                readme
                    .text
                    .contains(&format!("/{}-made-sum | `data.checksum`", release.name))
            );
        }
    }
}
