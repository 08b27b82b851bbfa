//! Reading cases, and counting agreement.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use serde_json::Value;

/// The cases of one folder of `CASES_DIR`.
pub struct Suite {
    root: PathBuf,
}

/// One case: manifests, and what is expected of them.
pub struct Case {
    pub name: String,
    folder: PathBuf,
}

impl Suite {
    /// `None`, with a line on standard error past the test harness, where `CASES_DIR` is not set.
    pub fn from_environment(name: &str) -> Option<Self> {
        let Some(root) = std::env::var_os("CASES_DIR") else {
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: CASES_DIR names no cases, nothing was compared"
            );
            return None;
        };
        Some(Self {
            root: PathBuf::from(root).join(name),
        })
    }

    pub fn cases(&self) -> Vec<Case> {
        let mut cases: Vec<_> = fs::read_dir(&self.root)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
            .map(|folder| Case {
                name: folder.file_name().unwrap().to_string_lossy().into_owned(),
                folder,
            })
            .collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        cases
    }
}

impl Case {
    pub fn expected(&self) -> Value {
        let file = ["flows.json", "expected.json"]
            .iter()
            .map(|name| self.folder.join(name))
            .find(|path| path.exists())
            .unwrap();
        serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
    }

    /// The documents of all files of a folder of the case.
    pub fn objects(&self, folder: &str) -> Vec<Value> {
        let mut files = Vec::new();
        collect(&self.folder.join(folder), &mut files);
        files.sort();
        files.iter().flat_map(|file| documents(file)).collect()
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files)
        } else {
            files.push(path)
        }
    }
}

fn documents(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    serde_yaml::Deserializer::from_str(&text)
        .map_while(|document| Value::deserialize(document).ok())
        .filter(Value::is_object)
        .collect()
}

/// How much agrees, and what does not.
pub struct Tally {
    what: &'static str,
    right: usize,
    wrong: Vec<String>,
}

impl Tally {
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            right: 0,
            wrong: Vec::new(),
        }
    }

    pub fn count(&mut self, right: bool, difference: impl FnOnce() -> String) {
        if right {
            self.right += 1
        } else {
            self.wrong.push(difference())
        }
    }

    fn share(&self) -> f64 {
        let all = self.right + self.wrong.len();
        if all == 0 {
            100.0
        } else {
            100.0 * self.right as f64 / all as f64
        }
    }

    pub fn report(&self) {
        for difference in &self.wrong {
            eprintln!("- {difference}");
        }
        eprintln!(
            "{}: {} of {} agree ({:.2} %)",
            self.what,
            self.right,
            self.right + self.wrong.len(),
            self.share()
        );
    }

    pub fn demand(&self, goal: f64) {
        assert!(self.right + self.wrong.len() > 0, "nothing was compared");
        assert!(
            self.share() >= goal,
            "{:.2} % of the {} agree, {goal} % are demanded",
            self.share(),
            self.what
        );
    }
}

/// Pairs of peers with what is said of each; addresses as ranges of numbers.
pub type Pairs = BTreeMap<(String, String), Vec<(u32, u32, String)>>;

/// Reads lines with `src`, `dst` and some members. A pair without addresses has one range.
pub fn pairs(lines: &Value, members: &[&str]) -> Pairs {
    let mut pairs = Pairs::new();
    for line in lines.as_array().unwrap() {
        let said = members
            .iter()
            .map(|member| line[*member].as_str().unwrap())
            .collect::<Vec<_>>()
            .join(" | ");
        let (from, to) = (line["src"].as_str().unwrap(), line["dst"].as_str().unwrap());
        let (sources, targets) = (ranges(from), ranges(to));
        let key = |text: &str, ranges: &Option<Vec<(u32, u32)>>| {
            if ranges.is_some() {
                "*".to_owned()
            } else {
                text.to_owned()
            }
        };
        let entry = pairs
            .entry((key(from, &sources), key(to, &targets)))
            .or_default();
        let covered = sources.or(targets).unwrap_or_else(|| vec![(0, 0)]);
        entry.extend(
            covered
                .into_iter()
                .map(|(first, last)| (first, last, said.clone())),
        );
    }
    pairs
}

/// `None` for a peer that is no list of ranges.
fn ranges(text: &str) -> Option<Vec<(u32, u32)>> {
    let range = |part: &str| {
        let (first, last) = part.trim().split_once('-')?;
        let number = |text: &str| text.parse::<std::net::Ipv4Addr>().ok().map(u32::from);
        Some((number(first)?, number(last)?))
    };
    text.split(',').map(range).collect()
}

/// Compares on the common refinement of both sides: each piece of each pair counts once.
pub fn compare(case: &str, wanted: &Pairs, found: &Pairs, tally: &mut Tally) {
    let keys: BTreeSet<_> = wanted.keys().chain(found.keys()).collect();
    let none = Vec::new();
    for key in keys {
        let (left, right) = (
            wanted.get(key).unwrap_or(&none),
            found.get(key).unwrap_or(&none),
        );
        let mut cuts = BTreeSet::new();
        for (first, last, _) in left.iter().chain(right) {
            cuts.insert(*first);
            cuts.extend(last.checked_add(1));
        }
        let at = |side: &[(u32, u32, String)], point: u32| {
            side.iter()
                .find(|(first, last, _)| *first <= point && point <= *last)
                .map(|(_, _, said)| said.clone())
        };
        for point in cuts {
            let (wanted, found) = (at(left, point), at(right, point));
            if wanted.is_some() || found.is_some() {
                let place = std::net::Ipv4Addr::from(point);
                tally.count(wanted == found, || {
                    format!(
                        "{case}: {} => {} ({place}): expected {wanted:?}, found {found:?}",
                        key.0, key.1
                    )
                });
            }
        }
    }
}
