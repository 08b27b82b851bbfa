//! The CustomResourceDefinitions, and parts of schemas that a derive cannot write.

use crd_core::crd::{Crd, CrdVersion, CustomResourceDefinition, JsonSchemaProps};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::JSON as Json;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::json;

use crate::{config, connection, expansion, externaldata, mutations, status, syncset, templates};

/// The CustomResourceDefinitions of all kinds with their served versions. Those of constraints come from their templates.
#[must_use]
pub fn crds() -> Vec<CustomResourceDefinition> {
    let mut crds = vec![
        named(
            &["v1"],
            Crd::of::<mutations::v1::Assign>()
                .version::<mutations::v1alpha1::Assign>()
                .version::<mutations::v1beta1::Assign>(),
        ),
        named(&["v1alpha1"], Crd::of::<mutations::v1alpha1::AssignImage>()),
        named(
            &["v1"],
            Crd::of::<mutations::v1::AssignMetadata>()
                .version::<mutations::v1alpha1::AssignMetadata>()
                .version::<mutations::v1beta1::AssignMetadata>(),
        ),
        named(&[], Crd::of::<status::v1beta1::ConfigPodStatus>()),
        named(&[], Crd::of::<config::v1alpha1::Config>()),
        named(&[], Crd::of::<status::v1alpha1::ConnectionPodStatus>()),
        named(&[], Crd::of::<connection::v1alpha1::Connection>()),
        named(&[], Crd::of::<status::v1beta1::ConstraintPodStatus>()),
        named(
            &[],
            Crd::of::<status::v1beta1::ConstraintTemplatePodStatus>(),
        ),
        constraint_templates(),
        named(
            &["v1alpha1"],
            Crd::of::<expansion::v1alpha1::ExpansionTemplate>()
                .version::<expansion::v1beta1::ExpansionTemplate>(),
        ),
        named(
            &[],
            Crd::of::<status::v1beta1::ExpansionTemplatePodStatus>(),
        ),
        named(
            &["v1"],
            Crd::of::<mutations::v1::ModifySet>()
                .version::<mutations::v1alpha1::ModifySet>()
                .version::<mutations::v1beta1::ModifySet>(),
        ),
        named(&[], Crd::of::<status::v1beta1::MutatorPodStatus>()),
        named(&[], Crd::of::<status::v1beta1::ProviderPodStatus>()),
        named(
            &[],
            Crd::of::<externaldata::v1beta1::Provider>()
                .version::<externaldata::v1alpha1::Provider>(),
        ),
        named(&["v1alpha1"], Crd::of::<syncset::v1alpha1::SyncSet>()),
    ];
    for crd in &mut crds {
        crd.metadata
            .labels
            .get_or_insert_default()
            .insert("gatekeeper.sh/system".to_owned(), "yes".to_owned());
    }
    crds
}

/// A CRD that limits the objects' names to 63 characters in these versions: the names become values of labels.
fn named<K: CrdVersion>(versions: &[&str], crd: Crd<K>) -> CustomResourceDefinition {
    let mut crd = crd.build();
    for version in versions {
        if let Some(root) = root_mut(&mut crd, version) {
            let name = JsonSchemaProps {
                type_: Some("string".to_owned()),
                max_length: Some(63),
                ..JsonSchemaProps::default()
            };
            if let Some(metadata) = member(root, "metadata") {
                metadata
                    .properties
                    .get_or_insert_default()
                    .insert("name".to_owned(), name);
            }
        }
    }
    crd
}

/// Before v1, the schema of a template's parameters counts as legacy unless told otherwise.
fn constraint_templates() -> CustomResourceDefinition {
    let templates = Crd::of::<templates::v1::ConstraintTemplate>()
        .version::<templates::v1alpha1::ConstraintTemplate>()
        .version::<templates::v1beta1::ConstraintTemplate>();
    let mut crd = templates.build();
    for version in ["v1alpha1", "v1beta1"] {
        let validation = ["spec", "crd", "spec", "validation"]
            .into_iter()
            .fold(root_mut(&mut crd, version), |at, name| {
                at.and_then(|at| member(at, name))
            });
        if let Some(validation) = validation {
            validation.default = Some(Json(json!({ "legacySchema": true })));
            if let Some(legacy) = member(validation, "legacySchema") {
                legacy.default = Some(Json(json!(true)));
            }
        }
    }
    crd
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
