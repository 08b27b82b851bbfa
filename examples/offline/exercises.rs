//! The lab's exercises as a lesson, without a cluster: `cargo run --example exercises`.
//!
//! For each: what is applied, what happens, and why. `-- 6-1` tells one of them; `--charts DIR` does them with what the charts make.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use lab_builder::{Environment, Lab};
use lab_cli::Progress;
use lab_cli::charts::Charts;
use stackctl::{Console, Failure};

#[derive(Parser)]
struct CommandLine {
    /// The exercises, by their numbers; all where none is named.
    exercises: Vec<String>,

    /// Environment of the lab.
    #[arg(long, default_value = "dev")]
    env: String,

    /// What the charts make: `helm`, or a folder of its output.
    #[arg(long, value_name = "helm|DIR")]
    charts: Option<Charts>,
}

fn tell(command: &CommandLine, console: &mut Console) -> Result<bool, Failure> {
    let environment: Environment = command.env.parse()?;
    let mut lab = Lab::new(environment).build()?;
    if let Some(charts) = &command.charts {
        lab = charts.add_to(lab, PathBuf::from("target/charts"), &Progress::new(false))?;
    }
    let wanted = |exercise: &str| {
        command.exercises.is_empty() || command.exercises.iter().any(|one| one == exercise)
    };
    for lesson in lab_exercises::all(&lab)? {
        if wanted(lesson.exercise) && !console.print(&format!("{lesson}\n"))? {
            break;
        }
    }
    Ok(false)
}

fn main() -> ExitCode {
    let mut console = Console::default();
    let result = tell(&CommandLine::parse(), &mut console);
    console.finish(result)
}
