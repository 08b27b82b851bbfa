//! The command line as a whole: which command is meant, and how the program ends.

use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand};

use lab_cli::{Console, environments, render};

#[cfg(feature = "policies")]
use crate::policies;
use crate::{
    capacity, check, diff, explain, generate, graph, promote, reach, report, route, rust, status,
    stored, sync_plan,
};

/// Typed Kubernetes platform stacks: rendered from Rust, checked offline.
#[derive(Debug, Parser)]
#[command(
    name = "stackctl",
    version,
    arg_required_else_help = true,
    propagate_version = true
)]
#[command(after_help = "\
Examples:
  stackctl render --env dev                        the whole lab as files, in target/lab/dev/
  stackctl check manifests/                        what an API server would say of them, and what breaks between them
  helm template my-chart | stackctl check -        the same of a rendered chart
  stackctl reach --from demo/frontend --to service:demo/backend --port 80 manifests/

Exit code: 0 when all is well, 1 when something was found, 2 when the command line is wrong, an input cannot be read or
the output cannot be written. `stackctl help COMMAND` has examples for each command.")]
pub struct Cli {
    /// Colour in what is printed. `auto` colours terminals, unless NO_COLOR is set.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// One job each.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
// A comment on a command would take the place of the help that its arguments bring.
#[allow(missing_docs)]
pub enum Command {
    Check(Box<check::Arguments>),
    Explain(explain::Arguments),
    Stored(stored::Arguments),
    Render(render::Arguments),
    Environments(environments::Arguments),
    Generate(generate::Arguments),
    Rust(rust::Arguments),
    #[cfg(feature = "policies")]
    Policies(policies::Arguments),
    Reach(Box<reach::Arguments>),
    Route(Box<route::Arguments>),
    Status(status::Arguments),
    Capacity(capacity::Arguments),
    Graph(Box<graph::Arguments>),
    Report(Box<report::Arguments>),
    SyncPlan(sync_plan::Arguments),
    Diff(diff::Arguments),
    Promote(promote::Arguments),
}

/// Reads the command line, does what it asks, and says how the process ends.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut console = Console::new(cli.color);
    let result = match &cli.command {
        Command::Check(arguments) => check::run(arguments, &mut console),
        Command::Explain(arguments) => explain::run(arguments, &mut console),
        Command::Stored(arguments) => stored::run(arguments, &mut console),
        Command::Render(arguments) => render::run(arguments, &mut console),
        Command::Generate(arguments) => generate::run(arguments, &mut console),
        Command::Rust(arguments) => rust::run(arguments, &mut console),
        Command::Environments(arguments) => environments::run(arguments, &mut console),
        #[cfg(feature = "policies")]
        Command::Policies(arguments) => policies::run(arguments, &mut console),
        Command::Reach(arguments) => reach::run(arguments, &mut console),
        Command::Route(arguments) => route::run(arguments, &mut console),
        Command::Status(arguments) => status::run(arguments, &mut console),
        Command::Capacity(arguments) => capacity::run(arguments, &mut console),
        Command::Graph(arguments) => graph::run(arguments, &mut console),
        Command::Report(arguments) => report::run(arguments, &mut console),
        Command::SyncPlan(arguments) => sync_plan::run(arguments, &mut console),
        Command::Diff(arguments) => diff::run(arguments, &mut console),
        Command::Promote(arguments) => promote::run(arguments, &mut console),
    };
    console.finish(result)
}
