//! CronJobs.

use super::super::faults::Faults;
use super::super::node::Node;
use super::{job, schedule};

/// The Jobs add eleven characters of their own.
const MOST_OF_NAME: usize = 52;

pub(in super::super) fn cron_job(object: &Node<'_, '_>, out: &mut Faults) {
    let metadata = object.get("metadata");
    let name = metadata.get("name");
    if name.str().len() > MOST_OF_NAME && !out.updating {
        let message = format!(
            "must have at most {MOST_OF_NAME} characters, since the Jobs add eleven; has {}",
            name.str().len()
        );
        out.invalid(name.path, message);
    }
    let spec = object.get("spec");
    out.one_of(
        &spec.get("concurrencyPolicy"),
        &["Allow", "Forbid", "Replace"],
    );
    super::counts(
        &spec,
        &[
            "startingDeadlineSeconds",
            "successfulJobsHistoryLimit",
            "failedJobsHistoryLimit",
        ],
        out,
    );
    let when = spec.get("schedule");
    if when.str().is_empty() {
        out.required(when.path);
    } else if when.str().contains("TZ") {
        out.invalid(when.path, "must not name a time zone: timeZone does");
    } else if let Err(reason) = schedule::check(when.str()) {
        out.invalid(when.path, format!("\"{}\" {reason}", when.str()));
    }
    let zone = spec.get("timeZone");
    if zone.is_set() && !schedule::is_zone(zone.str()) {
        out.invalid(
            zone.path,
            format!(
                "\"{}\" must be a zone such as Europe/Berlin or UTC",
                zone.str()
            ),
        );
    }
    let template = spec.get("jobTemplate");
    let work = template.get("spec");
    job::spec(&work, out);
    if work.has("selector") {
        out.invalid(
            work.get("selector").path,
            "is made by the server: leave it out",
        );
    }
    if work.flag("manualSelector") {
        out.invalid(
            work.get("manualSelector").path,
            "must be false, or be left out: the server makes the selector",
        );
    }
}
