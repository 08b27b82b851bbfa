//! One CustomResourceDefinition, ready to judge objects.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::{Value as Json, json};

use crate::cel::{self, Pair, Verdict};
use crate::fault::{Fault, Source};
use crate::metadata::{self, NameRule};
use crate::reader::SyntaxError;
use crate::report::{Outcome, Report};
use crate::schema::{self, Child, Part, Parts, Schema, SchemaError};
use crate::seen::Names;
use crate::value::{Map, Value};
use kube_vocab::{FieldPath, Path};

/// Why a definition cannot serve for judging.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DefinitionError {
    /// The value is not a CustomResourceDefinition of `apiextensions.k8s.io/v1`.
    #[error("not a CustomResourceDefinition of apiextensions.k8s.io/v1")]
    NotADefinition,
    /// The text of the definition cannot be read.
    #[error("line {}: {}", .0.line, .0.message)]
    Syntax(SyntaxError),
    /// The definition was to be made when it is first needed, and could not be.
    #[error("the definition cannot be made: {0}")]
    Made(String),
    /// A member that every definition has is missing.
    #[error("the definition has no {0}")]
    Missing(&'static str),
    /// The schema of a version cannot be compiled.
    #[error("version {version}: {error}")]
    Schema {
        /// The version of the definition.
        version: String,
        /// What is wrong with its schema.
        error: SchemaError,
    },
}

/// What the server does with members that no schema knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownFields {
    /// Refuse them, as `kubectl apply` asks for: `fieldValidation=Strict`. The rest of the object is judged without them, though
    /// a server stops there: all findings come at once.
    #[default]
    Refuse,
    /// Drop them without a word: `fieldValidation=Ignore`.
    Drop,
}

/// Judges the objects of one kind, in every version that its CustomResourceDefinition serves.
///
/// Reading a definition is cheap. The schema of a version is compiled when the first object of that version comes, each
/// CEL rule when the first object needs it; both are kept. A `Validator` can be shared between threads.
///
/// ```
/// use crd_validate::Validator;
/// use serde_json::json;
///
/// let crd = json!({
///     "apiVersion": "apiextensions.k8s.io/v1",
///     "kind": "CustomResourceDefinition",
///     "metadata": {"name": "lamps.example.com"},
///     "spec": {
///         "group": "example.com",
///         "scope": "Namespaced",
///         "names": {"kind": "Lamp", "plural": "lamps"},
///         "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
///             "type": "object",
///             "properties": {"spec": {
///                 "type": "object",
///                 "required": ["watts"],
///                 "properties": {"watts": {"type": "integer", "maximum": 60}}
///             }}
///         }}}]
///     }
/// });
/// let lamps = Validator::new(&crd)?;
/// let report = lamps.create(&json!({
///     "apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": "desk"}, "spec": {"watts": 100}
/// }));
/// assert_eq!(report.findings[0].to_string(), "error: Lamp desk: spec.watts: 100 must be at most 60 (schema)");
/// # Ok::<(), crd_validate::DefinitionError>(())
/// ```
#[derive(Debug)]
pub struct Validator {
    group: String,
    kind: String,
    namespaced: bool,
    /// Whether a webhook turns one version into another.
    converts: bool,
    versions: Vec<Version>,
    /// Where parts of the schemas come from as objects touch them.
    parts: Option<&'static dyn Parts>,
}

#[derive(Debug)]
struct Version {
    name: String,
    served: bool,
    /// Whether objects are kept in it.
    storage: bool,
    status: bool,
    scale: Vec<ScalePath>,
    /// The schema until it is compiled, then nothing.
    source: Mutex<SchemaSource>,
    compiled: OnceLock<Result<Child, SchemaError>>,
}

/// Makes the schema of a version that is named, where it has one.
pub(crate) type MakeSchema = Arc<dyn Fn(&str) -> Option<Json> + Send + Sync>;

/// Where a schema comes from.
enum SchemaSource {
    Value(Json),
    Made(MakeSchema),
    Part(Arc<Part>),
}

impl std::fmt::Debug for SchemaSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SchemaSource")
    }
}

/// A member that the scale subresource reads.
#[derive(Debug)]
struct ScalePath {
    path: String,
    text: bool,
}

impl Validator {
    /// Reads a CustomResourceDefinition. One that is owned and not needed afterwards is better given to `try_from`, which
    /// keeps its schemas rather than copies of them.
    ///
    /// # Errors
    /// When the value is not one, or lacks its group, names or versions. Its schemas are looked at later; see
    /// [`Validator::compile`].
    pub fn new(definition: &Json) -> Result<Self, DefinitionError> {
        definition.clone().try_into()
    }

    /// The same with schemas that are made when an object of their version comes.
    pub(crate) fn with_schemas(mut self, make: &MakeSchema) -> Self {
        for version in &mut self.versions {
            version.source = SchemaSource::Made(Arc::clone(make)).into();
        }
        self
    }

    /// The same of a definition whose schemas are parts.
    pub(crate) fn of_parts(
        group: &str,
        kind: &str,
        spec: Json,
        parts: &'static dyn Parts,
    ) -> Result<Self, DefinitionError> {
        let mut validator = Self::of(group.to_owned(), kind.to_owned(), spec)?;
        for version in &mut validator.versions {
            let source = version.source.get_mut();
            let source = source.unwrap_or_else(PoisonError::into_inner);
            if let SchemaSource::Value(Json::String(reference)) = source {
                *source = SchemaSource::Part(parts.part(reference));
            }
        }
        validator.parts = Some(parts);
        Ok(validator)
    }

    fn of(group: String, kind: String, mut spec: Json) -> Result<Self, DefinitionError> {
        let versions = match spec.get_mut("versions").map(Json::take) {
            Some(Json::Array(versions)) => versions,
            _ => return Err(DefinitionError::Missing("spec.versions")),
        };
        let text = |pointer: &str| spec.pointer(pointer).and_then(Json::as_str);
        Ok(Self {
            group,
            kind,
            namespaced: text("/scope") != Some("Cluster"),
            converts: text("/conversion/strategy") == Some("Webhook"),
            versions: versions.into_iter().filter_map(Version::read).collect(),
            parts: None,
        })
    }

    /// The API group, such as `gateway.networking.k8s.io`.
    #[must_use]
    pub fn group(&self) -> &str {
        &self.group
    }

    /// What objects must write in `kind`, such as `HTTPRoute`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Whether objects of this kind live in a namespace.
    #[must_use]
    pub fn is_namespaced(&self) -> bool {
        self.namespaced
    }

    /// The names of the versions that a server with this definition answers to.
    pub fn served_versions(&self) -> impl Iterator<Item = &str> {
        self.versions
            .iter()
            .filter(|version| version.served)
            .map(|version| version.name.as_str())
    }

    /// Compiles the schemas of all versions now rather than when they are first needed.
    ///
    /// # Errors
    /// When a schema is no schema.
    pub fn compile(&self) -> Result<(), DefinitionError> {
        for version in &self.versions {
            version.schema().map_err(|error| DefinitionError::Schema {
                version: version.name.clone(),
                error: error.clone(),
            })?;
        }
        Ok(())
    }

    /// Judges an object that is to be created, refusing unknown fields.
    #[must_use]
    pub fn create(&self, object: &Json) -> Report {
        self.judge(object, None, UnknownFields::Refuse)
    }

    /// Judges an object that is to take the place of `old`, refusing unknown fields. Faults that `old` has in the same
    /// place, unchanged, are forgiven, as the server does.
    #[must_use]
    pub fn update(&self, object: &Json, old: &Json) -> Report {
        self.judge(object, Some(old), UnknownFields::Refuse)
    }

    /// Judges a creation, or an update where `old` is given.
    #[must_use]
    pub fn judge(&self, object: &Json, old: Option<&Json>, unknown: UnknownFields) -> Report {
        let outcome = match Value::from(object) {
            Value::Object(members) => {
                let old = match old.map(Value::from) {
                    Some(Value::Object(old)) => Some(old),
                    _ => None,
                };
                self.outcome(members, old, unknown)
            }
            _ => {
                let message = "must be an object with apiVersion, kind and metadata";
                Outcome::refused(Source::Type, "", message)
            }
        };
        outcome.of(object)
    }

    pub(crate) fn outcome(
        &self,
        members: Map,
        old: Option<Map>,
        unknown: UnknownFields,
    ) -> Outcome {
        let mut report = Outcome::default();
        let Some(version) = self.version_of(&members, &mut report) else {
            return report;
        };
        let schema = match version.schema() {
            Ok(schema) => schema,
            Err(error) => {
                return Outcome::unusable(format!("cannot be judged: {error}"));
            }
        };
        let Some(mut new) = decode(members, schema, unknown, &mut report) else {
            return report;
        };
        let old =
            old.and_then(|old| decode(old, schema, UnknownFields::Drop, &mut Outcome::default()));
        version.settle_status(&mut new, old.as_ref());
        let metadata = new.get("metadata").unwrap_or(&Value::Null);
        match &old {
            None => metadata::check(
                metadata,
                NameRule::Subdomain,
                self.namespaced,
                &mut report.faults,
            ),
            Some(old) => {
                let old = old.get("metadata").unwrap_or(&Value::Null);
                metadata::check_update(metadata, old, &mut report.faults);
            }
        }
        if old.is_none() {
            fill_generated_name(&mut new);
        }
        version.check(&new, old.as_ref(), schema, &mut report);
        match self.parts.and_then(Parts::fault) {
            Some(fault) => Outcome::unusable(format!("cannot be judged: {fault}")),
            None => report,
        }
    }

    /// How the names of objects of a version are judged, where its schema says nothing of them.
    pub(crate) fn names_of(&self, api_version: &str) -> Option<Names> {
        let (_, name) = api_version.split_once('/')?;
        let version = self.versions.iter().find(|version| version.name == name)?;
        let reads_metadata = |scale: &ScalePath| scale.path.starts_with("metadata");
        let are_apart =
            version.schema().ok()?.is_nameless() && !version.scale.iter().any(reads_metadata);
        are_apart.then_some(Names {
            rule: NameRule::Subdomain,
            namespaced: self.namespaced,
        })
    }

    /// The form in which a server would keep an object that is created: with its defaults, without unknown fields, nulls and
    /// status. `None` where it cannot be read.
    #[must_use]
    pub fn stored(&self, object: &Json) -> Option<Json> {
        match Value::from(object) {
            Value::Object(members) => Some(self.kept(members)?.to_json()),
            _ => None,
        }
    }

    pub(crate) fn kept(&self, members: Map) -> Option<Value> {
        let mut outcome = Outcome::default();
        let version = self.version_of(&members, &mut outcome)?;
        let schema = version.schema().ok()?;
        let mut stored = decode(members, schema, UnknownFields::Drop, &mut outcome)?;
        version.settle_status(&mut stored, None);
        // It is kept in one version, and read again by the schema of that one: what this does not have is gone, and what it has by
        // default, such as a status in place of the one that was sent, is filled in. The version that was asked for shows what it
        // has of that.
        let kept = self.versions.iter().find(|version| version.storage);
        let kept = kept.filter(|_| !self.converts).unwrap_or(version);
        let own = kept.schema().ok()?;
        schema::prune_unknown(&mut stored, own, &Path::ROOT, &mut |_| {});
        schema::apply_defaults(&mut stored, own);
        schema::prune_unknown(&mut stored, schema, &Path::ROOT, &mut |_| {});
        metadata::settle(&mut stored);
        Some(stored)
    }

    fn version_of(&self, members: &Map, report: &mut Outcome) -> Option<&Version> {
        let kind = members
            .get("kind")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if kind != self.kind {
            let message = format!("must be \"{}\", not \"{kind}\"", self.kind);
            report
                .faults
                .push(Fault::new(Source::Type, "kind", message));
            return None;
        }
        let api_version = members
            .get("apiVersion")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let (group, name) = api_version.split_once('/').unwrap_or(("", api_version));
        let found = self
            .versions
            .iter()
            .find(|version| version.served && version.name == name && group == self.group);
        if found.is_none() {
            let served: Vec<String> = self
                .served_versions()
                .map(|version| format!("{}/{version}", self.group))
                .collect();
            let message = format!(
                "\"{api_version}\" is not served; one of: {}",
                served.join(", ")
            );
            report
                .faults
                .push(Fault::new(Source::Type, "apiVersion", message));
        }
        found
    }
}

impl TryFrom<Json> for Validator {
    type Error = DefinitionError;

    fn try_from(mut definition: Json) -> Result<Self, DefinitionError> {
        let is = |key: &str, expected: &str| {
            definition.get(key).and_then(Json::as_str) == Some(expected)
        };
        if !is("kind", "CustomResourceDefinition") || !is("apiVersion", "apiextensions.k8s.io/v1") {
            return Err(DefinitionError::NotADefinition);
        }
        let mut spec = definition
            .get_mut("spec")
            .map(Json::take)
            .unwrap_or_default();
        if !spec.get("versions").is_some_and(Json::is_array) {
            return Err(DefinitionError::Missing("spec.versions"));
        }
        let mut text = |pointer: &str| match spec.pointer_mut(pointer).map(Json::take) {
            Some(Json::String(text)) => Some(text),
            _ => None,
        };
        let group = text("/group").ok_or(DefinitionError::Missing("spec.group"))?;
        let kind = text("/names/kind").ok_or(DefinitionError::Missing("spec.names.kind"))?;
        Self::of(group, kind, spec)
    }
}

/// What the server makes of an object before it judges it, or `None` where it does not get that far. Unknown fields are
/// reported, and then left out as by a server that lets them pass: who mends them hears at once what else is wrong.
pub(crate) fn decode(
    mut members: Map,
    schema: &Schema,
    unknown: UnknownFields,
    report: &mut Outcome,
) -> Option<Value> {
    let metadata = members
        .entry("metadata")
        .or_insert_with(|| Value::Object(Map::new()));
    if metadata.is_null() {
        *metadata = Value::Object(Map::new());
    }
    let decoded = metadata::decode(metadata, "metadata");
    let mut malformed = decoded.malformed;
    let mut paths = decoded.unknown;
    let mut object = Value::Object(members);
    schema::prune_unknown(&mut object, schema, &Path::ROOT, &mut |path| {
        paths.push(path.to_string())
    });
    schema::drop_nulls(&mut object, schema);
    schema::decode_embedded(&object, schema, &Path::ROOT, &mut paths, &mut malformed);
    let readable = malformed.is_empty();
    report.faults.append(&mut malformed);
    if unknown == UnknownFields::Refuse {
        for path in paths {
            report
                .faults
                .push(Fault::new(Source::Schema, path, "unknown field"));
        }
    }
    if !readable {
        return None;
    }
    schema::apply_defaults(&mut object, schema);
    Some(object)
}

fn fill_generated_name(object: &mut Value) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    let prefix = metadata
        .get("generateName")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let named = metadata
        .get("name")
        .and_then(Value::as_str)
        .is_some_and(|name| !name.is_empty());
    if !prefix.is_empty() && !named {
        let name = metadata::generated_name(prefix);
        metadata.insert("name", name.into());
    }
}

/// The schema of a version that says nothing.
fn anything() -> Json {
    json!({"x-kubernetes-preserve-unknown-fields": true})
}

impl Version {
    fn read(mut node: Json) -> Option<Self> {
        let schema = node.pointer_mut("/schema/openAPIV3Schema");
        let source = schema.map_or_else(anything, Json::take);
        let scale = node
            .pointer("/subresources/scale")
            .map_or_else(Vec::new, |scale| {
                [
                    ("specReplicasPath", false),
                    ("statusReplicasPath", false),
                    ("labelSelectorPath", true),
                ]
                .into_iter()
                .filter_map(|(key, text)| {
                    let path = scale.get(key)?.as_str()?.trim_start_matches('.').to_owned();
                    Some(ScalePath { path, text })
                })
                .collect()
            });
        Some(Self {
            name: node.get("name")?.as_str()?.to_owned(),
            served: node.get("served").and_then(Json::as_bool).unwrap_or(false),
            storage: node.get("storage").and_then(Json::as_bool).unwrap_or(false),
            status: node
                .pointer("/subresources/status")
                .is_some_and(|status| !status.is_null()),
            scale,
            source: SchemaSource::Value(source).into(),
            compiled: OnceLock::new(),
        })
    }

    fn schema(&self) -> Result<&Schema, &SchemaError> {
        self.compiled
            .get_or_init(|| {
                let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
                let source = std::mem::replace(&mut *source, SchemaSource::Value(Json::Null));
                let schema = match source {
                    SchemaSource::Value(schema) => schema,
                    SchemaSource::Made(make) => make(&self.name).unwrap_or_else(anything),
                    SchemaSource::Part(part) => return Ok(Child::Part(part)),
                };
                Schema::compile(&schema.into()).map(|schema| Child::Here(Arc::new(schema)))
            })
            .as_ref()
            .map(|schema| &**schema)
    }

    /// Where `status` is a subresource, a creation drops it and an update keeps the old one.
    fn settle_status(&self, new: &mut Value, old: Option<&Value>) {
        let Some(members) = new.as_object_mut().filter(|_| self.status) else {
            return;
        };
        match old.and_then(|old| old.get("status")) {
            Some(status) => {
                members.insert("status", status.clone());
            }
            None => {
                members.shift_remove("status");
            }
        }
    }

    fn check(&self, new: &Value, old: Option<&Value>, schema: &Schema, report: &mut Outcome) {
        let findings = &mut report.faults;
        schema::check(new, old, schema, &Path::ROOT, findings);
        for scale in &self.scale {
            scale.check(new, findings);
        }
        schema::check_embedded(new, schema, &Path::ROOT, findings);
        let mut old_lists = Vec::new();
        if let Some(old) = old {
            schema::check_lists(old, schema, &Path::ROOT, &mut old_lists);
        }
        if old_lists.is_empty() {
            schema::check_lists(new, schema, &Path::ROOT, findings);
        }
        if schema.has_rules && !findings.iter().any(|finding| finding.blocks_rules) {
            let mut verdict = Verdict::default();
            cel::check_rules(
                Pair::new(new, old, schema),
                schema,
                schema,
                &Path::ROOT,
                &mut verdict,
            );
            report.faults.append(&mut verdict.findings);
            report.notes.append(&mut verdict.notes);
        }
    }
}

impl ScalePath {
    fn check(&self, object: &Value, findings: &mut Vec<Fault>) {
        let mut at = object;
        for name in self.path.split('.') {
            match at.get(name) {
                Some(value) => at = value,
                None => return,
            }
        }
        // The schema has said already that the value is of another type.
        let path = FieldPath::parse(&self.path);
        if findings.iter().any(|finding| finding.path == path) {
            return;
        }
        let fits = if self.text {
            at.is_string()
        } else {
            at.as_i64()
                .is_some_and(|count| (0..=i64::from(i32::MAX)).contains(&count))
        };
        if !fits {
            let allowed = if self.text {
                "must be a string: the scale subresource reads it"
            } else {
                "must be an integer from 0 to 2147483647: the scale subresource reads it"
            };
            findings.push(Fault::new(Source::Schema, path, allowed));
        }
    }
}
