//! `stackctl check`: what an API server would say of manifests, offline.

mod arguments;
mod between;
pub(crate) mod definitions;
mod document;
pub(crate) mod families;
mod judge;
pub(crate) mod policies;
mod report;
mod stack;
mod work;

use std::collections::BTreeSet;
use std::io;

pub use arguments::{Arguments, Channel, FailOn, Format};
use between::Between;
pub(crate) use document::CODES;
use document::{Counts, Part};
use judge::Judge;
use kube_vocab::Finding;
pub(crate) use stack::place;

use crate::charts;
use crate::files::{self, Exclude, Input};
use crate::recognise::{self, Patches};
use crd_validate::Registry;
use lab_cli::{Console, Failure, Progress};

/// From how many bytes on a part of the report is written before the rest is there.
const MUCH: usize = 1 << 16;

/// Checks what the arguments name, and says whether something was found that is to fail the command.
///
/// What cannot be read is complained of on the console, and the rest is judged.
///
/// # Errors
/// When nothing was found to judge, or the report cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let progress = Progress::new(arguments.quiet);
    let inputs = inputs(arguments, &progress, console)?;
    let check = Check::prepare(arguments, inputs, &progress, console)?;
    let report = report::new(arguments, console.colour());

    let mut counts = Counts::default();
    let mut complaints = Vec::new();
    let mut unusable = BTreeSet::new();
    let mut text = report.begin();
    let mut listening = true;
    let mut separator = "";
    check.each(
        &progress,
        |part| {
            let said = report.input(&part);
            ((part.counts, part.give_back()), said)
        },
        |input, result| {
            match result {
                Ok(((part, broken), said)) => {
                    counts += part;
                    unusable.extend(broken);
                    if listening && !said.is_empty() {
                        text.push_str(separator);
                        text.push_str(&said);
                        separator = report.separator();
                    }
                }
                Err(error) => complaints.push(format!("{}: {error}", input.name)),
            }
            if text.len() >= MUCH {
                progress.clear();
                listening = console.print(&text)?;
                text.clear();
            }
            Ok::<_, Failure>(())
        },
    )?;
    drop(progress);
    complaints.extend(unusable);
    if listening {
        text.push_str(&report.end(&counts, &complaints));
        console.print(&text)?;
    }
    let complained = !complaints.is_empty();
    complaints.iter().for_each(|text| console.complain(text));
    // The process ends: giving definitions and findings back to the system piece by piece would be time lost.
    std::mem::forget(check);
    if counts.judged() == 0 && !complained && !arguments.allow_empty {
        return Err(
            "no object was found that could be judged; --allow-empty lets that pass".into(),
        );
    }
    Ok(counts.failing > 0)
}

/// What `check` finds in inputs that were collected for these arguments, by input and line, for commands that tell it in their own
/// way; without notes. What cannot be read is left to them.
///
/// # Errors
/// When a baseline cannot be read.
pub(crate) fn findings(
    arguments: &Arguments,
    inputs: Vec<Input>,
    progress: &Progress,
    console: &mut Console,
) -> Result<Vec<Finding>, Failure> {
    let check = Check::prepare(arguments, inputs, progress, console)?;
    let mut findings = Vec::new();
    let mut unusable = BTreeSet::new();
    check.each(
        progress,
        |part| (part.findings().collect::<Vec<_>>(), part.unusable),
        |_, result| {
            if let Ok((found, broken)) = result {
                findings.extend(found);
                unusable.extend(broken);
            }
            Ok::<_, Failure>(())
        },
    )?;
    unusable.iter().for_each(|text| console.complain(text));
    std::mem::forget(check.registry);
    Ok(findings)
}

/// What the arguments name, with what charts make.
fn inputs(
    arguments: &Arguments,
    progress: &Progress,
    console: &mut Console,
) -> Result<Vec<Input>, Failure> {
    let exclude = Exclude::new(&arguments.exclude);
    let mut inputs = files::collect(&arguments.paths, &exclude, console);
    if let Some(charts) = &arguments.stack.charts {
        inputs.extend(charts::inputs(charts, &arguments.paths, progress, console)?);
    }
    Ok(inputs)
}

/// All that must be known before the inputs are judged one by one.
struct Check<'a> {
    arguments: &'a Arguments,
    inputs: Vec<Input>,
    registry: Registry,
    families: crd_families::Registry,
    patches: Patches,
    between: Between,
}

impl<'a> Check<'a> {
    /// Collects definitions, and looks at all inputs together.
    fn prepare(
        arguments: &'a Arguments,
        inputs: Vec<Input>,
        progress: &Progress,
        console: &mut Console,
    ) -> Result<Self, Failure> {
        progress.step("reading definitions");
        let families = crd_families::Registry::new();
        let mut registry =
            definitions::given(&arguments.crds, &inputs, arguments.kubernetes, console);
        crd_families::add_definitions(arguments.channel.into(), &mut registry);
        let patches = recognise::patches(&inputs);
        let stack = &arguments.stack;
        let is_silent = |document: &_| judge::is_silent(&registry, arguments, document);
        let paths = &arguments.paths;
        let between = stack.run(&inputs, paths, &patches, &is_silent, progress, console)?;
        Ok(Self {
            arguments,
            inputs,
            registry,
            families,
            patches,
            between,
        })
    }

    /// Judges each input, on all processors, and hands on what `with` makes of it, in the order of the inputs.
    fn each<R: Send, E>(
        &self,
        progress: &Progress,
        with: impl Fn(Part) -> R + Sync,
        take: impl FnMut(&Input, io::Result<R>) -> Result<(), E>,
    ) -> Result<(), E> {
        let judge = Judge::new(
            &self.registry,
            &self.families,
            &self.patches,
            &self.between,
            self.arguments,
        );
        progress.begin("checking files", self.inputs.len());
        work::in_order(
            &self.inputs,
            |input| {
                let result = judge.input(input).map(&with);
                progress.advance();
                result
            },
            take,
        )
    }
}
