//! Two ways to read an object, both of which report every problem of the document at once.
//!
//! [`strict`] is for what people write: a field that the type does not know is a problem, since it
//! is most often a misspelling. [`lenient`] is for what comes out of a cluster, which may be newer
//! than the types: unknown fields are skipped, and nothing else is forgiven.
//!
//! ```
//! use crd_core::parse;
//! use serde::Deserialize;
//! use serde_json::json;
//!
//! #[derive(Debug, Deserialize)]
//! struct Backend {
//!     #[allow(dead_code)]
//!     name: String,
//!     #[allow(dead_code)]
//!     port: Option<u16>,
//! }
//!
//! let written = json!({"name": 7, "port": "http", "prot": 80});
//! let error = parse::strict::<Backend>(&written).unwrap_err();
//! let paths: Vec<String> = error.problems().iter().map(|p| p.path.to_string()).collect();
//! assert_eq!(paths, ["name", "port", "prot"]);
//! ```
//!
//! # How all problems are found
//!
//! serde stops at the first error. So the value at the error's path is noted and taken out, and
//! the rest is read again, until nothing new turns up. Where a field is missing, a placeholder is put
//! in its place; if its type takes none (an enum, say), what else the same object lacks comes to light
//! once the field is there. Errors that exist only because of either are not reported.
//!
//! # Null
//!
//! An API server drops a `null` member before it looks at the schema, unless the field is nullable.
//! Parsing does the same: where a type does not accept a `null`, the member counts as absent.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use kube_value::Source;
use kube_value::reading::{self, Failure, Notes};
use kube_vocab::{FieldPath, ObjectId, Segment};

/// What is wrong at one place of a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The type has no such field. Only strict parsing reports it.
    #[error("unknown field")]
    UnknownField,
    /// The field must be there and is not.
    #[error("required field is missing")]
    Missing,
    /// The value is of another type or breaks a rule of its type; the text says what was found and
    /// what is allowed.
    #[error("{0}")]
    Invalid(String),
}

/// One problem of a document and its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {kind}", At(path))]
#[non_exhaustive]
pub struct Problem {
    /// Where; for a missing field, where it should be.
    pub path: FieldPath,
    /// What is wrong at the path.
    pub kind: ProblemKind,
}

/// A path for people: the document itself is a dot.
struct At<'a>(&'a FieldPath);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.is_root() {
            true => f.write_str("."),
            false => self.0.fmt(f),
        }
    }
}

/// A document that could not be read as the type asked for, with all that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(Box<Report>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Report {
    object: ObjectId,
    problems: Vec<Problem>,
}

impl ParseError {
    /// The object that the problems are in, as far as it says who it is.
    pub fn object(&self) -> &ObjectId {
        &self.0.object
    }

    /// What is wrong with it: at least one problem, in the order of their paths.
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.0.object)?;
        for (position, problem) in self.0.problems.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ParseError {}

/// Reads `document` and reports unknown fields, missing fields, wrong types and broken unions.
///
/// # Errors
///
/// Everything that is wrong with the document, each with its path.
pub fn strict<'v, T: DeserializeOwned>(document: impl Into<Source<'v>>) -> Result<T, ParseError> {
    read(document.into(), true)
}

/// Reads `document` and skips fields that the type does not know.
///
/// # Errors
///
/// Everything else that is wrong with the document, each with its path.
pub fn lenient<'v, T: DeserializeOwned>(document: impl Into<Source<'v>>) -> Result<T, ParseError> {
    read(document.into(), false)
}

/// What each part of `document` is read with: the name of the Rust type of its seed, by place, each part after what it is in.
/// A seed is a `PhantomData` of the value's type, or one of this crate's own for the members of unions, which names the union
/// and the value. For tools that show people the types; the names are those of [`std::any::type_name`].
///
/// # Errors
///
/// The first thing that is wrong with the document.
pub fn seeds<T: DeserializeOwned>(
    document: &Value,
) -> Result<Vec<(FieldPath, &'static str)>, ParseError> {
    let notes = Notes::of_seeds();
    match reading::read::<T>(document, &notes) {
        Ok(_) => Ok(notes.into_seeds()),
        Err(failure) => Err(fail(document.into(), vec![problem(failure)])),
    }
}

/// Each round removes one value and reads what is left. The limit keeps a hostile document from
/// costing the square of its size.
const MAX_ROUNDS: usize = 1000;

fn read<T: DeserializeOwned>(document: Source<'_>, strict: bool) -> Result<T, ParseError> {
    let mut read = None;
    // All but this is compiled once, and not for each type.
    let problems = problems(document, strict, &mut |rest, notes| {
        let outcome = reading::read(rest, notes);
        let failure;
        (read, failure) = match outcome {
            Ok(value) => (Some(value), None),
            Err(failure) => (None, Some(failure)),
        };
        failure
    });
    match read {
        Some(value) if problems.is_empty() => Ok(value),
        _ => Err(fail(document, problems)),
    }
}

/// What one reading found out: the first error, and the members that the type does not know, where that matters.
struct Reading {
    failure: Option<Failure>,
    unknown: Vec<FieldPath>,
}

/// All that is wrong with a document, which `attempt` reads; where nothing is, the last attempt has read it.
fn problems(
    document: Source<'_>,
    strict: bool,
    attempt: &mut dyn FnMut(Source<'_>, &Notes) -> Option<Failure>,
) -> Vec<Problem> {
    let mut read = |rest: Source<'_>| {
        let notes = match strict {
            true => Notes::of_unknown(),
            false => Notes::default(),
        };
        Reading {
            failure: attempt(rest, &notes),
            unknown: notes.into_unknown(),
        }
    };
    let mut reading = read(document);
    if reading.failure.is_none() && reading.unknown.is_empty() {
        return Vec::new();
    }
    let mut search = Search::new(document.to_json());
    for _ in 0..MAX_ROUNDS {
        search.note_unknown(&reading.unknown);
        let Some(failure) = reading.failure else {
            break;
        };
        let at = failure.path.clone();
        let next = match search.note(failure) {
            Step::Stop => break,
            Step::Remove => None,
            // Something in the field's place lets the rest of the object be read.
            Step::FillIn(field) => placeholders().into_iter().find_map(|placeholder| {
                search.fill_in(&field, placeholder);
                let next = read((&search.rest).into());
                let refused =
                    matches!(&next.failure, Some(failure) if failure.path.is_within(&field));
                (!refused).then_some(next)
            }),
        };
        reading = match next {
            Some(next) => next,
            None if search.take_out(&at) => read((&search.rest).into()),
            None => break,
        };
    }
    search.into_problems(strict)
}

/// What a missing field may turn out to be.
fn placeholders() -> [Value; 5] {
    [json!({}), json!([]), json!(""), json!(1), json!(false)]
}

/// How to get on after an error.
enum Step {
    /// Take the value at the error's path out.
    Remove,
    /// Put something where this field, a path of the rest, is missing; failing that, take out what
    /// it is missing from.
    FillIn(FieldPath),
    /// There is nothing more to find.
    Stop,
}

fn fail(document: Source<'_>, problems: Vec<Problem>) -> ParseError {
    ParseError(Box::new(Report {
        object: identity(&document.to_json()),
        problems,
    }))
}

/// What the document says of its identity; members of another type than string count as absent.
fn identity(document: &Value) -> ObjectId {
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
    ObjectId::new(
        text("/apiVersion").unwrap_or_default(),
        text("/kind").unwrap_or_default(),
        text("/metadata/namespace"),
        text("/metadata/name").unwrap_or_default(),
    )
}

/// The field that is missing, if that is the failure.
fn missing_field(failure: &Failure) -> Option<&str> {
    let name = failure.message.strip_prefix("missing field `")?;
    name.strip_suffix('`')
}

fn problem(failure: Failure) -> Problem {
    match missing_field(&failure) {
        Some(name) => Problem {
            path: failure.path.clone().field(name),
            kind: ProblemKind::Missing,
        },
        None => Problem {
            path: failure.path,
            kind: ProblemKind::Invalid(failure.message),
        },
    }
}

/// The state between two readings: what is left of the document, and what was taken out of it.
/// All paths are those of the whole document.
struct Search {
    rest: Value,
    unknown: BTreeSet<FieldPath>,
    problems: Vec<Problem>,
    removed: BTreeSet<FieldPath>,
    /// Those of `removed` that hide an error (a null does not).
    broken: BTreeSet<FieldPath>,
}

impl Search {
    fn new(document: Value) -> Self {
        Self {
            rest: document,
            unknown: BTreeSet::new(),
            problems: Vec::new(),
            removed: BTreeSet::new(),
            broken: BTreeSet::new(),
        }
    }

    fn note_unknown(&mut self, found: &[FieldPath]) {
        for path in found {
            let path = self.original(path);
            self.unknown.insert(path);
        }
    }

    /// Reports an error if it is new.
    fn note(&mut self, failure: Failure) -> Step {
        let path = self.original(&failure.path);
        let is_member = matches!(path.segments().last(), Some(Segment::Field(_)));
        if is_member && lookup(&self.rest, &failure.path) == Some(&Value::Null) {
            return Step::Remove;
        }
        if is_type_meta(&path) {
            // Not this kind of object at all: what else it says is beside the point.
            self.unknown.clear();
            self.problems = vec![problem(Failure { path, ..failure })];
            return Step::Stop;
        }
        let missing = missing_field(&failure).map(str::to_owned);
        let reduced = failure.path.clone();
        if !self.is_consequence(&path, missing.as_deref()) {
            let path = path.clone();
            self.problems.push(problem(Failure { path, ..failure }));
        }
        match missing {
            Some(name) => {
                self.broken.insert(path.field(name.as_str()));
                Step::FillIn(reduced.field(name))
            }
            None => Step::Remove,
        }
    }

    /// Puts a placeholder where a field is missing.
    fn fill_in(&mut self, field: &FieldPath, placeholder: Value) {
        let (Some(parent), Some(Segment::Field(name))) = (field.parent(), field.segments().last())
        else {
            return;
        };
        if let Some(Value::Object(members)) = lookup_mut(&mut self.rest, parent.segments()) {
            members.insert(name.clone(), placeholder);
        }
    }

    /// Takes the value at a path of the rest out; false if that is all there is.
    fn take_out(&mut self, reduced: &FieldPath) -> bool {
        let path = self.original(reduced);
        if lookup(&self.rest, reduced) != Some(&Value::Null) {
            self.broken.insert(path.clone());
        }
        self.removed.insert(path);
        remove(&mut self.rest, reduced)
    }

    /// Whether the error at `path` is there only because of what was taken out before.
    fn is_consequence(&self, path: &FieldPath, missing: Option<&str>) -> bool {
        match missing {
            Some(name) => self.broken.contains(&path.clone().field(name)),
            None => self
                .broken
                .iter()
                .any(|gone| gone.parent().as_ref() == Some(path)),
        }
    }

    /// Translates a path of the rest into one of the whole document: list elements that were taken
    /// out count again.
    fn original(&self, reduced: &FieldPath) -> FieldPath {
        let mut out = FieldPath::root();
        for segment in reduced.segments() {
            match segment {
                Segment::Field(_) | Segment::Key(_) => out.push(segment.clone()),
                Segment::Index(index) => {
                    let mut kept = 0;
                    let mut position = 0;
                    while kept < *index || self.removed.contains(&out.clone().index(position)) {
                        if !self.removed.contains(&out.clone().index(position)) {
                            kept += 1;
                        }
                        position += 1;
                    }
                    out.push(Segment::Index(position));
                }
            }
        }
        out
    }

    fn into_problems(self, strict: bool) -> Vec<Problem> {
        let mut problems = self.problems;
        if strict {
            problems.extend(self.unknown.into_iter().map(|path| Problem {
                path,
                kind: ProblemKind::UnknownField,
            }));
        }
        problems.sort_by(|a, b| a.path.cmp(&b.path));
        problems
    }
}

fn is_type_meta(path: &FieldPath) -> bool {
    matches!(path.segments(), [Segment::Field(key)] if key == "apiVersion" || key == "kind")
}

fn lookup<'a>(value: &'a Value, path: &FieldPath) -> Option<&'a Value> {
    path.segments()
        .iter()
        .try_fold(value, |value, segment| match segment {
            Segment::Field(key) | Segment::Key(key) => value.get(key),
            Segment::Index(index) => value.get(index),
        })
}

fn lookup_mut<'a>(value: &'a mut Value, path: &[Segment]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, segment| match segment {
        Segment::Field(key) | Segment::Key(key) => value.get_mut(key),
        Segment::Index(index) => value.get_mut(index),
    })
}

/// Takes the value at `path` out of `value`; false where there is none, or it is the root.
fn remove(value: &mut Value, path: &FieldPath) -> bool {
    let Some((last, parents)) = path.segments().split_last() else {
        return false;
    };
    let parent = lookup_mut(value, parents);
    match (parent, last) {
        (Some(Value::Object(members)), Segment::Field(key)) => members.shift_remove(key).is_some(),
        (Some(Value::Array(items)), Segment::Index(index)) if *index < items.len() => {
            items.remove(*index);
            true
        }
        _ => false,
    }
}
