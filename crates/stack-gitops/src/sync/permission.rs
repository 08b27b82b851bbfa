//! Whether an AppProject lets an Application through.

use kube_vocab::{Finding, Severity};
use serde_json::Value;

use super::pattern::matches;
use super::source::sources;
use super::tree::App;
use crate::object::{group, identity, text};

/// What a project refuses of an Application and of its known objects.
pub(crate) fn refused(
    app: &App<'_>,
    project: &Value,
    is_namespaced: impl Fn(&Value) -> bool,
) -> Vec<Finding> {
    let spec = &project["spec"];
    let name = text(&project["metadata"]["name"]);
    let mut findings = Vec::new();
    let mut add = |path: String, message: String| {
        let path: kube_vocab::FieldPath = path.as_str().into();
        findings.push(
            Finding::new(
                "sync-project",
                Severity::Error,
                identity(&app.value),
                message,
            )
            .located(Some(app.held.location(&path)))
            .at(path)
            .remedy(format!(
                "let project `{name}` have it, or choose another project"
            )),
        );
    };
    let one = app.value["spec"].get("source").is_some();
    for (at, source) in sources(&app.value).into_iter().enumerate() {
        let url = text(&source["repoURL"]);
        if !lists(&spec["sourceRepos"], |pattern| matches(text(pattern), url)) {
            let path = if one {
                "spec.source.repoURL".to_owned()
            } else {
                format!("spec.sources[{at}].repoURL")
            };
            add(
                path,
                format!("project `{name}` does not take anything from `{url}`"),
            );
        }
    }
    let destination = &app.value["spec"]["destination"];
    let reaches = |namespace: &str| {
        lists(&spec["destinations"], |allowed| {
            let part = |key: &str| match (allowed[key].as_str(), destination[key].as_str()) {
                (Some(pattern), Some(value)) => matches(pattern, value),
                (None, None) => true,
                // One names the cluster, the other its address: nobody knows here whether it is the same.
                (Some(pattern), None) => {
                    pattern == "*"
                        || allowed.get("server").is_none()
                        || allowed.get("name").is_none()
                }
                (None, Some(_)) => true,
            };
            part("server")
                && part("name")
                && matches(allowed["namespace"].as_str().unwrap_or_default(), namespace)
        })
    };
    let own = text(&destination["namespace"]);
    if !own.is_empty() && !reaches(own) {
        add(
            "spec.destination".to_owned(),
            format!("project `{name}` does not reach namespace `{own}` of this cluster"),
        );
    }
    for task in &app.tasks {
        let value = task.held.value();
        let id = identity(value);
        let is = |rule: &Value| {
            matches(text(&rule["group"]), group(&id.api_version))
                && matches(text(&rule["kind"]), &id.kind)
        };
        let refused = match is_namespaced(value) {
            true => {
                let namespace = id.namespace.as_deref().unwrap_or(own);
                let listed = spec["namespaceResourceWhitelist"]
                    .as_array()
                    .is_none_or(|all| all.iter().any(is));
                if !reaches(namespace) {
                    Some(format!(
                        "project `{name}` does not reach namespace `{namespace}`, where {id} is"
                    ))
                } else if !listed || lists(&spec["namespaceResourceBlacklist"], is) {
                    Some(format!("project `{name}` refuses {id} by its kind"))
                } else {
                    None
                }
            }
            false => {
                let listed = lists(&spec["clusterResourceWhitelist"], is);
                (!listed || lists(&spec["clusterResourceBlacklist"], is)).then(|| {
                    format!("project `{name}` refuses {id}, which is in no namespace, by its kind")
                })
            }
        };
        if let Some(message) = refused {
            add("spec.project".to_owned(), message);
        }
    }
    findings
}

fn lists(rules: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    rules.as_array().into_iter().flatten().any(holds)
}
