//! What is drawn: an environment of the lab, or manifests.

use std::path::{Path, PathBuf};

use lab_builder::{Bundle, Environment, Lab, Whole};
use lab_cli::charts::Charts;
use lab_cli::{Console, Failure, Progress};
use stack_model::Model;

use crate::files::{self, Exclude, Input};
use crate::{charts, manifests};

/// A stack as its objects, and as the bundle that they come from where it is the lab.
pub(crate) struct Source {
    /// What it is called.
    pub name: String,
    /// The lab, where that is drawn.
    pub bundle: Option<Bundle>,
    /// Every object.
    pub model: Model,
}

impl Source {
    /// Reads `env:NAME` for an environment of the lab, or files and folders.
    ///
    /// # Errors
    /// When the environment is not one, the lab cannot be built, or its charts not rendered.
    pub fn read(
        paths: &[PathBuf],
        charts: Option<&Charts>,
        progress: &Progress,
        console: &mut Console,
    ) -> Result<Self, Failure> {
        Self::with_inputs(paths, charts, progress, console).map(|(source, _)| source)
    }

    /// The same with its inputs, which can be read again; there are none of the lab.
    ///
    /// # Errors
    /// As for [`Source::read`].
    pub fn with_inputs(
        paths: &[PathBuf],
        charts: Option<&Charts>,
        progress: &Progress,
        console: &mut Console,
    ) -> Result<(Self, Vec<Input>), Failure> {
        if let Some(environment) = environment(paths)? {
            let name = format!("lab {}", environment.name());
            progress.step("building the lab");
            let mut bundle = Lab::new(environment).build()?;
            if let Some(charts) = charts {
                let cache = ["target", "charts"].iter().collect();
                bundle = charts.add_to(bundle, cache, progress)?;
            }
            progress.step("reading objects");
            let model = Whole::of(&bundle).model;
            let source = Self {
                name,
                bundle: Some(bundle),
                model,
            };
            return Ok((source, Vec::new()));
        }
        let mut inputs = files::collect(paths, &Exclude::default(), console);
        if let Some(from) = charts {
            inputs.extend(charts::inputs(from, paths, progress, console)?);
        }
        let objects = manifests::stack(&inputs, progress, console);
        let names: Vec<String> = paths.iter().map(|path| name(path)).collect();
        let source = Self {
            name: names.join(", "),
            bundle: None,
            model: Model::read(objects),
        };
        Ok((source, inputs))
    }
}

/// The environment that is meant, where one is.
fn environment(paths: &[PathBuf]) -> Result<Option<Environment>, Failure> {
    let named = |path: &PathBuf| {
        path.to_str()
            .and_then(|path| path.strip_prefix("env:"))
            .map(str::to_owned)
    };
    let names: Vec<Option<String>> = paths.iter().map(named).collect();
    match names.as_slice() {
        [Some(name)] => Ok(Some(name.parse::<Environment>()?)),
        names if names.iter().any(Option::is_some) => {
            Err("env:NAME is a whole stack: it stands alone".into())
        }
        _ => Ok(None),
    }
}

/// The last part of a path, which people know it by.
fn name(path: &Path) -> String {
    match path.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    }
}

/// What changes from one to the other, of objects as they are written.
pub(crate) fn diff(old: &Model, new: &Model) -> stack_diff::Diff {
    let values = |model: &Model| -> Vec<serde_json::Value> {
        model
            .entries()
            .map(|entry| entry.value().to_json())
            .collect()
    };
    stack_diff::Diff::of(values(old), values(new))
}
