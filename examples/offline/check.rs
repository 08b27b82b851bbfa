//! Says what an API server would say of manifests, offline: `cargo run --example check -- PATH...`.
//!
//! It is `stackctl check` under another name.

use std::process::ExitCode;

use clap::Parser;
use stackctl::{Console, check};

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    check: check::Arguments,
}

fn main() -> ExitCode {
    let mut console = Console::default();
    let result = check::run(&CommandLine::parse().check, &mut console);
    console.finish(result)
}
