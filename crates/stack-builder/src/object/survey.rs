//! One look through an object before it is taken: who it is, whether its names hold, and that all of it can be written.

use kube_vocab::ObjectId;
use kube_vocab::names::{self, NameError};
use kube_yaml::{Emit, Events, MapKind, Order, WriteError};

use super::error::ObjectError;

/// What the look has found.
pub(super) struct Survey {
    pub(super) id: ObjectId,
    /// The pointer to the template of the pods that it makes; empty for a Pod.
    pub(super) pods: Option<&'static str>,
}

/// Looks through an object; `kind` is for the error where it cannot be written.
pub(super) fn of(object: &dyn Emit, kind: &str) -> Result<Survey, ObjectError> {
    let mut surveyor = Surveyor::default();
    object
        .emit(&mut surveyor)
        .map_err(|source| ObjectError::Serialize {
            kind: kind.to_owned(),
            source,
        })?;
    surveyor.finish()
}

/// Where in an object something stands, as far as that matters here.
#[derive(Clone, Copy)]
enum At {
    Root,
    Spec,
    JobTemplate,
    JobSpec,
    ApiVersion,
    Kind,
    Name,
    Namespace,
    Metadata(Holder),
    Labels(Holder),
    Label(Holder),
    Annotations(Holder),
    Template(Holder),
    PodSpec(Holder),
    Containers(Holder),
    Elsewhere,
}

/// Whose metadata it is. What comes first is told first, and counts where several have containers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    Object,
    /// The pods of a workload, which carry labels of their own.
    Pods,
    /// Those of a CronJob.
    JobPods,
    /// Those of a PodTemplate.
    Bare,
}

impl Holder {
    const fn path(self) -> &'static str {
        match self {
            Self::Object => "metadata",
            Self::Pods => "spec.template.metadata",
            Self::JobPods => "spec.jobTemplate.spec.template.metadata",
            Self::Bare => "template.metadata",
        }
    }

    /// The pointer before the metadata.
    const fn pointer(self) -> &'static str {
        match self {
            Self::Object => "",
            Self::Pods => "/spec/template",
            Self::JobPods => "/spec/jobTemplate/spec/template",
            Self::Bare => "/template",
        }
    }
}

impl At {
    fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Elsewhere, _) => Self::Elsewhere,
            (Self::Root, "apiVersion") => Self::ApiVersion,
            (Self::Root, "kind") => Self::Kind,
            (Self::Root, "metadata") => Self::Metadata(Holder::Object),
            (Self::Root, "spec") => Self::Spec,
            (Self::Root, "template") => Self::Template(Holder::Bare),
            (Self::Spec, "template") => Self::Template(Holder::Pods),
            (Self::Spec, "jobTemplate") => Self::JobTemplate,
            (Self::JobTemplate, "spec") => Self::JobSpec,
            (Self::JobSpec, "template") => Self::Template(Holder::JobPods),
            (Self::Template(holder @ (Holder::Pods | Holder::JobPods)), "metadata") => {
                Self::Metadata(holder)
            }
            (Self::Template(holder), "spec") => Self::PodSpec(holder),
            (Self::PodSpec(holder), "containers") => Self::Containers(holder),
            (Self::Metadata(Holder::Object), "name") => Self::Name,
            (Self::Metadata(Holder::Object), "namespace") => Self::Namespace,
            (Self::Metadata(holder), "labels") => Self::Labels(holder),
            (Self::Labels(holder), _) => Self::Label(holder),
            (Self::Metadata(holder), "annotations") => Self::Annotations(holder),
            _ => Self::Elsewhere,
        }
    }
}

/// A name that Kubernetes refuses.
struct Refused {
    /// Whose it is, and whether it is an annotation: the lowest is told, whatever the order of the fields.
    rank: (Holder, bool),
    path: String,
    value: String,
    reason: NameError,
}

/// How deep most objects are nested.
const USUAL_DEPTH: usize = 16;

struct Surveyor {
    at: At,
    /// Where the collections stand that are open.
    open: Vec<At>,
    id: ObjectId,
    /// The key of the label whose value comes next.
    label: String,
    /// Of what Kubernetes refuses, what is told.
    refused: Option<Refused>,
    /// Whose pods have containers.
    pods: Option<Holder>,
}

impl Default for Surveyor {
    fn default() -> Self {
        Self {
            at: At::Root,
            open: Vec::with_capacity(USUAL_DEPTH),
            id: ObjectId::default(),
            label: String::new(),
            refused: None,
            pods: None,
        }
    }
}

impl Surveyor {
    fn finish(self) -> Result<Survey, ObjectError> {
        let id = self.id;
        let known = [
            id.kind.as_str(),
            id.namespace.as_deref().unwrap_or_default(),
            &id.name,
        ];
        for (text, path) in [
            (&id.api_version, "apiVersion"),
            (&id.kind, "kind"),
            (&id.name, "metadata.name"),
        ] {
            if text.is_empty() {
                let parts: Vec<&str> = known.into_iter().filter(|part| !part.is_empty()).collect();
                return Err(ObjectError::Shape {
                    object: match parts.as_slice() {
                        [] => "object".to_owned(),
                        parts => parts.join(" "),
                    },
                    path: path.to_owned(),
                    expected: "a non-empty string",
                });
            }
        }
        let refuse = |path: String, value: String, reason: NameError| ObjectError::Name {
            object: Box::new(id.clone()),
            path,
            value,
            reason,
        };
        let name_rule = match (id.group(), id.kind.as_str()) {
            ("", "Namespace") => names::dns_label,
            ("", "Service") => names::dns_1035_label,
            ("rbac.authorization.k8s.io", _) => names::path_segment,
            _ => names::dns_subdomain,
        };
        name_rule(&id.name)
            .map_err(|reason| refuse("metadata.name".into(), id.name.clone(), reason))?;
        if let Some(namespace) = &id.namespace {
            names::dns_label(namespace)
                .map_err(|reason| refuse("metadata.namespace".into(), namespace.clone(), reason))?;
        }
        if let Some(refused) = self.refused {
            return Err(refuse(refused.path, refused.value, refused.reason));
        }
        let is_pod = id.group().is_empty() && id.kind == "Pod";
        let pods = match self.pods {
            _ if is_pod => Some(""),
            pods => pods.map(Holder::pointer),
        };
        Ok(Survey { id, pods })
    }

    /// Notes what Kubernetes refuses, where nothing comes before it.
    fn check(
        &mut self,
        rank: (Holder, bool),
        verdict: names::Verdict,
        place: impl FnOnce(&str) -> String,
        value: &str,
    ) {
        let Err(reason) = verdict else {
            return;
        };
        if self.refused.as_ref().is_none_or(|first| rank < first.rank) {
            self.refused = Some(Refused {
                rank,
                path: place(rank.0.path()),
                value: value.to_owned(),
                reason,
            });
        }
    }

    /// The key of a label or an annotation.
    fn entry(&mut self, at: At, key: &str) {
        match at {
            At::Labels(holder) => {
                let place = |path: &str| format!("{path}.labels key");
                self.check((holder, false), names::qualified_name(key), place, key);
                key.clone_into(&mut self.label);
            }
            At::Annotations(holder) => {
                // Annotation keys may be written in upper case; the server compares them in lower case.
                let verdict = match key
                    .bytes()
                    .any(|byte| !byte.is_ascii() || byte.is_ascii_uppercase())
                {
                    true => names::qualified_name(&key.to_lowercase()),
                    false => names::qualified_name(key),
                };
                let place = |path: &str| format!("{path}.annotations key");
                self.check((holder, true), verdict, place, key);
            }
            _ => {}
        }
    }
}

impl Events for Surveyor {
    fn null(&mut self) -> Result<(), WriteError> {
        Ok(())
    }

    fn boolean(&mut self, _value: bool) -> Result<(), WriteError> {
        Ok(())
    }

    fn signed(&mut self, _value: i64) -> Result<(), WriteError> {
        Ok(())
    }

    fn unsigned(&mut self, _value: u64) -> Result<(), WriteError> {
        Ok(())
    }

    fn float(&mut self, _value: f64) -> Result<(), WriteError> {
        Ok(())
    }

    fn number(&mut self, digits: &str) -> Result<(), WriteError> {
        // Rare enough to let the maker of values say whether JSON has such a number.
        kube_yaml::emitted_value(Order::Given, &Digits(digits)).map(drop)
    }

    fn text(&mut self, text: &str) -> Result<(), WriteError> {
        let field = match self.at {
            At::Elsewhere => return Ok(()),
            At::ApiVersion => &mut self.id.api_version,
            At::Kind => &mut self.id.kind,
            At::Name => &mut self.id.name,
            At::Namespace => {
                self.id.namespace = Some(text.to_owned()).filter(|text| !text.is_empty());
                return Ok(());
            }
            At::Label(holder) => {
                if let verdict @ Err(_) = names::label_value(text) {
                    let label = std::mem::take(&mut self.label);
                    let place = |path: &str| format!("{path}.labels[{label}]");
                    self.check((holder, false), verdict, place, text);
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        *field = text.to_owned();
        Ok(())
    }

    fn open_map(&mut self, _kind: MapKind, _length: usize) {
        self.open.push(self.at);
    }

    fn key(&mut self, key: &str) -> Result<(), WriteError> {
        let around = self.open.last().copied().unwrap_or(At::Elsewhere);
        self.at = around.below(key);
        if matches!(around, At::Labels(_) | At::Annotations(_)) {
            self.entry(around, key);
        }
        Ok(())
    }

    fn close_map(&mut self) {
        self.open.pop();
    }

    fn open_list(&mut self, _length: usize) {
        if let At::Containers(holder) = self.at {
            self.pods = Some(self.pods.map_or(holder, |first| first.min(holder)));
        }
        self.open.push(At::Elsewhere);
    }

    fn item(&mut self) -> Result<(), WriteError> {
        self.at = At::Elsewhere;
        Ok(())
    }

    fn close_list(&mut self) {
        self.open.pop();
    }
}

/// A number of which only the digits are known.
struct Digits<'a>(&'a str);

impl Emit for Digits<'_> {
    fn emit(&self, events: &mut dyn Events) -> Result<(), WriteError> {
        events.number(self.0)
    }
}
