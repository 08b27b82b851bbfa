//! Each reference stack renders all outputs, and passes all checks.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use reference_stacks::stacks::{Cluster, Identity, Mesh, Network, Plan, Policies, Size, Storage};
use stack_builder::fleet::FleetBundles;
use stack_builder::{Provided, Registry, Severity, WriteOptions};

fn built(plan: impl Into<Plan>) -> FleetBundles<Cluster> {
    plan.into().fleet("prod", "example.com").build().unwrap()
}

/// Each size as the table has it, and each other choice in the size whose row leaves it open.
fn plans() -> Vec<Plan> {
    let [small, medium, large, quick] = Size::ALL.map(Plan::of);
    vec![
        small,
        Plan {
            network: Network::Flannel,
            policies: Policies::Gatekeeper,
            ..small
        },
        Plan {
            network: Network::Cilium,
            mesh: Mesh::Linkerd,
            identity: Identity::Spire,
            ..small
        },
        medium,
        Plan {
            network: Network::Calico,
            storage: Storage::Volumes,
            policies: Policies::Kyverno,
            ..medium
        },
        large,
        Plan {
            mesh: Mesh::Linkerd,
            storage: Storage::Ceph,
            ..large
        },
        Plan {
            mesh: Mesh::None,
            identity: Identity::Mesh,
            policies: Policies::Kyverno,
            gateway: true,
            ..large
        },
        quick,
        Plan {
            mesh: Mesh::Linkerd,
            policies: Policies::Gatekeeper,
            ..quick
        },
        Plan {
            mesh: Mesh::Istio,
            storage: Storage::Ceph,
            identity: Identity::Spire,
            ..quick
        },
    ]
}

#[test]
fn every_reference_stack_passes_all_checks() {
    let mut wrong = Vec::new();
    for plan in plans() {
        for (cluster, report) in built(plan).check() {
            let loud = report
                .findings
                .iter()
                .filter(|finding| finding.severity != Severity::Note);
            wrong.extend(loud.map(|finding| format!("{plan:?}, {}: {finding}", cluster.name)));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_choice_is_in_the_stack_and_nothing_else_is() {
    for plan in plans() {
        let choices = plan.choices();
        let claimed: BTreeSet<&str> = choices
            .iter()
            .filter_map(|choice| choice.component)
            .collect();
        for (cluster, bundle) in built(plan).members() {
            let there: BTreeSet<&str> = bundle.parts().iter().map(|part| part.id()).collect();
            assert_eq!(claimed, there, "{plan:?}, {}", cluster.name);
        }
        assert!(
            choices
                .iter()
                .all(|choice| choice.component.is_some() || !choice.note.is_empty())
        );
    }
}

#[test]
fn clusters_of_the_large_stack_with_linkerd_mirror_each_other() {
    let plan = Plan {
        mesh: Mesh::Linkerd,
        ..Plan::of(Size::Large)
    };
    let links: Vec<(String, serde_json::Value)> = built(plan)
        .members()
        .map(|(cluster, bundle)| {
            let release = bundle.release("linkerd-multicluster").unwrap();
            (cluster.name.clone(), release.values["controllers"].clone())
        })
        .collect();
    let to = |name: &str| serde_json::json!([{"link": {"ref": {"name": name}}}]);
    assert_eq!(
        links,
        [
            ("prod-seoul".to_owned(), to("prod-tokyo")),
            ("prod-tokyo".to_owned(), to("prod-seoul")),
        ]
    );
    let [seoul, tokyo] = Size::Large
        .clusters("prod", "example.com")
        .try_into()
        .unwrap();
    assert_eq!(Size::Large.others(&seoul), [tokyo]);
    let own = Cluster {
        name: "mine".into(),
        ..seoul
    };
    assert_eq!(Size::Large.others(&own), []);
}

#[test]
fn choices_that_do_not_go_together_are_refused() {
    for plan in [
        Plan {
            mesh: Mesh::Istio,
            ..Plan::of(Size::Small)
        },
        Plan {
            gateway: true,
            ..Plan::of(Size::Small)
        },
    ] {
        let error = plan
            .fleet("dev", "example.com")
            .build()
            .unwrap_err()
            .to_string();
        assert!(error.contains("cilium"), "{error}");
    }
}

#[test]
fn words_are_read_as_they_are_written() {
    for mesh in Mesh::ALL {
        assert_eq!(mesh.as_str().parse(), Ok(mesh));
    }
    let error = "consul".parse::<Mesh>().unwrap_err().to_string();
    assert_eq!(error, "`consul` is none of none, istio, linkerd");
}

/// Else Kyverno, which fails closed, would keep the platform's own pods away.
#[test]
fn the_policies_leave_the_platform_alone() {
    for plan in plans() {
        for (_, bundle) in built(plan).members() {
            let policies: Vec<_> = bundle.of_kind("kyverno.io", "ClusterPolicy").collect();
            for policy in policies {
                let excluded = &policy.value()["spec"]["rules"][0]["exclude"]["any"][0]["resources"]
                    ["namespaces"];
                let patterns: Vec<&str> = excluded
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|pattern| pattern.as_str().unwrap())
                    .collect();
                let left = |namespace: &str| {
                    patterns
                        .iter()
                        .any(|pattern| match pattern.strip_suffix('*') {
                            Some(start) => namespace.starts_with(start),
                            None => namespace == *pattern,
                        })
                };
                for release in bundle.releases() {
                    assert!(left(&release.namespace), "{plan:?}: {}", release.namespace);
                }
            }
        }
    }
}

#[test]
fn the_quick_bundle_has_the_chart_that_its_application_follows() {
    let bundles = built(Size::Quick);
    let (_, bundle) = bundles.members().next().unwrap();
    let files = bundle.files();
    let text = |name: &str| {
        let file = files.iter().find(|file| file.path.ends_with(name));
        file.map(|file| file.text.as_str()).unwrap_or_default()
    };
    let application: serde_json::Value = kube_yaml::from_str(text("api/application.yaml")).unwrap();
    let source = &application["spec"]["source"];
    assert_eq!(source["path"], "helm/api");
    assert_eq!(source["helm"]["valueFiles"][0], "values-prod.yaml");
    for (file, holds) in [
        ("Chart.yaml", "apiVersion: v2"),
        ("values.yaml", "host: api."),
        ("values-prod.yaml", "replicaCount: 6"),
        ("templates/_helpers.tpl", "define \"api.fullname\""),
        (
            "templates/deployment.yaml",
            "replicas: {{ .Values.replicaCount }}",
        ),
        (
            "templates/service.yaml",
            "name: {{ include \"api.fullname\" . }}",
        ),
        (
            "templates/route.yaml",
            "name: \"{{ .Values.gateway.name }}\"",
        ),
    ] {
        let text = text(&format!("helm/api/{file}"));
        assert!(text.contains(holds), "{file}: {text}");
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
            for file in ["main.tf", "eksctl.yaml", "kind.yaml"] {
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
    for plan in plans() {
        for cluster in plan.size.clusters("prod", "example.com") {
            let registry: Registry = "registry.example/mirror".parse().unwrap();
            let bundle = plan.stack(&cluster).registry(registry).build().unwrap();
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
    for plan in plans() {
        let bundles = built(plan);
        for (cluster, bundle) in bundles.members() {
            let model =
                stack_model::Model::read(bundle.objects().map(|object| object.value().clone()));
            assert_eq!(plan.needs(cluster).check(&model), [], "{plan:?}");
        }
    }
}

/// Else the cloud lets nobody in: the name stands in the trust policy of the role.
#[test]
fn every_role_is_for_an_account_that_is_there() {
    for plan in plans() {
        for (cluster, bundle) in built(plan).members() {
            for role in plan.needs(cluster).roles {
                let is = |one: &Provided| matches!(one, Provided::ServiceAccount { namespace, name } if *namespace == role.namespace && *name == role.account);
                let provided = bundle.parts().iter().flat_map(|part| part.provided());
                // Those of the cloud's own additions come with the cluster.
                let of_cloud = role.namespace == "kube-system";
                assert!(
                    of_cloud || provided.into_iter().any(is),
                    "{plan:?}: {role:?}"
                );
            }
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
