//! The crates of this workspace that are generated: each has a `crd-gen.toml`, and is called after the folder of its CRDs.

use std::fs;
use std::path::{Path, PathBuf};

use crd_gen::{Generated, Options, Overrides, generate};

use super::documents;

/// A crate that is generated.
pub struct Family {
    /// Such as `keda`.
    pub name: String,
    /// The crate's folder.
    pub home: PathBuf,
}

impl Family {
    /// All of them, by name.
    pub fn all() -> Vec<Self> {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut all: Vec<Self> = fs::read_dir(crates)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|home| home.join("crd-gen.toml").exists())
            .map(|home| {
                let folder = home.file_name().unwrap().to_string_lossy();
                let name = folder.strip_suffix("-types").unwrap_or(&folder).to_owned();
                Self { name, home }
            })
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// What the generator makes of the CRDs in the folder of this family below `root`.
    pub fn generate(&self, root: &Path) -> Generated {
        let overrides = fs::read_to_string(self.home.join("crd-gen.toml")).unwrap();
        let overrides =
            Overrides::parse(&overrides).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let mut options = Options::of(overrides, format!("{}-types", self.name));
        let licence = concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE");
        options.licence = Some(fs::read_to_string(licence).unwrap());
        generate(&documents(&root.join(&self.name)), &options)
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}
