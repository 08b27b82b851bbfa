//! Each reference stack renders all outputs, and passes all checks.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use reference_stacks::stacks::{Cluster, Size};
use stack_builder::fleet::FleetBundles;
use stack_builder::{Registry, Severity, WriteOptions};

fn built(size: Size) -> FleetBundles<Cluster> {
    size.fleet("prod", "example.com").build().unwrap()
}

#[test]
fn every_reference_stack_passes_all_checks() {
    for size in Size::ALL {
        for (cluster, report) in built(size).check() {
            let errors: Vec<String> = report
                .findings
                .iter()
                .filter(|finding| finding.severity != Severity::Note)
                .map(ToString::to_string)
                .collect();
            assert_eq!(errors, [""; 0], "{size}, {}", cluster.name);
        }
    }
}

#[test]
fn every_choice_is_in_the_stack_and_nothing_else_is() {
    for size in Size::ALL {
        let claimed: BTreeSet<&str> = size
            .choices()
            .iter()
            .filter_map(|choice| choice.component)
            .collect();
        for (cluster, bundle) in built(size).members() {
            let there: BTreeSet<&str> = bundle.parts().iter().map(|part| part.id()).collect();
            assert_eq!(claimed, there, "{size}, {}", cluster.name);
        }
        assert!(
            size.choices()
                .iter()
                .all(|choice| choice.component.is_some() || !choice.note.is_empty())
        );
    }
}

#[test]
fn every_cluster_has_a_tree_with_scripts_images_and_what_a_closed_place_needs() {
    let folder = tempfile::tempdir().unwrap();
    for size in Size::ALL {
        let bundles = built(size);
        let trees = bundles
            .write_trees(folder.path().join(size.as_str()), WriteOptions::default())
            .unwrap();
        let clusters = if size == Size::Large { 2 } else { 1 };
        assert_eq!(trees.len(), clusters, "{size}");
        for (tree, _) in trees {
            for file in [
                "setup.sh",
                "verify-all.sh",
                "teardown.sh",
                "images.tsv",
                "charts.tsv",
                "mirror.sh",
                "firewall.tsv",
            ] {
                assert!(tree.join(file).is_file(), "{size}: {file}");
            }
            for file in [
                "main.tf",
                "eksctl.yaml",
                "kind.yaml",
                "storage-classes.yaml",
            ] {
                assert!(
                    tree.join("00-cluster").join(file).is_file(),
                    "{size}: {file}"
                );
            }
        }
    }
}

#[test]
fn images_come_from_one_registry_where_one_is_given() {
    for size in Size::ALL {
        for cluster in size.clusters("prod", "example.com") {
            let registry: Registry = "registry.example/mirror".parse().unwrap();
            let bundle = size.stack(&cluster).registry(registry).build().unwrap();
            for image in bundle.parts().iter().flat_map(|part| part.images()) {
                let mirrored = image.mirrored.as_ref().unwrap().to_string();
                assert!(
                    mirrored.starts_with("registry.example/mirror/"),
                    "{mirrored}"
                );
            }
        }
    }
}

#[test]
fn every_cluster_offers_what_its_stack_needs() {
    for size in Size::ALL {
        let bundles = built(size);
        for (cluster, bundle) in bundles.members() {
            let model =
                stack_model::Model::read(bundle.objects().map(|object| object.value().clone()));
            assert_eq!(size.needs(cluster).check(&model), [], "{size}");
        }
    }
}

#[test]
fn the_large_stack_has_a_cluster_in_each_region_and_says_what_differs() {
    let bundles = built(Size::Large);
    let regions: BTreeSet<&str> = bundles
        .members()
        .map(|(cluster, _)| cluster.region.as_str())
        .collect();
    assert_eq!(regions.len(), 2);
    let comparison = bundles.compare();
    assert!(
        comparison.shared.len() > comparison.different.len(),
        "{comparison}"
    );
    assert!(
        comparison
            .shared
            .contains(&"release cert-manager".to_owned()),
        "{comparison}"
    );
    let different: Vec<&str> = comparison
        .different
        .iter()
        .map(|row| row.what.as_str())
        .collect();
    assert!(
        different.contains(&"release cilium"),
        "each has an API server of its own: {different:?}"
    );
}

#[test]
fn argo_cd_follows_every_reference_stack_from_git() {
    use crd_validate::Registry as Definitions;
    use stack_gitops::GitOps;
    let mut definitions = Definitions::new();
    stack_catalog::add_definitions(&mut definitions);
    for size in Size::ALL {
        let bundles = built(size);
        let of_all: Vec<_> = bundles.members().map(|(_, bundle)| bundle).collect();
        let gitops = GitOps::new("https://git.example/platform.git");
        let files = gitops.files(&of_all, &definitions).unwrap();
        for (cluster, _) in bundles.members() {
            let apps = format!("/{}/root/apps/", cluster.name);
            assert!(files.iter().any(|file| file.path.contains(&apps)), "{size}");
        }
    }
}
