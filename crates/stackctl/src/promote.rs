//! `stackctl promote`: versions that move from one environment to the next.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use lab_builder::stack_builder::File;
use lab_cli::{Console, Failure};
use stack_gitops::promote::promote;

/// Move the versions of charts and images from one environment of a GitOps repository to another
///
/// What both environments have moves; what is different by design, such as sizes and hosts, stays. The list of checksums is
/// written anew.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl promote --from dev --to stg gitops/             show what would move
  stackctl promote --from dev --to stg --write gitops/     and move it

Exit code: 0 when it is moved, or nothing is to be moved; 1 when something would move and --write was not given; 2 when the
command line is wrong or a file cannot be read or written.")]
pub struct Arguments {
    /// The environment whose versions are taken.
    #[arg(long, value_name = "ENV")]
    pub from: String,

    /// The environment that gets them.
    #[arg(long, value_name = "ENV")]
    pub to: String,

    /// Write the change.
    #[arg(long)]
    pub write: bool,

    /// The folder that `render --format gitops` wrote: the one with MANIFEST.sha256.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Shows what moves, and moves it if asked. The answer is whether something is left to be moved.
///
/// # Errors
/// When an environment is not there, or a file cannot be read or written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let folder = &arguments.folder;
    let list = folder.join("MANIFEST.sha256");
    let listed =
        fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
    let mut all = Vec::new();
    for line in listed.lines() {
        let Some((_, path)) = line.split_once("  ") else {
            return Err(format!(
                "{}: `{line}` is no line of a list of checksums",
                list.display()
            )
            .into());
        };
        all.push(read(folder, path)?);
    }
    let promotion = promote(&all, &arguments.from, &arguments.to)?;
    let mut text = String::new();
    for step in &promotion.moves {
        text.push_str(&format!("{step}\n"));
    }
    if promotion.moves.is_empty() {
        text.push_str(&format!(
            "{} has the versions of {} already\n",
            arguments.to, arguments.from
        ));
    }
    if arguments.write {
        for file in &promotion.files {
            write(folder, file)?;
        }
    }
    console.print(&text)?;
    Ok(!arguments.write && !promotion.moves.is_empty())
}

fn read(folder: &Path, path: &str) -> Result<File, Failure> {
    let place = folder.join(path);
    let text =
        fs::read_to_string(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    Ok(File {
        path: path.to_owned(),
        text,
        executable: false,
    })
}

/// Whole or not at all: beside its place first.
fn write(folder: &Path, file: &File) -> Result<(), Failure> {
    let place = folder.join(&file.path);
    let new = place.with_extension("new");
    fs::write(&new, &file.text)
        .and_then(|()| fs::rename(&new, &place))
        .map_err(|error| format!("{}: {error}", place.display()).into())
}
