//! Workflows of GitHub Actions.
//!
//! See <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>.

use std::collections::BTreeMap;

use kube_vocab::{Finding, Severity};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::finding::in_file;

/// A workflow: a file below `.github/workflows`. Its key `on` is written so that YAML 1.1 reads it as a text, too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    /// What people see.
    pub name: String,
    /// What starts it.
    pub on: Triggers,
    /// What `GITHUB_TOKEN` may do, by scope. Absent: what the repository says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub permissions: BTreeMap<String, Access>,
    /// The jobs by id.
    pub jobs: Map<String, Value>,
}

impl Workflow {
    /// A workflow without jobs yet.
    pub fn new(name: impl Into<String>, on: Triggers) -> Self {
        Self {
            name: name.into(),
            on,
            ..Self::default()
        }
    }

    /// The same, with a right for its token.
    #[must_use]
    pub fn permitting(mut self, scope: impl Into<String>, access: Access) -> Self {
        self.permissions.insert(scope.into(), access);
        self
    }

    /// The same, with a job.
    ///
    /// # Errors
    /// When the job holds what JSON cannot.
    pub fn with_job(mut self, id: impl Into<String>, job: &Job) -> Result<Self, serde_json::Error> {
        self.jobs.insert(id.into(), serde_json::to_value(job)?);
        Ok(self)
    }
}

/// What starts a workflow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triggers {
    /// Commits that are pushed, also tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<Filter>,
    /// Pull requests that are opened or changed; the workflow runs on the merge of both branches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<Filter>,
}

impl Triggers {
    /// Commits on these branches.
    pub fn push_to<B: Into<String>>(branches: impl IntoIterator<Item = B>) -> Self {
        Self {
            push: Some(Filter {
                branches: branches.into_iter().map(Into::into).collect(),
                ..Filter::default()
            }),
            pull_request: None,
        }
    }
}

/// Which commits count; empty is all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Branches, as patterns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<String>,
    /// Files, as patterns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
}

/// What a token may do in one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// The token may not even read.
    None,
    /// The token may read.
    Read,
    /// The token may read and write.
    Write,
}

/// One job: steps on one machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Job {
    /// The label of the machine.
    pub runs_on: String,
    /// What `GITHUB_TOKEN` may do in this job.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub permissions: BTreeMap<String, Access>,
    /// Jobs that must succeed before this one starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// The steps in order.
    pub steps: Vec<Step>,
}

impl Job {
    /// A job on a machine, with these steps.
    pub fn on(runner: impl Into<String>, steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            runs_on: runner.into(),
            steps: steps.into_iter().collect(),
            ..Self::default()
        }
    }
}

/// One step: an action or a script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The action, as `OWNER/REPOSITORY@REVISION`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<String>,
    /// The action's inputs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<String, String>,
    /// The environment of the script.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Lines for the shell, in the place of an action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
}

impl Step {
    /// A step that runs an action; one that names a branch is found by the check.
    pub fn uses(action: impl Into<String>) -> Self {
        Self {
            uses: Some(action.into()),
            ..Self::default()
        }
    }

    /// Runs a script; ends with a line break for each line.
    pub fn run(name: impl Into<String>, script: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            run: Some(script.into()),
            ..Self::default()
        }
    }

    /// The same, with an input of the action.
    #[must_use]
    pub fn with(mut self, input: impl Into<String>, value: impl Into<String>) -> Self {
        self.with.insert(input.into(), value.into());
        self
    }

    /// The same, with a variable of the script's environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }
}

/// An expression that GitHub fills in, such as `github.sha`.
pub fn expression(inner: &str) -> String {
    format!("${{{{ {inner} }}}}")
}

/// What is wrong with a workflow, called `file` in the findings. A key `on` that was read as `true`, as YAML 1.1 does, is known.
pub fn check(workflow: &Value, file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let jobs = workflow["jobs"].as_object();
    for (id, job) in jobs.into_iter().flatten() {
        packages(workflow, id, job, file, &mut findings);
        let steps = job["steps"].as_array();
        for (number, step) in steps.into_iter().flatten().enumerate() {
            let action = step["uses"].as_str().unwrap_or_default();
            let revision = action.rsplit_once('@').map(|(_, revision)| revision);
            if matches!(revision, Some("main" | "master" | "HEAD" | "latest")) {
                findings.push(in_file(
                    "workflow-action-floats",
                    Severity::Warning,
                    file,
                    &format!("jobs.{id}.steps[{number}].uses"),
                    format!("`{action}` is another program tomorrow"),
                    "name a release, or the digest of a commit",
                ));
            }
        }
    }
    findings
}

/// The token may push packages only where the workflow or the job says so, or an old repository still does.
fn packages(workflow: &Value, id: &str, job: &Value, file: &str, findings: &mut Vec<Finding>) {
    let steps = job["steps"].as_array();
    let signs_in = steps.into_iter().flatten().any(|step| {
        let inputs = &step["with"];
        let is_token =
            |text: &str| text.contains("secrets.GITHUB_TOKEN") || text.contains("github.token");
        inputs["registry"] == "ghcr.io" && inputs["password"].as_str().is_some_and(is_token)
    });
    let pushes = steps.into_iter().flatten().any(|step| {
        let script = step["run"].as_str().unwrap_or_default();
        script.contains("docker push ghcr.io/") || step["with"]["push"] == true
    });
    let permissions = job
        .get("permissions")
        .or_else(|| workflow.get("permissions"));
    let allowed = permissions.is_some_and(|permissions| {
        permissions["packages"] == "write" || *permissions == "write-all"
    });
    if signs_in && pushes && !allowed {
        findings.push(in_file(
            "workflow-may-not-push",
            Severity::Warning,
            file,
            &format!("jobs.{id}.permissions"),
            "pushes to ghcr.io with GITHUB_TOKEN, which by default may only read packages",
            "write `permissions: {contents: read, packages: write}`",
        ));
    }
    let repository = steps.into_iter().flatten().enumerate().find(|(_, step)| {
        let script = step["run"].as_str().unwrap_or_default();
        script.contains("ghcr.io/${{ github.repository }}")
    });
    if let Some((number, _)) = repository {
        findings.push(in_file(
            "workflow-image-in-capitals",
            Severity::Note,
            file,
            &format!("jobs.{id}.steps[{number}].run"),
            "`github.repository` keeps its capitals, and an image name may have none",
            "lower it in the script: `${GITHUB_REPOSITORY,,}`",
        ));
    }
}
