//! `stackctl check`: what an API server would say of manifests, offline.

mod arguments;
pub(crate) mod definitions;
mod document;
pub(crate) mod families;
mod judge;
pub(crate) mod policies;
mod report;
mod stack;
mod work;

use std::collections::BTreeSet;

pub use arguments::{Arguments, Channel, FailOn, Format};
pub(crate) use document::CODES;
use document::Counts;
use judge::Judge;
pub(crate) use stack::place;

use crate::charts;
use crate::files::{self, Exclude};
use crate::recognise;
use lab_cli::{Console, Failure};

/// Checks what the arguments name, and says whether something was found that is to fail the command.
///
/// What cannot be read is complained of on the console, and the rest is judged.
///
/// # Errors
/// When nothing was found to judge, or the report cannot be written.
pub fn run(arguments: &Arguments, console: &mut Console) -> Result<bool, Failure> {
    let exclude = Exclude::new(&arguments.exclude);
    let mut inputs = files::collect(&arguments.paths, &exclude, console);
    if let Some(charts) = &arguments.stack.charts {
        inputs.extend(charts::inputs(charts, &arguments.paths, console)?);
    }
    let families = crd_families::Registry::new();
    let mut registry = definitions::given(&arguments.crds, &inputs, arguments.kubernetes, console);
    families.add_definitions(arguments.channel.into(), &mut registry);
    let patches = recognise::patches(&inputs);
    let between = arguments
        .stack
        .run(&inputs, &arguments.paths, &patches, console)?;
    let judge = Judge::new(&registry, &families, &patches, &between, arguments);
    let report = report::new(arguments, console.colour());

    let mut counts = Counts::default();
    let mut complaints = Vec::new();
    let mut unusable = BTreeSet::new();
    let mut listening = console.print(&report.begin())?;
    let mut separator = "";
    work::in_order(
        &inputs,
        |input| {
            let result = judge.input(input);
            let text = result
                .as_ref()
                .map(|part| report.input(part))
                .unwrap_or_default();
            (result.map(|part| (part.counts, part.unusable)), text)
        },
        |input, (result, text)| {
            match result {
                Ok((part, broken)) => {
                    counts += part;
                    unusable.extend(broken);
                }
                Err(error) => complaints.push(format!("{}: {error}", input.name)),
            }
            if listening && !text.is_empty() {
                listening = console.print(&format!("{separator}{text}"))?;
                separator = report.separator();
            }
            Ok::<_, Failure>(())
        },
    )?;
    complaints.extend(unusable);
    if listening {
        console.print(&report.end(&counts, &complaints))?;
    }
    let complained = !complaints.is_empty();
    complaints.iter().for_each(|text| console.complain(text));
    // The process ends: giving the definitions back to the system piece by piece would be time lost.
    std::mem::forget(registry);
    if counts.judged() == 0 && !complained && !arguments.allow_empty {
        return Err(
            "no object was found that could be judged; --allow-empty lets that pass".into(),
        );
    }
    Ok(counts.failing > 0)
}
