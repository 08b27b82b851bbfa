//! The data next to this file: a register of all ids, checks by area, and the facts that are not checked, with the reason.

use super::expectation::Expectation;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How many facts there are, by prefix of their id, and which of them nobody printed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub prefixes: BTreeMap<String, Prefix>,
    /// Facts that follow from other facts or from a tool's schema: never called documented.
    pub derived: Vec<String>,
    /// How many facts of each class there must be.
    pub counts: BTreeMap<String, usize>,
}

/// Facts whose ids share a prefix are one area, numbered from 1.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prefix {
    #[allow(dead_code, reason = "for the reader of the register")]
    pub area: String,
    pub facts: usize,
}

impl Register {
    pub fn ids(&self) -> BTreeSet<String> {
        self.prefixes
            .iter()
            .flat_map(|(name, prefix)| {
                (1..=prefix.facts).map(move |number| format!("{name}-{number:03}"))
            })
            .collect()
    }
}

/// One check of one fact. A fact that shows in several places has several checks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub id: String,
    /// Nobody printed this value; it follows from others.
    #[serde(default)]
    pub derived: bool,
    /// Environments for which the fact is stated; all where absent.
    #[serde(default = "all_environments")]
    pub env: Vec<String>,
    /// `data-center` for facts about the real servers.
    #[serde(default = "lab")]
    pub profile: String,
    #[serde(default)]
    pub skip_istio: bool,
    pub registry: Option<String>,

    // Where to look: exactly one of these, and a path below it.
    /// Path in the kind configuration.
    pub kind: Option<String>,
    /// A release; `path` starts at its values.
    pub values: Option<String>,
    /// A release; `path` starts at its entry: chart, version, repository, namespace, step.
    pub release: Option<String>,
    /// `Kind/namespace/name`, or `Kind/name` without a namespace; `*` for the name means the only one.
    pub object: Option<String>,
    /// A component of the stack by its id.
    pub component: Option<String>,
    /// A file of the tree. With a `path` it is read by its ending: YAML, JSON or a table; without, it is a text.
    pub file: Option<String>,
    /// A check of `verify-all.sh` by its id: by what it judges (the matcher and its arguments) and what it asks, as a text.
    pub verify: Option<String>,
    /// Path in the whole: what `--format json` prints, `files` (the names of all files of the tree), and `provided`
    /// (what the charts are known to create).
    pub lab: Option<String>,
    #[serde(default)]
    pub path: String,

    // What must be there: exactly one of these.
    is: Option<serde_json::Value>,
    set: Option<serde_json::Value>,
    has: Option<serde_json::Value>,
    each: Option<serde_json::Value>,
    count: Option<usize>,
    contains: Option<Vec<String>>,
    lacks: Option<Vec<String>>,
    exists: Option<bool>,
}

impl Check {
    pub fn expectation(&self) -> Expectation {
        Expectation {
            is: self.is.clone(),
            set: self.set.clone(),
            has: self.has.clone(),
            each: self.each.clone(),
            count: self.count,
            contains: self.contains.clone(),
            lacks: self.lacks.clone(),
            exists: self.exists,
        }
    }

    /// The place as it is written in the data.
    pub fn place(&self) -> String {
        let named = [
            ("kind", &self.kind),
            ("values", &self.values),
            ("release", &self.release),
            ("object", &self.object),
            ("component", &self.component),
            ("file", &self.file),
            ("verify", &self.verify),
            ("lab", &self.lab),
        ];
        let names = named
            .iter()
            .filter_map(|(what, name)| name.as_ref().map(|name| format!("{what} {name}")));
        let mut place = names.collect::<Vec<_>>().join(" and ");
        if !self.path.is_empty() {
            place.push_str(&format!(" at {}", self.path));
        }
        if self.profile != lab() {
            place.push_str(&format!(", profile {}", self.profile));
        }
        if self.skip_istio {
            place.push_str(", without Istio");
        }
        if let Some(registry) = &self.registry {
            place.push_str(&format!(", registry {registry}"));
        }
        place
    }

    fn places(&self) -> usize {
        [
            &self.kind,
            &self.values,
            &self.release,
            &self.object,
            &self.component,
            &self.file,
            &self.verify,
            &self.lab,
        ]
        .into_iter()
        .flatten()
        .count()
    }
}

fn all_environments() -> Vec<String> {
    ["dev", "stg", "prod"].map(str::to_owned).to_vec()
}

fn lab() -> String {
    "lab".to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Checks {
    checks: Vec<Check>,
}

/// Facts of one class that are not checked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unchecked {
    pub groups: Vec<Group>,
}

/// Facts that are not checked for one and the same reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub reason: String,
    /// `ABC-001`, or `ABC-001..004` for four facts in a row.
    #[serde(default)]
    pub ids: Vec<String>,
    /// The same for facts that nobody printed.
    #[serde(default)]
    pub derived: Vec<String>,
}

/// Everything in the folder.
#[derive(Debug)]
pub struct Facts {
    pub register: Register,
    pub checks: Vec<Check>,
    /// `not_visible`, `general_knowledge`, and `reference_stacks`, which another crate asserts.
    pub unchecked: BTreeMap<String, Unchecked>,
}

/// Files that hold something other than checks.
const CLASSES: [&str; 3] = ["not_visible", "general_knowledge", "reference_stacks"];

impl Facts {
    pub fn read() -> Result<Self, String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/facts");
        let mut checks = Vec::new();
        let mut unchecked = BTreeMap::new();
        let mut register = None;
        for path in data_files(&folder)? {
            let name = path
                .file_stem()
                .and_then(|name| name.to_str())
                .unwrap_or_default()
                .to_owned();
            if name == "register" {
                register = Some(parse(&path)?);
            } else if CLASSES.contains(&name.as_str()) {
                unchecked.insert(name, parse(&path)?);
            } else {
                checks.extend(checks_of(&path)?);
            }
        }
        let register = register.ok_or("register.yaml is missing")?;
        Ok(Self {
            register,
            checks,
            unchecked,
        })
    }
}

fn data_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    Ok(files)
}

fn parse<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn checks_of(path: &Path) -> Result<Vec<Check>, String> {
    let checks = parse::<Checks>(path)?.checks;
    for check in &checks {
        if check.places() != 1 || check.expectation().ways() != 1 {
            return Err(format!(
                "{}: {}: one place and one expectation, please",
                path.display(),
                check.id
            ));
        }
    }
    Ok(checks)
}

/// Every id that a class file's entry names.
pub fn expand(entry: &str) -> Result<Vec<String>, String> {
    let Some((first, last)) = entry.split_once("..") else {
        return Ok(vec![entry.to_owned()]);
    };
    let mistake = || format!("{entry}: a range looks like ABC-001..004");
    let (prefix, first) = first.split_once('-').ok_or_else(mistake)?;
    let first: usize = first.parse().map_err(|_| mistake())?;
    let last: usize = last.parse().map_err(|_| mistake())?;
    if first >= last {
        return Err(mistake());
    }
    Ok((first..=last)
        .map(|number| format!("{prefix}-{number:03}"))
        .collect())
}
