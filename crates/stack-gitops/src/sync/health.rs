//! Whether Argo CD is told what the health of an Application is: without that, waves of Applications do not wait.

use serde_json::Value;

use super::repository::Repository;
use super::source::sources;
use crate::health::KEY;
use crate::object::text;

/// Whether Argo CD is told what the health of an Application is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Told,
    NotTold,
    /// Its settings are not in the repository.
    Unknown,
}

/// What the repository says of it.
pub(crate) fn told(repository: &Repository) -> Health {
    let mut seen = false;
    for held in repository.documents() {
        let value = held.value();
        if value["kind"] == "ConfigMap" && value["metadata"]["name"] == "argocd-cm" {
            seen = true;
            if is_told(&value["data"]) {
                return Health::Told;
            }
        }
        // Values of the chart `argo-cd`, in a file or in an Application.
        for values in [Some(value), inline(value)].into_iter().flatten() {
            if is_told(&values["configs"]["cm"]) {
                return Health::Told;
            }
        }
        seen |= value["kind"] == "Application" && installs_argo_cd(value);
    }
    match seen {
        true => Health::NotTold,
        false => Health::Unknown,
    }
}

fn is_told(settings: &Value) -> bool {
    // In one text for all kinds, as it was written before there was a key for each.
    let old = settings["resource.customizations"].as_str();
    settings.get(KEY).is_some() || old.is_some_and(|text| text.contains("argoproj.io/Application"))
}

fn inline(value: &Value) -> Option<&Value> {
    value["spec"]["source"]["helm"].get("valuesObject")
}

fn installs_argo_cd(application: &Value) -> bool {
    sources(application)
        .iter()
        .any(|source| text(&source["chart"]) == "argo-cd")
}
