//! `stackctl explain`: what a finding means, and what to do about it.

mod alone;

use clap::Args;
use lab_cli::{Console, Failure};
use stack_check::Check;

use self::alone::{Alone, OF_CHECK, OF_LAB};
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
        Some(code) => match stack_check::find(code) {
            Some(check) => explanation(check),
            None => {
                let mut known = alone();
                let known = known.find(|(_, _, alone)| alone.code == *code);
                known.map(explanation_alone).ok_or_else(|| {
                    format!("there is no code `{code}`; `stackctl explain --list` has all")
                })?
            }
        },
    };
    console.print(&text)?;
    Ok(false)
}

/// The codes of findings that no check between objects makes: where they come from, what they are about, and more.
fn alone() -> impl Iterator<Item = (&'static str, &'static str, &'static Alone)> {
    let of_check = OF_CHECK.iter().filter_map(|alone| {
        let mut titles = CODES.iter().chain(&policies::CODES);
        let title = titles.find(|(code, _)| *code == alone.code)?.1;
        Some(("", title, alone))
    });
    of_check.chain(OF_LAB.iter().map(|(title, alone)| ("lab", *title, alone)))
}

fn list() -> String {
    let checks = stack_check::all();
    let between = checks
        .iter()
        .map(|check| (check.code, check.group.as_str(), weight(check), check.title));
    let alone = alone().map(|(group, title, alone)| (alone.code, group, "", title));
    let rows: Vec<_> = between.chain(alone).collect();
    let width = rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
    rows.iter()
        .map(|(code, group, severity, title)| {
            format!("{code:width$}  {group:10}  {severity:7}  {title}\n")
        })
        .collect()
}

fn explanation_alone((group, title, alone): (&str, &str, &Alone)) -> String {
    let of = match group {
        "" => String::new(),
        group => format!(" ({group})"),
    };
    let (code, remedy) = (alone.code, alone.remedy);
    let [failing, passing] = alone.examples.map(indented);
    format!(
        "{code}{of}: {title}\n\n{}\n\nWhat to do: {remedy}.\n\nWith the fault:\n\n{failing}\nWithout:\n\n{passing}",
        alone.explanation
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_title_and_is_listed_once() {
        let known: Vec<&str> = alone().map(|(_, _, alone)| alone.code).collect();
        assert_eq!(known.len(), OF_CHECK.len() + OF_LAB.len());
        for (code, _) in CODES.iter().chain(&policies::CODES) {
            assert!(known.contains(code), "{code}");
        }
        for check in stack_check::all() {
            assert!(!known.contains(&check.code), "{}", check.code);
        }
    }
}
