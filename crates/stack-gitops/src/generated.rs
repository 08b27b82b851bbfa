//! What is known of values that charts make up anew with each rendering.

use std::fmt;

use kube_vocab::ObjectId;

/// What is known of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The release, by its name.
    pub release: String,
    /// Where the knowledge comes from; only comparing two renderings proves it.
    pub by: KnownBy,
    /// The values, in the order of objects and fields; empty where nothing is made up, or nothing is known.
    pub values: Vec<GeneratedValue>,
}

/// How it is known which values a chart makes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// The chart was rendered twice, and the renderings compared.
    Comparing,
    /// The component says it of this version of the chart.
    Declaration,
    /// Nobody says it. Rendering twice would tell.
    Nobody,
}

/// A value that is another with each rendering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedValue {
    /// The object that holds it.
    pub object: ObjectId,
    /// The field; empty for an object whose name is made up.
    pub path: String,
}

impl fmt::Display for GeneratedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => self.object.fmt(f),
            path => write!(f, "{}: {path}", self.object),
        }
    }
}
