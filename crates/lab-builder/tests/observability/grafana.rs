//! Grafana's data sources and dashboards.

use super::*;

#[test]
fn data_sources_refer_to_each_other_by_ids_that_exist() {
    let bundle = built();
    let sources = data_sources(&bundle);
    let ids: BTreeSet<&str> = sources.iter().map(|s| s["uid"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 4, "{ids:?}");
    let defaults: Vec<&Value> = sources.iter().filter(|s| s["isDefault"] == true).collect();
    assert_eq!(defaults.len(), 1);
    let mut references = BTreeSet::new();
    for source in sources {
        each_member(&source["jsonData"], &mut |key, value| {
            if key == "datasourceUid" || key == "alertmanagerUid" {
                let id = value.as_str().unwrap();
                assert!(ids.contains(id), "{} refers to {id}", source["name"]);
                references.insert((source["uid"].as_str().unwrap(), id));
            }
            if let Some(text) = value.as_str() {
                expanded(text);
            }
        });
    }
    let expected = [
        ("loki", "tempo"),
        ("mimir", "alertmanager"),
        ("mimir", "tempo"),
        ("tempo", "loki"),
        ("tempo", "mimir"),
    ];
    assert_eq!(references, expected.into());
}

#[test]
fn a_trace_id_is_found_where_spring_boot_writes_it() {
    let bundle = built();
    let loki = data_sources(&bundle)
        .iter()
        .find(|s| s["name"] == "Loki")
        .unwrap();
    let field = &loki["jsonData"]["derivedFields"][0];
    assert_eq!(field["name"], "traceID");
    assert_eq!(expanded(field["url"].as_str().unwrap()), "${__value.raw}");
    let pattern = Regex::new(&expanded(field["matcherRegex"].as_str().unwrap())).unwrap();
    let line = "INFO [0af7651916cd43dd8448eb211c80319c,b7ad6b7169203331] 1 --- order placed";
    assert_eq!(
        &pattern.captures(line).unwrap()[1],
        "0af7651916cd43dd8448eb211c80319c"
    );
    assert!(!pattern.is_match("INFO [0af7651916cd43dd,b7ad6b7169203331] too short"));
}

#[test]
fn dashboards_are_downloaded_or_mounted_but_not_both() {
    let open = built();
    let grafana = values(&open, "grafana");
    let names: BTreeSet<&str> = data_sources(&open)
        .iter()
        .map(|s| s["name"].as_str().unwrap())
        .collect();
    for (name, dashboard) in grafana["dashboards"]["default"].as_object().unwrap() {
        assert!(
            names.contains(dashboard["datasource"].as_str().unwrap()),
            "{name}"
        );
    }
    assert!(grafana.get("dashboardsConfigMaps").is_none());

    let closed = dev().registry(REGISTRY.parse().unwrap()).build().unwrap();
    let grafana = values(&closed, "grafana");
    assert!(grafana.get("dashboards").is_none());
    let files = files(&closed);
    let load = &files["grafana/load-dashboards.sh"];
    let fetch = &files["grafana/fetch-dashboards.sh"];
    let maps = grafana["dashboardsConfigMaps"].as_object().unwrap();
    let providers = grafana["dashboardProviders"]["dashboardproviders.yaml"]["providers"]
        .as_array()
        .unwrap();
    for (name, map) in maps {
        assert!(
            load.contains(&format!("load {name} {}\n", map.as_str().unwrap())),
            "{load}"
        );
        assert!(
            fetch.contains(&format!("fetch {name} https://grafana.com/api/dashboards/")),
            "{fetch}"
        );
        let folder = format!("/var/lib/grafana/dashboards/{name}");
        assert!(
            providers
                .iter()
                .any(|p| p["options"]["path"] == folder.as_str()),
            "{folder}"
        );
    }
    assert_eq!((maps.len(), providers.len()), (2, 2));
    // They are there before Grafana asks for them.
    let plan = lgtm(&closed).plan();
    let at = |wanted: &dyn Fn(&Action) -> bool| plan.iter().position(wanted).unwrap();
    let loaded = at(&|action| matches!(action, Action::Program { .. }));
    let installed = at(&|action| *action == Action::Install("grafana".into()));
    assert!(loaded < installed);
    // Nothing but the script for the outside names the site.
    for (path, text) in &files {
        assert_eq!(
            text.contains("grafana.com"),
            path == "grafana/fetch-dashboards.sh",
            "{path}"
        );
    }
}
