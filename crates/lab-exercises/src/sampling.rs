//! Which traces are kept: exercises 7-2 and 9, by the collector's own configuration.

use std::collections::BTreeMap;

use lab_builder::{Bundle, Whole};
use regex::Regex;
use serde_json::Value;

use crate::cluster::{missing, wiring};
use crate::{ExerciseError, Lesson, Step, network};

/// A request, as the gateway reports it: one span of a server.
struct Trace<'a> {
    path: &'a str,
    status: u32,
    milliseconds: u64,
}

/// The configuration of the lab's collector.
fn configuration(lab: &Bundle, exercise: &'static str) -> Result<Value, ExerciseError> {
    let telemetry = &wiring(lab, exercise)?.telemetry;
    let whole = Whole::of(lab);
    let mut maps = whole
        .model
        .objects_in("", "ConfigMap", &telemetry.namespace);
    let found = maps.find_map(|map| {
        let texts = map.at("data")?.as_object()?.values();
        let mut files = texts.filter_map(|text| kube_yaml::from_str::<Value>(text.as_str()?).ok());
        files.find(|file| file.pointer("/processors/tail_sampling").is_some())
    });
    found.ok_or_else(|| missing(exercise, "collector that samples"))
}

/// The share of such traces that is kept, in percent, and the policy that keeps most.
fn kept(
    config: &Value,
    trace: &Trace<'_>,
    exercise: &'static str,
) -> Result<(String, f64), ExerciseError> {
    let mut is_error = false;
    let statements = config.pointer("/processors/transform/trace_statements");
    for statement in texts(statements) {
        if let Some((set, condition)) = statement.split_once(" where ")
            && set.contains("STATUS_CODE_ERROR")
        {
            is_error |= Condition::holds(condition, trace, exercise)?;
        }
    }
    let mut most = ("none".to_owned(), 0.0);
    let policies = config
        .pointer("/processors/tail_sampling/policies")
        .and_then(Value::as_array);
    for policy in policies.into_iter().flatten() {
        let mut share = 100.0_f64;
        let parts = policy
            .pointer("/and/and_sub_policy")
            .and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            let kind = part["type"].as_str().unwrap_or_default();
            let holds = match kind {
                "status_code" => {
                    is_error && texts(Some(&part["status_code"]["status_codes"])).contains(&"ERROR")
                }
                "latency" => part["latency"]["threshold_ms"]
                    .as_u64()
                    .is_some_and(|least| trace.milliseconds >= least),
                "ottl_condition" => {
                    let conditions = texts(Some(&part["ottl_condition"]["span"]));
                    let mut any = false;
                    for condition in conditions {
                        any |= Condition::holds(condition, trace, exercise)?;
                    }
                    any
                }
                "probabilistic" => {
                    share = share.min(
                        part["probabilistic"]["sampling_percentage"]
                            .as_f64()
                            .unwrap_or(0.0),
                    );
                    true
                }
                other => return Err(unread(exercise, format!("a policy of the kind `{other}`"))),
            };
            if !holds {
                share = 0.0;
            }
        }
        if share > most.1 {
            most = (
                policy["name"].as_str().unwrap_or_default().to_owned(),
                share,
            );
        }
    }
    Ok(most)
}

fn unread(exercise: &'static str, message: String) -> ExerciseError {
    ExerciseError::Read { exercise, message }
}

/// All texts in a value, wherever they stand.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().flat_map(|item| texts(Some(item))).collect(),
        Some(Value::Object(members)) => members
            .values()
            .flat_map(|item| texts(Some(item)))
            .collect(),
        _ => Vec::new(),
    }
}

/// A condition of the collector's transformation language, as far as the lab's configuration uses it.
struct Condition<'a> {
    words: Vec<&'a str>,
    at: usize,
    trace: &'a Trace<'a>,
    exercise: &'static str,
}

impl<'a> Condition<'a> {
    fn holds(
        text: &'a str,
        trace: &'a Trace<'a>,
        exercise: &'static str,
    ) -> Result<bool, ExerciseError> {
        let word =
            Regex::new(r#""(?:[^"\\]|\\.)*"|[A-Za-z_.]+(?:\["[^"]*"\])?|\d+|[=!><]=|[<>(),]"#)
                .map_err(|error| unread(exercise, error.to_string()))?;
        let mut condition = Self {
            words: word.find_iter(text).map(|word| word.as_str()).collect(),
            at: 0,
            trace,
            exercise,
        };
        let holds = condition.any()?;
        match condition.at == condition.words.len() {
            true => Ok(holds),
            false => Err(unread(exercise, format!("`{text}`"))),
        }
    }

    fn next(&mut self) -> &'a str {
        self.at += 1;
        self.words.get(self.at - 1).copied().unwrap_or_default()
    }

    fn take(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is);
        is
    }

    fn any(&mut self) -> Result<bool, ExerciseError> {
        let mut holds = self.all()?;
        while self.take("or") {
            holds |= self.all()?;
        }
        Ok(holds)
    }

    fn all(&mut self) -> Result<bool, ExerciseError> {
        let mut holds = self.one()?;
        while self.take("and") {
            holds &= self.one()?;
        }
        Ok(holds)
    }

    fn one(&mut self) -> Result<bool, ExerciseError> {
        if self.take("not") {
            return Ok(!self.one()?);
        }
        if self.take("(") {
            let holds = self.any()?;
            self.take(")");
            return Ok(holds);
        }
        if self.take("IsMatch") {
            self.take("(");
            let text = self.value();
            self.take(",");
            let pattern = self.next();
            self.take(")");
            // Quoted as JSON quotes, but for a dollar, which the collector's own configuration doubles.
            let pattern: String = serde_json::from_str(pattern)
                .map_err(|error| unread(self.exercise, error.to_string()))?;
            let pattern = Regex::new(&pattern.replace("$$", "$"))
                .map_err(|error| unread(self.exercise, error.to_string()))?;
            return Ok(text.is_some_and(|text| pattern.is_match(&text)));
        }
        let (left, compare, right) = (self.value(), self.next(), self.value());
        let number =
            |value: &Option<String>| value.as_ref().and_then(|text| text.parse::<u32>().ok());
        Ok(match compare {
            "==" => left == right,
            "!=" => left != right,
            // Nothing is not comparable.
            ">=" => number(&left)
                .zip(number(&right))
                .is_some_and(|(left, right)| left >= right),
            other => return Err(unread(self.exercise, format!("`{other}` in a condition"))),
        })
    }

    fn value(&mut self) -> Option<String> {
        let word = self.next();
        match word.trim_start_matches("span.") {
            "nil" => None,
            "kind" => Some("SPAN_KIND_SERVER".to_owned()),
            r#"attributes["http.status_code"]"# => Some(self.trace.status.to_string()),
            r#"attributes["http.url"]"# => Some(format!("http://api{}", self.trace.path)),
            other if other.starts_with("attributes[") => None,
            _ => Some(word.to_owned()),
        }
    }
}

/// Sends requests, and says for each policy how many of its traces are kept.
fn traffic(
    config: &Value,
    requests: &[(usize, Trace<'_>)],
    exercise: &'static str,
) -> Result<Vec<Step>, ExerciseError> {
    let mut by_policy: BTreeMap<String, (usize, f64)> = BTreeMap::new();
    let mut order = Vec::new();
    for (count, trace) in requests {
        let (policy, share) = kept(config, trace, exercise)?;
        if !order.contains(&policy) {
            order.push(policy.clone());
        }
        let sum = by_policy.entry(policy).or_default();
        *sum = (sum.0 + count, share);
    }
    let mut total = 0.0;
    let mut steps = Vec::new();
    for policy in order {
        let (sent, share) = by_policy.get(&policy).copied().unwrap_or_default();
        let kept = sent as f64 * share / 100.0;
        total += kept;
        steps.push(Step::new(
            format!("{sent} traces meet the policy {policy}"),
            format!("{} kept", (kept * 10.0).round() / 10.0),
            format!("it keeps {share} %"),
        ));
    }
    let sent: usize = requests.iter().map(|(count, _)| count).sum();
    steps.push(Step::new(
        format!("{sent} traces in all"),
        format!("{} kept", (total * 10.0).round() / 10.0),
        "on average",
    ));
    Ok(steps)
}

/// Exercise 7-2.
pub(crate) fn error_and_slow_traffic(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "7-2";
    let config = configuration(lab, EXERCISE)?;
    let request = |path, status, milliseconds| Trace {
        path,
        status,
        milliseconds,
    };
    let requests = [
        (5, request("/status/500", 500, 4)),
        (5, request("/status/503", 503, 4)),
        (1, request("/delay/3", 200, 3004)),
        (20, request("/status/200", 200, 4)),
    ];
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Error and slow traffic, sampled at the tail",
        steps: traffic(&config, &requests, EXERCISE)?,
    })
}

/// Exercise 9.
pub(crate) fn make_traffic(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "9";
    let demo = &wiring(lab, EXERCISE)?.demo;
    let config = configuration(lab, EXERCISE)?;
    let job = lab.object("Job", Some(&demo.namespace), &demo.load_generator);
    let job = job.ok_or_else(|| missing(EXERCISE, "load generator"))?;
    let mut steps: Vec<Step> = bursts(job.value())
        .into_iter()
        .map(|(what, number)| {
            Step::new(
                format!("requests of the load generator, {what}"),
                number,
                "",
            )
        })
        .collect();
    let times = |mut step: Step, count: usize| {
        step.action = format!("{count} x {}", step.action);
        step
    };
    steps.push(times(network::from_outside(lab, EXERCISE, "/get")?, 10));
    steps.push(times(network::from_frontend(lab, EXERCISE, "/get")?, 10));
    for path in ["/status/500", "/status/503"] {
        steps.push(times(network::from_outside(lab, EXERCISE, path)?, 5));
    }
    let slow = [(
        1,
        Trace {
            path: "/delay/3",
            status: 200,
            milliseconds: 3004,
        },
    )];
    steps.extend(traffic(&config, &slow, EXERCISE)?.into_iter().take(1));
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Make traffic",
        steps,
    })
}

/// How often the script of the load generator calls, east-west and north-south: the bound of each loop, and what it says.
fn bursts(job: &Value) -> Vec<(String, String)> {
    let script = texts(job.pointer("/spec/template/spec/containers")).join("\n");
    let mut found = Vec::new();
    let mut bound = None;
    for line in script.lines() {
        let between =
            |from: &str, to: &str| Some(line.split_once(from)?.1.split_once(to)?.0.to_owned());
        bound = between("-le ", " ]").or(bound);
        if let (Some(what), Some(number)) = (between("echo \"", " #"), &bound) {
            found.push((what, number.clone()));
        }
    }
    found
}
