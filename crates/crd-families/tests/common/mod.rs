//! Which families are generated.

use std::path::Path;

use crd_families::{Family, families};

/// The families whose crates `crd-gen` makes, and how many of something each test asks for: what the variable says, or `few`.
pub fn generated(variable: &str, few: u64) -> (Vec<Family>, u64) {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let is_generated = |family: &Family| {
        let home = crates.join(format!("{}-types", family.name()));
        home.join("crd-gen.toml").exists()
    };
    let mut found = families();
    found.retain(is_generated);
    assert!(!found.is_empty());
    let number = std::env::var(variable).map_or(few, |number| number.parse().unwrap());
    (found, number)
}
