//! Own documents: what they say is found in the types, and nothing is lost on the way back.

#![allow(clippy::unwrap_used)]

mod roundtrip;

use argocd_types::v1alpha1::{
    AppProject, Application, ApplicationSourceType, HydrateOperationPhase, SyncOption,
    SyncStatusCode,
};
use crd_core::parse;
use roundtrip::{Outcome, round_trip};
use serde_json::{Value, json};

fn application(spec: Value) -> Value {
    json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "shop", "namespace": "argocd"},
        "spec": spec,
    })
}

fn assert_same<T: serde::de::DeserializeOwned + serde::Serialize>(document: &Value) {
    if let Outcome::Different(why) = round_trip::<T>(document) {
        assert_eq!(why, "", "{document}");
    }
}

#[test]
fn every_kind_of_source_survives() {
    let destination = json!({"name": "in-cluster", "namespace": "shop"});
    let sources = [
        json!({"repoURL": "https://charts.example", "chart": "shop", "targetRevision": "1.x", "helm": {
            "valueFiles": ["$values/shop.yaml"], "parameters": [{"name": "a", "value": "1", "forceString": true}],
            "releaseName": "s", "values": "a: 1\n", "fileParameters": [{"name": "f", "path": "f.txt"}],
            "valuesObject": {"deep": [{"er": null}, 1.0]}, "skipCrds": false, "apiVersions": ["v1"]}}),
        json!({"repoURL": "https://git.example/shop", "path": "overlays/prod", "kustomize": {
            "images": ["shop=shop:2"], "commonLabels": {"team": "a"}, "replicas": [{"name": "web", "count": 3},
            {"name": "api", "count": "{{ .n }}"}], "patches": [{"patch": "- op: remove", "target": {"kind": "Service"},
            "options": {"allowNameChange": true}}], "components": ["../c"], "labelWithoutSelector": true}}),
        json!({"repoURL": "https://git.example/shop", "path": ".", "directory": {"recurse": true, "exclude": "*.md",
            "jsonnet": {"extVars": [{"name": "x", "value": "1", "code": true}], "tlas": [{"name": "t", "value": "v"}],
            "libs": ["vendor"]}}}),
        json!({"repoURL": "https://git.example/shop", "path": ".", "plugin": {"name": "tanka-v1",
            "env": [{"name": "E", "value": "$ARGOCD_APP_NAME"}], "parameters": [{"name": "m", "map": {}},
            {"name": "l", "array": []}, {"name": "s", "string": ""}]}}),
        json!({"repoURL": "https://git.example/values", "targetRevision": "main", "ref": "values", "name": "v"}),
    ];
    for source in &sources {
        assert_same::<Application>(&application(
            json!({"project": "p", "source": source, "destination": destination}),
        ));
    }
    let several =
        application(json!({"project": "p", "sources": sources, "destination": destination}));
    assert_same::<Application>(&several);
    let read: Application = parse::strict(&several).unwrap();
    let tools: Vec<_> = read
        .spec
        .effective_sources()
        .iter()
        .map(|source| source.explicit_type().unwrap())
        .collect();
    use ApplicationSourceType::{Directory, Helm, Kustomize, Plugin};
    assert_eq!(
        tools,
        [
            Some(Helm),
            Some(Kustomize),
            Some(Directory),
            Some(Plugin),
            None
        ]
    );
}

#[test]
fn an_empty_map_of_a_plugin_is_not_absent() {
    let document = application(json!({"project": "p", "destination": {}, "source": {
        "repoURL": "r", "plugin": {"parameters": [{"name": "m", "map": {}}, {"name": "l", "array": []}]}}}));
    let read: Application = parse::strict(&document).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), document);
}

#[test]
fn operation_and_status_stand_beside_the_spec() {
    let source = json!({"repoURL": "r", "path": "p"});
    let operation = json!({
        "initiatedBy": {"username": "ann"}, "info": [{"name": "why", "value": "test"}],
        "retry": {"limit": 0}, "sync": {"revision": "abc", "prune": false, "syncOptions": ["Validate=false"],
        "syncStrategy": {"hook": {"force": true}}, "resources": [{"kind": "Job", "name": "j"}]},
    });
    let mut document = application(
        json!({"project": "p", "destination": {"namespace": "n"}, "source": source,
        "syncPolicy": {"automated": {}, "managedNamespaceMetadata": {"labels": {"a": "b"}}},
        "revisionHistoryLimit": 0}),
    );
    document["operation"] = operation.clone();
    document["status"] = json!({
        "resources": [{"kind": "Job", "name": "j", "status": "Synced", "syncWave": -1, "health": {"status": "Odd"}}],
        "sync": {"status": "OutOfSync", "revision": "abc", "comparedTo": {"destination": {"namespace": "n"}, "source": source}},
        "history": [{"id": 3, "deployedAt": "2026-01-02T03:04:05Z", "revision": "abc", "source": source}],
        "conditions": [{"type": "SyncError", "message": "no", "lastTransitionTime": "2026-01-02T03:04:05Z"}],
        "operationState": {"operation": operation, "phase": "Failed", "startedAt": "2026-01-02T03:04:05Z",
            "syncResult": {"revision": "abc", "resources": [{"group": "", "version": "v1", "kind": "Job", "namespace": "n",
            "name": "j", "hookPhase": "Running", "hookType": "PreSync", "syncPhase": "PreSync"}]}},
        "sourceTypes": ["Helm", "New"], "summary": {"images": ["a:1"], "externalURLs": ["https://x"]},
        "sourceHydrator": {"currentOperation": {"phase": "Hydrating", "message": "", "drySHA": "abc",
            "sourceHydrator": {"drySource": {"repoURL": "r", "path": "p", "targetRevision": "main"},
            "syncSource": {"targetBranch": "env/dev", "path": "shop"}, "hydrateTo": {"targetBranch": "env/dev-next"}}}},
    });
    assert_same::<Application>(&document);
    let read: Application = parse::strict(&document).unwrap();
    assert_eq!(
        read.operation.unwrap().sync.unwrap().sync_options,
        [SyncOption::Validate(false)]
    );
    let status = read.status.unwrap();
    assert_eq!(status.sync.unwrap().status, SyncStatusCode::OutOfSync);
    let hydrator = status.source_hydrator.unwrap().current_operation.unwrap();
    assert_eq!(hydrator.phase, HydrateOperationPhase::Hydrating);
}

#[test]
fn a_project_survives() {
    assert_same::<AppProject>(&json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "p", "namespace": "argocd"},
        "spec": {
            "sourceRepos": ["*", "!https://evil.example/*"], "description": "d",
            "destinations": [{"server": "*", "namespace": "team-*"}, {"name": "prod", "namespace": "x"}],
            "clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": "team-*"}],
            "namespaceResourceBlacklist": [{"group": "", "kind": "ResourceQuota"}],
            "orphanedResources": {"warn": false, "ignore": [{"kind": "Secret", "name": "*.cert"}]},
            "roles": [{"name": "ci", "policies": ["p, proj:p:ci, applications, sync, p/*, allow"], "groups": ["g"],
                "jwtTokens": [{"iat": 1735689600, "exp": 0, "id": "x"}]}],
            "syncWindows": [{"kind": "deny", "schedule": "0 22 * * *", "duration": "1h", "applications": ["*"],
                "manualSync": true, "timeZone": "Europe/Zurich", "andOperator": false}],
            "signatureKeys": [{"keyID": "4AEE18F83AFDEB23"}], "sourceNamespaces": ["team-*"],
            "permitOnlyProjectScopedClusters": false,
            "destinationServiceAccounts": [{"server": "*", "namespace": "*", "defaultServiceAccount": "sa:ns"}],
        },
        "status": {"jwtTokensByRole": {"ci": {"items": [{"iat": 1735689600}]}}},
    }));
}

#[test]
fn every_problem_is_reported_with_its_path() {
    let document = application(json!({
        "source": {"repoURL": "r", "helm": {"valueFiles": "values.yaml", "valuefiles": []}},
        "destination": {"server": 1},
    }));
    let error = parse::strict::<Application>(&document).unwrap_err();
    let mut problems: Vec<_> = error.problems().iter().map(ToString::to_string).collect();
    problems.sort();
    assert_eq!(
        problems,
        [
            "spec.destination.server: invalid type: integer `1`, expected a string",
            "spec.project: required field is missing",
            "spec.source.helm.valueFiles: invalid type: string \"values.yaml\", expected a sequence",
            "spec.source.helm.valuefiles: unknown field",
        ]
    );
}

#[test]
fn another_kind_is_refused() {
    let mut document = application(json!({"project": "p", "destination": {}}));
    document["kind"] = json!("AppProject");
    assert!(parse::lenient::<Application>(&document).is_err());
    document["kind"] = json!("Application");
    document["apiVersion"] = json!("argoproj.io/v1");
    assert!(parse::lenient::<Application>(&document).is_err());
}
