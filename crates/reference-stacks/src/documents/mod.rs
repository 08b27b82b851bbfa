//! Two guides print configuration of cloud-native stacks; here each printed piece is built with types.
//!
//! A [`Document`] is known by the name of its file. Where the printed form is wrong, [`Document::faults`] says what finds it, and
//! [`Document::corrected`] is the form to use; a printed form that the types cannot express has no
//! [`Document::printed`](field@Document::printed), and [`Document::changes`] says what leads from it to the corrected one.

pub mod delivery;
pub mod landscape;
pub mod observability;
pub mod policies;
pub mod resilience;
pub mod service_mesh;

use serde::Serialize;
use serde_json::Value;

use crate::script::Script;

/// One printed piece of configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The name of its file.
    pub file: &'static str,
    /// As it is printed; absent where the types cannot say it.
    pub printed: Option<Content>,
    /// What is wrong with the printed form.
    pub faults: Vec<Fault>,
    /// What leads from the printed form to the corrected one, where there is no [`Document::printed`](field@Document::printed).
    pub changes: Vec<Change>,
    /// The form to use, where that is another than the printed one.
    pub corrected: Option<Content>,
}

/// What a document holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// An object, or a file that is read as a value.
    Value(Value),
    /// A text that counts as it is, without comments.
    Text(String),
    /// Commands: programs with arguments.
    Commands(Vec<Vec<String>>),
}

/// Something that is wrong with a printed form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The code under which a check of ours reports it, or `admission` for what an API server refuses.
    pub code: &'static str,
    /// What comes of it.
    pub effect: &'static str,
}

/// A step from a printed form to the corrected one.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The value at a JSON pointer.
    Set(&'static str, Value),
    /// The member at a JSON pointer goes.
    Remove(&'static str),
}

impl Document {
    fn new(file: &'static str, printed: Content) -> Self {
        Self {
            file,
            printed: Some(printed),
            faults: Vec::new(),
            changes: Vec::new(),
            corrected: None,
        }
    }

    /// A printed form that is sound, or wrong in a way that types can say.
    pub(crate) fn printed(
        file: &'static str,
        value: &impl Serialize,
    ) -> Result<Self, serde_json::Error> {
        Ok(Self::new(
            file,
            Content::Value(serde_json::to_value(value)?),
        ))
    }

    pub(crate) fn text(file: &'static str, text: String) -> Self {
        Self::new(file, Content::Text(text))
    }

    pub(crate) fn commands(file: &'static str, commands: Vec<Vec<String>>) -> Self {
        Self::new(file, Content::Commands(commands))
    }

    /// A printed form that the types cannot say: the corrected one, and what leads to it.
    pub(crate) fn mended(
        file: &'static str,
        corrected: &impl Serialize,
        changes: Vec<Change>,
    ) -> Result<Self, serde_json::Error> {
        Ok(Self {
            file,
            printed: None,
            faults: Vec::new(),
            changes,
            corrected: Some(Content::Value(serde_json::to_value(corrected)?)),
        })
    }

    pub(crate) fn with_fault(mut self, code: &'static str, effect: &'static str) -> Self {
        self.faults.push(Fault { code, effect });
        self
    }

    pub(crate) fn with_corrected(
        mut self,
        value: &impl Serialize,
    ) -> Result<Self, serde_json::Error> {
        self.corrected = Some(Content::Value(serde_json::to_value(value)?));
        Ok(self)
    }

    pub(crate) fn with_corrected_script(mut self, script: &Script) -> Self {
        self.corrected = Some(Content::Commands(script.commands()));
        self
    }

    pub(crate) fn with_corrected_text(mut self, text: String) -> Self {
        self.corrected = Some(Content::Text(text));
        self
    }

    /// The form to use: the corrected one, or the printed one where nothing is wrong.
    pub fn sound(&self) -> Option<&Content> {
        self.corrected.as_ref().or(self.printed.as_ref())
    }
}

/// All printed pieces, in the order of the guides.
///
/// # Errors
/// When a type serialises to something that is no JSON; none does.
pub fn all() -> Result<Vec<Document>, DocumentError> {
    let mut all = Vec::new();
    all.extend(delivery::documents()?);
    all.extend(observability::documents()?);
    all.extend(service_mesh::documents()?);
    all.extend(policies::documents()?);
    all.extend(resilience::documents()?);
    all.extend(landscape::documents()?);
    all.sort_by_key(|document| document.file);
    Ok(all)
}

/// Why the documents could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// A value that is no JSON.
    #[error("a document could not be serialised: {0}")]
    Json(#[from] serde_json::Error),
    /// A value that is no YAML.
    #[error("a document could not be written: {0}")]
    Yaml(#[from] stack_config::WriteError),
}
