//! The collector's pipelines and policies.

use super::*;

#[test]
fn pipelines_refer_to_what_is_defined_and_all_of_it_is_used() {
    let config = collector(&built());
    let connectors = keys(&config["connectors"]);
    let mut used: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, pipeline) in config["service"]["pipelines"].as_object().unwrap() {
        for part in ["receivers", "processors", "exporters"] {
            let defined = keys(&config[part]);
            for member in strings(&pipeline[part]) {
                let connects = part != "processors" && connectors.contains(member);
                assert!(
                    defined.contains(member) || connects,
                    "{name}: {part} {member} is not defined"
                );
                used.entry(part).or_default().insert(member);
            }
        }
        let processors = strings(&pipeline["processors"]);
        assert_eq!(
            processors.first(),
            Some(&"memory_limiter"),
            "{name}: the limiter comes first"
        );
        let samples = processors.contains(&"tail_sampling");
        assert_eq!(
            samples,
            name == "traces",
            "{name}: only traces can be sampled, and once"
        );
    }
    for part in ["receivers", "processors", "exporters"] {
        for member in keys(&config[part]) {
            assert!(
                used[part].contains(member),
                "{part} {member} is used nowhere"
            );
        }
    }
    for connector in connectors {
        assert!(
            used["exporters"].contains(connector),
            "{connector} gets nothing"
        );
        assert!(
            used["receivers"].contains(connector),
            "{connector} leads nowhere"
        );
    }
    assert_eq!(
        strings(&config["service"]["extensions"]),
        keys(&config["extensions"]).into_iter().collect::<Vec<_>>()
    );
}

#[test]
fn policies_are_complete_and_mean_what_is_documented() {
    let config = collector(&built());
    let policies = config["processors"]["tail_sampling"]["policies"]
        .as_array()
        .unwrap();
    let mut names = BTreeSet::new();
    let mut meaning = Vec::new();
    for policy in policies {
        assert_eq!(policy["type"], "and");
        let parts = policy["and"]["and_sub_policy"].as_array().unwrap();
        for part in parts {
            let kind = part["type"].as_str().unwrap();
            assert!(
                part[kind].is_object(),
                "a policy's settings stand under the name of its type: {part}"
            );
            assert!(
                names.insert(part["name"].as_str().unwrap()),
                "{part} has another's name"
            );
        }
        let kinds: Vec<&str> = parts.iter().map(|p| p["type"].as_str().unwrap()).collect();
        meaning.push((policy["name"].as_str().unwrap(), kinds));
    }
    assert_eq!(
        meaning,
        [
            ("error-traces", vec!["status_code", "ottl_condition"]),
            ("slow-traces", vec!["latency", "ottl_condition"]),
            ("normal-traces", vec!["ottl_condition", "probabilistic"]),
        ]
    );
    let part = |policy: usize, part: usize| &policies[policy]["and"]["and_sub_policy"][part];
    assert_eq!(
        part(0, 0)["status_code"],
        json!({"status_codes": ["ERROR"]})
    );
    assert_eq!(part(1, 0)["latency"], json!({"threshold_ms": 2000}));
    assert_eq!(
        part(2, 1)["probabilistic"],
        json!({"sampling_percentage": 10})
    );
    for entry in [part(0, 1), part(1, 1)] {
        let condition = entry["ottl_condition"]["span"][0].as_str().unwrap();
        assert!(condition.contains("SPAN_KIND_SERVER or kind == SPAN_KIND_CONSUMER"));
    }
}

#[test]
fn ordinary_requests_are_no_health_checks() {
    let config = collector(&built());
    let policy = &config["processors"]["tail_sampling"]["policies"][2]["and"]["and_sub_policy"][0];
    let condition = expanded(policy["ottl_condition"]["span"][0].as_str().unwrap());
    let quoted = Regex::new(r#"not IsMatch\(attributes\["[a-z.]+"\], ("[^"]*")\)"#).unwrap();
    let patterns: Vec<Regex> = quoted
        .captures_iter(&condition)
        .map(|found| Regex::new(&serde_json::from_str::<String>(&found[1]).unwrap()).unwrap())
        .collect();
    assert_eq!(patterns.len(), 3);
    for pattern in patterns {
        for path in [
            "/healthz",
            "/actuator/health",
            "http://x/readyz?verbose",
            "/-/ready/",
        ] {
            assert!(pattern.is_match(path), "{path} is a health check");
        }
        for path in [
            "/status/200",
            "/get",
            "/healthy-food",
            "http://api.lab-dev.local/status/200",
        ] {
            assert!(!pattern.is_match(path), "{path} is an ordinary request");
        }
    }
}
