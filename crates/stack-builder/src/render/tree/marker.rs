//! The marker of a tree: whose it is, and what we wrote into it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::checksum::Checksum;
use crate::place::Place;

/// What the marker says. Its first line is the environment; below it stand a checksum and a path for each file. Before a
/// file is replaced both its checksums stand there, so that an interrupted run leaves no file that the next one takes for
/// a stranger's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) environment: String,
    pub(super) files: BTreeMap<String, Vec<Checksum>>,
}

const NOTE: &str =
    "# Checksum (FNV-1a, 128 bits) and path of each file as it was written; do not edit.";

impl Marker {
    /// Reads it. Lines that say nothing we can use are passed over: their files then count as somebody else's.
    pub(super) fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let mut marker = Marker {
            environment: lines.next().unwrap_or_default().trim_end().to_owned(),
            ..Marker::default()
        };
        for line in lines {
            let Some((sum, path)) = line.split_once("  ") else {
                continue;
            };
            let Ok(sum) = u128::from_str_radix(sum, 16) else {
                continue;
            };
            if is_ours_to_name(path) {
                marker.add(path, Checksum(sum));
            }
        }
        marker
    }

    pub(super) fn add(&mut self, path: &str, sum: Checksum) {
        let sums = self.files.entry(path.to_owned()).or_default();
        if !sums.contains(&sum) {
            sums.push(sum);
        }
    }

    /// Whether we wrote this content to this path.
    pub(super) fn knows(&self, path: &str, sum: Checksum) -> bool {
        self.files.get(path).is_some_and(|sums| sums.contains(&sum))
    }

    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n{NOTE}\n", self.environment);
        for (path, sums) in &self.files {
            for Checksum(sum) in sums {
                let _ = writeln!(text, "{sum:032x}  {path}");
            }
        }
        text
    }
}

/// A marker that came from elsewhere must not lead out of the tree, nor into its history.
fn is_ours_to_name(path: &str) -> bool {
    Place::from(path).is_below() && path.split('/').next() != Some(".git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_reads_back() {
        let mut marker = Marker {
            environment: "dev".into(),
            ..Marker::default()
        };
        marker.add("a/b  c.yaml", Checksum::of(b"old"));
        marker.add("a/b  c.yaml", Checksum::of(b"new"));
        assert_eq!(Marker::read(&marker.text()), marker);
        assert!(marker.knows("a/b  c.yaml", Checksum::of(b"old")));
        assert!(!marker.knows("a", Checksum::of(b"old")));
        assert_eq!(Marker::read("dev\n").environment, "dev");
    }

    #[test]
    fn a_marker_leads_neither_out_of_the_tree_nor_into_its_history() {
        let marker =
            Marker::read("dev\n0  ../x\n0  /etc/passwd\n0  .git/config\nzz  a\nnothing\n0  a\n");
        assert_eq!(marker.files.keys().collect::<Vec<_>>(), ["a"]);
    }
}
