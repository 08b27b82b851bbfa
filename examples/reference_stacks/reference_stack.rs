//! Renders a reference stack: `cargo run --example reference_stack -- --size medium --env prod`.
//!
//! Writes one tree for each cluster below `target/reference/SIZE`, with all that makes the cluster, and says what is in it.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use reference_stacks::stacks::Size;
use stack_builder::{Severity, WriteOptions};

#[derive(Parser)]
struct CommandLine {
    /// small, medium, large or quick.
    #[arg(long)]
    size: Size,
    /// The environment; of several clusters each has its place behind the name.
    #[arg(long, default_value = "dev")]
    env: String,
    /// The domain below which the environment's hosts live.
    #[arg(long, default_value = "example.com")]
    domain: String,
    /// Where the trees go.
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = CommandLine::parse();
    let out = arguments
        .out
        .unwrap_or_else(|| PathBuf::from("target/reference").join(arguments.size.as_str()));
    let bundles = arguments
        .size
        .fleet(&arguments.env, &arguments.domain)
        .build()?;

    let mut refused = false;
    for (cluster, report) in bundles.check() {
        for finding in report.findings {
            refused |= finding.severity == Severity::Error;
            eprintln!("{}: {finding}", cluster.name);
        }
    }
    if refused {
        return Ok(ExitCode::from(2));
    }
    for (tree, _) in bundles.write_trees(&out, WriteOptions::default())? {
        println!("{}", tree.display());
    }
    for choice in arguments.size.choices() {
        match choice.component {
            Some(component) => println!("  {:?}: {} ({component})", choice.column, choice.system),
            None => println!("  {:?}: {}: {}", choice.column, choice.system, choice.note),
        }
    }
    if bundles.members().count() > 1 {
        print!("{}", bundles.compare());
    }
    Ok(ExitCode::SUCCESS)
}
