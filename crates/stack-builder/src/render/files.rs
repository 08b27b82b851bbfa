//! The files of the tree, as text.

use std::collections::BTreeMap;
use std::io;

use super::file::File;
use super::{airgap, allowances, readme, scripts, yaml};
use crate::bundle::{Bundle, Part, values_files};
use crate::object::Object;
use crate::place::Place;

impl Bundle {
    /// All files of the tree, sorted by path.
    pub fn files(&self) -> Vec<File> {
        let mut files = vec![plain(readme::FILE, readme::text(self))];
        files.extend(scripts::files(self));
        files.extend(airgap::files(self));
        files.extend(allowances::file(self));
        for part in &self.parts {
            part_files(part, &mut files);
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// All Kubernetes objects as one multi-document YAML stream, in the order in which they must be applied.
    pub fn stream(&self) -> String {
        yaml::objects(self.objects())
    }

    /// As [`Bundle::stream`], written as it is made. [`Stack::write_stream`](crate::Stack::write_stream) also makes the objects
    /// only then.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_stream(&self, out: impl io::Write) -> io::Result<()> {
        yaml::write_objects(out, self.objects())
    }
}

fn plain(path: &str, text: String) -> File {
    File {
        path: path.to_owned(),
        text,
        executable: false,
    }
}

fn part_files(part: &Part, files: &mut Vec<File>) {
    let contribution = &part.contribution;
    if let Some((place, config)) = &contribution.cluster {
        files.push(plain(place.path(), yaml::document(config)));
    }
    for (path, release) in values_files(&part.folder(), &contribution.releases)
        .iter()
        .zip(&contribution.releases)
    {
        let chart = &release.chart;
        let comment = format!(
            "Release {}, namespace {}, chart {} {}",
            release.name,
            release.namespace,
            chart.reference(),
            chart.version
        );
        files.push(plain(path, yaml::commented(&comment, &release.values)));
    }
    // Objects that share a file stand in it in apply order, wherever else objects stand between them.
    let mut grouped: BTreeMap<&Place, Vec<&Object>> = BTreeMap::new();
    for placed in &contribution.objects {
        let objects = grouped.entry(&placed.place).or_default();
        objects.push(&placed.object);
    }
    for (place, objects) in grouped {
        let text = match objects.as_slice() {
            [only] => yaml::object("", only),
            several => yaml::objects(several.iter().copied()),
        };
        files.push(plain(place.path(), text));
    }
    for exercise in &contribution.exercises {
        let comment = format!(
            "Applied by hand in exercise {}; not part of the running stack.",
            exercise.exercise
        );
        files.push(plain(
            exercise.placed.place.path(),
            yaml::object(&comment, &exercise.placed.object),
        ));
    }
    files.extend(contribution.files.iter().map(|file| File {
        path: file.place.path().to_owned(),
        text: file.text.clone(),
        executable: file.executable,
    }));
}
