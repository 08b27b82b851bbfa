//! Schedules that never come true.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    code: "schedule-never-fires",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A schedule may never come true",
    explanation: "The day does not exist in the month, so that the CronJob never starts; or the deadline is below ten seconds, of which \
        Kubernetes says that the job may not be scheduled, since the controller looks every ten seconds.",
    remedy: "write a day that exists, and a deadline of more than ten seconds",
    silent: "Suspended CronJobs, and schedules that cannot be read, which the API server refuses.",
    failing: include_str!("../../fixtures/schedule-never-fires/failing.yaml"),
    passing: include_str!("../../fixtures/schedule-never-fires/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for job in context.model.objects("batch", "CronJob") {
        if job.at("spec.suspend").and_then(Value::as_bool) == Some(true) {
            continue;
        }
        if let Some(schedule) = job.text_at("spec.schedule")
            && never_fires(schedule)
        {
            sink.report(
                job,
                path("spec.schedule"),
                format!("no month of `{schedule}` has such a day"),
            );
        }
        let deadline = job
            .at("spec.startingDeadlineSeconds")
            .and_then(Value::as_u64);
        if let Some(deadline) = deadline.filter(|deadline| *deadline < 10) {
            let message = format!(
                "after {deadline} s a start is missed, and the controller may look every 10 s alone"
            );
            sink.report(job, path("spec.startingDeadlineSeconds"), message);
        }
    }
}

/// Whether all days of the month are too late for all months.
fn never_fires(schedule: &str) -> bool {
    let schedule = match schedule.split_once(' ') {
        Some((zone, rest)) if zone.contains("TZ=") => rest,
        _ => schedule,
    };
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    let [_, _, days, months, weekdays] = fields.as_slice() else {
        return false;
    };
    // With a day of the week either of the two is enough.
    if !matches!(*weekdays, "*" | "?") {
        return false;
    }
    let (Some(days), Some(months)) = (numbers(days, 31), numbers(months, 12)) else {
        return false;
    };
    let longest = |month: &u32| match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let last = months.iter().map(longest).max();
    days.first()
        .zip(last)
        .is_some_and(|(first, last)| *first > last)
}

/// The numbers that a field means; `None` for what is not plain.
fn numbers(field: &str, most: u32) -> Option<BTreeSet<u32>> {
    let mut found = BTreeSet::new();
    for part in field.split(',') {
        let (range, step) = part.split_once('/').unwrap_or((part, "1"));
        let step: u32 = step.parse().ok().filter(|step| *step > 0)?;
        let (first, last) = match range {
            "*" | "?" => (1, most),
            range => match range.split_once('-') {
                Some((first, last)) => (first.parse().ok()?, last.parse().ok()?),
                None => {
                    let first = range.parse().ok()?;
                    (first, if part.contains('/') { most } else { first })
                }
            },
        };
        found.extend((first..=last.min(most)).step_by(usize::try_from(step).ok()?));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::never_fires;

    #[test]
    fn a_day_has_to_exist_in_some_month() {
        for (schedule, never) in [
            ("0 0 31 2 *", true),
            ("0 0 30 2 ?", true),
            ("0 0 31 4,6,9,11 *", true),
            ("0 0 29 2 *", false),
            ("0 0 31 */2 *", false),
            ("0 0 31 2 1", false),
            ("0 0 L 2 *", false),
            ("CRON_TZ=UTC 0 0 31 6 *", true),
            ("@daily", false),
        ] {
            assert_eq!(never_fires(schedule), never, "{schedule}");
        }
    }
}
