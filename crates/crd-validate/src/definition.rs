//! Finding definitions in text without parsing more of it than is needed.

use std::sync::OnceLock;

use serde_json::Value;

use crate::packed::PackedKind;
use crate::reader;
use crate::validator::{DefinitionError, MakeSchema, Validator};

/// A definition whose kind is known, and the rest when it is needed.
pub(crate) struct Named {
    source: Source,
    ready: OnceLock<Result<Validator, DefinitionError>>,
}

/// Where the definition comes from when it is needed.
enum Source {
    Ready,
    Text(String),
    Made(Make),
    /// Without schemas; those are made version by version.
    ByVersion(Make, MakeSchema),
    Packed(PackedKind),
}

type Make = Box<dyn Fn() -> Result<Value, String> + Send + Sync>;

/// What definitions are found by: the group without its version, and the kind.
pub(crate) type Key = (String, String);

impl From<PackedKind> for Named {
    fn from(packed: PackedKind) -> Self {
        Self {
            source: Source::Packed(packed),
            ready: OnceLock::new(),
        }
    }
}

impl From<Validator> for Named {
    fn from(validator: Validator) -> Self {
        Self {
            source: Source::Ready,
            ready: OnceLock::from(Ok(validator)),
        }
    }
}

impl Named {
    pub(crate) fn made(make: impl Fn() -> Result<Value, String> + Send + Sync + 'static) -> Self {
        Self {
            source: Source::Made(Box::new(make)),
            ready: OnceLock::new(),
        }
    }

    pub(crate) fn by_version(
        make: impl Fn() -> Result<Value, String> + Send + Sync + 'static,
        schema: MakeSchema,
    ) -> Self {
        Self {
            source: Source::ByVersion(Box::new(make), schema),
            ready: OnceLock::new(),
        }
    }

    pub(crate) fn validator(&self) -> Result<&Validator, &DefinitionError> {
        self.ready.get_or_init(|| self.source.read()).as_ref()
    }
}

impl Source {
    fn read(&self) -> Result<Validator, DefinitionError> {
        let text = match self {
            Self::Ready => "",
            Self::Text(text) => text,
            Self::Made(make) => return make().map_err(DefinitionError::Made)?.try_into(),
            Self::ByVersion(make, schema) => {
                let frame = make().map_err(DefinitionError::Made)?;
                return Ok(Validator::try_from(frame)?.with_schemas(schema));
            }
            Self::Packed(packed) => return packed.validator(),
        };
        match reader::documents(text.as_bytes()).next() {
            Some(document) => document
                .content
                .map_err(DefinitionError::Syntax)?
                .try_into(),
            None => Err(DefinitionError::NotADefinition),
        }
    }
}

/// The definitions of a text, found and not read yet: [`Registry::add_all`](crate::Registry::add_all) takes them. Many texts can
/// so be searched side by side.
pub struct Definitions(Vec<(Key, Named)>);

impl std::fmt::Debug for Definitions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(key, _)| key))
            .finish()
    }
}

impl Definitions {
    /// Those of a manifest of one or several documents, as [`Registry::add_text`](crate::Registry::add_text) adds them. Only they
    /// are held, not the text.
    ///
    /// # Errors
    /// When a document cannot be read, or a definition lacks its group, names or versions.
    pub fn find(text: &str) -> Result<Self, DefinitionError> {
        scan(text).map(Self)
    }

    /// Those that can be used; what cannot be read is passed over.
    #[must_use]
    pub fn find_usable(text: &str) -> Self {
        Self::find(text).unwrap_or_else(|_| {
            let validators = reader::documents(text.as_bytes()).filter_map(|document| {
                // What is broken says so where it is judged as an object.
                let value = document.content.ok()?;
                Validator::try_from(value).ok()
            });
            Self(validators.map(named).collect())
        })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_named(self) -> Vec<(Key, Named)> {
        self.0
    }
}

fn named(validator: Validator) -> (Key, Named) {
    let key = (validator.group().to_owned(), validator.kind().to_owned());
    (key, validator.into())
}

/// The definitions in a text. Those laid out as usual are recognised by their lines; anything else is parsed now.
fn scan(text: &str) -> Result<Vec<(Key, Named)>, DefinitionError> {
    let mut found = Vec::new();
    let mut lines = 0;
    for part in text.split("\n---") {
        let before = lines;
        lines += 1 + part.bytes().filter(|&byte| byte == b'\n').count();
        if !part.contains("CustomResourceDefinition") {
            continue;
        }
        match recognise(part) {
            Some(key) => {
                // Faults that are found later keep their lines in the file.
                let text = "\n".repeat(before) + part.trim_start_matches("---");
                let named = Named {
                    source: Source::Text(text),
                    ready: OnceLock::new(),
                };
                found.push((key, named));
            }
            None => return parse(text),
        }
    }
    Ok(found)
}

fn parse(text: &str) -> Result<Vec<(Key, Named)>, DefinitionError> {
    let mut found = Vec::new();
    for document in reader::documents(text.as_bytes()) {
        let value = document.content.map_err(DefinitionError::Syntax)?;
        match Validator::try_from(value) {
            Ok(validator) => found.push(named(validator)),
            Err(DefinitionError::NotADefinition) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Group and kind of a block-style definition.
fn recognise(text: &str) -> Option<Key> {
    let unquoted = |value: &str| value.trim().trim_matches(['"', '\'']).to_owned();
    let (mut group, mut kind, mut top, mut names) = (None, None, false, false);
    for row in text.lines() {
        if !row.starts_with([' ', '#']) && !row.is_empty() {
            top = row.starts_with("spec:");
            if let Some(value) = row.strip_prefix("kind:")
                && unquoted(value) != "CustomResourceDefinition"
            {
                return None;
            }
        } else if top {
            if let Some(inner) = row.strip_prefix("  ")
                && !inner.starts_with([' ', '#', '-'])
            {
                names = inner.trim_end() == "names:";
                if let Some(value) = inner.strip_prefix("group:") {
                    group = Some(unquoted(value));
                }
                // The versions are long, and what is wanted stands before them or nowhere near.
                if inner.starts_with("versions:") && group.is_some() && kind.is_some() {
                    break;
                }
            } else if names && let Some(value) = row.strip_prefix("    kind:") {
                kind = Some(unquoted(value));
            }
        }
    }
    let plain = |text: &String| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
    };
    Some((group.filter(plain)?, kind.filter(plain)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_recognised_by_their_lines() {
        let block = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\nspec:\n  group: \"a.b\"\n  names:\n    categories:\n    - kind\n    kind: C\n  versions:\n  - name: v1\n";
        assert_eq!(recognise(block), Some(("a.b".to_owned(), "C".to_owned())));
        assert_eq!(recognise("kind: ConfigMap\nspec:\n  group: a\n"), None);
        let flow = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {group: a, names: {kind: B}, versions: []}\n";
        let both = format!("{block}---\n{flow}---\nkind: Other\n");
        let keys: Vec<_> = scan(&both)
            .unwrap()
            .into_iter()
            .map(|(key, _)| key)
            .collect();
        assert_eq!(
            keys,
            [
                ("a.b".to_owned(), "C".to_owned()),
                ("a".to_owned(), "B".to_owned())
            ]
        );
        assert!(scan("kind: CustomResourceDefinition\nspec: [\n").is_err());
    }
}
