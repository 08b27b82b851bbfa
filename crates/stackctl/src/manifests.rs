//! The objects of many files together, for commands that ask what a cluster would hold.

use std::path::PathBuf;
use std::sync::Arc;

use crd_validate::reader;
use lab_cli::Console;
use lab_cli::text::counted;
use stack_model::{Model, Origin, SourceObject};

use crate::files::{self, Exclude, Input};
use crate::recognise;

/// Everything that stands in the files, as a model; without Helm templates and the patches of kustomizations. What cannot be
/// read is complained of, and the rest is used.
pub(crate) fn model(paths: &[PathBuf], console: &mut Console) -> Model {
    let inputs = files::collect(paths, &Exclude::default(), console);
    Model::read(documents(inputs, console))
}

/// The documents of all inputs, in their order; without what [`model`] leaves out.
pub(crate) fn documents(inputs: Vec<Input>, console: &mut Console) -> Vec<SourceObject> {
    let patches = recognise::patches(&inputs);
    let mut objects = Vec::new();
    let mut templates = 0;
    for input in inputs {
        let bytes = match input.read() {
            Ok(bytes) => bytes,
            Err(error) => {
                console.complain(format!("{}: {error}", input.name));
                continue;
            }
        };
        let file: Arc<str> = input.name.as_str().into();
        let documents = reader::read(&bytes);
        let broken = documents.iter().any(|document| document.content.is_err());
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        let path = input.path.as_deref();
        if recognise::is_helm_template(text, path, broken) {
            templates += 1;
            continue;
        }
        if path.is_some_and(|path| patches.folder_of(path).is_some()) {
            continue;
        }
        for document in documents {
            match document.content {
                Ok(value) => {
                    let origin = Origin::file(Arc::clone(&file), document.line);
                    objects.push(SourceObject::new(value, origin));
                }
                Err(error) => console.complain(format!("{file}:{}: {error}", error.line)),
            }
        }
    }
    if templates > 0 {
        let templates = counted(templates, "Helm template");
        console.note(format!(
            "{templates} passed over: render with `helm template` and give the output"
        ));
    }
    objects
}
