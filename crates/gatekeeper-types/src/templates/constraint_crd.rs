//! The CustomResourceDefinition that Gatekeeper makes from a template.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crd_core::ParseError;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceColumnDefinition, CustomResourceDefinition, CustomResourceDefinitionNames,
    CustomResourceDefinitionSpec, CustomResourceDefinitionVersion, CustomResourceSubresourceStatus,
    CustomResourceSubresources, CustomResourceValidation, JSON, JSONSchemaProps as JsonSchemaProps,
    JSONSchemaPropsOrArray, JSONSchemaPropsOrBool,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Value, json};

use super::spec::{ADMISSION_TARGET, ConstraintTemplateSpec, ValidationSchema};
use crate::constraints::{ConstraintVersion, GROUP};

/// Why Gatekeeper makes no kind of constraint from a template.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConstraintCrdError {
    /// The template names no kind.
    #[error("template `{template}`: spec.crd.spec.names.kind is missing")]
    NoKind {
        /// The template's name.
        template: String,
    },
    /// The template's name is not its kind in lower case.
    #[error("template `{template}`: metadata.name must be `{wanted}`, the kind in lower case")]
    Name {
        /// The template's name.
        template: String,
        /// The name that it must have.
        wanted: String,
    },
    /// There is not exactly one target.
    #[error("template `{template}`: spec.targets must have one element and has {found}")]
    Targets {
        /// The template's name.
        template: String,
        /// The number of its targets.
        found: usize,
    },
    /// Gatekeeper does not serve the target.
    #[error(
        "template `{template}`: spec.targets[0].target is `{found}`; `{ADMISSION_TARGET}` is the only one"
    )]
    UnknownTarget {
        /// The template's name.
        template: String,
        /// The target that it names.
        found: String,
    },
    /// The schema of the parameters is not a schema.
    #[error("template `{template}`: spec.crd.spec.validation.openAPIV3Schema: {error}")]
    Schema {
        /// The template's name.
        template: String,
        /// Where its schema is none that an API server takes.
        error: ParseError,
    },
}

/// The kind of the constraints that a template makes.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstraintKind {
    /// The definition, without the schema in any of its versions.
    pub definition: CustomResourceDefinition,
    /// The schema, which is the same in all versions.
    pub schema: JsonSchemaProps,
}

impl ConstraintKind {
    /// The definition with the schema in each version, as Gatekeeper applies it.
    pub fn into_crd(self) -> CustomResourceDefinition {
        let mut definition = self.definition;
        for version in &mut definition.spec.versions {
            version.schema = Some(CustomResourceValidation {
                open_api_v3_schema: Some(self.schema.clone()),
            });
        }
        definition
    }
}

/// Gives a version of the templates its methods; `legacy` says whether a schema counts as legacy unless told otherwise.
macro_rules! constraint_crd_of {
    ($($version:ident: $legacy:literal,)+) => {
        $(impl super::$version::ConstraintTemplate {
            /// The CustomResourceDefinition that Gatekeeper makes for the constraints of this template.
            ///
            /// # Errors
            ///
            /// A template that Gatekeeper refuses: without a kind, of another name than the kind in lower case, without exactly
            /// one target that it serves, or with a schema that is none.
            pub fn constraint_crd(&self) -> Result<CustomResourceDefinition, ConstraintCrdError> {
                self.constraint_kind().map(ConstraintKind::into_crd)
            }

            /// The same in its two parts, for who needs the schema once.
            ///
            /// # Errors
            ///
            /// As for `constraint_crd`.
            pub fn constraint_kind(&self) -> Result<ConstraintKind, ConstraintCrdError> {
                constraint_kind(&self.metadata, self.spec.as_ref(), $legacy)
            }
        })+
    };
}

constraint_crd_of! { v1: false, v1beta1: true, v1alpha1: true, }

/// Makes the kind; `legacy` says whether a schema counts as legacy unless told otherwise.
fn constraint_kind(
    metadata: &ObjectMeta,
    spec: Option<&ConstraintTemplateSpec>,
    legacy: bool,
) -> Result<ConstraintKind, ConstraintCrdError> {
    let template = metadata.name.clone().unwrap_or_default();
    let Some(spec) = spec.filter(|spec| !spec.crd.spec.names.kind.is_empty()) else {
        return Err(ConstraintCrdError::NoKind { template });
    };
    let kind = &spec.crd.spec.names.kind;
    let plural = kind.to_lowercase();
    if template != plural {
        return Err(ConstraintCrdError::Name {
            template,
            wanted: plural,
        });
    }
    let [target] = spec.targets.as_slice() else {
        return Err(ConstraintCrdError::Targets {
            template,
            found: spec.targets.len(),
        });
    };
    if target.target != ADMISSION_TARGET {
        return Err(ConstraintCrdError::UnknownTarget {
            template,
            found: target.target.clone(),
        });
    }
    let schema = parameters(spec.crd.spec.validation.as_ref(), legacy)
        .and_then(root)
        .map_err(|error| ConstraintCrdError::Schema { template, error })?;
    let version = |version: ConstraintVersion, storage| CustomResourceDefinitionVersion {
        name: version.name().to_owned(),
        served: true,
        storage,
        subresources: Some(CustomResourceSubresources {
            status: Some(CustomResourceSubresourceStatus(json!({}))),
            ..CustomResourceSubresources::default()
        }),
        additional_printer_columns: Some(vec![
            column("enforcement-action", "string", ".spec.enforcementAction"),
            column("total-violations", "integer", ".status.totalViolations"),
        ]),
        ..CustomResourceDefinitionVersion::default()
    };
    let mut labels = metadata.labels.clone().unwrap_or_default();
    labels.insert("gatekeeper.sh/constraint".to_owned(), "yes".to_owned());
    let definition = CustomResourceDefinition {
        metadata: ObjectMeta {
            name: Some(format!("{plural}.{GROUP}")),
            labels: Some(labels),
            ..ObjectMeta::default()
        },
        spec: CustomResourceDefinitionSpec {
            group: GROUP.to_owned(),
            names: CustomResourceDefinitionNames {
                kind: kind.clone(),
                list_kind: Some(format!("{kind}List")),
                singular: Some(plural.clone()),
                plural,
                short_names: Some(spec.crd.spec.names.short_names.clone())
                    .filter(|names| !names.is_empty()),
                categories: Some(vec!["constraint".to_owned(), "constraints".to_owned()]),
            },
            scope: "Cluster".to_owned(),
            versions: vec![
                version(ConstraintVersion::V1Beta1, true),
                version(ConstraintVersion::V1Alpha1, false),
            ],
            ..CustomResourceDefinitionSpec::default()
        },
        ..CustomResourceDefinition::default()
    };
    Ok(ConstraintKind { definition, schema })
}

/// The schema of `spec.parameters`; `None` where a constraint has none.
fn parameters(
    validation: Option<&ValidationSchema>,
    legacy: bool,
) -> Result<Option<JsonSchemaProps>, ParseError> {
    let legacy = validation
        .and_then(|validation| validation.legacy_schema)
        .unwrap_or(legacy);
    let written = validation.and_then(|validation| validation.open_api_v3_schema.clone());
    let mut schema = match written {
        Some(schema) => crd_core::parse::lenient(&Value::Object(schema))?,
        None if legacy => JsonSchemaProps::default(),
        None => return Ok(None),
    };
    if legacy {
        keep_unknown(&mut schema);
    }
    Ok(Some(schema))
}

/// Keeps fields that a schema does not name, at every level.
fn keep_unknown(schema: &mut JsonSchemaProps) {
    let keeps = || JsonSchemaProps {
        x_kubernetes_preserve_unknown_fields: Some(true),
        ..JsonSchemaProps::default()
    };
    match schema.type_.as_deref() {
        None | Some("" | "object") => {
            schema
                .x_kubernetes_preserve_unknown_fields
                .get_or_insert(true);
        }
        Some("array") => {
            schema
                .items
                .get_or_insert_with(|| JSONSchemaPropsOrArray::Schema(Box::new(keeps())));
        }
        Some(_) => {}
    }
    schema
        .properties
        .iter_mut()
        .flat_map(BTreeMap::values_mut)
        .for_each(keep_unknown);
    match &mut schema.items {
        Some(JSONSchemaPropsOrArray::Schema(items)) => keep_unknown(items),
        Some(JSONSchemaPropsOrArray::Schemas(items)) => items.iter_mut().for_each(keep_unknown),
        None => {}
    }
    if let Some(JSONSchemaPropsOrBool::Schema(values)) = &mut schema.additional_properties {
        keep_unknown(values);
    }
}

/// The schema of `spec.match`, written down, so that nobody builds schemas to have it; read once.
fn matching() -> Result<JsonSchemaProps, ParseError> {
    static READ: OnceLock<Result<JsonSchemaProps, ParseError>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        // What is no JSON is no schema either.
        let schema: Value = serde_json::from_str(MATCH).unwrap_or_default();
        crd_core::parse::lenient(&schema)
    });
    read.clone()
}

/// What the example `match_schema` prints.
const MATCH: &str = include_str!("match.json");

/// The schema of a whole constraint.
fn root(parameters: Option<JsonSchemaProps>) -> Result<JsonSchemaProps, ParseError> {
    let text = || JsonSchemaProps {
        type_: Some("string".to_owned()),
        ..JsonSchemaProps::default()
    };
    let name = JsonSchemaProps {
        max_length: Some(63),
        ..text()
    };
    let action = JsonSchemaProps {
        default: Some(JSON(json!("deny"))),
        ..text()
    };
    let scoped = object([
        ("action", text()),
        ("enforcementPoints", list(object([("name", text())]))),
    ]);
    let mut spec = object([
        ("enforcementAction", action),
        ("match", matching()?),
        ("scopedEnforcementActions", list(scoped)),
    ]);
    if let (Some(parameters), Some(properties)) = (parameters, &mut spec.properties) {
        properties.insert("parameters".to_owned(), parameters);
    }
    let status = JsonSchemaProps {
        x_kubernetes_preserve_unknown_fields: Some(true),
        ..JsonSchemaProps::default()
    };
    Ok(object([
        ("apiVersion", text()),
        ("kind", text()),
        ("metadata", object([("name", name)])),
        ("spec", spec),
        ("status", status),
    ]))
}

fn object<const N: usize>(members: [(&str, JsonSchemaProps); N]) -> JsonSchemaProps {
    let members = members
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema));
    JsonSchemaProps {
        type_: Some("object".to_owned()),
        properties: Some(members.collect()),
        ..JsonSchemaProps::default()
    }
}

fn list(items: JsonSchemaProps) -> JsonSchemaProps {
    JsonSchemaProps {
        type_: Some("array".to_owned()),
        items: Some(JSONSchemaPropsOrArray::Schema(Box::new(items))),
        ..JsonSchemaProps::default()
    }
}

fn column(name: &str, type_: &str, json_path: &str) -> CustomResourceColumnDefinition {
    CustomResourceColumnDefinition {
        name: name.to_owned(),
        type_: type_.to_owned(),
        json_path: json_path.to_owned(),
        ..CustomResourceColumnDefinition::default()
    }
}
