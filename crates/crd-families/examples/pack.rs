//! Writes the definitions of all families anew, as their types say them: `cargo run -p crd-families --example pack`.

use std::error::Error;
use std::fs;
use std::path::Path;

use crd_families::{families, pack};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("definitions");
    for family in families() {
        let path = folder.join(format!("{}.txt", family.name()));
        fs::write(path, pack(&family)?)?;
    }
    Ok(())
}
