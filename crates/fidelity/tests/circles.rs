//! Inside a crate, data flows one way: files that import each other in a circle are listed here, and there are no others.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The circles that stand, each by its crate and files; most are two halves of one thing, such as a map and its values. Whoever
/// breaks one takes its line away.
const KNOWN: &[(&str, &str)] = &[
    ("kube-value", "map shared value"),
    ("kube-yaml", "read::fast read::fast::blocks read::tree"),
    ("kube-yaml", "read::list read::pieces"),
    ("kube-yaml", "write::events write::tell"),
    ("stack-builder", "bundle charts contribution whole"),
    (
        "stack-model",
        "amounts model model::selection namespace reference reference::resolution service workload",
    ),
    (
        "stack-reach",
        "path::deliver path::edge path::node path::outbound",
    ),
];

#[test]
fn files_of_a_crate_import_each_other_in_no_circle_that_is_not_known() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = BTreeSet::new();
    let mut folders: Vec<_> = fs::read_dir(crates)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        for circle in Files::read(&folder.join("src")).circles() {
            // A module and its own files are one thing.
            let within = |file: &String| {
                let rest = file.strip_prefix(circle[0].as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            };
            if !circle.iter().all(within) {
                found.insert((name.clone(), circle));
            }
        }
    }
    let is_known = |(name, circle): &&(String, Vec<String>)| {
        KNOWN.iter().any(|(known, files)| {
            let files: BTreeSet<&str> = files.split(' ').collect();
            known == name && circle.iter().all(|file| files.contains(file.as_str()))
        })
    };
    let new: Vec<_> = found.iter().filter(|circle| !is_known(circle)).collect();
    assert!(new.is_empty(), "{new:?}; all circles are {found:?}");
}

#[test]
fn a_circle_is_found_through_what_a_parent_hands_on() {
    let files = Files::of([
        (vec![], "mod a; mod b; pub use a::A;"),
        (vec!["a"], "use crate::b::B;"),
        (vec!["b"], "use super::A;"),
        (
            vec!["c"],
            "use crate::a::A; // use crate::c::C;\n#[cfg(test)]\nmod tests { use crate::d::D; }",
        ),
        (vec!["d"], "use crate::c::{self, C};"),
    ]);
    assert_eq!(files.circles(), [["a", "b"]]);
}

type Module = Vec<String>;

/// The files of a crate by their modules: whom each imports from, and what it hands on from others.
#[derive(Default)]
struct Files {
    imports: BTreeMap<Module, Vec<Module>>,
    handed_on: BTreeMap<Module, Vec<Module>>,
}

impl Files {
    fn read(src: &Path) -> Self {
        let mut texts = Vec::new();
        let mut pending = vec![src.to_owned()];
        while let Some(folder) = pending.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else if path.extension().is_some_and(|known| known == "rs")
                    && !path.ends_with("src/main.rs")
                {
                    let module = path.strip_prefix(src).unwrap().with_extension("");
                    let mut module: Module = module
                        .iter()
                        .map(|part| part.to_string_lossy().into_owned())
                        .collect();
                    if module
                        .last()
                        .is_some_and(|last| last == "mod" || (last == "lib" && module.len() == 1))
                    {
                        module.pop();
                    }
                    texts.push((module, fs::read_to_string(path).unwrap()));
                }
            }
        }
        let mut files = Self::default();
        for (module, text) in texts {
            files.add(module, &text);
        }
        files
    }

    fn of<const N: usize>(texts: [(Vec<&str>, &str); N]) -> Self {
        let mut files = Self::default();
        for (module, text) in texts {
            files.add(module.into_iter().map(str::to_owned).collect(), text);
        }
        files
    }

    fn add(&mut self, module: Module, text: &str) {
        // Tests stand at the end of a file, and may import what they like.
        let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let text = text
            .split("#[cfg(test)]\n#[allow")
            .next()
            .unwrap_or_default();
        let lines: Vec<&str> = text
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default())
            .collect();
        let text = lines.join("\n");
        let (mut imports, mut handed_on) = (Vec::new(), Vec::new());
        for statement in text.split([';', '{', '}'].as_slice()).zip(ends(&text)) {
            let (start, end) = statement;
            let start = start.trim();
            let words: Vec<&str> = start.split_whitespace().collect();
            let Some(at) = words.iter().position(|word| *word == "use") else {
                continue;
            };
            if words[..at].iter().any(|word| {
                !word.starts_with("pub")
                    && !word.starts_with('#')
                    && !word.starts_with("in")
                    && !word.ends_with(']')
            }) {
                continue;
            }
            let is_handed_on = words[..at].iter().any(|word| word.starts_with("pub"));
            let statement = text[end..].split(';').next().unwrap_or_default();
            let tree = format!("{}{}", words[at + 1..].concat(), without_spaces(statement));
            let paths = if is_handed_on {
                &mut handed_on
            } else {
                &mut imports
            };
            expand("", &tree, paths);
        }
        self.imports.insert(module.clone(), imports);
        self.handed_on.insert(module, handed_on);
    }

    /// The file in which what a path names is declared.
    fn file_of(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        let mut rest = path;
        let mut at = match rest.first()?.as_str() {
            "crate" => {
                rest = &rest[1..];
                Vec::new()
            }
            "self" => {
                rest = &rest[1..];
                from.clone()
            }
            "super" => {
                let mut at = from.clone();
                while rest.first().is_some_and(|first| first == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
                at
            }
            first => {
                let mut child = from.clone();
                child.push(first.to_owned());
                if !self.imports.contains_key(&child) {
                    return None;
                }
                from.clone()
            }
        };
        while let Some(first) = rest.first() {
            let mut child = at.clone();
            child.push(first.clone());
            if !self.imports.contains_key(&child) {
                break;
            }
            at = child;
            rest = &rest[1..];
        }
        let Some(name) = rest.first().filter(|_| depth < 8) else {
            return Some(at);
        };
        let handed_on = self.handed_on.get(&at)?;
        let exact = handed_on.iter().filter(|path| path.last() == Some(name));
        let all = handed_on
            .iter()
            .filter(|path| path.last().is_some_and(|last| last == "*"));
        let named = exact.cloned().chain(all.map(|path| {
            let mut path = path.clone();
            path.pop();
            path.push(name.clone());
            path
        }));
        let mut found = named.filter_map(|path| self.file_of(&at, &path, depth + 1));
        found.find(|file| *file != at).or(Some(at.clone()))
    }

    /// The files of each circle.
    fn circles(&self) -> Vec<Vec<String>> {
        let edges: BTreeMap<&Module, BTreeSet<Module>> = self
            .imports
            .iter()
            .map(|(module, paths)| {
                let files = paths
                    .iter()
                    .filter_map(|path| self.file_of(module, path, 0));
                (module, files.filter(|file| file != module).collect())
            })
            .collect();
        let reach = |from: &Module| {
            let mut seen: BTreeSet<&Module> = BTreeSet::new();
            let mut pending: Vec<&Module> = edges.get(from).into_iter().flatten().collect();
            while let Some(module) = pending.pop() {
                if seen.insert(module) {
                    pending.extend(edges.get(module).into_iter().flatten());
                }
            }
            seen
        };
        let reached: BTreeMap<&Module, BTreeSet<&Module>> = edges
            .keys()
            .map(|module| (*module, reach(module)))
            .collect();
        let mut circles: Vec<Vec<String>> = Vec::new();
        for (module, others) in reached
            .iter()
            .filter(|(module, others)| others.contains(**module))
        {
            let together = others.iter().filter(|other| {
                reached
                    .get(**other)
                    .is_some_and(|back| back.contains(*module))
            });
            let names: Vec<String> = together
                .map(|other| {
                    if other.is_empty() {
                        "lib".to_owned()
                    } else {
                        other.join("::")
                    }
                })
                .collect();
            if !circles.contains(&names) {
                circles.push(names);
            }
        }
        circles
    }
}

/// Where each piece ends that a split at `;`, `{` and `}` makes.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let signs = text
        .match_indices([';', '{', '}'].as_slice())
        .map(|(at, _)| at);
    signs.chain([text.len()])
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().concat()
}

/// The paths of a use tree without spaces.
fn expand(before: &str, tree: &str, paths: &mut Vec<Module>) {
    if let Some((head, inside)) = tree.split_once('{') {
        let inside = inside.strip_suffix('}').unwrap_or(inside);
        let (mut depth, mut start) = (0, 0);
        for (at, sign) in inside.char_indices().chain([(inside.len(), ',')]) {
            match sign {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    if at > start {
                        expand(&format!("{before}{head}"), &inside[start..at], paths);
                    }
                    start = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let path = format!("{before}{tree}");
    let mut path: Module = path.split("::").map(str::to_owned).collect();
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    paths.push(path);
}
