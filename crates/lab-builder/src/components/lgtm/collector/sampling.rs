//! Which traces are kept: the policies of the processor `tail_sampling`.
//!
//! See <https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/processor/tailsamplingprocessor>.

use serde_json::{Value, json};

use super::super::field_error;
use stack_builder::ComponentError;

/// A policy: the traces that meet all its conditions, and how many of them are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct SamplingPolicy {
    /// Its name, which the collector's own metrics carry.
    pub name: String,
    /// What a trace must meet, all of it.
    pub conditions: Vec<SamplingCondition>,
    /// How many of these traces are kept, in percent; 0 to 100.
    pub percentage: f64,
}

/// What makes a policy keep a trace: `type` of a policy, with its settings.
#[derive(Clone, Debug, PartialEq)]
pub enum SamplingCondition {
    /// A span with the status `ERROR`.
    Error,
    /// From its first to its last moment it takes at least so many milliseconds.
    SlowerThan(u64),
    /// A span of one of these kinds: an entry into a service.
    HasSpan(Vec<SpanKind>),
    /// A span of one of these kinds whose path does not end in one of these paths, such as `/healthz`. Probes make
    /// traces of which all spans do.
    HasSpanBeside {
        /// The kinds.
        kinds: Vec<SpanKind>,
        /// The paths, each beginning with `/`.
        paths: Vec<String>,
    },
}

/// The role of a span in a call, as OpenTelemetry names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// Work within a service, without a call over the network.
    Internal,
    /// A request as its server sees it.
    Server,
    /// A request as its client sees it.
    Client,
    /// A message on its way into a queue.
    Producer,
    /// A message on its way out of a queue.
    Consumer,
}

impl SpanKind {
    /// The constant in the transformation language.
    fn ottl(self) -> &'static str {
        match self {
            SpanKind::Internal => "SPAN_KIND_INTERNAL",
            SpanKind::Server => "SPAN_KIND_SERVER",
            SpanKind::Client => "SPAN_KIND_CLIENT",
            SpanKind::Producer => "SPAN_KIND_PRODUCER",
            SpanKind::Consumer => "SPAN_KIND_CONSUMER",
        }
    }
}

/// The three documented policies.
///
/// Which paths are health checks is not documented *(ours)*. `/status/200`, which probes the demo app, is not among
/// them: the ordinary requests of exercise 7-2 have the same path.
pub(super) fn documented() -> Vec<SamplingPolicy> {
    let entry = || SamplingCondition::HasSpan(vec![SpanKind::Server, SpanKind::Consumer]);
    let paths = [
        "/health",
        "/healthz",
        "/livez",
        "/readyz",
        "/live",
        "/ready",
        "/-/healthy",
        "/-/ready",
    ];
    vec![
        SamplingPolicy {
            name: "error-traces".into(),
            conditions: vec![SamplingCondition::Error, entry()],
            percentage: 100.0,
        },
        SamplingPolicy {
            name: "slow-traces".into(),
            conditions: vec![SamplingCondition::SlowerThan(2000), entry()],
            percentage: 100.0,
        },
        SamplingPolicy {
            name: "normal-traces".into(),
            conditions: vec![SamplingCondition::HasSpanBeside {
                kinds: vec![SpanKind::Server],
                paths: paths.map(str::to_owned).into(),
            }],
            percentage: 10.0,
        },
    ]
}

/// Refuses what the collector would not start with.
pub(super) fn check(policies: &[SamplingPolicy]) -> Result<(), ComponentError> {
    if policies.is_empty() {
        return Err(field_error(
            "collector.policies",
            "empty",
            "at least one policy, otherwise no trace is kept",
        ));
    }
    for (at, policy) in policies.iter().enumerate() {
        let field = |name: &str| format!("collector.policies[{at}].{name}");
        if policy.name.is_empty()
            || policies
                .iter()
                .take(at)
                .any(|other| other.name == policy.name)
        {
            return Err(field_error(
                &field("name"),
                format!("`{}`", policy.name),
                "a name that no other policy has",
            ));
        }
        if !(0.0..=100.0).contains(&policy.percentage) {
            return Err(field_error(
                &field("percentage"),
                policy.percentage,
                "0 to 100",
            ));
        }
        if policy.conditions.is_empty() && policy.percentage == 100.0 {
            return Err(field_error(
                &field("conditions"),
                "empty",
                "at least one condition, where not a share of the traces is kept",
            ));
        }
        for condition in &policy.conditions {
            let (kinds, paths): (&[SpanKind], &[String]) = match condition {
                SamplingCondition::HasSpan(kinds) => (kinds, &[]),
                SamplingCondition::HasSpanBeside { kinds, paths } => (kinds, paths),
                SamplingCondition::Error | SamplingCondition::SlowerThan(_) => continue,
            };
            if kinds.is_empty() {
                return Err(field_error(
                    &field("conditions"),
                    "no kind of span",
                    "at least one kind",
                ));
            }
            if let Some(path) = paths.iter().find(|path| !path.starts_with('/')) {
                return Err(field_error(
                    &field("conditions"),
                    format!("`{path}`"),
                    "a path that begins with `/`",
                ));
            }
        }
    }
    Ok(())
}

/// The processor's configuration.
pub(super) fn tail_sampling(wait_seconds: u32, traces: u32, policies: &[SamplingPolicy]) -> Value {
    json!({
        "decision_wait": format!("{wait_seconds}s"),
        "num_traces": traces,
        "policies": policies.iter().map(policy).collect::<Vec<_>>(),
    })
}

fn policy(policy: &SamplingPolicy) -> Value {
    let mut parts: Vec<Value> = policy
        .conditions
        .iter()
        .map(|one| condition(&policy.name, one))
        .collect();
    if policy.percentage < 100.0 {
        parts.push(json!({
            "name": format!("{}-share", policy.name),
            "type": "probabilistic",
            "probabilistic": {"sampling_percentage": percentage(policy.percentage)},
        }));
    }
    json!({"name": policy.name, "type": "and", "and": {"and_sub_policy": parts}})
}

/// A whole number without a fraction.
fn percentage(value: f64) -> Value {
    if value.fract() == 0.0 {
        json!(value as u8)
    } else {
        json!(value)
    }
}

fn condition(policy: &str, condition: &SamplingCondition) -> Value {
    let of_spans = |name: &str, expression: String| {
        json!({
            "name": format!("{policy}-{name}"),
            "type": "ottl_condition",
            "ottl_condition": {"error_mode": "ignore", "span": [expression]},
        })
    };
    match condition {
        SamplingCondition::Error => json!({
            "name": format!("{policy}-status"),
            "type": "status_code",
            "status_code": {"status_codes": ["ERROR"]},
        }),
        SamplingCondition::SlowerThan(milliseconds) => json!({
            "name": format!("{policy}-latency"),
            "type": "latency",
            "latency": {"threshold_ms": milliseconds},
        }),
        SamplingCondition::HasSpan(kinds) => of_spans("entry", is_one_of(kinds)),
        SamplingCondition::HasSpanBeside { kinds, paths } => {
            let mut expression = is_one_of(kinds);
            if !paths.is_empty() {
                let pattern = ottl_string(&ends_in_one_of(paths));
                // The same path under its present and its former names; the last is a whole URL.
                for attribute in ["url.path", "http.target", "http.url"] {
                    expression.push_str(&format!(
                        " and not IsMatch(attributes[{}], {pattern})",
                        ottl_string(attribute)
                    ));
                }
            }
            of_spans("beside-health-checks", expression)
        }
    }
}

fn is_one_of(kinds: &[SpanKind]) -> String {
    let kinds: Vec<String> = kinds
        .iter()
        .map(|kind| format!("kind == {}", kind.ottl()))
        .collect();
    if kinds.len() == 1 {
        kinds.concat()
    } else {
        format!("({})", kinds.join(" or "))
    }
}

/// A pattern that a path with one of these endings matches, also with a query behind it.
fn ends_in_one_of(paths: &[String]) -> String {
    let escaped: Vec<String> = paths.iter().map(|path| escape_pattern(path)).collect();
    format!("({})/?([?#].*)?$", escaped.join("|"))
}

/// A pattern that matches nothing but the text, in RE2.
fn escape_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// A string of the transformation language.
pub(super) fn ottl_string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn health_checks_are_told_from_other_paths() {
        let paths = ["/healthz".to_owned(), "/a.b".to_owned()];
        let pattern = Regex::new(&ends_in_one_of(&paths)).unwrap();
        for path in [
            "/healthz",
            "/healthz/",
            "/healthz?full=1",
            "http://x/healthz",
            "/api/healthz",
            "/a.b",
        ] {
            assert!(pattern.is_match(path), "{path}");
        }
        for path in ["/status/200", "/healthzoo", "/healthz/x", "/axb", "/"] {
            assert!(!pattern.is_match(path), "{path}");
        }
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(ottl_string("a\"b\\c\n"), r#""a\"b\\c\n""#);
    }

    #[test]
    fn bad_policies_are_refused_by_field() {
        let with = |change: fn(&mut Vec<SamplingPolicy>)| {
            let mut policies = documented();
            change(&mut policies);
            check(&policies).unwrap_err().to_string()
        };
        for (error, field) in [
            (with(Vec::clear), "collector.policies`"),
            (
                with(|p| p[1].name = p[0].name.clone()),
                "collector.policies[1].name",
            ),
            (
                with(|p| p[2].percentage = 101.0),
                "collector.policies[2].percentage",
            ),
            (
                with(|p| p[2].percentage = f64::NAN),
                "collector.policies[2].percentage",
            ),
            (
                with(|p| p[0].conditions = vec![SamplingCondition::HasSpan(vec![])]),
                "collector.policies[0].conditions",
            ),
            (
                with(|p| {
                    p[0].conditions = vec![SamplingCondition::HasSpanBeside {
                        kinds: vec![SpanKind::Server],
                        paths: vec!["x".into()],
                    }];
                }),
                "collector.policies[0].conditions",
            ),
        ] {
            assert!(error.contains(field), "{error}");
        }
        assert!(check(&documented()).is_ok());
    }
}
