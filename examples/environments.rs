//! What differs between dev, stg and prod, and between the two profiles: `cargo run --example environments`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::process::ExitCode;

use lab_builder::{Bundle, Environment, Lab, Part, Profile, overlay};
use serde_json::{Map, Value};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match report() {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn report() -> Result<String, Failure> {
    let environments = Environment::DOCUMENTED
        .map(|environment| Lab::new(environment).build())
        .into_iter()
        .collect::<Result<Vec<Bundle>, _>>()?;
    let names: Vec<&str> = environments
        .iter()
        .map(|bundle| bundle.environment().name())
        .collect();
    let mut text = table("Environments", &names, &environment_rows(&environments));

    let chart = chart_values(&environments)?;
    let rows = differences(&chart)
        .into_iter()
        .map(|(key, values)| Row::new("chart", key, values))
        .collect::<Vec<_>>();
    text.push_str(&table("Values of the demo app's chart", &names, &rows));

    let profiles = [Profile::Lab, Profile::DataCenter];
    let bundles = profiles
        .map(|profile| Lab::new(Environment::Dev).profile(profile).build())
        .into_iter()
        .collect::<Result<Vec<Bundle>, _>>()?;
    let mut rows = Vec::new();
    for id in components(&bundles) {
        let settings: Vec<_> = bundles
            .iter()
            .map(|bundle| bundle.part(&id).map(settings).unwrap_or_default())
            .collect();
        rows.extend(
            differences(&settings)
                .into_iter()
                .map(|(key, values)| Row::new(&id, key, values)),
        );
    }
    text.push_str(&table("Profiles", &profiles.map(Profile::name), &rows));
    Ok(text)
}

/// One line: a component, what differs, and its value in each column.
struct Row {
    component: String,
    what: String,
    values: Vec<String>,
}

impl Row {
    fn new(component: &str, what: impl Into<String>, values: Vec<String>) -> Self {
        Row {
            component: component.to_owned(),
            what: what.into(),
            values,
        }
    }
}

/// Everything that a component sets, by where it stands.
fn settings(part: &Part) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    for (_, object) in part.objects() {
        let id = object.id();
        flatten(
            &format!("{} {}:", id.kind, id.name),
            object.value(),
            &mut settings,
        );
    }
    for (exercise, _, object) in part.exercises() {
        flatten(
            &format!("exercise {exercise}:"),
            object.value(),
            &mut settings,
        );
    }
    for release in part.releases() {
        flatten(
            &format!("release {}:", release.name),
            &release.values,
            &mut settings,
        );
    }
    for page in part.access() {
        settings.insert(format!("page {}", page.service), page.url.clone());
    }
    settings
}

fn flatten(path: &str, value: &Value, settings: &mut BTreeMap<String, String>) {
    let below = |key: &str| {
        if path.ends_with(':') {
            format!("{path} {key}")
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, member) in members {
                flatten(&below(key), member, settings);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                flatten(&format!("{path}[{at}]"), item, settings);
            }
        }
        Value::String(text) => {
            settings.insert(path.to_owned(), text.clone());
        }
        scalar => {
            settings.insert(path.to_owned(), scalar.to_string());
        }
    }
}

/// The settings that are not the same everywhere; `-` where there is none.
fn differences(columns: &[BTreeMap<String, String>]) -> BTreeMap<String, Vec<String>> {
    let mut rows = BTreeMap::new();
    for key in columns.iter().flat_map(BTreeMap::keys) {
        let values: Vec<String> = columns
            .iter()
            .map(|column| column.get(key).cloned().unwrap_or_else(|| "-".to_owned()))
            .collect();
        if values.iter().any(|value| *value != values[0]) {
            rows.insert(key.clone(), values);
        }
    }
    rows
}

fn components(bundles: &[Bundle]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for part in bundles.iter().flat_map(Bundle::parts) {
        if !ids.iter().any(|id| id == part.id()) {
            ids.push(part.id().to_owned());
        }
    }
    ids
}

/// Differences of the environments. Where nothing but the domain or the name differs, one line stands for all places.
fn environment_rows(bundles: &[Bundle]) -> Vec<Row> {
    let mut rows = Vec::new();
    let domains: Vec<String> = bundles
        .iter()
        .map(|bundle| bundle.environment().domain())
        .collect();
    let names: Vec<String> = bundles
        .iter()
        .map(|bundle| bundle.environment().name().to_owned())
        .collect();
    for id in components(bundles) {
        let settings: Vec<_> = bundles
            .iter()
            .map(|bundle| bundle.part(&id).map(settings).unwrap_or_default())
            .collect();
        let (mut domain, mut name, mut others) = (0, 0, Vec::new());
        for (key, values) in differences(&settings) {
            let without: Vec<String> = values
                .iter()
                .zip(&domains)
                .map(|(value, domain)| value.replace(domain, "DOMAIN"))
                .collect();
            if without.iter().all(|value| *value == without[0]) {
                domain += 1;
            } else if values == names {
                name += 1;
            } else {
                others.push(Row::new(&id, key, values));
            }
        }
        for (count, what, values) in [
            (domain, "domain", &domains),
            (name, "name, as label `env`", &names),
        ] {
            if count > 0 {
                rows.push(Row::new(
                    &id,
                    format!("{what}: {count} places"),
                    values.clone(),
                ));
            }
        }
        rows.extend(others);
    }
    rows
}

/// The values with which each environment renders the chart, as in the exercises: defaults of dev, then the overrides.
fn chart_values(bundles: &[Bundle]) -> Result<Vec<BTreeMap<String, String>>, Failure> {
    let files = bundles.first().map(Bundle::files).unwrap_or_default();
    let read = |name: &str| {
        files
            .iter()
            .find(|file| file.path.ends_with(&format!("apps/demo-app/{name}")))
    };
    let defaults = read("values.yaml").ok_or("the lab has no chart of the demo app")?;
    let mut columns = Vec::new();
    for bundle in bundles {
        let mut values: Value = serde_yaml::from_str(&defaults.text)?;
        if let Some(over) = read(&format!("values-{}.yaml", bundle.environment().name())) {
            let over: Map<String, Value> = serde_yaml::from_str(&over.text)?;
            overlay::merge(&mut values, &over)?;
        }
        let mut column = BTreeMap::new();
        for (key, value) in values.as_object().into_iter().flatten() {
            flatten(key, value, &mut column);
        }
        columns.push(column);
    }
    Ok(columns)
}

/// A table with a title; what is long is cut.
fn table(title: &str, columns: &[&str], rows: &[Row]) -> String {
    const LONGEST: usize = 64;
    let cut = |text: &str| {
        let line = text.lines().next().unwrap_or_default();
        if line.chars().count() > LONGEST || text.lines().count() > 1 {
            format!("{}...", line.chars().take(LONGEST).collect::<String>())
        } else {
            line.to_owned()
        }
    };
    let head = ["component", "what"]
        .iter()
        .chain(columns)
        .map(|cell| (*cell).to_owned())
        .collect::<Vec<_>>();
    let mut lines = vec![head];
    let mut last = "";
    for row in rows {
        let component = if row.component == last {
            ""
        } else {
            &row.component
        };
        last = &row.component;
        let mut line = vec![component.to_owned(), cut(&row.what)];
        line.extend(row.values.iter().map(|value| cut(value)));
        lines.push(line);
    }
    let width = |at: usize| {
        lines
            .iter()
            .map(|line| line[at].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len() + 2).map(width).collect();
    let mut text = format!("{title}\n");
    for line in &lines {
        let cells = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(format!("  {}", cells.collect::<Vec<_>>().join("  ")).trim_end());
        text.push('\n');
    }
    text.push('\n');
    text
}
