//! Renders the documented lab of one environment: `cargo run --example full_stack -- --env dev`.
//!
//! It is `stackctl render` under another name; built alone it lacks the format gitops and Helm's own rendering. `render.rs` in the
//! crate `lab-cli` shows how to call `lab-builder` itself.

use std::process::ExitCode;

use clap::Parser;
use lab_cli::{Console, render};

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    render: render::Arguments,
}

fn main() -> ExitCode {
    let mut console = Console::default();
    let result = render::run(&CommandLine::parse().render, &mut console);
    console.finish(result)
}
