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

use crate::json::{self, Failure, Reading};
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
pub fn strict<T: DeserializeOwned>(document: &Value) -> Result<T, ParseError> {
    read(document, true)
}

/// Reads `document` and skips fields that the type does not know.
///
/// # Errors
///
/// Everything else that is wrong with the document, each with its path.
pub fn lenient<T: DeserializeOwned>(document: &Value) -> Result<T, ParseError> {
    read(document, false)
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
    json::seeds::<T>(document).map_err(|failure| fail(document, vec![failure.problem()]))
}

/// Each round removes one value and reads what is left. The limit keeps a hostile document from
/// costing the square of its size.
const MAX_ROUNDS: usize = 1000;

fn read<T: DeserializeOwned>(document: &Value, strict: bool) -> Result<T, ParseError> {
    let Reading {
        value: mut outcome,
        mut unknown,
    } = json::read::<T>(document);
    if outcome.is_ok() && (!strict || unknown.is_empty()) {
        return outcome.map_err(|failure| fail(document, vec![failure.problem()]));
    }
    let mut search = Search::new(document);
    for _ in 0..MAX_ROUNDS {
        search.note_unknown(&unknown);
        let failure = match outcome {
            Ok(value) if search.is_clean(strict) => return Ok(value),
            Ok(_) => break,
            Err(failure) => failure,
        };
        let at = failure.path.clone();
        let next = match search.note(failure) {
            Step::Stop => break,
            Step::Remove => None,
            // Something in the field's place lets the rest of the object be read.
            Step::FillIn(field) => placeholders().into_iter().find_map(|placeholder| {
                search.fill_in(&field, placeholder);
                let next = json::read::<T>(&search.rest);
                let refused = matches!(&next.value, Err(failure) if failure.path.is_within(&field));
                (!refused).then_some(next)
            }),
        };
        Reading {
            value: outcome,
            unknown,
        } = match next {
            Some(next) => next,
            None if search.take_out(&at) => json::read::<T>(&search.rest),
            None => break,
        };
    }
    Err(fail(document, search.into_problems(strict)))
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

fn fail(document: &Value, problems: Vec<Problem>) -> ParseError {
    ParseError(Box::new(Report {
        object: identity(document),
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

impl Failure {
    fn missing_field(&self) -> Option<&str> {
        self.message
            .strip_prefix("missing field `")?
            .strip_suffix('`')
    }

    fn problem(self) -> Problem {
        match self.missing_field() {
            Some(name) => Problem {
                path: self.path.clone().field(name),
                kind: ProblemKind::Missing,
            },
            None => Problem {
                path: self.path,
                kind: ProblemKind::Invalid(self.message),
            },
        }
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
    fn new(document: &Value) -> Self {
        Self {
            rest: document.clone(),
            unknown: BTreeSet::new(),
            problems: Vec::new(),
            removed: BTreeSet::new(),
            broken: BTreeSet::new(),
        }
    }

    fn is_clean(&self, strict: bool) -> bool {
        self.problems.is_empty() && (!strict || self.unknown.is_empty())
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
            self.problems = vec![Failure { path, ..failure }.problem()];
            return Step::Stop;
        }
        let missing = failure.missing_field().map(str::to_owned);
        let reduced = failure.path.clone();
        if !self.is_consequence(&path, missing.as_deref()) {
            let path = path.clone();
            self.problems.push(Failure { path, ..failure }.problem());
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
