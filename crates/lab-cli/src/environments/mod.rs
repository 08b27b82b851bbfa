//! `stackctl environments`: what differs between dev, stg and prod, and between the two profiles.

mod settings;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use crd_validate::reader;
use lab_builder::{Bundle, Environment, Lab, Profile, overlay};
use serde_json::Value;

use self::settings::{differences, flatten, settings};
use self::table::{Row, table};
use crate::console::{Console, Failure};

/// Say what differs between dev, stg and prod, and between the two profiles
#[derive(Args, Clone, Copy, Debug)]
pub struct Arguments {}

/// Prints the tables. The answer is always `false`: there is nothing that could be found.
///
/// # Errors
/// When a lab cannot be built, or the tables cannot be written.
pub fn run(_: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    console.print(&report()?)?;
    Ok(false)
}

/// The tables: environments, values of the demo app's chart, profiles.
///
/// # Errors
/// When a lab cannot be built.
pub fn report() -> Result<String, Failure> {
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

/// The components of any of the bundles, each once.
fn components(bundles: &[Bundle]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let ids = bundles.iter().flat_map(Bundle::parts).map(|part| part.id());
    ids.filter(|id| seen.insert((*id).to_owned()))
        .map(str::to_owned)
        .collect()
}

/// Differences of the environments. Where nothing but the domain or the name differs, one line stands for all places.
fn environment_rows(bundles: &[Bundle]) -> Vec<Row> {
    let mut rows = Vec::new();
    let domains: Vec<String> = bundles
        .iter()
        .map(|bundle| bundle.environment().domain().to_owned())
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
        let mut values = yaml(&defaults.text)?;
        let over = read(&format!("values-{}.yaml", bundle.environment().name()));
        let over = over.map(|over| yaml(&over.text)).transpose()?;
        if let Some(over) = over.as_ref().and_then(Value::as_object) {
            overlay::merge(&mut values, over)?;
        }
        let mut column = BTreeMap::new();
        for (key, value) in values.as_object().into_iter().flatten() {
            flatten(key, value, &mut column);
        }
        columns.push(column);
    }
    Ok(columns)
}

/// The one document of a text.
fn yaml(text: &str) -> Result<Value, Failure> {
    let documents = reader::read(text.as_bytes());
    let document = documents.into_iter().next().ok_or("the file is empty")?;
    Ok(document.content?)
}
