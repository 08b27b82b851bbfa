//! An answer, with every step and its reason.

use std::fmt;

use serde::Serialize;

/// Where on the way something is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Layer {
    /// A name or a Service becomes an address.
    Service,
    /// Policies of connections that select the source: NetworkPolicy, those of the administrator, Cilium's.
    EgressPolicy,
    /// The same policies where they select the destination.
    IngressPolicy,
    /// Cilium's proxy, which reads requests.
    L7Proxy,
    /// Cilium's mutual authentication.
    Authentication,
    /// The proxy of an ambient node.
    Ztunnel,
    /// A waypoint, which enforces AuthorizationPolicies that name it, or the Service that it stands before.
    Waypoint,
    /// The sidecar proxy of the destination.
    Sidecar,
    /// An AuthorizationPolicy that a gateway's own pods enforce, before any route is looked at.
    Gateway,
    /// Listeners, routes and their references.
    Route,
    /// A node: no port of it leads anywhere.
    Node,
}

impl Layer {
    /// The name as it stands in an answer.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::EgressPolicy => "egress-policy",
            Self::IngressPolicy => "ingress-policy",
            Self::L7Proxy => "l7-proxy",
            Self::Authentication => "authentication",
            Self::Ztunnel => "ztunnel",
            Self::Waypoint => "waypoint",
            Self::Sidecar => "sidecar",
            Self::Gateway => "gateway",
            Self::Route => "route",
            Self::Node => "node",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a step does with the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The flow gets past this step.
    Allowed,
    /// The flow ends at this step, whatever comes after it.
    Refused,
    /// It goes on if a condition holds that the input does not tell.
    Depends,
}

/// One step on the way of a flow, and what decides it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The layer of the path that the step belongs to.
    pub layer: Layer,
    /// Whether the flow gets past it, as far as the input tells.
    pub verdict: Verdict,
    /// The object that decides, as `Kind namespace/name`; `None` where none does.
    pub object: Option<String>,
    /// The field of the object that decides.
    pub path: Option<String>,
    /// What the object says, or lacks, that leads to the verdict: one line for people.
    pub reason: String,
    /// The file from which the object was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line of the field in that file; where only the object's place is known, the line on which its document starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl Step {
    pub(crate) fn new(layer: Layer, verdict: Verdict, reason: impl Into<String>) -> Self {
        Self {
            layer,
            verdict,
            object: None,
            path: None,
            reason: reason.into(),
            file: None,
            line: None,
        }
    }

    pub(crate) fn by(mut self, object: impl Into<String>, path: impl Into<String>) -> Self {
        self.object = Some(object.into());
        let path = path.into();
        self.path = (!path.is_empty()).then_some(path);
        self
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.verdict {
            Verdict::Allowed => "✓",
            Verdict::Refused => "✗",
            Verdict::Depends => "?",
        };
        write!(f, "{mark} {}: {}", self.layer, self.reason)?;
        let Some(object) = &self.object else {
            return Ok(());
        };
        write!(f, " ({object}")?;
        if let Some(path) = &self.path {
            write!(f, ": {path}")?;
        }
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, ", {file}:{line})"),
            (Some(file), None) => write!(f, ", {file})"),
            _ => f.write_str(")"),
        }
    }
}

/// What becomes of a flow, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Whether it arrives; `None` if that depends on something the input does not tell.
    pub allowed: Option<bool>,
    /// The first place that refuses it.
    pub at: Option<Layer>,
    /// What it depends on, where `allowed` is `None`.
    pub depends: Option<String>,
    /// The way, step by step; it ends where the flow is refused.
    pub steps: Vec<Step>,
}

/// `allowed`, `refused at egress-policy` or `depends on ...`, then a line for each step.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.allowed, self.at, &self.depends) {
            (Some(true), _, _) => f.write_str("allowed")?,
            (Some(false), Some(at), _) => write!(f, "refused at {at}")?,
            (Some(false), None, _) => f.write_str("refused")?,
            (None, _, Some(condition)) => write!(f, "depends: {condition}")?,
            (None, _, None) => f.write_str("unknown")?,
        }
        for step in &self.steps {
            write!(f, "\n  {step}")?;
        }
        Ok(())
    }
}

/// An answer in the making.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace {
    steps: Vec<Step>,
    conditions: Vec<String>,
    refused: Option<Layer>,
}

impl Trace {
    /// Adds a step; the first refusal ends the way.
    pub(crate) fn push(&mut self, step: Step) {
        if self.refused.is_some() {
            return;
        }
        match step.verdict {
            Verdict::Allowed => {}
            Verdict::Refused => self.refused = Some(step.layer),
            Verdict::Depends => self.conditions.push(step.reason.clone()),
        }
        self.steps.push(step);
    }

    pub(crate) fn allow(&mut self, layer: Layer, reason: impl Into<String>) {
        self.push(Step::new(layer, Verdict::Allowed, reason));
    }

    pub(crate) fn refuse(&mut self, layer: Layer, reason: impl Into<String>) {
        self.push(Step::new(layer, Verdict::Refused, reason));
    }

    pub(crate) fn depend(&mut self, layer: Layer, reason: impl Into<String>) {
        self.push(Step::new(layer, Verdict::Depends, reason));
    }

    pub(crate) const fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Takes the refusal back: it holds for one of several ways alone.
    pub(crate) fn forget_refusal(&mut self) {
        if self.refused.take().is_some() {
            self.steps.pop();
        }
    }

    pub(crate) fn append(&mut self, other: Self) {
        if self.is_refused() {
            return;
        }
        self.steps.extend(other.steps);
        self.conditions.extend(other.conditions);
        self.refused = other.refused;
    }

    pub(crate) fn answer(mut self) -> Answer {
        self.conditions.dedup();
        let allowed = match (self.refused, self.conditions.is_empty()) {
            // A refusal further on holds whatever the conditions before it.
            (Some(_), _) => Some(false),
            (None, true) => Some(true),
            (None, false) => None,
        };
        Answer {
            allowed,
            at: self.refused,
            depends: (allowed.is_none()).then(|| self.conditions.join("; ")),
            steps: self.steps,
        }
    }
}
