//! The one list of kinds, and the definitions that are made from it.

use crd_core::Family;
#[cfg(feature = "schema")]
use crd_core::{
    Channel,
    crd::{CustomResourceDefinition, Definition, JsonSchemaProps},
};
#[cfg(feature = "schema")]
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceDefinitionVersion, JSON as Json,
};
#[cfg(feature = "schema")]
use serde_json::json;

use crate::{config, connection, expansion, externaldata, mutations, status, syncset, templates};

/// Every kind of Gatekeeper with all its versions. The kinds of constraints come from their templates.
///
/// ```
/// let family = gatekeeper_types::family();
/// assert!(family.version("templates.gatekeeper.sh/v1beta1", "ConstraintTemplate").is_some());
/// ```
#[inline]
pub fn family() -> Family {
    let family = Family::new("gatekeeper")
        .kind::<mutations::v1::Assign>()
        .kind::<mutations::v1alpha1::AssignImage>()
        .kind::<mutations::v1::AssignMetadata>()
        .kind::<status::v1beta1::ConfigPodStatus>()
        .kind::<config::v1alpha1::Config>()
        .kind::<status::v1alpha1::ConnectionPodStatus>()
        .kind::<connection::v1alpha1::Connection>()
        .kind::<status::v1beta1::ConstraintPodStatus>()
        .kind::<status::v1beta1::ConstraintTemplatePodStatus>()
        .kind::<templates::v1::ConstraintTemplate>()
        .kind::<expansion::v1beta1::ExpansionTemplate>()
        .kind::<status::v1beta1::ExpansionTemplatePodStatus>()
        .kind::<mutations::v1::ModifySet>()
        .kind::<status::v1beta1::MutatorPodStatus>()
        .kind::<status::v1beta1::ProviderPodStatus>()
        .kind::<externaldata::v1beta1::Provider>()
        .kind::<syncset::v1alpha1::SyncSet>();
    #[cfg(feature = "schema")]
    let family = family.release(release);
    family
}

#[cfg(feature = "schema")]
crd_core::family_crds!();

/// The label that all of Gatekeeper's CRDs have, and what some say that their types cannot.
#[cfg(feature = "schema")]
fn release(definition: Definition, _: Channel) -> Definition {
    let definition = definition.label("gatekeeper.sh/system", "yes");
    match definition.kind() {
        "Assign" | "AssignImage" | "AssignMetadata" | "ExpansionTemplate" | "ModifySet"
        | "SyncSet" => definition.change(limit_names),
        "ConstraintTemplate" => definition.change(default_to_legacy),
        _ => definition,
    }
}

/// Limits the objects' names to 63 characters in the stored version: the names become values of labels.
#[cfg(feature = "schema")]
fn limit_names(crd: &mut CustomResourceDefinition) {
    let stored = |version: &&mut CustomResourceDefinitionVersion| version.storage;
    for version in crd.spec.versions.iter_mut().filter(stored) {
        let name = JsonSchemaProps {
            type_: Some("string".to_owned()),
            max_length: Some(63),
            ..JsonSchemaProps::default()
        };
        if let Some(metadata) = member(version, &["metadata"]) {
            let properties = metadata.properties.get_or_insert_default();
            properties.insert("name".to_owned(), name);
        }
    }
}

/// Before v1, the schema of a template's parameters counts as legacy unless told otherwise.
#[cfg(feature = "schema")]
fn default_to_legacy(crd: &mut CustomResourceDefinition) {
    let path = ["spec", "crd", "spec", "validation", "legacySchema"];
    let older = |version: &&mut CustomResourceDefinitionVersion| version.name != "v1";
    for version in crd.spec.versions.iter_mut().filter(older) {
        if let Some(validation) = member(version, &path[..4]) {
            validation.default = Some(Json(json!({ "legacySchema": true })));
        }
        if let Some(legacy) = member(version, &path) {
            legacy.default = Some(Json(json!(true)));
        }
    }
}

#[cfg(feature = "schema")]
fn member<'a>(
    version: &'a mut CustomResourceDefinitionVersion,
    path: &[&str],
) -> Option<&'a mut JsonSchemaProps> {
    let root = version.schema.as_mut()?.open_api_v3_schema.as_mut();
    path.iter()
        .fold(root, |at, name| at?.properties.as_mut()?.get_mut(*name))
}
