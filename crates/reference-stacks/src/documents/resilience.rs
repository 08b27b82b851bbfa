//! Faults on purpose, and the way back: Litmus and Velero.

use litmus_types::v1alpha1::{ApplicationParams, ChaosEngine, ChaosEngineSpec, ExperimentList};
use velero_types::v1::{Backup, BackupSpec, Schedule, ScheduleSpec};

use super::{Document, DocumentError};

fn pods() -> ApplicationParams {
    ApplicationParams::deployment("prod", "app=api")
}

/// Kills pods of the API: as it is printed, with an account that may not.
pub fn chaos_engine_as_printed() -> ChaosEngine {
    let spec = ChaosEngineSpec {
        appinfo: Some(pods()),
        experiments: vec![ExperimentList::named("pod-delete")],
        ..ChaosEngineSpec::default()
    };
    engine(spec)
}

/// Kills pods of the API for half a minute, as an account that may.
pub fn chaos_engine() -> ChaosEngine {
    engine(ChaosEngineSpec::of(
        pods(),
        "pod-delete-sa",
        [ExperimentList::pod_delete(30, 10)],
    ))
}

fn engine(spec: ChaosEngineSpec) -> ChaosEngine {
    ChaosEngine::new("pod-kill", spec).in_namespace("chaos")
}

fn production() -> BackupSpec {
    BackupSpec::of_namespaces(["prod"])
}

/// What `velero backup create` makes, under a name that the shell would fill in.
pub fn backup(day: &str) -> Backup {
    Backup::new(format!("daily-{day}"), production()).in_namespace("velero")
}

/// What `velero schedule create` makes: a backup each night at two.
pub fn schedule() -> Schedule {
    Schedule::new("daily", ScheduleSpec::cron("0 2 * * *", production())).in_namespace("velero")
}

pub(super) fn documents() -> Result<Vec<Document>, DocumentError> {
    let printed = Document::printed(
        "001-11-ChaosEngine-pod-kill.yaml",
        &chaos_engine_as_printed(),
    )?;
    Ok(vec![
        printed
            .with_fault(
                "chaos-default-account",
                "the experiment runs as the namespace's default account, which may not delete pods: it ends in an error",
            )
            .with_corrected(&chaos_engine())?,
    ])
}
