//! What `stored` keeps, against what a real server kept: the cases of `CASES_DIR/stored`. `SHOW=1` prints what differs.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// What a server makes up itself, so that nobody can know it: the name of the class, and whether a difference is of it.
type Class = (&'static str, fn(kind: &str, path: &str) -> bool);

const MADE_UP: [Class; 4] = [
    (
        "the uid of a Job in its labels and selector",
        |kind, path| {
            (kind == "Job" || kind == "CronJob")
                && (path.contains("controller-uid") || path == ".spec.selector")
        },
    ),
    (
        "numbers of the object itself, where the document brings some of another server",
        |_, path| {
            [
                ".metadata.uid",
                ".metadata.resourceVersion",
                ".metadata.generation",
                ".metadata.managedFields",
            ]
            .contains(&path)
        },
    ),
    ("times in status", |_, path| {
        path.starts_with(".status.") && path.ends_with("TransitionTime")
    }),
    ("who sent a certificate signing request", |kind, path| {
        kind == "CertificateSigningRequest"
            && [".spec.username", ".spec.uid", ".spec.groups", ".spec.extra"].contains(&path)
    }),
];

/// The paths at which two values differ.
fn differ(path: &str, ours: &Value, theirs: &Value, out: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (name, value) in theirs {
                let below = format!("{path}.{name}");
                match ours.get(name) {
                    Some(own) => differ(&below, own, value, out),
                    None => out.push(below),
                }
            }
            let more = ours.keys().filter(|name| !theirs.contains_key(*name));
            out.extend(more.map(|name| format!("{path}.{name}")));
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (ours, theirs) in ours.iter().zip(theirs) {
                differ(path, ours, theirs, out);
            }
        }
        _ if ours == theirs => {}
        _ => out.push(path.to_owned()),
    }
}

#[test]
fn the_command_keeps_what_a_server_keeps_and_every_difference_is_named() {
    let Some(cases) = fidelity::data_folder("CASES_DIR") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (mut count, mut whole, mut classed, mut unnamed) = (0, 0, 0, Vec::new());
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for file in ["builtin", "custom"] {
        let text =
            std::fs::read_to_string(cases.join("stored").join(format!("{file}.jsonl"))).unwrap();
        let rows: Vec<Value> = text
            .lines()
            .map(|row| serde_json::from_str(row).unwrap())
            .collect();
        // As they were sent: nothing is taken out.
        let sent: String = rows
            .iter()
            .map(|row| format!("---\n{}\n", row["sent"]))
            .collect();
        let path = folder.path().join(format!("{file}.yaml"));
        std::fs::write(&path, sent).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_stackctl"))
            .arg("stored")
            .arg(&path)
            .output()
            .unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        let kept: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(kept.len(), rows.len());
        for (row, ours) in rows.iter().zip(&kept) {
            count += 1;
            let kind = row["sent"]["kind"].as_str().unwrap();
            let mut paths = Vec::new();
            differ("", ours, &row["stored"], &mut paths);
            if paths.is_empty() {
                whole += 1;
                continue;
            }
            let mut all_named = true;
            for path in paths {
                match MADE_UP.iter().find(|(_, is_of)| is_of(kind, &path)) {
                    Some((name, _)) => *classes.entry(name).or_default() += 1,
                    None => {
                        all_named = false;
                        unnamed.push(format!("{} {kind}{path}", row["path"]));
                    }
                }
            }
            classed += usize::from(all_named);
        }
    }
    println!(
        "stored: {whole} of {count} equal as they are, {classed} but for what a server makes up: {classes:#?}"
    );
    if std::env::var_os("SHOW").is_some() {
        println!("{}", unnamed.join("\n"));
    }
    // Of two files with some thousand lines, one object more or less is no other behaviour.
    assert!(whole * 100 >= count * 96, "{whole} of {count}");
    assert!((whole + classed) * 1000 >= count * 999, "{unnamed:#?}");
}
