//! What a template says: the kind of its constraints and the code.

use super::code::{CelSource, Code, RegoSource};
use crd_core::{Object, StringEnum};
use serde_json::{Map, Value};

/// The only target that Gatekeeper serves: objects on their way into the API server, and objects that audit finds there.
pub const ADMISSION_TARGET: &str = "admission.k8s.gatekeeper.sh";

/// A kind of constraint, and the code that finds its violations.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConstraintTemplateSpec {
    /// The kind that Gatekeeper creates for constraints of this template.
    #[field(default)]
    pub crd: Crd,
    /// The code. Gatekeeper requires exactly one target.
    pub targets: Vec<Target>,
}

/// The wrapper that upstream puts around [`CrdSpec`], in the likeness of a CustomResourceDefinition.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Crd {
    /// The kind's names and the schema of its parameters.
    #[field(default)]
    pub spec: CrdSpec,
}

/// The names of the constraint's kind and the schema of its parameters.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CrdSpec {
    /// The names; Gatekeeper refuses a template without a kind.
    #[field(default)]
    pub names: Names,
    /// What `spec.parameters` of a constraint may hold. Absent means that it has none.
    #[schemars(extend("default" = {"legacySchema": false}))]
    pub validation: Option<ValidationSchema>,
}

/// The names of the constraint's kind.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Names {
    /// The kind in camel case. The template's own name must be this in lower case.
    #[field(default)]
    pub kind: String,
    /// Short names for kubectl.
    pub short_names: Vec<String>,
}

/// The schema of a constraint's parameters.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ValidationSchema {
    /// An OpenAPI v3 schema as in a CustomResourceDefinition, about the members of `spec.parameters`.
    #[field(rename = "openAPIV3Schema")]
    #[schemars(schema_with = "crd_core::schema::any_object")]
    pub open_api_v3_schema: Option<Map<String, Value>>,
    /// Whether the schema is not structural (it may leave out types); Gatekeeper then keeps fields that the schema does not
    /// name. The server fills in `false` in v1, and `true` in the versions before.
    #[schemars(extend("default" = false))]
    pub legacy_schema: Option<bool>,
}

/// The code for one target, in one or more engines.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Target {
    /// What is checked; Gatekeeper knows [`ADMISSION_TARGET`].
    #[field(default)]
    pub target: String,
    /// A Rego v0 module with the rule `violation`. Either this or a Rego entry in `code`.
    pub rego: Option<String>,
    /// Rego v0 modules that `rego` imports as `data.lib`; each one's package starts with `lib`.
    pub libs: Vec<String>,
    /// The code of the policy, once for each engine that is to know it; the first that Gatekeeper runs counts.
    #[schemars(schema_with = "crate::schema::codes")]
    pub code: Vec<Code>,
    /// The requests that the code is asked about. Empty leaves this to the webhook's configuration.
    pub operations: Vec<Operation>,
}

impl Target {
    /// Rego v0 code for objects on their way into the API server, in the classic field `rego`.
    pub fn rego(rego: impl Into<String>) -> Self {
        Self {
            rego: Some(rego.into()),
            ..Self::admission()
        }
    }

    /// Code for objects on their way into the API server.
    #[must_use]
    pub fn code(code: Vec<Code>) -> Self {
        Self {
            code,
            ..Self::admission()
        }
    }

    /// The Rego code, wherever it is written; `None` where there is none.
    #[must_use]
    pub fn rego_source(&self) -> Option<RegoSource> {
        match &self.rego {
            Some(rego) => Some(RegoSource {
                version: None,
                rego: rego.clone(),
                libs: self.libs.clone(),
            }),
            None => self.code.iter().find_map(|code| match code {
                Code::Rego(source) => Some(source.clone()),
                _ => None,
            }),
        }
    }

    /// The CEL code; `None` where there is none.
    #[must_use]
    pub fn cel_source(&self) -> Option<&CelSource> {
        self.code.iter().find_map(|code| match code {
            Code::K8sNativeValidation(source) => Some(source),
            _ => None,
        })
    }

    fn admission() -> Self {
        Self {
            target: ADMISSION_TARGET.to_owned(),
            ..Self::default()
        }
    }
}

/// What a request does to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum Operation {
    /// `*`: all of the others.
    #[arm(rename = "*")]
    All,
    /// A new object.
    #[arm(rename = "CREATE")]
    Create,
    /// The end of an object; `object` is absent and `oldObject` is what there was.
    #[arm(rename = "DELETE")]
    Delete,
    /// A change of an object.
    #[arm(rename = "UPDATE")]
    Update,
    /// A connection, such as `kubectl exec`.
    #[arm(rename = "CONNECT")]
    Connect,
}
