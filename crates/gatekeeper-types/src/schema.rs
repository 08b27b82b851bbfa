//! The CustomResourceDefinitions, and parts of schemas that a derive cannot write.

use crd_core::crd::{Crd, CrdVersion, CustomResourceDefinition, Definition, JsonSchemaProps};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::JSON as Json;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::json;

use crate::{config, connection, expansion, externaldata, mutations, status, syncset, templates};

/// The CustomResourceDefinitions of all kinds with their served versions. Those of constraints come from their templates.
#[must_use]
pub fn crds() -> Vec<CustomResourceDefinition> {
    definitions().iter().map(Definition::build).collect()
}

/// The [`crds`], none of them made yet: for tools that look up a few kinds.
#[must_use]
pub fn definitions() -> Vec<Definition> {
    vec![
        Crd::of::<mutations::v1::Assign>()
            .version::<mutations::v1alpha1::Assign>()
            .version::<mutations::v1beta1::Assign>()
            .change(|crd| limit_names(crd, "v1"))
            .system(),
        Crd::of::<mutations::v1alpha1::AssignImage>()
            .change(|crd| limit_names(crd, "v1alpha1"))
            .system(),
        Crd::of::<mutations::v1::AssignMetadata>()
            .version::<mutations::v1alpha1::AssignMetadata>()
            .version::<mutations::v1beta1::AssignMetadata>()
            .change(|crd| limit_names(crd, "v1"))
            .system(),
        Crd::of::<status::v1beta1::ConfigPodStatus>().system(),
        Crd::of::<config::v1alpha1::Config>().system(),
        Crd::of::<status::v1alpha1::ConnectionPodStatus>().system(),
        Crd::of::<connection::v1alpha1::Connection>().system(),
        Crd::of::<status::v1beta1::ConstraintPodStatus>().system(),
        Crd::of::<status::v1beta1::ConstraintTemplatePodStatus>().system(),
        Crd::of::<templates::v1::ConstraintTemplate>()
            .version::<templates::v1alpha1::ConstraintTemplate>()
            .version::<templates::v1beta1::ConstraintTemplate>()
            .change(|crd| default_to_legacy(crd, "v1alpha1"))
            .change(|crd| default_to_legacy(crd, "v1beta1"))
            .system(),
        Crd::of::<expansion::v1alpha1::ExpansionTemplate>()
            .version::<expansion::v1beta1::ExpansionTemplate>()
            .change(|crd| limit_names(crd, "v1alpha1"))
            .system(),
        Crd::of::<status::v1beta1::ExpansionTemplatePodStatus>().system(),
        Crd::of::<mutations::v1::ModifySet>()
            .version::<mutations::v1alpha1::ModifySet>()
            .version::<mutations::v1beta1::ModifySet>()
            .change(|crd| limit_names(crd, "v1"))
            .system(),
        Crd::of::<status::v1beta1::MutatorPodStatus>().system(),
        Crd::of::<status::v1beta1::ProviderPodStatus>().system(),
        Crd::of::<externaldata::v1beta1::Provider>()
            .version::<externaldata::v1alpha1::Provider>()
            .system(),
        Crd::of::<syncset::v1alpha1::SyncSet>()
            .change(|crd| limit_names(crd, "v1alpha1"))
            .system(),
    ]
}

trait System {
    /// With the label that all of Gatekeeper's CRDs have.
    fn system(self) -> Definition;
}

impl<K: CrdVersion> System for Crd<K> {
    fn system(self) -> Definition {
        self.label("gatekeeper.sh/system", "yes").definition()
    }
}

/// Limits the objects' names to 63 characters in this version: the names become values of labels.
fn limit_names(crd: &mut CustomResourceDefinition, version: &str) {
    let name = JsonSchemaProps {
        type_: Some("string".to_owned()),
        max_length: Some(63),
        ..JsonSchemaProps::default()
    };
    if let Some(metadata) = root_mut(crd, version).and_then(|root| member(root, "metadata")) {
        metadata
            .properties
            .get_or_insert_default()
            .insert("name".to_owned(), name);
    }
}

/// Before v1, the schema of a template's parameters counts as legacy unless told otherwise.
fn default_to_legacy(crd: &mut CustomResourceDefinition, version: &str) {
    let validation = ["spec", "crd", "spec", "validation"]
        .into_iter()
        .fold(root_mut(crd, version), |at, name| {
            at.and_then(|at| member(at, name))
        });
    if let Some(validation) = validation {
        validation.default = Some(Json(json!({ "legacySchema": true })));
        if let Some(legacy) = member(validation, "legacySchema") {
            legacy.default = Some(Json(json!(true)));
        }
    }
}

fn root_mut<'a>(
    crd: &'a mut CustomResourceDefinition,
    version: &str,
) -> Option<&'a mut JsonSchemaProps> {
    let version = crd
        .spec
        .versions
        .iter_mut()
        .find(|found| found.name == version)?;
    version.schema.as_mut()?.open_api_v3_schema.as_mut()
}

fn member<'a>(schema: &'a mut JsonSchemaProps, name: &str) -> Option<&'a mut JsonSchemaProps> {
    schema.properties.as_mut()?.get_mut(name)
}

/// A value of any type.
pub(crate) fn anything(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "x-kubernetes-preserve-unknown-fields": true })
}

/// A whole number of no particular width.
pub(crate) fn integer(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "integer" })
}

impl schemars::JsonSchema for mutations::ModifySetValues {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ModifySetValues".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        crd_core::schema::any_object(generator)
    }
}

/// Code, at most one per engine.
pub(crate) fn codes(generator: &mut SchemaGenerator) -> Schema {
    let item = generator.subschema_for::<crate::templates::Code>();
    json_schema!({
        "type": "array",
        "items": item,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["engine"]
    })
}
