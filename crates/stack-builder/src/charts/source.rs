//! A chart as far as it says which values are read.

use std::collections::BTreeMap;

use serde_json::Value;

use super::files::{Files, unpack};

/// The texts of a chart that may read values, and the charts inside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartSource {
    /// `name` of the `Chart.yaml`, under which a chart around it passes values.
    pub name: String,
    /// `version` of the `Chart.yaml`: the chart's, not the program's.
    pub version: String,
    /// Templates and other files from which values may be read.
    pub(super) texts: Vec<String>,
    /// Files with named templates, which every chart around and inside this one may call with values of its own.
    pub(super) helpers: Vec<String>,
    pub(super) charts: Vec<ChartSource>,
    /// Dependencies by the key under which their values stand; each with the name of the chart.
    pub(super) keys: BTreeMap<String, String>,
    /// Values that switch dependencies on: `kafka.enabled`.
    pub(super) conditions: Vec<String>,
}

impl ChartSource {
    /// Reads a chart from its files, by their paths below the chart's root.
    ///
    /// # Errors
    /// What is wrong with `Chart.yaml`, or with a chart inside.
    pub fn read(files: &BTreeMap<String, Vec<u8>>) -> Result<Self, String> {
        let mut chart = Self::default();
        let about = files.get("Chart.yaml").ok_or("there is no Chart.yaml")?;
        let about: Value = kube_yaml::decode(about)
            .and_then(kube_yaml::from_str)
            .map_err(|error| format!("Chart.yaml:{}: {error}", error.line))?;
        let text = |value: &Value, member: &str| {
            let text = value.get(member).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        chart.name = text(&about, "name");
        chart.version = text(&about, "version");
        let mut dependencies = vec![about.get("dependencies").cloned().unwrap_or_default()];
        let mut inside: BTreeMap<&str, Files> = BTreeMap::new();
        for (path, bytes) in files {
            let Some(path_inside) = path.strip_prefix("charts/") else {
                match path.as_str() {
                    // Charts of the first format.
                    "requirements.yaml" => dependencies.push(
                        kube_yaml::decode(bytes)
                            .and_then(kube_yaml::from_str::<Value>)
                            .map_err(|error| format!("{path}:{}: {error}", error.line))?["dependencies"]
                            .clone(),
                    ),
                    path => chart.take(path, bytes),
                }
                continue;
            };
            match path_inside.split_once('/') {
                Some((name, rest)) => {
                    let files = inside.entry(name).or_default();
                    files.insert(rest.to_owned(), bytes.clone());
                }
                None if path_inside.ends_with(".tgz") => {
                    let files = unpack(bytes).map_err(|error| format!("{path}: {error}"))?;
                    chart.charts.push(Self::read(&files)?);
                }
                None => {}
            }
        }
        for (name, files) in inside {
            // A folder without the file is no chart, such as one with a README.
            if files.contains_key("Chart.yaml") {
                let inner = Self::read(&files);
                chart
                    .charts
                    .push(inner.map_err(|error| format!("charts/{name}: {error}"))?);
            }
        }
        for inner in &chart.charts {
            chart.keys.insert(inner.name.clone(), inner.name.clone());
        }
        let dependencies = dependencies.iter().filter_map(Value::as_array).flatten();
        for dependency in dependencies {
            let name = text(dependency, "name");
            let alias = text(dependency, "alias");
            if !alias.is_empty() {
                chart.keys.insert(alias, name);
            }
            let conditions = text(dependency, "condition");
            let conditions = conditions.split(',').map(|path| path.trim().to_owned());
            chart
                .conditions
                .extend(conditions.filter(|path| !path.is_empty()));
        }
        Ok(chart)
    }

    fn take(&mut self, path: &str, bytes: &[u8]) {
        let silent = path.starts_with("crds/")
            || path.ends_with(".md")
            || matches!(path, "Chart.yaml" | "Chart.lock" | "values.schema.json");
        // What is no text reads nothing.
        let Ok(text) = kube_yaml::decode(bytes) else {
            return;
        };
        if silent || !text.contains("Values") {
            return;
        }
        let file = path.rsplit('/').next().unwrap_or(path);
        match path.starts_with("templates/") && file.starts_with('_') {
            true => self.helpers.push(text.to_owned()),
            false => self.texts.push(text.to_owned()),
        }
    }
}
