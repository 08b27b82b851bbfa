//! Built-in kinds against a real API server: `BUILTIN_CORPUS_DIR` names a folder with manifests, `verdicts.tsv` and
//! `mutations.jsonl`. `SHOW` prints differences: `verdicts`, `paths`, `documents`, or the name of a kind.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crd_validate::{Registry, Report, UnknownFields, Verdict, reader};
use serde_json::Value;

use crate::plain_words;

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("BUILTIN_CORPUS_DIR").map(PathBuf::from);
    if folder.is_none() {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: BUILTIN_CORPUS_DIR names no corpus, nothing was compared"
        );
    }
    folder
}

/// What is counted.
#[derive(Default)]
struct Tally {
    judged: usize,
    undecided: usize,
    false_alarms: Vec<String>,
    missed: Vec<String>,
    answers: usize,
    same_paths: usize,
    other_paths: Vec<String>,
}

impl Tally {
    fn add(
        &mut self,
        name: &str,
        accepted: bool,
        message: &str,
        paths: Option<BTreeSet<String>>,
        verdict: Verdict,
        report: &Report,
    ) {
        self.judged += 1;
        let messages = report.findings.iter().chain(&report.notes);
        plain_words::check(name, messages.map(|found| found.message.as_str()));
        let said: Vec<String> = report
            .findings
            .iter()
            .map(|found| format!("{}: {}", found.path, found.message))
            .collect();
        if report.notes.iter().any(|note| note.code == "cluster") && verdict == Verdict::Accepted {
            self.undecided += 1;
            return;
        }
        match (accepted, verdict) {
            (true, Verdict::Accepted) | (false, Verdict::Rejected) => {}
            (true, _) => self
                .false_alarms
                .push(format!("{name}\n    here: {}", said.join("\n          "))),
            (false, _) => {
                let notes: Vec<_> = report
                    .notes
                    .iter()
                    .map(|note| note.message.as_str())
                    .collect();
                self.missed.push(format!(
                    "{name}\n    server: {message}\n    notes: {notes:?}"
                ));
            }
        }
        if let Some(paths) = paths {
            self.answers += 1;
            let ours: BTreeSet<String> = report
                .findings
                .iter()
                .map(|found| found.path.to_string())
                .collect();
            if ours == paths {
                self.same_paths += 1;
            } else {
                let missing: Vec<_> = paths.difference(&ours).collect();
                let more: Vec<_> = ours.difference(&paths).collect();
                self.other_paths.push(format!("{name}\n    missing: {missing:?}\n    more: {more:?}\n    server: {message}\n    here: {said:?}"));
            }
        }
    }

    fn print(&self, what: &str) {
        let wrong = self.false_alarms.len() + self.missed.len();
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        println!(
            "{what}: {} of {} agree ({:.2} %): {} false alarms, {} missed, {} depend on the cluster; the same paths in {} of {} ({:.1} %)",
            self.judged - wrong,
            self.judged,
            share(self.judged - wrong, self.judged),
            self.false_alarms.len(),
            self.missed.len(),
            self.undecided,
            self.same_paths,
            self.answers,
            share(self.same_paths, self.answers),
        );
        let show = std::env::var("SHOW").unwrap_or_default();
        if show.contains("verdicts") {
            for line in &self.false_alarms {
                println!("FALSE ALARM {line}");
            }
            for line in &self.missed {
                println!("MISSED {line}");
            }
        }
        if show.contains("paths") {
            for line in &self.other_paths {
                println!("PATHS {line}");
            }
        }
    }
}

fn half(index: usize) -> bool {
    match std::env::var("HALF").ok().as_deref() {
        Some("even") => index.is_multiple_of(2),
        Some("odd") => !index.is_multiple_of(2),
        _ => true,
    }
}

#[test]
fn verdicts_on_documents_are_those_of_a_real_server() {
    let Some(folder) = folder() else { return };
    let registry = Registry::new();
    let mut tally = Tally::default();
    let verdicts = std::fs::read_to_string(folder.join("verdicts.tsv")).unwrap();
    for (index, row) in verdicts.lines().skip(1).enumerate() {
        if !half(index) {
            continue;
        }
        let cells: Vec<&str> = row.splitn(3, '\t').collect();
        let (path, accepted, message) = (
            cells[0],
            cells[1] == "accepted",
            cells.get(2).copied().unwrap_or_default(),
        );
        let (verdict, report) = judge(&registry, &folder.join(path));
        tally.add(path, accepted, message, None, verdict, &report);
    }
    tally.print("documents");
    let wrong = tally.false_alarms.len() + tally.missed.len();
    assert!(
        wrong * 200 <= tally.judged,
        "{wrong} of {} differ",
        tally.judged
    );
    assert!(
        tally.false_alarms.len() <= 5,
        "{} false alarms",
        tally.false_alarms.len()
    );
}

fn judge(registry: &Registry, path: &Path) -> (Verdict, Report) {
    let bytes = std::fs::read(path).unwrap();
    let mut documents = reader::read(&bytes);
    match documents.remove(0).content {
        Ok(mut object) => {
            // The server was asked with all namespaces rewritten.
            if let Some(namespace) = object
                .pointer_mut("/metadata/namespace")
                .filter(|namespace| namespace.is_string())
            {
                *namespace = "default".into();
            }
            let judgement = registry.judge(&object, UnknownFields::Refuse);
            (judgement.verdict, judgement.report)
        }
        Err(error) => {
            println!("UNREADABLE {}: {error}", path.display());
            (Verdict::Rejected, Report::default())
        }
    }
}

#[test]
fn verdicts_on_mutations_are_those_of_a_real_server() {
    let Some(folder) = folder() else { return };
    let registry = Registry::new();
    let mut tally = Tally::default();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let text = std::fs::read_to_string(folder.join("mutations.jsonl")).unwrap();
    for (index, row) in text.lines().enumerate() {
        if !half(index) {
            continue;
        }
        let row: Value = serde_json::from_str(row).unwrap();
        let object = &row["object"];
        let judgement = registry.judge(object, UnknownFields::Refuse);
        let paths = (row["code"] == 422).then(|| {
            let paths = row["paths"].as_array().unwrap().iter();
            paths
                .map(|pair| pair[0].as_str().unwrap().to_owned())
                .collect()
        });
        let name = format!("{index} {}", object["kind"].as_str().unwrap_or_default());
        let before = tally.false_alarms.len() + tally.missed.len();
        tally.add(
            &name,
            row["verdict"] == "accepted",
            row["message"].as_str().unwrap(),
            paths,
            judgement.verdict,
            &judgement.report,
        );
        if tally.false_alarms.len() + tally.missed.len() > before {
            *kinds
                .entry(object["kind"].as_str().unwrap_or_default().to_owned())
                .or_default() += 1;
        }
    }
    tally.print("mutations");
    println!("differences by kind: {kinds:?}");
    let wrong = tally.false_alarms.len() + tally.missed.len();
    assert!(
        wrong * 100 <= tally.judged,
        "{wrong} of {} differ",
        tally.judged
    );
    assert!(
        tally.same_paths * 100 >= tally.answers * 95,
        "other paths in {}",
        tally.answers - tally.same_paths
    );
}
