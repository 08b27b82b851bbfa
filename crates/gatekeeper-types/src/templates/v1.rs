//! `templates.gatekeeper.sh/v1`.

// Whoever imports a version finds all of it there.
#[doc(no_inline)]
pub use super::{
    ByPodStatus, CelSource, Code, ConstraintTemplateSpec, ConstraintTemplateStatus, Crd, CrdSpec,
    CreateCrdError, FailurePolicy, MatchCondition, Names, Operation, RegoSource, RegoVersion,
    Target, Validation, ValidationSchema, Variable,
};
use crd_core::{ObjectMeta, Resource};
use serde::Serialize;

/// A policy: a kind of constraint, and the code that finds its violations. Does nothing until a
/// [`Constraint`](crate::constraints::Constraint) puts it to work.
///
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/constrainttemplates>.
///
/// ```
/// use gatekeeper_types::templates::v1::ConstraintTemplate;
///
/// let template = ConstraintTemplate::rego(
///     "K8sDenyPrivileged",
///     r#"package k8sdenyprivileged
///
/// violation[{"msg": msg}] {
///   container := input.review.object.spec.containers[_]
///   container.securityContext.privileged
///   msg := sprintf("container %v is privileged", [container.name])
/// }
/// "#,
/// );
/// assert_eq!(template.metadata.name.as_deref(), Some("k8sdenyprivileged"));
/// assert_eq!(template.kind(), "K8sDenyPrivileged");
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "templates.gatekeeper.sh", version = "v1", kind = "ConstraintTemplate", plural = "constrainttemplates",
    scope = Cluster,
    status_subresource,
    older(version = "v1alpha1"),
    older(version = "v1beta1"),
)]
pub struct ConstraintTemplate {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The kind of the constraints and the code.
    pub spec: Option<ConstraintTemplateSpec>,
    /// Whether the constraint's kind was made, and what each pod made of the code.
    pub status: Option<ConstraintTemplateStatus>,
}

impl ConstraintTemplate {
    /// A template for constraints of this kind, with Rego v0 code in the classic field `rego`.
    ///
    /// Its name is the kind in lower case, as Gatekeeper demands.
    pub fn rego(kind: impl Into<String>, rego: impl Into<String>) -> Self {
        Self::of_target(kind.into(), Target::rego(rego))
    }

    /// A template for constraints of this kind, with Rego v1 code.
    ///
    /// Its name is the kind in lower case, as Gatekeeper demands.
    #[must_use]
    pub fn rego_v1(kind: impl Into<String>, source: RegoSource) -> Self {
        let version = Some(super::RegoVersion::V1);
        Self::with_code(kind, vec![Code::Rego(RegoSource { version, ..source })])
    }

    /// A template for constraints of this kind, with code for one or more engines.
    ///
    /// Its name is the kind in lower case, as Gatekeeper demands.
    pub fn with_code(kind: impl Into<String>, code: Vec<Code>) -> Self {
        Self::of_target(kind.into(), Target::code(code))
    }

    /// Says what `spec.parameters` of a constraint may hold by an OpenAPI v3 schema of type object: what `json!` makes, or a
    /// type of one's own.
    ///
    /// # Errors
    ///
    /// A schema that is not an object.
    pub fn with_parameters(mut self, schema: &impl Serialize) -> Result<Self, serde_json::Error> {
        let schema = serde_json::from_value(serde_json::to_value(schema)?)?;
        self.spec.get_or_insert_default().crd.spec.validation = Some(ValidationSchema {
            open_api_v3_schema: Some(schema),
            legacy_schema: None,
        });
        Ok(self)
    }

    /// Says what `spec.parameters` of a constraint may hold by the type that holds it.
    ///
    /// # Errors
    ///
    /// A type of which there is no value.
    #[cfg(feature = "schema")]
    pub fn with_parameters_of<P: crd_core::schema::JsonSchema>(
        self,
    ) -> Result<Self, serde_json::Error> {
        self.with_parameters(&crd_core::schema::schema_for::<P>())
    }

    /// Adds Rego modules that the code imports as `data.lib`.
    #[must_use]
    pub fn with_libs<L: Into<String>>(mut self, libs: impl IntoIterator<Item = L>) -> Self {
        let targets = &mut self.spec.get_or_insert_default().targets;
        let mut libs: Vec<String> = libs.into_iter().map(Into::into).collect();
        for target in targets {
            match target.code.iter_mut().find_map(Code::as_rego_mut) {
                Some(source) if target.rego.is_none() => source.libs.append(&mut libs),
                _ => target.libs.append(&mut libs),
            }
        }
        self
    }

    /// The kind of the constraints; empty where the template names none.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.spec
            .as_ref()
            .map_or("", |spec| spec.crd.spec.names.kind.as_str())
    }

    fn of_target(kind: String, target: Target) -> Self {
        let name = kind.to_lowercase();
        let spec = ConstraintTemplateSpec {
            crd: Crd {
                spec: CrdSpec {
                    names: Names {
                        kind,
                        short_names: Vec::new(),
                    },
                    validation: None,
                },
            },
            targets: vec![target],
        };
        Self::new(name, spec)
    }
}
