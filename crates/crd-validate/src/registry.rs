//! Many kinds at once: which definition judges which object.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::sync::Arc;

use kube_vocab::Finding;
use serde_json::Value as Json;

use crate::builtin;
use crate::definition::{Definitions, Named};
use crate::fault::{DEFINITION, Source};
use crate::packed::PackedDefinitions;
use crate::report::{self, Outcome, Report};
use crate::seen::{self, Names, Seen};
use crate::validator::{DefinitionError, UnknownFields, Validator};
use crate::value::{Map, Text, Value};
use crate::version::KubernetesVersion;

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A server would take it.
    Accepted,
    /// A server would refuse it.
    Rejected,
    /// No definition of its kind is known, or it is broken; [`Report::notes`] tells which.
    Unknown,
}

impl Verdict {
    /// The word that machine-readable output uses: `accepted`, `rejected` or `unknown`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }
}

/// The verdict on an object, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Accepted, rejected or unknown.
    pub verdict: Verdict,
    /// Why: findings, and what could not be judged.
    pub report: Report,
}

/// Definitions from files, from code and of the kinds that Kubernetes itself has.
///
/// Where two definitions are of one kind, the one that was added first counts; all come before the built-in kinds.
/// Everything is read as late as possible, so that a large collection costs what is used of it.
#[derive(Default)]
pub struct Registry {
    version: KubernetesVersion,
    /// By group, then kind.
    named: HashMap<Name, HashMap<Name, Named>>,
    known: Arc<builtin::Known>,
    /// What was accepted by what is known now.
    seen: Seen,
}

type Name = Cow<'static, str>;

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.named.iter().flat_map(|(group, kinds)| {
            let kinds = kinds.keys();
            kinds.map(move |kind| (group, kind))
        });
        f.debug_struct("Registry")
            .field("kinds", &kinds.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Registry {
    /// A registry that knows the built-in kinds alone, of [`KubernetesVersion::default`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same for a version of Kubernetes of one's own choice: it decides which built-in kinds and fields there are.
    #[must_use]
    pub fn for_version(version: KubernetesVersion) -> Self {
        Self {
            version,
            ..Self::default()
        }
    }

    /// The version of Kubernetes whose server is asked.
    #[must_use]
    pub fn version(&self) -> KubernetesVersion {
        self.version
    }

    /// Adds a definition, unless there is one of the same kind.
    pub fn add(&mut self, validator: Validator) {
        let (group, kind) = (validator.group().to_owned(), validator.kind().to_owned());
        self.name(group, kind, || validator.into());
    }

    /// Adds a definition, unless there is one of the same kind.
    fn name(
        &mut self,
        group: impl Into<Name>,
        kind: impl Into<Name>,
        named: impl FnOnce() -> Named,
    ) {
        self.seen = Seen::default();
        let kinds = self.named.entry(group.into()).or_default();
        if let Entry::Vacant(free) = kinds.entry(kind.into()) {
            free.insert(named());
        }
    }

    /// Adds packed definitions as a channel has them, each unless there is one of the same kind. They are read when objects of
    /// their kinds come; registries that have the same ones share what was read.
    pub fn add_packed(&mut self, definitions: &'static PackedDefinitions, channel: &str) {
        for packed in definitions.in_channel(channel) {
            self.name(packed.group, packed.kind, || packed.into());
        }
    }

    /// Adds the definitions in the text of a manifest, of one or several documents; documents of other kinds are passed
    /// over. The text of a definition is parsed when its kind is first needed. Returns how many definitions there are.
    ///
    /// # Errors
    /// When a document cannot be read, or a definition lacks its group, names or versions.
    pub fn add_text(&mut self, text: &str) -> Result<usize, DefinitionError> {
        let found = Definitions::find(text)?;
        let count = found.len();
        self.add_all(found);
        Ok(count)
    }

    /// Adds definitions that were found in a text, each unless there is one of the same kind.
    pub fn add_all(&mut self, definitions: Definitions) {
        for ((group, kind), named) in definitions.into_named() {
            self.name(group, kind, || named);
        }
    }

    /// Adds a definition that is made when the first object of its kind comes, unless there is one of the same kind. Where it
    /// cannot be made, a note on each object of the kind says why, and nothing is said of the object itself.
    pub fn add_lazily<E: fmt::Display>(
        &mut self,
        group: &str,
        kind: &str,
        make: impl Fn() -> Result<Json, E> + Send + Sync + 'static,
    ) {
        self.name(group.to_owned(), kind.to_owned(), || {
            Named::made(move || make().map_err(|error| error.to_string()))
        });
    }

    /// As [`add_lazily`](Self::add_lazily), where `make` gives the definition without schemas, and `schema` that of a version by its
    /// name: it is asked when the first object of the version comes, and gives nothing where the version has none. In such a
    /// schema, what stands in several places may stand once under `$defs`, with `$ref` in those places and at most a description
    /// beside it.
    pub fn add_by_version<E: fmt::Display>(
        &mut self,
        group: &str,
        kind: &str,
        make: impl Fn() -> Result<Json, E> + Send + Sync + 'static,
        schema: impl Fn(&str) -> Option<Json> + Send + Sync + 'static,
    ) {
        self.name(group.to_owned(), kind.to_owned(), || {
            Named::by_version(
                move || make().map_err(|error| error.to_string()),
                Arc::new(schema),
            )
        });
    }

    /// Takes note of an object that the cluster holds, so that what depends on it is judged: a Pod whose PriorityClass or
    /// RuntimeClass is known gets no note that the class must be there, and is refused where the two contradict each other.
    /// Of several classes of one name, as the manifests of several clusters have them, a Pod must agree with one. Of a ServiceCIDR it
    /// learns which addresses Services may have. Objects of other kinds are passed over; one that was never told of stays unknown, not missing.
    ///
    /// ```
    /// use crd_validate::{Registry, UnknownFields};
    /// use serde_json::json;
    ///
    /// let mut registry = Registry::new();
    /// let pod = json!({
    ///     "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"},
    ///     "spec": {"priorityClassName": "urgent", "containers": [{"name": "web", "image": "web:1"}]}
    /// });
    /// assert_eq!(registry.judge(&pod, UnknownFields::Refuse).report.notes.len(), 1);
    /// registry.know(&json!({
    ///     "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "urgent"}, "value": 1000
    /// }));
    /// assert_eq!(registry.judge(&pod, UnknownFields::Refuse).report.notes, []);
    /// ```
    pub fn know(&mut self, object: &Json) {
        if !builtin::Known::is_of_interest(object["kind"].as_str().unwrap_or_default()) {
            return;
        }
        // Nobody else has it while the registry is borrowed for a change.
        if let Some(known) = Arc::get_mut(&mut self.known) {
            known.learn(&object.into());
        }
        self.seen = Seen::default();
    }

    /// Judges an object that is to be created.
    #[must_use]
    pub fn judge(&self, object: &Json, unknown: UnknownFields) -> Judgement {
        self.judge_change(object, None, unknown)
    }

    /// As [`judge`](Self::judge), of an object in the form in which many are held: it costs less, since no text is copied, and
    /// what differs from an earlier object in its names alone is mostly not judged again.
    ///
    /// ```
    /// use crd_validate::{Registry, UnknownFields, Verdict};
    /// use serde_json::json;
    ///
    /// let held = kube_value::Value::from(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo"}}));
    /// let judgement = Registry::new().judge_held(&held, UnknownFields::Refuse);
    /// assert_eq!(judgement.verdict, Verdict::Accepted);
    /// ```
    #[must_use]
    pub fn judge_held(&self, object: &kube_value::Value, unknown: UnknownFields) -> Judgement {
        let kube_value::Value::Object(members) = object else {
            return self.judge_change(object, None, unknown);
        };
        if unknown == UnknownFields::Drop {
            return self.judge_change(object, None, unknown);
        }
        let print = seen::print(members);
        if self.seen.accept(members, print) {
            return Judgement {
                verdict: Verdict::Accepted,
                report: Report::default(),
            };
        }
        let judgement = self.judge_change(object, None, unknown);
        if judgement.verdict == Verdict::Accepted && judgement.report.notes.is_empty() {
            self.seen.note(members, print, || self.names_of(object));
        }
        judgement
    }

    /// How the names of an object are judged, where what is said of all else does not depend on them.
    fn names_of(&self, object: &kube_value::Value) -> Option<Names> {
        let text = |key: &str| object[key].as_str();
        let (api_version, kind) = (text("apiVersion")?, text("kind")?);
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        match self.find(group, kind) {
            Some(validator) => validator.ok()?.names_of(api_version),
            None => builtin::names_of(api_version, kind, self.version),
        }
    }

    /// Judges an object that is to take the place of `old`, as [`Validator::update`] does. Of built-in kinds it is told what may
    /// not change: selectors, addresses of Services, templates of Jobs, sources of volumes and the like. What an update
    /// leaves to the server, such as the address of a Service, is taken over from `old`.
    #[must_use]
    pub fn judge_update(&self, object: &Json, old: &Json, unknown: UnknownFields) -> Judgement {
        self.judge_change(object, Some(old.into()), unknown)
    }

    /// The form in which a server would keep an object that is created: with its defaults, without unknown fields, nulls and
    /// what it does not keep, amounts in their canonical form. What the server gives out itself (names, addresses, times, uids)
    /// is not in it. `None` where the kind is not known, or the object cannot be read as one of it.
    #[must_use]
    pub fn stored(&self, object: &Json) -> Option<Json> {
        let Value::Object(members) = Value::from(object) else {
            return None;
        };
        let text = |key: &str| object[key].as_str().unwrap_or_default();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        let stored = match self.find(group, kind) {
            Some(validator) => validator.ok()?.kept(members),
            None => builtin::stored(api_version, kind, members, self.version, &self.known),
        };
        stored.map(|stored| stored.to_json())
    }

    /// Whether objects of a kind live in a namespace; `None` where the kind is not known.
    #[must_use]
    pub fn is_namespaced(&self, api_version: &str, kind: &str) -> Option<bool> {
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        match self.find(group, kind) {
            Some(validator) => Some(validator.ok()?.is_namespaced()),
            None => builtin::is_namespaced(api_version, kind, self.version),
        }
    }

    fn judge_change<'o, O>(
        &self,
        sent: &'o O,
        old: Option<Value>,
        unknown: UnknownFields,
    ) -> Judgement
    where
        O: report::Named,
        Value: From<&'o O>,
    {
        let object = Value::from(sent);
        let unknown_kind = || Judgement {
            verdict: Verdict::Unknown,
            report: Report::default(),
        };
        // Values, kustomizations and the like are no objects of an API, and do not claim to be.
        if object.is_object() && object.get("kind").is_none() && object.get("apiVersion").is_none()
        {
            return unknown_kind();
        }
        let old = match old {
            Some(Value::Object(old)) => Some(old),
            _ => None,
        };
        let report = match object {
            Value::Object(members) => self.outcome(members, old, unknown),
            _ => {
                let message = "must be an object with apiVersion, kind and metadata";
                Some(Outcome::refused(Source::Type, "", message))
            }
        };
        let Some(report) = report else {
            return unknown_kind();
        };
        let report = report.of(sent);
        let broken = |note: &Finding| note.code == DEFINITION;
        let verdict = if !report.is_accepted() {
            Verdict::Rejected
        } else if report.notes.iter().any(broken) {
            Verdict::Unknown
        } else {
            Verdict::Accepted
        };
        Judgement { verdict, report }
    }

    /// What is said of an object; `None` where its kind is not known.
    fn outcome(&self, members: Map, old: Option<Map>, unknown: UnknownFields) -> Option<Outcome> {
        let text = |key: &str| match members.get(key) {
            Some(Value::String(text)) => text.clone(),
            _ => Text::Own(""),
        };
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        for (name, value) in [("kind", &kind), ("apiVersion", &api_version)] {
            if value.is_empty() {
                return Some(Outcome::refused(
                    Source::Type,
                    name,
                    "is required, a string",
                ));
            }
        }
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        match self.find(group, &kind) {
            Some(Ok(validator)) => Some(validator.outcome(members, old, unknown)),
            Some(Err(error)) => Some(Outcome::unusable(error.to_string())),
            None => builtin::judge(
                &api_version,
                &kind,
                members,
                old,
                self.version,
                &self.known,
                unknown,
            ),
        }
    }

    fn find(&self, group: &str, kind: &str) -> Option<Result<&Validator, &DefinitionError>> {
        Some(self.named.get(group)?.get(kind)?.validator())
    }
}
