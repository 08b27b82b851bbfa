//! What the checks find in a folder of other people's manifests, folder by folder as stacks: to read a sample of it by hand.
//!
//! ```text
//! survey [--whole] [--posture] [--by folder|source|repository,...] [--sample N] [--per-code N] [--seed N] FOLDER...
//! ```
//!
//! With `--by source` files that were cut out of one file or folder of a repository make a stack: the path stands in their
//! names, with `__` for the separator and a number at the end. What is found by several ways counts once; notes do not count. A
//! sample holds at most so many findings of one code.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kube_vocab::Severity;
use kube_yaml::Manifests;
use stack_check::{Config, Level, capacity, run};
use stack_model::{Model, SourceObject};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut config = Config::default();
    let (mut by, mut sample, mut seed) = ("folder".to_owned(), None, 1_u64);
    let mut per_code = None;
    let mut folders = Vec::new();
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse().ok());
        match argument.as_str() {
            "--whole" => config.whole = true,
            "--posture" => drop(config.checks.insert("posture".to_owned(), Level::Warn)),
            "--sample" => sample = number(),
            "--per-code" => per_code = number(),
            "--seed" => seed = number().unwrap_or(1),
            "--by" => by = arguments.next().unwrap_or_default(),
            _ => folders.push(PathBuf::from(argument)),
        }
    }
    let mut stacks: BTreeMap<String, Vec<SourceObject>> = BTreeMap::new();
    for root in &folders {
        for path in fidelity::yaml_files(root) {
            let documents = documents(&path);
            for way in by.split(',') {
                stacks
                    .entry(stack_of(root, &path, way))
                    .or_default()
                    .extend(documents.clone());
            }
        }
    }
    let (mut found, mut counts) = (BTreeMap::new(), BTreeMap::<_, usize>::new());
    let (mut objects, mut time) = (0, Duration::ZERO);
    for (stack, documents) in &stacks {
        let documents = documents.clone();
        let start = Instant::now();
        let model = Model::read(documents);
        let report = run(&model, &config);
        time += start.elapsed();
        objects += model.len();
        let _ = capacity::table(&model);
        for finding in &report.findings {
            if finding.severity != Severity::Note {
                found.insert(finding.to_string(), (finding.code.to_string(), stack));
            }
        }
    }
    for (code, _) in found.values() {
        *counts.entry(code.clone()).or_default() += 1;
    }
    let lines = found
        .into_iter()
        .map(|(text, (code, stack))| (code, format!("[{stack}] {text}")));
    let mut found: Vec<(String, String)> = lines.collect();
    if let Some(count) = sample {
        shuffle(&mut found, seed);
        if let Some(most) = per_code {
            let mut taken = BTreeMap::new();
            found.retain(|(code, _)| {
                let taken = taken.entry(code.clone()).or_insert(0_u64);
                *taken += 1;
                *taken <= most
            });
        }
        found.truncate(usize::try_from(count).unwrap_or(usize::MAX));
    }
    for (_, line) in &found {
        println!("{line}");
    }
    eprintln!(
        "{} stacks, {objects} objects, {time:?}: {counts:#?}",
        stacks.len()
    );
}

fn documents(path: &Path) -> Vec<SourceObject> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    // A strategic merge patch, which `stackctl check` passes over, too.
    if text.contains("$patch:") {
        return Vec::new();
    }
    let file = path.to_string_lossy().into_owned();
    Manifests::new(&text)
        .filter_map(Result::ok)
        .map(|document| SourceObject::read(file.as_str(), document))
        .collect()
}

fn stack_of(root: &Path, path: &Path, by: &str) -> String {
    let folder = path.parent().unwrap_or(root);
    if by == "folder" {
        return folder.display().to_string();
    }
    let below = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    // The first folder is a kind or a family, the second the repository; in its path `__` stands for a separator.
    let mut parts = below.splitn(3, '/');
    let (_, repository) = (parts.next(), parts.next().unwrap_or_default());
    if by == "repository" {
        return repository.to_owned();
    }
    let rest = parts.next().unwrap_or_default().replace("__", "/");
    let source = rest.rsplit_once('/').map_or("", |(source, _)| source);
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{repository}/{folder}")
}

/// The same order for the same seed.
fn shuffle<T>(lines: &mut [T], seed: u64) {
    let mut state = seed;
    for position in (1..lines.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap_or_default() % (position + 1);
        lines.swap(position, other);
    }
}
