//! The lab's policies over manifests of yours: `cargo run --example gatekeeper_policies -- pod.yaml`.
//!
//! It is `stackctl policies` under another name.

use std::process::ExitCode;

use clap::Parser;
use stackctl::{Console, policies};

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    policies: policies::Arguments,
}

fn main() -> ExitCode {
    let mut console = Console::default();
    let result = policies::run(&CommandLine::parse().policies, &mut console);
    console.finish(result)
}
