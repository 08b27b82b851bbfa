//! The objects of many files together, for commands that ask what a cluster would hold.

use std::path::PathBuf;
use std::sync::Arc;

use lab_cli::text::counted;
use lab_cli::{Console, Progress};
use stack_model::{Model, SourceObject};

use crate::files::{self, Exclude, Input, OfChart};
use crate::{check, recognise, words};

/// Everything that stands in the files, as a model; without Helm templates, the patches of kustomizations, and what exercises of
/// a rendered tree apply by hand, unless their file is named. What cannot be read is complained of, and the rest is used.
pub(crate) fn model(paths: &[PathBuf], console: &mut Console) -> Model {
    let inputs = files::collect(paths, &Exclude::default(), console);
    let mut restored = Vec::new();
    let silent = Progress::new(true);
    let objects = read(
        &inputs,
        true,
        &silent,
        console,
        &mut |text, name, document| {
            let words = words::restore(document, text);
            restored.extend(words.into_iter().map(|word| (Arc::clone(name), word)));
        },
    );
    if let Some((file, first)) = restored.first() {
        let others = match restored.len() - 1 {
            0 => String::new(),
            more => format!("; so are {}", counted(more, "other word")),
        };
        console.note(format!(
            "{file}:{}: `{}` is taken for a text, and kubectl would read a truth value: quote it{others}",
            first.line, first.word
        ));
    }
    Model::read(objects)
}

/// The documents of all inputs, in their order; without Helm templates and the patches of kustomizations.
pub(crate) fn documents(inputs: Vec<Input>, console: &mut Console) -> Vec<SourceObject> {
    read(
        &inputs,
        false,
        &Progress::new(true),
        console,
        &mut |_, _, _| {},
    )
}

/// The same without the files of a rendered tree that exercises apply by hand, told as it comes. The inputs can be read again.
pub(crate) fn stack(
    inputs: &[Input],
    progress: &Progress,
    console: &mut Console,
) -> Vec<SourceObject> {
    read(inputs, true, progress, console, &mut |_, _, _| {})
}

/// What is done to a document as soon as it is read: with the text and the name of its file.
type Visit<'v> = dyn FnMut(&str, &Arc<str>, &mut kube_yaml::Document) + 'v;

/// `applied` leaves out what exercises apply by hand: that is no part of the stack.
fn read(
    inputs: &[Input],
    applied: bool,
    progress: &Progress,
    console: &mut Console,
    visit: &mut Visit<'_>,
) -> Vec<SourceObject> {
    let patches = recognise::patches(inputs);
    let mut objects = Vec::new();
    let mut templates = 0;
    progress.begin("reading files", inputs.len());
    for input in inputs {
        progress.advance();
        let bytes = match input.peek() {
            Ok(bytes) => bytes,
            Err(error) => {
                console.complain(format!("{}: {error}", input.name));
                continue;
            }
        };
        if applied && !input.named && recognise::is_of_an_exercise(&bytes) {
            continue;
        }
        let file: Arc<str> = input.name.as_str().into();
        let text = match kube_yaml::decode(&bytes) {
            Ok(text) => text,
            Err(error) => {
                console.complain(format!("{file}:{}: {error}", error.line));
                continue;
            }
        };
        let documents: Vec<_> = kube_yaml::Manifests::new(text).collect();
        let broken = documents.iter().any(Result::is_err);
        let path = input.path.as_deref();
        if recognise::is_helm_template(text, path, broken) {
            templates += 1;
            continue;
        }
        if path.is_some_and(|path| patches.folder_of(path).is_some()) {
            continue;
        }
        let directives = recognise::has_directives(text.as_bytes());
        for document in documents {
            match document {
                Ok(document) if directives && recognise::is_patch(&document.value) => {}
                Ok(mut document) => {
                    visit(text, &file, &mut document);
                    let object = SourceObject::read(Arc::clone(&file), document);
                    objects.push(match &input.chart {
                        Some(chart) => of_chart(object, chart),
                        None => object,
                    });
                }
                Err(error) => console.complain(format!("{file}:{}: {error}", error.line)),
            }
        }
    }
    progress.clear();
    if templates > 0 {
        let templates = counted(templates, "Helm template");
        console.note(format!(
            "{templates} passed over: render with `helm template` and give the output"
        ));
    }
    objects
}

/// An object that a chart made: it knows its release, and stands in the namespace of that where it names none.
fn of_chart(mut object: SourceObject, chart: &OfChart) -> SourceObject {
    object.origin.release = Some(chart.release.as_str().into());
    let mut value = object.value.to_json();
    check::place(&mut value, chart.namespace.as_deref());
    object.value = value.into();
    object
}
