//! Objects as one writes them who knows Argo CD's YAML and has not read this crate: struct literals with `..Default::default()`,
//! texts and numbers `.into()`. What has to be looked up is a fault of the types.

use argocd_types::v1alpha1::*;
use serde_json::json;

#[test]
fn an_application_with_helm_values() {
    let application = Application::new(
        "shop",
        ApplicationSpec {
            project: "default".into(),
            source: Some(ApplicationSource {
                repo_url: "https://git.example/shop".into(),
                path: Some("chart".into()),
                target_revision: Some("main".into()),
                helm: Some(ApplicationSourceHelm {
                    values_object: json!({"replicas": 3}).as_object().cloned(),
                    parameters: vec![HelmParameter {
                        name: Some("image.tag".into()),
                        value: Some("1.2.3".into()),
                        ..Default::default()
                    }],
                    ..Default::default()
                }),
                ..Default::default()
            }),
            destination: ApplicationDestination {
                server: Some("https://kubernetes.default.svc".into()),
                namespace: Some("shop".into()),
                ..Default::default()
            },
            sync_policy: Some(SyncPolicy {
                automated: Some(SyncPolicyAutomated {
                    prune: Some(true),
                    self_heal: Some(true),
                    ..Default::default()
                }),
                sync_options: vec!["CreateNamespace=true".into()],
                ..Default::default()
            }),
            ..Default::default()
        },
    )
    .in_namespace("argocd");
    assert_eq!(
        json!(application)["spec"],
        json!({
            "project": "default",
            "source": {"repoURL": "https://git.example/shop", "path": "chart", "targetRevision": "main",
                "helm": {"parameters": [{"name": "image.tag", "value": "1.2.3"}], "valuesObject": {"replicas": 3}}},
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
            "syncPolicy": {"automated": {"prune": true, "selfHeal": true}, "syncOptions": ["CreateNamespace=true"]},
        })
    );
}

#[test]
fn a_set_over_clusters_and_folders() {
    let set = ApplicationSet::new(
        "apps",
        ApplicationSetSpec {
            go_template: Some(true),
            generators: vec![ApplicationSetGenerator::Matrix(MatrixGenerator {
                generators: vec![
                    ApplicationSetNestedGenerator::Clusters(ClusterGenerator::default()),
                    ApplicationSetNestedGenerator::Git(GitGenerator {
                        repo_url: "https://git.example/apps".into(),
                        revision: "HEAD".into(),
                        directories: vec![GitDirectoryGeneratorItem {
                            path: "apps/*".into(),
                            ..Default::default()
                        }],
                        ..Default::default()
                    }),
                ],
                ..Default::default()
            })],
            template: ApplicationSetTemplate {
                metadata: ApplicationSetTemplateMeta {
                    name: Some("{{ .path.basename }}".into()),
                    ..Default::default()
                },
                spec: ApplicationSpec {
                    project: "default".into(),
                    ..Default::default()
                },
            },
            ..Default::default()
        },
    );
    assert_eq!(
        json!(set)["spec"]["generators"],
        json!([{"matrix": {"generators": [
            {"clusters": {}},
            {"git": {"repoURL": "https://git.example/apps", "revision": "HEAD", "directories": [{"path": "apps/*"}]}},
        ]}}])
    );
}

#[test]
fn a_project_for_a_team() {
    let project = AppProject::new(
        "team",
        AppProjectSpec {
            source_repos: vec!["https://git.example/*".into()],
            destinations: vec![ProjectDestination {
                server: Some("*".into()),
                namespace: Some("team-*".into()),
                ..Default::default()
            }],
            roles: vec![ProjectRole {
                name: "ci".into(),
                policies: vec!["p, proj:team:ci, applications, sync, team/*, allow".into()],
                ..Default::default()
            }],
            ..Default::default()
        },
    );
    assert_eq!(
        json!(project)["spec"],
        json!({
            "sourceRepos": ["https://git.example/*"],
            "destinations": [{"server": "*", "namespace": "team-*"}],
            "roles": [{"name": "ci", "policies": ["p, proj:team:ci, applications, sync, team/*, allow"]}],
        })
    );
}

#[test]
fn an_empty_selector_is_not_lost() {
    let everything = json!({"matchLabels": {}});
    let generators = json!([
        {"clusters": {"selector": everything}},
        {"list": {}, "selector": everything},
        {"clusterDecisionResource": {"configMapRef": "c", "labelSelector": everything}},
    ]);
    let api = "argoproj.io/v1alpha1";
    let document = json!({
        "apiVersion": api, "kind": "ApplicationSet", "metadata": {"name": "a"},
        "spec": {"generators": generators, "template": {"metadata": {}, "spec": {"project": "p", "destination": {}}}},
    });
    let family = argocd_types::family();
    let read = family
        .version(api, "ApplicationSet")
        .unwrap()
        .strict(&document)
        .unwrap();
    assert_eq!(read.to_value().unwrap(), document);
}
