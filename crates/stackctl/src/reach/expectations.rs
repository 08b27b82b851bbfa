//! Expectations, held against manifests.

use std::path::Path;

use lab_cli::text::one_line;
use lab_cli::{Console, Failure};
use stack_reach::Requirements;

use super::{Arguments, Format, prepared};
use crate::{charts, manifests};

/// Holds the expectations of a file, and says whether one is not kept.
pub(super) fn hold(
    file: &Path,
    arguments: &Arguments,
    console: &mut Console,
) -> Result<bool, Failure> {
    let mut requirements = read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    requirements
        .outside
        .extend(charts::namespaces_outside(&arguments.paths)?);
    let settings = arguments.settings.read([])?;
    let model = manifests::model(&arguments.paths, console);
    let reach = prepared(&model, settings, console);
    let report = reach.require(&requirements);
    let text = match arguments.format {
        Some(Format::Json) => format!("{}\n", serde_json::to_string(&report)?),
        _ => {
            let text = report.to_string();
            text.lines().map(|line| one_line(line) + "\n").collect()
        }
    };
    console.print(&text)?;
    Ok(!report.is_kept())
}

fn read(file: &Path) -> Result<Requirements, Failure> {
    let bytes = std::fs::read(file)?;
    Ok(kube_yaml::from_str(kube_yaml::decode(&bytes)?)?)
}
