//! `stackctl explain`: what a finding means, and what to do about it.

use clap::Args;
use lab_cli::{Console, Failure};
use stack_check::Check;

use crate::check::{CODES, policies};

/// Explain a code of `check`: what happens in a cluster, what to do, and an example
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  stackctl explain service-without-pods
  stackctl explain --list                   all codes of the checks between objects

Exit code: 0 when the code is known, 2 when it is not.")]
pub struct Arguments {
    /// List all codes, each with its group, its severity and what it is about.
    #[arg(long, conflicts_with = "code")]
    pub list: bool,

    /// The code, as it stands in parentheses behind a finding.
    #[arg(required_unless_present = "list", value_name = "CODE")]
    pub code: Option<String>,
}

/// Prints the explanation.
///
/// # Errors
/// When there is no such code, or the output cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let text = match &arguments.code {
        None => list(),
        Some(code) => match (stack_check::find(code), alone().find(|row| row.0 == code)) {
            (Some(check), _) => explanation(check),
            (None, Some((code, title))) => format!("{code}: {title}\n"),
            (None, None) => {
                return Err(format!(
                    "there is no code `{code}`; `stackctl explain --list` has all"
                )
                .into());
            }
        },
    };
    console.print(&text)?;
    Ok(false)
}

/// The codes of findings that no check between objects makes.
fn alone() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    CODES.iter().chain(&policies::CODES)
}

fn list() -> String {
    let checks = stack_check::all();
    let between = checks
        .iter()
        .map(|check| (check.code, check.group.as_str(), weight(check), check.title));
    let alone = alone().map(|(code, title)| (*code, "", "", *title));
    let rows: Vec<_> = between.chain(alone).collect();
    let width = rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
    rows.iter()
        .map(|(code, group, severity, title)| {
            format!("{code:width$}  {group:10}  {severity:7}  {title}\n")
        })
        .collect()
}

/// How bad its findings are, or that one has to ask for them.
fn weight(check: &Check) -> &'static str {
    match check.is_opt_in() {
        true => "on ask",
        false => check.severity.as_str(),
    }
}

fn explanation(check: &Check) -> String {
    let Check {
        code,
        group,
        severity,
        title,
        explanation,
        remedy,
        silent,
        failing,
        passing,
        ..
    } = check;
    let asked = match check.is_opt_in() {
        true => format!(
            "Only where it is asked for: --warn {code}, or --warn {}.\n\n",
            group.as_str()
        ),
        false => String::new(),
    };
    format!(
        "{code} ({severity}, {}): {title}\n\n{explanation}\n\nWhat to do: {remedy}.\n\n{asked}When it says nothing: {silent}\n\n\
         With the fault:\n\n{}\nWithout:\n\n{}",
        group.as_str(),
        indented(failing),
        indented(passing)
    )
}

fn indented(text: &str) -> String {
    let lines = text.trim_end().lines();
    lines
        .map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("    {line}\n"),
        })
        .collect()
}
