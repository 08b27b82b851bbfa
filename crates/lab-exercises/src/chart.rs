//! The demo app's chart as the lab writes it: its files, and the values that they hold.

use lab_builder::Bundle;
use serde_json::Value;

use crate::ExerciseError;
use crate::cluster::missing;

/// The files of the demo app's chart, by their paths below its folder.
pub(crate) fn chart(
    lab: &Bundle,
    exercise: &'static str,
) -> Result<Vec<(String, String)>, ExerciseError> {
    let folder = "/apps/demo-app/";
    let files: Vec<(String, String)> = lab
        .files()
        .into_iter()
        .filter_map(|file| Some((file.path.split_once(folder)?.1.to_owned(), file.text)))
        .collect();
    match files.is_empty() {
        true => Err(missing(exercise, "chart of the demo app")),
        false => Ok(files),
    }
}

/// The text of one of the files.
pub(crate) fn text<'f>(
    files: &'f [(String, String)],
    name: &str,
    exercise: &'static str,
) -> Result<&'f str, ExerciseError> {
    let file = files.iter().find(|(path, _)| path == name);
    file.map(|(_, text)| text.as_str())
        .ok_or_else(|| missing(exercise, name))
}

/// What one of the files holds, read as YAML.
pub(crate) fn values(
    files: &[(String, String)],
    name: &str,
    exercise: &'static str,
) -> Result<Value, ExerciseError> {
    kube_yaml::from_str(text(files, name, exercise)?).map_err(|error| ExerciseError::Read {
        exercise,
        message: format!("{name}: {error}"),
    })
}
