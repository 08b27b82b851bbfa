//! Own documents: what they say is found in the types, and nothing is lost on the way back.

use argocd_types::v1alpha1::{
    AppProject, Application, ApplicationSet, ApplicationSetGenerator, ApplicationSourceHelm,
    ApplicationSourceType, GeneratorEntry, HydrateOperationPhase, SyncOption, SyncStatusCode,
};
use crd_core::parse;
use fidelity::round_trip;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
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
    assert_eq!(round_trip::<T>(document), Ok(()), "{document}");
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
fn values_come_from_anything_that_is_an_object() {
    let values = json!({"image": {"tag": "1"}});
    let helm = ApplicationSourceHelm::values_object(&values).unwrap();
    assert_eq!(helm.values_object.as_ref(), values.as_object());
    for other in [json!([1]), json!("image.tag=1"), json!(null)] {
        assert!(ApplicationSourceHelm::values_object(&other).is_err());
    }
}

/// The bounds of `kube::Api<K>`.
#[test]
fn applications_have_an_address() {
    fn path<K: kube_core::Resource<DynamicType = ()>>() -> String {
        K::url_path(&(), Some("argocd"))
    }
    assert_eq!(
        path::<ApplicationSet>(),
        "/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets"
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

fn application_set(generators: Value) -> Value {
    json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "apps", "namespace": "argocd"},
        "spec": {"goTemplate": true, "generators": generators, "template": template()},
    })
}

fn template() -> Value {
    json!({
        "metadata": {"name": "{{ .name }}", "labels": {"a": "b"}, "finalizers": ["f"]},
        "spec": {"project": "p", "destination": {"name": "{{ .cluster }}"},
            "source": {"repoURL": "r", "path": "{{ .path.path }}"},
            "syncPolicy": {"syncOptions": ["{{ .option }}"], "retry": {"backoff": {"duration": "{{ .wait }}"}}}},
    })
}

#[test]
fn every_generator_survives() {
    let token = json!({"secretName": "s", "key": "k"});
    let ca = json!({"configMapName": "c", "key": "k"});
    let basic = json!({"username": "u", "passwordRef": token});
    let list = json!({"list": {"elements": [{"a": 1.0}, {"b": null}, 3], "elementsYaml": "[]"}});
    let git = json!({"git": {"repoURL": "r", "revision": "HEAD", "directories": [{"path": "apps/*"}, {"path": "x", "exclude": true}],
        "pathParamPrefix": "p", "requeueAfterSeconds": 0, "values": {"a": "b"}}});
    let generators = [
        list.clone(),
        json!({"list": {"elements": []}, "selector": {"matchLabels": {"env": "dev"}}}),
        json!({"clusters": {}}),
        json!({"clusters": {"selector": {"matchExpressions": [{"key": "k", "operator": "Exists"}]}, "flatList": true,
            "template": template()}}),
        git.clone(),
        json!({"git": {"repoURL": "r", "revision": "v1", "files": [{"path": "**/c.json"}]}}),
        json!({"clusterDecisionResource": {"configMapRef": "c", "name": "n", "labelSelector": {"matchLabels": {"a": "b"}}}}),
        json!({"plugin": {"configMapRef": {"name": "c"}, "input": {"parameters": {"a": [1], "b": "x"}}}}),
        json!({"scmProvider": {"github": {"organization": "o", "appSecretName": "a"}, "cloneProtocol": "ssh",
            "filters": [{"repositoryMatch": "^x", "pathsExist": ["p"], "pathsDoNotExist": ["q"], "labelMatch": "l", "branchMatch": "b"}]}}),
        json!({"scmProvider": {"gitlab": {"group": "8", "includeSubgroups": false, "includeSharedProjects": true, "topic": "t", "caRef": ca}}}),
        json!({"scmProvider": {"bitbucket": {"owner": "o", "user": "u", "appPasswordRef": token}}}),
        json!({"scmProvider": {"bitbucketServer": {"project": "p", "api": "a", "basicAuth": basic, "bearerToken": {"tokenRef": token}}}}),
        json!({"scmProvider": {"gitea": {"owner": "o", "api": "a", "insecure": false}}}),
        json!({"scmProvider": {"azureDevOps": {"organization": "o", "teamProject": "t", "accessTokenRef": token}}}),
        json!({"scmProvider": {"awsCodeCommit": {"tagFilters": [{"key": "k"}], "role": "r", "region": "eu-central-1"}}}),
        json!({"pullRequest": {"github": {"owner": "o", "repo": "r", "labels": ["preview"], "tokenRef": token},
            "filters": [{"branchMatch": "b", "targetBranchMatch": "t", "titleMatch": "x"}], "continueOnRepoNotFoundError": true}}),
        json!({"pullRequest": {"gitlab": {"project": "p", "pullRequestState": "opened"}}}),
        json!({"pullRequest": {"gitea": {"owner": "o", "repo": "r", "api": "a"}}}),
        json!({"pullRequest": {"bitbucketServer": {"project": "p", "repo": "r", "api": "a", "caRef": ca}}}),
        json!({"pullRequest": {"bitbucket": {"owner": "o", "repo": "r", "bearerToken": {"tokenRef": token}}}}),
        json!({"pullRequest": {"azuredevops": {"organization": "o", "project": "p", "repo": "r"}}}),
        json!({"matrix": {"generators": [git, {"matrix": {"generators": [list, {"clusters": {}}]}}], "template": template()}}),
        json!({"merge": {"mergeKeys": ["server"], "generators": [{"clusters": {}},
            {"merge": {"mergeKeys": ["a"], "generators": [list, list]}, "selector": {"matchLabels": {"a": "b"}}}]}}),
        json!({"scmProvider": {"cloneProtocol": "https"}}),
        json!({"pullRequest": {"requeueAfterSeconds": 60}}),
        json!({"scmProvider": {"github": {"organization": "o"}, "gitlab": {"group": "8"}, "filters": [{"labelMatch": "l"}]}}),
        json!({"pullRequest": {"gitea": {"owner": "o", "repo": "r", "api": "a"}, "github": {"owner": "o", "repo": "r"}}}),
        json!({}),
    ];
    for generator in &generators {
        assert_same::<ApplicationSet>(&application_set(json!([generator])));
    }
}

#[test]
fn several_generators_in_one_entry_survive_at_every_level() {
    let both = json!({"list": {"elements": [{"a": "b"}]}, "clusters": {}, "selector": {"matchLabels": {}}});
    let in_matrix = |inner: &Value| json!({"matrix": {"generators": [inner, {"list": {}}]}});
    for generator in [&both, &in_matrix(&both), &in_matrix(&in_matrix(&both))] {
        let document = application_set(json!([generator]));
        let read: ApplicationSet = parse::strict(&document).unwrap();
        assert_eq!(
            serde_json::to_value(&read).unwrap()["spec"],
            document["spec"]
        );
    }
}

#[test]
fn a_generator_alone_is_read_as_itself_and_a_selector_makes_it_an_entry() {
    let clusters = ApplicationSetGenerator::clusters(None);
    let read = |generator: Value| -> ApplicationSetGenerator {
        serde_json::from_value(generator).unwrap()
    };
    assert_eq!(read(json!({"clusters": {}, "list": null})), clusters);
    let empty = LabelSelector {
        match_labels: Some([].into()),
        ..LabelSelector::default()
    };
    let selected = clusters.selected(empty.clone());
    assert_eq!(
        read(json!({"clusters": {}, "selector": {"matchLabels": {}}})),
        selected
    );
    let entry = GeneratorEntry::from(selected);
    assert_eq!(
        (entry.clusters.is_some(), entry.selector),
        (true, Some(empty))
    );
}

/// Argo CD's own definition has no rule about which members go together.
#[cfg(feature = "schema")]
#[test]
fn the_definition_demands_neither_one_generator_nor_one_provider() {
    let family = argocd_types::family();
    let version = family
        .version("argoproj.io/v1alpha1", "ApplicationSet")
        .unwrap();
    let schema = version.schema(crd_core::Channel::Standard);
    let entry = schema
        .pointer("/properties/spec/properties/generators/items")
        .unwrap();
    assert_eq!((entry.get("oneOf"), entry.get("required")), (None, None));
    for host in ["scmProvider", "pullRequest"] {
        let host = &entry["properties"][host];
        assert_eq!((host.get("required"), host.get("oneOf")), (None, None));
    }
}

#[test]
fn a_generator_that_is_nested_too_deep_is_refused() {
    let list = json!({"list": {}});
    let matrix = |inner: &Value| json!({"matrix": {"generators": [inner, {"list": {}}]}});
    let deepest = matrix(&matrix(&list));
    assert!(parse::strict::<ApplicationSet>(&application_set(json!([deepest]))).is_ok());
    let too_deep = json!([matrix(&deepest)]);
    assert!(parse::strict::<ApplicationSet>(&application_set(too_deep)).is_err());
}

#[test]
fn the_rest_of_an_application_set_survives() {
    let mut document = application_set(json!([]));
    let spec = document["spec"].as_object_mut().unwrap();
    spec.insert("goTemplateOptions".into(), json!(["missingkey=error"]));
    spec.insert("applyNestedSelectors".into(), json!(false));
    spec.insert("templatePatch".into(), json!("spec:\n  x: {{ .y }}\n"));
    spec.insert(
        "syncPolicy".into(),
        json!({"applicationsSync": "create-update", "preserveResourcesOnDeletion": true}),
    );
    spec.insert(
        "preservedFields".into(),
        json!({"annotations": ["a"], "labels": ["l"]}),
    );
    spec.insert(
        "ignoreApplicationDifferences".into(),
        json!([{"name": "n", "jsonPointers": ["/spec"]}]),
    );
    spec.insert("strategy".into(), json!({"type": "RollingSync", "deletionOrder": "Reverse", "rollingSync": {"steps": [
        {"matchExpressions": [{"key": "env", "operator": "In", "values": ["dev"]}], "maxUpdate": "25%"},
        {"matchExpressions": [], "maxUpdate": 0}]}}));
    document["status"] = json!({
        "conditions": [{"type": "ResourcesUpToDate", "status": "True", "reason": "r", "message": "m"}],
        "applicationStatus": [{"application": "a", "status": "Healthy", "step": "1", "message": "", "targetRevisions": []}],
        "resources": [{"kind": "Application", "name": "a"}], "resourcesCount": 1,
    });
    assert_same::<ApplicationSet>(&document);
}
