//! `import DIR` writes inventories of upstream CRDs; `diff OLD NEW` shows what changed.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use crd_conformance::{Error, Inventory, compare, import, load};

#[derive(Parser)]
#[command(about = "Inventories of CustomResourceDefinitions")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write an inventory of each CRD below DIR
    Import {
        /// A family's folder of CRD files
        dir: PathBuf,
        /// Where to write [default: this crate's inventory folder, below it DIR's name]
        #[arg(long)]
        to: Option<PathBuf>,
    },
    /// Show what differs between two folders or files, each of CRDs or of inventories
    Diff {
        /// The first
        old: PathBuf,
        /// The second
        new: PathBuf,
    },
}

fn main() -> Result<(), Error> {
    match Cli::parse().command {
        Command::Import { dir, to } => {
            let to = to.unwrap_or_else(|| inventory_folder(&dir));
            for path in import(&dir, &to)? {
                say(&path.display().to_string());
            }
        }
        Command::Diff { old, new } => diff(&old, &new)?,
    }
    Ok(())
}

fn inventory_folder(dir: &Path) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("inventory");
    match dir.canonicalize().ok().as_deref().and_then(Path::file_name) {
        Some(name) => root.join(name),
        None => root,
    }
}

fn diff(old: &Path, new: &Path) -> Result<(), Error> {
    let (old, new) = (load(old)?, load(new)?);
    let nothing = Inventory::default();
    // Two files are compared whatever their names are.
    if let ([(_, old)], [(name, new)]) = (
        old.iter().collect::<Vec<_>>().as_slice(),
        new.iter().collect::<Vec<_>>().as_slice(),
    ) {
        print(name, old, new);
        return Ok(());
    }
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        print(
            name,
            old.get(name).unwrap_or(&nothing),
            new.get(name).unwrap_or(&nothing),
        );
    }
    Ok(())
}

fn print(name: &str, old: &Inventory, new: &Inventory) {
    let differences = compare(old, new);
    if !differences.is_empty() {
        say(name);
        for difference in differences {
            say(&format!("  {difference}"));
        }
    }
}

/// Writes a line. Who stops reading (`| head`) has seen enough.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
