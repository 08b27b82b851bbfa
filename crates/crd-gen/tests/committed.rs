//! The crates of this workspace that are generated: what is committed is what the generator makes. `CRDS_DIR` names the folder
//! with the definitions of all families.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;

use crd_gen::{Options, Overrides, generate};

/// The crates, and the folders of their definitions.
const CRATES: [(&str, &str); 1] = [("prometheus-operator-types", "prometheus-operator")];

#[test]
fn what_is_committed_is_what_is_generated() {
    let Some(root) = std::env::var_os("CRDS_DIR") else {
        // Past the harness, which keeps what tests print to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: CRDS_DIR names no folder of CRDs"
        );
        return;
    };
    for (name, folder) in CRATES {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap()
            .join(name);
        let overrides =
            Overrides::parse(&fs::read_to_string(home.join("crd-gen.toml")).unwrap()).unwrap();
        let documents = common::documents(&Path::new(&root).join(folder));
        let made = generate(&documents, &Options::of(overrides, name)).unwrap();
        for (path, text) in &made.files {
            let committed = fs::read_to_string(home.join(path)).unwrap_or_default();
            assert!(
                committed == *text,
                "{name}: {path} is not what crd-gen makes: generate it again"
            );
        }
    }
}
