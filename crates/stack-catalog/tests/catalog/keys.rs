//! The keys that components write, in `tests/catalog/keys`: a fact of our own for each chart, which holds without its data. A key
//! that is not there is refused; `UPDATE_KEYS=1 cargo test -p stack-catalog`, with `CHARTS_DIR` set, adds those that the chart
//! knows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Every key of the values stands in the list of the chart.
pub fn are_known(chart: &str, values: &Value) {
    let mut keys = BTreeSet::new();
    walk(values, "", &mut keys);
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/catalog/keys")
        .join(format!("{chart}.txt"));
    let text = fs::read_to_string(&file).ok();
    let lines = text.iter().flat_map(|text| text.lines());
    let mut known: BTreeSet<String> = lines.map(str::to_owned).collect();
    if std::env::var_os("UPDATE_KEYS").is_some() && std::env::var_os("CHARTS_DIR").is_some() {
        known.extend(keys);
        let lines: Vec<String> = known.into_iter().collect();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, lines.join("\n") + "\n").unwrap();
        return;
    }
    if text.is_none() {
        eprintln!("SKIPPED: {chart} has no list of keys yet");
        return;
    }
    let new: Vec<&String> = keys.difference(&known).collect();
    assert!(
        new.is_empty(),
        "{chart}: not in {}: {new:#?}",
        file.display()
    );
}

/// The paths of the leaves, without the positions in lists.
fn walk(value: &Value, path: &str, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, member) in members {
                let place = match path {
                    "" => key.clone(),
                    above => format!("{above}.{key}"),
                };
                walk(member, &place, keys);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for item in items {
                walk(item, &format!("{path}[]"), keys);
            }
        }
        _ if path.is_empty() => {}
        _ => {
            keys.insert(path.to_owned());
        }
    }
}
