//! What Litmus writes: the schemas let anything in, and so do these types, beside what they know.

use std::collections::BTreeMap;

use crd_core::{Object, StringEnum};
use serde_json::Value;

/// How far an engine is.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ChaosEngineStatus {
    /// The engine as a whole.
    pub engine_status: Option<EngineStatus>,
    /// Each of its experiments.
    pub experiments: Vec<ExperimentStatuses>,
    /// Members that these types do not know, by name.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}

/// How far an engine is as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum EngineStatus {
    /// Its experiments run, or wait.
    #[arm(rename = "initialized")]
    Initialized,
    /// All have run.
    #[arm(rename = "completed")]
    Completed,
    /// Somebody broke it off.
    #[arm(rename = "stopped")]
    Stopped,
    /// A text that this version of the types does not know.
    Other(String),
}

/// How far one experiment of an engine is.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ExperimentStatuses {
    /// The ChaosExperiment.
    pub name: Option<String>,
    /// The pod that starts it.
    pub runner: Option<String>,
    /// The pod that makes the fault.
    pub experiment_pod: Option<String>,
    /// As `Waiting for Job Creation`, `Running`, `Completed`.
    pub status: Option<String>,
    /// How it came out, as far as is known.
    pub verdict: Option<ResultVerdict>,
    /// When this was written.
    pub last_update_time: Option<String>,
    /// Members that these types do not know, by name.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}

/// Whose result it is.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ChaosResultSpec {
    /// The ChaosEngine.
    pub engine: Option<String>,
    /// The ChaosExperiment.
    pub experiment: Option<String>,
    /// One of several runs, where an engine names them.
    pub instance: Option<String>,
    /// Members that these types do not know, by name.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}

/// How an experiment came out.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ChaosResultStatus {
    /// The last run.
    pub experiment_status: Option<TestStatus>,
    /// The answers to its probes.
    pub probe_statuses: Vec<ProbeStatuses>,
    /// All runs so far.
    pub history: Option<HistoryDetails>,
    /// Members that these types do not know, by name.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}

/// The last run of an experiment.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TestStatus {
    /// As `Running`, `Completed`, `Completed_With_Error`, `Stopped`.
    pub phase: Option<String>,
    /// How it came out.
    pub verdict: Option<ResultVerdict>,
    /// What went wrong, where it did not pass.
    pub error_output: Option<ErrorOutput>,
    /// The share of probes that passed, in percent; `Awaited` before the end.
    pub probe_success_percentage: Option<String>,
    /// Members that these types do not know, by name.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}

/// How an experiment came out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ResultVerdict {
    /// The workload bore it.
    Pass,
    /// It did not.
    Fail,
    /// Somebody broke it off.
    Stopped,
    /// It is not over yet.
    Awaited,
    /// The experiment itself went wrong.
    Error,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What went wrong in an experiment.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ErrorOutput {
    /// As `PROBE_FAILURE`.
    pub error_code: Option<String>,
    /// In words.
    pub reason: Option<String>,
    /// Members that these types do not know, by name.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}

/// The answer to a probe.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProbeStatuses {
    /// What the engine calls the probe.
    pub name: Option<String>,
    /// What it asks, as `httpProbe`.
    pub type_: Option<String>,
    /// When it is asked, as `Edge`.
    pub mode: Option<String>,
    /// The answer.
    pub status: Option<ProbeStatus>,
    /// Members that these types do not know, by name.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}

/// Whether a probe passed.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProbeStatus {
    /// `Passed`, `Failed`, `N/A` or `Awaited`.
    pub verdict: Option<String>,
    /// Why.
    pub description: Option<String>,
    /// Members that these types do not know, by name.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}

/// All runs of an experiment so far.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct HistoryDetails {
    /// How many passed.
    pub passed_runs: Option<i64>,
    /// How many failed.
    pub failed_runs: Option<i64>,
    /// How many were broken off.
    pub stopped_runs: Option<i64>,
    /// What the fault was made in.
    pub targets: Vec<TargetDetails>,
    /// Members that these types do not know, by name.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}

/// What a fault was made in.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TargetDetails {
    /// The object.
    pub name: Option<String>,
    /// Its kind in lower case.
    pub kind: Option<String>,
    /// Whether the fault is there: `targeted`, `injected`, `reverted`.
    pub chaos_status: Option<String>,
    /// Members that these types do not know, by name.
    #[field(rest)]
    pub others: BTreeMap<String, Value>,
}
