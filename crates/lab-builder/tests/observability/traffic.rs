//! Exercise 7-2: its 31 requests on their way through the rendered configuration of the collector.

use super::*;

/// A request, as Kong reports it: one span of a server.
#[derive(Clone, Debug)]
struct Trace {
    status: u32,
    url: String,
    milliseconds: u64,
    is_error: bool,
}

fn request(path: &str, status: u32, milliseconds: u64) -> Trace {
    Trace {
        status,
        url: format!("http://api.lab-dev.local{path}"),
        milliseconds,
        is_error: false,
    }
}

/// Conditions of the transformation language, as far as the configuration uses them.
struct Condition<'a> {
    words: Vec<String>,
    at: usize,
    trace: &'a Trace,
}

impl<'a> Condition<'a> {
    fn holds(text: &str, trace: &'a Trace) -> bool {
        let word =
            Regex::new(r#""(?:[^"\\]|\\.)*"|[A-Za-z_.]+(?:\["[^"]*"\])?|\d+|[=!><]=|[<>(),]"#);
        let words = word
            .unwrap()
            .find_iter(text)
            .map(|word| word.as_str().to_owned())
            .collect();
        let mut condition = Condition {
            words,
            at: 0,
            trace,
        };
        let holds = condition.any();
        assert_eq!(condition.at, condition.words.len(), "{text}");
        holds
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.words[self.at - 1].clone()
    }

    fn take(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at).is_some_and(|next| next == word);
        self.at += usize::from(is);
        is
    }

    fn any(&mut self) -> bool {
        let mut holds = self.all();
        while self.take("or") {
            holds |= self.all();
        }
        holds
    }

    fn all(&mut self) -> bool {
        let mut holds = self.one();
        while self.take("and") {
            holds &= self.one();
        }
        holds
    }

    fn one(&mut self) -> bool {
        if self.take("not") {
            return !self.one();
        }
        if self.take("(") {
            let holds = self.any();
            assert!(self.take(")"));
            return holds;
        }
        if self.take("IsMatch") {
            assert!(self.take("("));
            let text = self.value();
            assert!(self.take(","));
            let pattern: String = serde_json::from_str(&self.next()).unwrap();
            assert!(self.take(")"));
            let pattern = Regex::new(&pattern).unwrap();
            return text.is_some_and(|text| pattern.is_match(&text));
        }
        let left = self.value();
        let compare = self.next();
        let right = self.value();
        let number = |value: Option<String>| value.map(|text| text.parse::<u32>().unwrap());
        match compare.as_str() {
            "==" => left == right,
            "!=" => left != right,
            // Nothing is not comparable.
            ">=" => number(left)
                .zip(number(right))
                .is_some_and(|(left, right)| left >= right),
            other => panic!("{other}"),
        }
    }

    fn value(&mut self) -> Option<String> {
        let word = self.next();
        match word.trim_start_matches("span.") {
            "nil" => None,
            "kind" => Some("SPAN_KIND_SERVER".to_owned()),
            r#"attributes["http.status_code"]"# => Some(self.trace.status.to_string()),
            r#"attributes["http.url"]"# => Some(self.trace.url.clone()),
            other if other.starts_with("attributes[") => None,
            _ => Some(word),
        }
    }
}

/// The share of such traces that is kept, in percent, and the first policy that keeps most.
fn kept(config: &Value, mut trace: Trace) -> (f64, String) {
    for statement in strings(&config["processors"]["transform"]["trace_statements"]) {
        let (set, condition) = statement.split_once(" where ").unwrap();
        assert_eq!(set, "set(span.status.code, STATUS_CODE_ERROR)");
        trace.is_error |= Condition::holds(condition, &trace);
    }
    let mut most = (0.0, String::new());
    let policies = &config["processors"]["tail_sampling"]["policies"];
    for policy in policies.as_array().unwrap() {
        let mut share: f64 = 100.0;
        for part in policy["and"]["and_sub_policy"].as_array().unwrap() {
            let holds = match part["type"].as_str().unwrap() {
                "status_code" => {
                    trace.is_error && strings(&part["status_code"]["status_codes"]) == ["ERROR"]
                }
                "latency" => {
                    trace.milliseconds >= part["latency"]["threshold_ms"].as_u64().unwrap()
                }
                "ottl_condition" => strings(&part["ottl_condition"]["span"])
                    .into_iter()
                    .any(|condition| Condition::holds(&expanded(condition), &trace)),
                "probabilistic" => {
                    let percentage = &part["probabilistic"]["sampling_percentage"];
                    share = share.min(percentage.as_f64().unwrap());
                    true
                }
                other => panic!("{other}"),
            };
            share = if holds { share } else { 0.0 };
        }
        if share > most.0 {
            most = (share, policy["name"].as_str().unwrap().to_owned());
        }
    }
    most
}

#[test]
fn of_the_31_requests_of_the_exercise_errors_and_slow_ones_are_kept_and_a_tenth_of_the_rest() {
    let config = collector(&built());
    let many = |number: usize, path: &str, status, milliseconds| {
        vec![request(path, status, milliseconds); number]
    };
    let traces = [
        many(5, "/status/500", 500, 4),
        many(5, "/status/503", 503, 4),
        many(1, "/delay/3", 200, 3004),
        many(20, "/status/200", 200, 4),
    ]
    .concat();
    assert_eq!(traces.len(), 31);
    let mut by_policy: BTreeMap<String, (usize, f64)> = BTreeMap::new();
    for trace in traces {
        let (share, policy) = kept(&config, trace);
        let sum = by_policy.entry(policy).or_default();
        *sum = (sum.0 + 1, sum.1 + share / 100.0);
    }
    let rounded: Vec<_> = by_policy
        .iter()
        .map(|(policy, (sent, kept))| (policy.as_str(), *sent, (kept * 1000.0).round() / 1000.0))
        .collect();
    assert_eq!(
        rounded,
        [
            ("error-traces", 10, 10.0),
            ("normal-traces", 20, 2.0),
            ("slow-traces", 1, 1.0),
        ]
    );
}

#[test]
fn what_is_kept_changes_at_the_documented_bounds() {
    let config = collector(&built());
    for (trace, share, policy) in [
        (request("/status/499", 499, 4), 10.0, "normal-traces"),
        (request("/get", 200, 1999), 10.0, "normal-traces"),
        (request("/get", 200, 2000), 100.0, "slow-traces"),
        (request("/healthz", 200, 4), 0.0, ""),
        (request("/healthz", 500, 4), 100.0, "error-traces"),
        (request("/healthz", 200, 2500), 100.0, "slow-traces"),
        // The documented manual traffic, from outside and from the frontend.
        (request("/get", 200, 4), 10.0, "normal-traces"),
    ] {
        assert_eq!(
            kept(&config, trace.clone()),
            (share, policy.to_owned()),
            "{trace:?}"
        );
    }
}
