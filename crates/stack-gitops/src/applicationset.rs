//! One ApplicationSet over all environments: an element for each unit of each environment, in files that Git holds.

use argocd_types::v1alpha1::{
    Application, ApplicationMatchExpression, ApplicationSet, ApplicationSetGenerator,
    ApplicationSetNestedGenerator, ApplicationSetRolloutStep, ApplicationSetRolloutStrategy,
    ApplicationSetSpec, ApplicationSetStrategy, ApplicationSetStrategyType,
    ApplicationSetSyncPolicy, ApplicationSetTemplate, ApplicationSpec, GitFileGeneratorItem,
    GitGenerator, ListGenerator, MatrixGenerator,
};
use serde_json::{Map, Value, json};

use crate::error::GitOpsError;
use crate::names::{COMPONENT, ENVIRONMENT, WAVE};
use crate::settings::GitOps;

/// What a template cannot say with texts alone: everything but the name, the labels and the project, which may not be patched.
const PATCH: &str = "\
metadata: {{ toJson .metadata }}
spec: {{ toJson .spec }}
";

/// The file from which an ApplicationSet makes an Application.
pub(crate) fn element(application: &Application) -> Result<Value, GitOpsError> {
    let failed = |source| GitOpsError::Serialize {
        what: format!(
            "application `{}`",
            application.metadata.name.as_deref().unwrap_or_default()
        ),
        source,
    };
    let whole = serde_json::to_value(application).map_err(failed)?;
    let mut spec = whole["spec"].clone();
    let project = spec
        .as_object_mut()
        .and_then(|spec| spec.shift_remove("project"))
        .unwrap_or_default();
    let mut metadata = Map::new();
    for member in ["annotations", "finalizers"] {
        if let Some(value) = whole["metadata"].get(member) {
            metadata.insert(member.to_owned(), value.clone());
        }
    }
    let label = |key: &str| whole["metadata"]["labels"][key].clone();
    Ok(json!({
        "name": whole["metadata"]["name"],
        "component": label(COMPONENT),
        "wave": label(WAVE),
        "project": project,
        "metadata": metadata,
        "spec": spec,
    }))
}

/// The ApplicationSet, and in which order its Applications are synced: environment by environment, wave by wave.
pub(crate) fn application_set(
    gitops: &GitOps,
    name: &str,
    namespace: &str,
    environments: &[(&str, Vec<i64>)],
) -> ApplicationSet {
    let elements = environments
        .iter()
        .map(|(environment, _)| json!({"environment": environment}));
    let list = ListGenerator {
        elements: elements.collect(),
        ..ListGenerator::default()
    };
    let files = gitops.at("{{ .environment }}/units/*.yaml");
    let git = GitGenerator {
        repo_url: gitops.repository.clone(),
        revision: gitops.revision.clone(),
        files: vec![GitFileGeneratorItem {
            path: files,
            ..GitFileGeneratorItem::default()
        }],
        ..GitGenerator::default()
    };
    let matrix = MatrixGenerator {
        generators: vec![
            ApplicationSetNestedGenerator::List(list),
            ApplicationSetNestedGenerator::Git(git),
        ],
        ..MatrixGenerator::default()
    };
    let mut template =
        ApplicationSetTemplate::new("{{ .name }}", ApplicationSpec::new("{{ .project }}"));
    template.metadata.namespace = Some(namespace.to_owned());
    template.metadata.labels = [
        (COMPONENT, "component"),
        (ENVIRONMENT, "environment"),
        (WAVE, "wave"),
    ]
    .map(|(label, parameter)| (label.to_owned(), format!("{{{{ .{parameter} }}}}")))
    .into();
    let mut spec = ApplicationSetSpec::new([ApplicationSetGenerator::Matrix(matrix)], template)
        .with_go_templates();
    spec.template_patch = Some(PATCH.to_owned());
    spec.sync_policy = Some(ApplicationSetSyncPolicy {
        preserve_resources_on_deletion: Some(true),
        ..ApplicationSetSyncPolicy::default()
    });
    spec.strategy = Some(ApplicationSetStrategy {
        r#type: Some(ApplicationSetStrategyType::RollingSync),
        rolling_sync: Some(ApplicationSetRolloutStrategy {
            steps: steps(environments),
        }),
        ..ApplicationSetStrategy::default()
    });
    ApplicationSet::new(name, spec).in_namespace(namespace)
}

fn steps(environments: &[(&str, Vec<i64>)]) -> Vec<ApplicationSetRolloutStep> {
    let is = |key: &str, value: String| ApplicationMatchExpression {
        key: Some(key.to_owned()),
        operator: Some("In".into()),
        values: vec![value],
    };
    let mut steps = Vec::new();
    for (environment, waves) in environments {
        for wave in waves {
            steps.push(ApplicationSetRolloutStep {
                match_expressions: vec![
                    is(ENVIRONMENT, (*environment).to_owned()),
                    is(WAVE, wave.to_string()),
                ],
                ..ApplicationSetRolloutStep::default()
            });
        }
    }
    steps
}
