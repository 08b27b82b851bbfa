use kube_vocab::duration;
use serde_json::Value;
use stack_builder::{Finding, Subject};

use super::{collector, error, items};
use crate::model::Whole;

/// Tempo must wait for a trace longer than the collector holds it back to decide on it.
pub(super) fn check(whole: &Whole<'_>, configuration: &Value, findings: &mut Vec<Finding>) {
    let Some(tempo) = whole.bundle.release("tempo") else {
        return;
    };
    let idle = tempo.values.pointer("/tempo/ingester/trace_idle_period");
    // Not said: Tempo waits for five seconds.
    let idle = idle.map_or(Time::Known(5 * SECOND), Time::read);
    let delay = delay(configuration);
    let (Some(delay), Some(idle)) = (delay, idle.known()) else {
        return;
    };
    if idle <= delay {
        let delay = seconds(delay);
        findings.push(error(
            "trace-completeness",
            Subject::Release("tempo".into()),
            "tempo.ingester.trace_idle_period",
            format!(
                "traces are cut: Tempo waits for {}, and the collector holds them back for {delay}",
                seconds(idle)
            ),
            format!("set it above {delay}"),
        ));
    }
}

const SECOND: i64 = 1_000_000_000;

/// A duration in a configuration, in nanoseconds.
#[derive(Clone, Copy)]
enum Time {
    Known(i64),
    /// It comes from elsewhere, such as the environment, or is none: then the program says so when it starts.
    Unknown,
}

impl Time {
    fn read(value: &Value) -> Self {
        let nanoseconds = match value {
            Value::String(text) => duration::parse_go(text).ok(),
            // Go's own unit.
            other => other.as_i64(),
        };
        nanoseconds.map_or(Time::Unknown, Time::Known)
    }

    fn known(self) -> Option<i64> {
        match self {
            Time::Known(nanoseconds) => Some(nanoseconds),
            Time::Unknown => None,
        }
    }
}

/// How long the slowest pipeline of traces holds one back; nothing where that is not known.
fn delay(configuration: &Value) -> Option<i64> {
    let pipelines = configuration["service"]["pipelines"].as_object();
    let mut longest = 0;
    for (name, pipeline) in pipelines.into_iter().flatten() {
        if !collector::is_of_type(name, "traces") {
            continue;
        }
        let mut delay: i64 = 0;
        for processor in items(&pipeline["processors"]).filter_map(Value::as_str) {
            // The key and the default of each processor that holds traces back.
            let (key, default) = match processor.split('/').next() {
                Some("tail_sampling") => ("decision_wait", 30 * SECOND),
                Some("batch") => ("timeout", SECOND / 5),
                Some("groupbytrace") => ("wait_duration", SECOND),
                _ => continue,
            };
            let written = &configuration["processors"][processor][key];
            let time = match written {
                Value::Null => Time::Known(default),
                written => Time::read(written),
            };
            delay = delay.saturating_add(time.known()?);
        }
        longest = longest.max(delay);
    }
    Some(longest)
}

/// For people: `31s`, `1.5s`.
fn seconds(nanoseconds: i64) -> String {
    let milliseconds = nanoseconds / (SECOND / 1000);
    match milliseconds % 1000 {
        0 => format!("{}s", milliseconds / 1000),
        rest => {
            let fraction = format!("{rest:03}");
            format!(
                "{}.{}s",
                milliseconds / 1000,
                fraction.trim_end_matches('0')
            )
        }
    }
}
