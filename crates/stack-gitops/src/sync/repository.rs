//! The files of a repository, and which of them an Application reads.

use std::collections::{BTreeMap, BTreeSet};

use kube_vocab::{FieldPath, Location};
use kube_yaml::{Document, Documents};
use serde_json::Value;

use super::pattern;
use super::source::sources;

/// The YAML files of a repository, or of a folder in it.
#[derive(Debug, Default)]
pub struct Repository {
    /// Objects by file; the key is the path.
    files: BTreeMap<String, Vec<Document>>,
    unreadable: Vec<(Location, String)>,
    /// How many folders of the repository lie above them.
    above: usize,
}

/// An object, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held<'r> {
    pub(crate) file: &'r str,
    pub(crate) document: &'r Document,
}

impl<'r> Held<'r> {
    pub(crate) fn value(&self) -> &'r Value {
        &self.document.value
    }

    /// Where a field stands, or what is around it.
    pub(crate) fn location(&self, path: &FieldPath) -> Location {
        Location {
            file: self.file.to_owned(),
            line: self.document.nearest_line(path),
        }
    }
}

impl Repository {
    /// Reads files by their paths, with `/` between their parts. What is not YAML or JSON by its name is left out; what cannot
    /// be read is told by the plan.
    pub fn read<P: Into<String>, T: AsRef<str>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        let mut repository = Self::default();
        for (path, text) in files {
            let path: String = path.into();
            if ![".yaml", ".yml", ".json"]
                .iter()
                .any(|end| path.ends_with(end))
            {
                continue;
            }
            let mut documents = Vec::new();
            for document in Documents::new(text.as_ref()) {
                match document {
                    Ok(document) => documents.push(document),
                    Err(error) => {
                        let location = Location {
                            file: path.clone(),
                            line: error.line,
                        };
                        repository.unreadable.push((location, error.message));
                    }
                }
            }
            repository.files.insert(path, documents);
        }
        repository.above = repository.count_above();
        repository
    }

    pub(crate) fn unreadable(&self) -> &[(Location, String)] {
        &self.unreadable
    }

    /// Every document, in the order of the paths.
    pub(crate) fn documents(&self) -> impl Iterator<Item = Held<'_>> {
        self.files.iter().flat_map(|(file, documents)| {
            documents
                .iter()
                .map(move |document| Held { file, document })
        })
    }

    /// The documents of the files in a folder, those of folders below it if asked; nothing where the folder is not here. The
    /// path counts from the root of the repository, of which the files may be a part.
    pub(crate) fn folder(&self, path: &str, recurse: bool) -> Option<Vec<Held<'_>>> {
        Some(self.below(self.here(path)?, recurse)).filter(|found| !found.is_empty())
    }

    /// A path as it counts from the folder that was read; nothing where it leads out of it.
    fn here<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut path = path.trim_matches('/');
        for _ in 0..self.above {
            path = path.split_once('/').map_or("", |(_, rest)| rest);
        }
        (!path.split('/').any(|part| part == "..")).then_some(path)
    }

    /// How many folders lie between the root of the repository and the files: as many as let most sources be found.
    fn count_above(&self) -> usize {
        const DEEPEST: usize = 8;
        let mut found = [0_usize; DEEPEST];
        for held in self
            .documents()
            .filter(|held| held.value()["kind"] == "Application")
        {
            for source in sources(held.value()) {
                let Some(path) = source["path"].as_str().map(|path| path.trim_matches('/')) else {
                    continue;
                };
                let mut at = path;
                for found in &mut found {
                    *found += usize::from(!at.is_empty() && !self.below(at, true).is_empty());
                    let Some((_, rest)) = at.split_once('/') else {
                        break;
                    };
                    at = rest;
                }
            }
        }
        // The first of the best.
        found
            .iter()
            .enumerate()
            .rev()
            .max_by_key(|(_, found)| **found)
            .map_or(0, |(above, _)| above)
    }

    fn below(&self, folder: &str, recurse: bool) -> Vec<Held<'_>> {
        let start = match folder {
            "" | "." => String::new(),
            folder => format!("{folder}/"),
        };
        let files = self
            .files
            .range(start.clone()..)
            .take_while(|(file, _)| file.starts_with(&start));
        let files = files.filter(|(file, _)| recurse || !file[start.len()..].contains('/'));
        files
            .flat_map(|(file, documents)| {
                documents
                    .iter()
                    .map(move |document| Held { file, document })
            })
            .collect()
    }

    /// The files that a pattern of a git generator takes, by their paths from the root of the repository.
    pub(crate) fn matching(&self, pattern: &str) -> Vec<(&str, &[Document])> {
        let Some(pattern) = self.here(pattern) else {
            return Vec::new();
        };
        let found = self.files.iter().filter(|(file, _)| matches(pattern, file));
        found
            .map(|(file, documents)| (file.as_str(), documents.as_slice()))
            .collect()
    }

    /// The folders that a pattern of a git generator takes.
    pub(crate) fn folders_matching(&self, pattern: &str) -> BTreeSet<String> {
        let Some(pattern) = self.here(pattern) else {
            return BTreeSet::new();
        };
        let folders: BTreeSet<&str> = self
            .files
            .keys()
            .flat_map(|file| file.match_indices('/').map(|(at, _)| &file[..at]))
            .collect();
        folders
            .into_iter()
            .filter(|folder| matches(pattern, folder))
            .map(str::to_owned)
            .collect()
    }
}

/// `*` stands for anything within one part of a path, `**` for any parts.
fn matches(pattern: &str, path: &str) -> bool {
    match (pattern.split_once('/'), path.split_once('/')) {
        (Some(("**", rest)), _) => {
            let mut path = path;
            loop {
                if matches(rest, path) {
                    return true;
                }
                match path.split_once('/') {
                    None => return false,
                    Some((_, below)) => path = below,
                }
            }
        }
        (Some((head, rest)), Some((first, below))) => {
            pattern::matches(head, first) && matches(rest, below)
        }
        (None, None) => pattern::matches(pattern, path),
        (None, Some(_)) => pattern == "**",
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_the_git_generator() {
        for (pattern, path, expected) in [
            ("a/*/c.yaml", "a/b/c.yaml", true),
            ("a/*/c.yaml", "a/b/b/c.yaml", false),
            ("a/**/c.yaml", "a/b/b/c.yaml", true),
            ("a/**/c.yaml", "a/c.yaml", true),
            ("a/*.yaml", "a/x.yaml", true),
            ("a/*.yaml", "a/x.yml", false),
            ("a/x*y*.yaml", "a/x1y2.yaml", true),
            ("a/x*y*.yaml", "a/y1x2.yaml", false),
            ("a", "a/b", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_folder_is_found_when_only_a_part_of_the_repository_is_here() {
        let root = "{apiVersion: argoproj.io/v1alpha1, kind: Application, spec: {source: {path: gitops/dev/apps}}}";
        let files = [
            ("dev/root.yaml", root),
            ("dev/apps/a.yaml", "a: 1\n"),
            ("dev/apps/below/b.yaml", "b: 1\n---\nc: 1\n"),
            ("dev/apps-2/d.yaml", "d: 1\n"),
        ];
        let repository = Repository::read(files);
        assert_eq!(
            repository.folder("gitops/dev/apps", false).unwrap().len(),
            1
        );
        assert_eq!(repository.folder("gitops/dev/apps", true).unwrap().len(), 3);
        // Not another folder of the same name further down.
        assert!(repository.folder("gitops/other/dev/apps", true).is_none());
        assert!(repository.folder("gitops/../dev/apps", true).is_none());
    }
}
