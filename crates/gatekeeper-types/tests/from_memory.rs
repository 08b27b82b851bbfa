//! Objects as one writes them who knows Gatekeeper's YAML and has not read this crate: struct literals with
//! `..Default::default()`, texts and numbers `.into()`. What has to be looked up is a fault of the types.

use gatekeeper_types::Gvk;
use gatekeeper_types::config::v1alpha1::{Config, ConfigSpec, MatchEntry, Process, Sync};
use gatekeeper_types::constraints::{Constraint, ConstraintSpec, EnforcementAction};
use gatekeeper_types::matching::{Kinds, Match};
use gatekeeper_types::mutations::v1::{self as mutations, AssignMetadata};
use gatekeeper_types::templates::v1::{self as templates, ConstraintTemplate};
use serde_json::json;

#[test]
fn a_template_with_parameters() {
    let template = ConstraintTemplate::rego("K8sRequiredLabels", "package k8srequiredlabels\n")
        .with_parameters(&json!({
            "type": "object",
            "properties": {"labels": {"type": "array", "items": {"type": "string"}}},
        }))
        .unwrap();
    let written = json!(template);
    assert_eq!(written["metadata"]["name"], "k8srequiredlabels");
    assert_eq!(
        written["spec"]["crd"]["spec"]["names"]["kind"],
        "K8sRequiredLabels"
    );
}

#[test]
fn a_version_has_all_that_its_kinds_are_made_of() {
    let template = ConstraintTemplate::new(
        "k8srequiredlabels",
        templates::ConstraintTemplateSpec {
            crd: templates::Crd {
                spec: templates::CrdSpec {
                    names: templates::Names {
                        kind: "K8sRequiredLabels".into(),
                        ..Default::default()
                    },
                    ..Default::default()
                },
            },
            targets: vec![templates::Target::rego("package k8srequiredlabels\n")],
        },
    );
    let owner = AssignMetadata::new(
        "owner",
        mutations::AssignMetadataSpec {
            r#match: Some(Match {
                kinds: vec![Kinds::core(["Pod"])],
                ..Default::default()
            }),
            location: Some("metadata.labels.owner".into()),
            parameters: Some(mutations::AssignMetadataParameters {
                assign: Some(mutations::AssignField::Value(json!("admin"))),
            }),
        },
    );
    assert_eq!(
        json!(template)["spec"]["targets"][0]["target"],
        "admission.k8s.gatekeeper.sh"
    );
    assert_eq!(
        json!(owner)["spec"]["parameters"],
        json!({"assign": {"value": "admin"}})
    );
}

#[test]
fn a_constraint_of_it() {
    let mut constraint = Constraint::new("K8sRequiredLabels", "owners");
    constraint.spec = ConstraintSpec {
        enforcement_action: Some(EnforcementAction::Warn),
        r#match: Match {
            kinds: vec![Kinds {
                api_groups: vec!["".into()],
                kinds: vec!["Namespace".into()],
            }],
            excluded_namespaces: vec!["kube-*".into()],
            ..Default::default()
        },
        parameters: Some(json!({"labels": ["owner"]})),
        ..Default::default()
    };
    let written = json!(constraint);
    assert_eq!(written["kind"], "K8sRequiredLabels");
    assert_eq!(
        written["spec"],
        json!({
            "enforcementAction": "warn",
            "match": {"kinds": [{"apiGroups": [""], "kinds": ["Namespace"]}], "excludedNamespaces": ["kube-*"]},
            "parameters": {"labels": ["owner"]},
        })
    );
}

#[test]
fn a_config_that_leaves_namespaces_out() {
    let config = Config::new(
        "config",
        ConfigSpec {
            sync: Some(Sync {
                sync_only: vec![Gvk {
                    version: Some("v1".into()),
                    kind: Some("Namespace".into()),
                    ..Default::default()
                }],
            }),
            r#match: vec![MatchEntry {
                processes: vec![Process::All],
                excluded_namespaces: vec!["kube-system".into()],
            }],
            ..Default::default()
        },
    );
    assert_eq!(
        json!(config)["spec"],
        json!({
            "sync": {"syncOnly": [{"version": "v1", "kind": "Namespace"}]},
            "match": [{"processes": ["*"], "excludedNamespaces": ["kube-system"]}],
        })
    );
}

#[test]
fn an_empty_selector_is_not_lost() {
    let everything = json!({"matchLabels": {}});
    let document = json!({
        "apiVersion": "mutations.gatekeeper.sh/v1", "kind": "Assign", "metadata": {"name": "a"},
        "spec": {"match": {"labelSelector": everything, "namespaceSelector": everything}},
    });
    let family = gatekeeper_types::family();
    let version = family.version("mutations.gatekeeper.sh/v1", "Assign");
    let read = version.unwrap().strict(&document).unwrap();
    assert_eq!(read.to_value().unwrap(), document);
    let constraint = json!({
        "apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "K8sX", "metadata": {"name": "a"},
        "spec": {"match": {"labelSelector": everything}},
    });
    let read: Constraint = serde_json::from_value(constraint.clone()).unwrap();
    assert_eq!(json!(read), constraint);
}
