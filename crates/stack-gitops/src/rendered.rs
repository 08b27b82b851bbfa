//! A chart's objects as they may stand in Git: hooks in Argo CD's words, no tests, no secrets.

use argocd_types::annotations::{HOOK, HOOK_DELETE_POLICY, SYNC_WAVE};
use kube_vocab::ObjectId;
use serde_json::{Map, Value, json};
use stack_builder::{Bundle, Release};

use crate::annotate::annotate;
use crate::error::GitOpsError;
use crate::object::{Synced, is_without};
use crate::settings::{GitOps, SecretStore};

const HELM_HOOK: &str = "helm.sh/hook";
const HELM_DELETE_POLICY: &str = "helm.sh/hook-delete-policy";
const HELM_WEIGHT: &str = "helm.sh/hook-weight";
/// Kept on removal: Argo CD knows nothing of it.
const HELM_POLICY: &str = "helm.sh/resource-policy";

/// The objects of a release as they are written.
pub(crate) fn objects(
    gitops: &GitOps,
    bundle: &Bundle,
    release: &Release,
) -> Result<Vec<Synced>, GitOpsError> {
    let environment = bundle.environment().name();
    let known = known(bundle, release).ok_or_else(|| GitOpsError::NotRendered {
        environment: environment.to_owned(),
        release: release.name.clone(),
    })?;
    let mut objects = Vec::new();
    for value in known {
        let id = identify(value).map_err(|reason| GitOpsError::NoObject {
            environment: environment.to_owned(),
            release: release.name.clone(),
            reason: reason.to_owned(),
        })?;
        if let Some(value) = without_helm(value.clone(), &id)? {
            objects.push(Synced {
                value: without_secrets(value, &id, gitops.secret_store.as_ref())?,
                wave: 0,
                made_kind: false,
            });
        }
    }
    Ok(objects)
}

/// What a release renders to, where that is known.
pub(crate) fn known<'a>(bundle: &'a Bundle, release: &'a Release) -> Option<Vec<&'a Value>> {
    let charts = bundle.charts()?;
    Some(
        charts
            .of_release(&release.name)
            .map(|object| &*object.value)
            .collect(),
    )
}

fn identify(value: &Value) -> Result<ObjectId, &'static str> {
    let member = |value: &Value, reason| match value.as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(reason),
    };
    Ok(ObjectId::new(
        member(&value["apiVersion"], "an object without `apiVersion`")?,
        member(&value["kind"], "an object without `kind`")?,
        value["metadata"]["namespace"].as_str(),
        member(
            &value["metadata"]["name"],
            "an object without `metadata.name`",
        )?,
    ))
}

/// The object with Argo CD's hook in place of Helm's; nothing for what only `helm test` runs.
fn without_helm(mut object: Value, id: &ObjectId) -> Result<Option<Value>, GitOpsError> {
    let mut take = |key: &str| {
        let annotations = object["metadata"]
            .get_mut("annotations")
            .and_then(Value::as_object_mut);
        annotations
            .and_then(|all| all.shift_remove(key))
            .and_then(|value| value.as_str().map(str::to_owned))
    };
    let (hook, policy, weight) = (take(HELM_HOOK), take(HELM_DELETE_POLICY), take(HELM_WEIGHT));
    let keeps = take(HELM_POLICY).is_some_and(|policy| policy == "keep");
    if object["metadata"]["annotations"]
        .as_object()
        .is_some_and(Map::is_empty)
        && let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut)
    {
        metadata.shift_remove("annotations");
    }
    if keeps {
        crate::annotate::add_options(&mut object, &["Prune=false", "Delete=false"]);
    }
    let Some(hook) = hook else {
        return Ok(Some(object));
    };
    let Some(phases) = phases(&hook).map_err(|reason| GitOpsError::Hook {
        object: Box::new(id.clone()),
        hook: hook.clone(),
        reason,
    })?
    else {
        return Ok(None);
    };
    let is_job = id.kind == "Job";
    if is_job && object["spec"]["ttlSecondsAfterFinished"] == 0 {
        let reason = "belongs to a Job that is removed the moment it ends: Argo CD would wait for it for ever";
        return Err(GitOpsError::Hook {
            object: Box::new(id.clone()),
            hook,
            reason,
        });
    }
    annotate(&mut object, HOOK, &phases.join(","));
    annotate(
        &mut object,
        HOOK_DELETE_POLICY,
        &delete_policies(policy.as_deref()),
    );
    if let Some(weight) = weight.filter(|weight| weight != "0") {
        annotate(&mut object, SYNC_WAVE, &weight);
    }
    Ok(Some(object))
}

/// When Argo CD runs what Helm runs at these times; nothing where only `helm test` does.
fn phases(hook: &str) -> Result<Option<Vec<&'static str>>, &'static str> {
    let mut phases = Vec::new();
    for time in hook.split(',').map(str::trim) {
        let phase = match time {
            "pre-install" | "pre-upgrade" => "PreSync",
            "post-install" | "post-upgrade" => "PostSync",
            "pre-delete" => "PreDelete",
            "post-delete" => "PostDelete",
            "test" | "test-success" | "test-failure" => continue,
            "pre-rollback" | "post-rollback" => {
                return Err(
                    "runs on rollbacks, which Argo CD does by syncing an older commit: leave it out",
                );
            }
            _ => return Err("is none that Helm knows"),
        };
        if !phases.contains(&phase) {
            phases.push(phase);
        }
    }
    if phases.contains(&"PreSync") && phases.contains(&"PostSync") {
        return Err(
            "runs before and after a sync, and the sync waits for it for ever: split it in two",
        );
    }
    Ok((!phases.is_empty()).then_some(phases))
}

fn delete_policies(policy: Option<&str>) -> String {
    let all = policy
        .unwrap_or("before-hook-creation")
        .split(',')
        .map(str::trim);
    let known = all.filter_map(|policy| match policy {
        "before-hook-creation" => Some("BeforeHookCreation"),
        "hook-succeeded" => Some("HookSucceeded"),
        "hook-failed" => Some("HookFailed"),
        _ => None,
    });
    known.collect::<Vec<_>>().join(",")
}

/// A Secret with data becomes a reference to it.
fn without_secrets(
    object: Value,
    id: &ObjectId,
    store: Option<&SecretStore>,
) -> Result<Value, GitOpsError> {
    if id.kind != "Secret"
        || id.api_version != "v1"
        || (is_without(&object, "data") && is_without(&object, "stringData"))
    {
        return Ok(object);
    }
    let store = store.ok_or_else(|| GitOpsError::Secret {
        object: Box::new(id.clone()),
    })?;
    let key = format!(
        "{}{}/{}",
        store.prefix,
        id.namespace.as_deref().unwrap_or_default(),
        id.name
    );
    let mut names: Vec<&str> = ["data", "stringData"]
        .iter()
        .filter_map(|member| object[*member].as_object())
        .flat_map(|data| data.keys().map(String::as_str))
        .collect();
    names.sort_unstable();
    names.dedup();
    let data: Vec<Value> = names
        .into_iter()
        .map(|name| json!({"secretKey": name, "remoteRef": {"key": key, "property": name}}))
        .collect();
    let metadata = object["metadata"].as_object().map(|all| {
        let kept = ["name", "namespace", "labels", "annotations"];
        let kept = kept
            .iter()
            .filter_map(|member| Some(((*member).to_owned(), all.get(*member)?.clone())));
        Value::Object(kept.collect())
    });
    Ok(json!({
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": metadata.unwrap_or_default(),
        "spec": {
            "secretStoreRef": {"kind": "ClusterSecretStore", "name": store.name},
            "target": {"name": id.name, "template": {"type": object.get("type").unwrap_or(&Value::from("Opaque"))}},
            "data": data,
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_of_helm_become_phases() {
        for (hook, expected) in [
            ("pre-install,pre-upgrade", Ok(Some(vec!["PreSync"]))),
            ("post-upgrade", Ok(Some(vec!["PostSync"]))),
            ("post-delete", Ok(Some(vec!["PostDelete"]))),
            ("test", Ok(None)),
            ("test,post-install", Ok(Some(vec!["PostSync"]))),
        ] {
            assert_eq!(phases(hook), expected, "{hook}");
        }
        for refused in ["pre-install,post-install", "pre-rollback", "crd-installed"] {
            assert!(phases(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_secret_with_data_is_a_reference_or_refused() {
        let secret = json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "admin", "namespace": "web"},
            "data": {"user": "YQ=="}, "stringData": {"password": "b"},
        });
        let id = identify(&secret).unwrap();
        let refused = without_secrets(secret.clone(), &id, None).unwrap_err();
        assert!(
            refused.to_string().contains("Secret web/admin"),
            "{refused}"
        );
        let store = SecretStore {
            name: "vault".into(),
            prefix: "lab/".into(),
        };
        let reference = without_secrets(secret, &id, Some(&store)).unwrap();
        assert_eq!(
            reference["spec"]["data"],
            json!([
                {"secretKey": "password", "remoteRef": {"key": "lab/web/admin", "property": "password"}},
                {"secretKey": "user", "remoteRef": {"key": "lab/web/admin", "property": "user"}},
            ])
        );
        assert!(!reference.to_string().contains("YQ=="));
        let empty =
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "filled-later"}});
        let id = identify(&empty).unwrap();
        assert_eq!(without_secrets(empty.clone(), &id, None).unwrap(), empty);
    }

    #[test]
    fn a_hook_is_said_in_the_words_of_argo_cd() {
        let job = |ttl: Option<i64>| {
            json!({
                "apiVersion": "batch/v1", "kind": "Job",
                "metadata": {"name": "a", "annotations": {"helm.sh/hook": "pre-install", "helm.sh/hook-weight": "-5"}},
                "spec": {"ttlSecondsAfterFinished": ttl},
            })
        };
        let id = identify(&job(None)).unwrap();
        let written = without_helm(job(Some(60)), &id).unwrap().unwrap();
        assert_eq!(
            written["metadata"]["annotations"],
            json!({HOOK: "PreSync", HOOK_DELETE_POLICY: "BeforeHookCreation", SYNC_WAVE: "-5"})
        );
        assert!(without_helm(job(Some(0)), &id).is_err());
        let test = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "t", "annotations": {"helm.sh/hook": "test"}}});
        assert_eq!(without_helm(test, &id).unwrap(), None);
    }
}
