//! Alerts: what they read, what they say, where they go.

use super::*;

fn rules(bundle: &Bundle) -> Vec<Value> {
    let map = bundle
        .objects_of::<ConfigMap>()
        .find(|map| map.metadata.name.as_deref() == Some("mimir-rules"))
        .unwrap();
    let mut rules = Vec::new();
    for (name, text) in map.data.as_ref().unwrap() {
        let file: Value = serde_yaml::from_str(text).unwrap();
        let mut groups = BTreeSet::new();
        for group in file["groups"].as_array().unwrap() {
            assert!(
                groups.insert(group["name"].as_str().unwrap().to_owned()),
                "{name}: two groups of one name"
            );
            rules.extend(group["rules"].as_array().unwrap().iter().cloned());
        }
    }
    rules
}

#[test]
fn alerts_have_what_people_and_routes_need() {
    let bundle = built();
    let rules = rules(&bundle);
    let names: Vec<&str> = rules
        .iter()
        .map(|rule| rule["alert"].as_str().unwrap())
        .collect();
    let expected: BTreeSet<&str> = [
        "ArgoCDSyncFailed",
        "ConnectionPoolExhausted",
        "HighErrorRate",
        "IstioHighErrorRate",
        "KubernetesAPIServerDown",
        "LatencyDoubled",
        "PodCrashLooping",
    ]
    .into();
    assert_eq!(names.iter().copied().collect::<BTreeSet<_>>(), expected);
    assert_eq!(names.len(), expected.len());
    for rule in &rules {
        assert!(!rule["expr"].as_str().unwrap().trim().is_empty(), "{rule}");
        assert!(
            matches!(
                rule["labels"]["severity"].as_str(),
                Some("critical" | "warning")
            ),
            "{rule}"
        );
        assert!(
            rule["annotations"]["summary"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{rule}"
        );
    }
    // ztunnel makes none of the requests that it reads.
    let mesh = rules
        .iter()
        .find(|rule| rule["alert"] == "IstioHighErrorRate");
    let description = mesh.unwrap()["annotations"]["description"]
        .as_str()
        .unwrap();
    for word in [
        "istio_requests_total",
        "Waypoints",
        "silent",
        "HighErrorRate",
    ] {
        assert!(description.contains(word), "{word} in {description}");
    }
    let small = dev().skip_istio().build().unwrap();
    assert!(
        !self::rules(&small)
            .iter()
            .any(|rule| rule["alert"] == "IstioHighErrorRate")
    );
}

#[test]
fn alerts_read_metrics_that_someone_provides() {
    let bundle = built();
    let (collector, alloy) = (collector(&bundle), alloy(&bundle));
    let rules = rules(&bundle);
    let all: String = rules
        .iter()
        .map(|rule| rule["expr"].as_str().unwrap())
        .collect();
    // A job that a rule names is one of Alloy's.
    let job = Regex::new(r#"job="([^"]+)""#).unwrap();
    let jobs: BTreeSet<&str> = job
        .captures_iter(&all)
        .map(|found| found.extract::<1>().1[0])
        .collect();
    assert_eq!(jobs, ["kubelet-resource", "kubernetes-apiservers"].into());
    for job in jobs {
        assert!(
            Regex::new(&format!(r#"job_name +?= "{job}""#))
                .unwrap()
                .is_match(alloy),
            "{job}"
        );
    }
    // The metrics of all spans carry the connector's prefix and unit, and Mimir gives them Prometheus' endings.
    let spans = &collector["connectors"]["spanmetrics"];
    let prefix = spans["namespace"].as_str().unwrap().replace('.', "_");
    assert_eq!(spans["histogram"]["unit"], "s");
    assert_eq!(
        values(&bundle, "mimir")["mimir"]["structuredConfig"]["limits"]["otel_metric_suffixes_enabled"],
        true
    );
    let span_metric = Regex::new(r"traces_[a-z_]+").unwrap();
    for found in span_metric.find_iter(&all) {
        let name = found.as_str().strip_prefix(&format!("{prefix}_")).unwrap();
        assert!(
            ["calls_total", "duration_seconds_bucket"].contains(&name),
            "{name}"
        );
    }
    let dimensions = strings(&spans["exclude_dimensions"]);
    assert_eq!(
        dimensions,
        ["span.name"],
        "rules need the service, the kind and the status"
    );
    // What is kept of the API server and of the kubelet's resource metrics is what the rules read.
    for metric in ["container_start_time_seconds", "up"] {
        assert!(
            Regex::new(&format!(r#"regex +?= "[a-z_|]*{metric}"#))
                .unwrap()
                .is_match(alloy),
            "{metric}"
        );
        assert!(all.contains(metric));
    }
}

#[test]
fn alerts_find_their_way() {
    let bundle = built();
    let config = configuration(&bundle, "alertmanager", "alertmanager.yml");
    let receivers: Vec<&str> = config["receivers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["name"].as_str().unwrap())
        .collect();
    assert_eq!(receivers, ["null"]);
    assert_eq!(config["route"]["receiver"], "null");
    let ruler = &values(&bundle, "mimir")["mimir"]["structuredConfig"]["ruler"];
    let grafana = data_sources(&bundle)
        .iter()
        .find(|s| s["name"] == "AlertManager")
        .unwrap();
    assert_eq!(ruler["alertmanager_url"], grafana["url"]);
}
