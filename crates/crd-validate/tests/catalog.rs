//! The tables of kinds and fields against the types of k8s-openapi, of the version that this build has.

use crd_validate::{KubernetesVersion, Registry, UnknownFields, Verdict};
use k8s_openapi::api::{
    admissionregistration, apps, autoscaling, batch, certificates, coordination, core, discovery,
    events, flowcontrol, networking, node, policy, rbac, scheduling, storage,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The version whose types k8s-openapi has here.
fn version() -> KubernetesVersion {
    k8s_openapi::k8s_if_ge_1_37! { return KubernetesVersion::V1_37; }
    #[allow(unreachable_code)]
    {
        k8s_openapi::k8s_if_1_36! { return KubernetesVersion::V1_36; }
        k8s_openapi::k8s_if_1_35! { return KubernetesVersion::V1_35; }
        k8s_openapi::k8s_if_1_34! { return KubernetesVersion::V1_34; }
        KubernetesVersion::V1_33
    }
}

/// A value with every member that its schema has; a type inside itself is empty.
fn full<'d>(
    node: &'d Value,
    definitions: &'d Map<String, Value>,
    outer: &mut Vec<&'d str>,
) -> Value {
    if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap();
        return match name.rsplit('.').next().unwrap() {
            "Quantity" => "1".into(),
            "IntOrString" => 1.into(),
            "Time" => "2006-01-02T15:04:05Z".into(),
            "MicroTime" => "2006-01-02T15:04:05.000000Z".into(),
            "JSONSchemaPropsOrBool" => true.into(),
            "JSONSchemaPropsOrStringArray" | "JSONSchemaPropsOrArray" => json!([]),
            "RawExtension" | "JSON" | "FieldsV1" => json!({}),
            _ if outer.contains(&name) => json!({}),
            _ => {
                outer.push(name);
                let value = full(&definitions[name], definitions, outer);
                outer.pop();
                value
            }
        };
    }
    match node.get("type").and_then(Value::as_str) {
        Some("object") => match node.get("properties").and_then(Value::as_object) {
            Some(properties) => properties
                .iter()
                .map(|(name, property)| (name.clone(), full(property, definitions, outer)))
                .collect::<Map<String, Value>>()
                .into(),
            None => match node.get("additionalProperties") {
                Some(each) => json!({"k": full(each, definitions, outer)}),
                None => json!({}),
            },
        },
        Some("array") => json!([full(&node["items"], definitions, outer)]),
        Some("integer") => 1.into(),
        Some("number") => json!(1.5),
        Some("boolean") => true.into(),
        _ if node
            .get("format")
            .is_some_and(|format| format == "date-time") =>
        {
            "2006-01-02T15:04:05Z".into()
        }
        _ => "".into(),
    }
}

fn check<T: k8s_openapi::Resource + JsonSchema>() {
    let root = SchemaGenerator::default()
        .into_root_schema_for::<T>()
        .to_value();
    let none = Map::new();
    let definitions = root
        .get("$defs")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    let mut object = full(&root, definitions, &mut Vec::new());
    object["apiVersion"] = T::API_VERSION.into();
    object["kind"] = T::KIND.into();
    let registry = Registry::for_version(version());
    let decoded = |object: &Value| -> Vec<String> {
        let judgement = registry.judge(object, UnknownFields::Refuse);
        assert_ne!(judgement.verdict, Verdict::Unknown, "{}", T::KIND);
        let findings = judgement.report.findings.into_iter();
        findings
            .filter(|found| found.code == "schema")
            .map(|found| found.to_string())
            .collect()
    };
    assert_eq!(decoded(&object), Vec::<String>::new(), "{}", T::KIND);
    object["bogus"] = 1.into();
    assert_eq!(decoded(&object).len(), 1, "{}", T::KIND);
}

#[test]
fn every_field_of_every_kind_is_known() {
    check::<admissionregistration::v1::MutatingWebhookConfiguration>();
    check::<admissionregistration::v1::ValidatingAdmissionPolicy>();
    check::<admissionregistration::v1::ValidatingAdmissionPolicyBinding>();
    check::<admissionregistration::v1::ValidatingWebhookConfiguration>();
    check::<apiextensions::v1::CustomResourceDefinition>();
    check::<apiregistration::v1::APIService>();
    check::<apps::v1::ControllerRevision>();
    check::<apps::v1::DaemonSet>();
    check::<apps::v1::Deployment>();
    check::<apps::v1::ReplicaSet>();
    check::<apps::v1::StatefulSet>();
    check::<autoscaling::v1::HorizontalPodAutoscaler>();
    check::<autoscaling::v2::HorizontalPodAutoscaler>();
    check::<batch::v1::CronJob>();
    check::<batch::v1::Job>();
    check::<certificates::v1::CertificateSigningRequest>();
    check::<coordination::v1::Lease>();
    check::<core::v1::ConfigMap>();
    check::<core::v1::Endpoints>();
    check::<core::v1::Event>();
    check::<core::v1::LimitRange>();
    check::<core::v1::Namespace>();
    check::<core::v1::Node>();
    check::<core::v1::PersistentVolume>();
    check::<core::v1::PersistentVolumeClaim>();
    check::<core::v1::Pod>();
    check::<core::v1::PodTemplate>();
    check::<core::v1::ReplicationController>();
    check::<core::v1::ResourceQuota>();
    check::<core::v1::Secret>();
    check::<core::v1::Service>();
    check::<core::v1::ServiceAccount>();
    check::<discovery::v1::EndpointSlice>();
    check::<events::v1::Event>();
    check::<flowcontrol::v1::FlowSchema>();
    check::<flowcontrol::v1::PriorityLevelConfiguration>();
    check::<networking::v1::IPAddress>();
    check::<networking::v1::Ingress>();
    check::<networking::v1::IngressClass>();
    check::<networking::v1::NetworkPolicy>();
    check::<networking::v1::ServiceCIDR>();
    check::<node::v1::RuntimeClass>();
    check::<policy::v1::PodDisruptionBudget>();
    check::<rbac::v1::ClusterRole>();
    check::<rbac::v1::ClusterRoleBinding>();
    check::<rbac::v1::Role>();
    check::<rbac::v1::RoleBinding>();
    check::<scheduling::v1::PriorityClass>();
    check::<storage::v1::CSIDriver>();
    check::<storage::v1::CSINode>();
    check::<storage::v1::CSIStorageCapacity>();
    check::<storage::v1::StorageClass>();
    check::<storage::v1::VolumeAttachment>();
}

/// What is served in which version, and what is said of the rest.
#[test]
fn versions_decide_what_is_served() {
    use KubernetesVersion::{V1_33, V1_35, V1_36, V1_37};
    let judged = |version: KubernetesVersion, api_version: &str, kind: &str| {
        let object = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}});
        Registry::for_version(version).judge(&object, UnknownFields::Refuse)
    };
    for (version, api_version, kind, said) in [
        (V1_36, "apps/v1", "Deployement", "did you mean Deployment?"),
        (V1_36, "apps/v1beta1", "Deployment", "it is in apps/v1"),
        (
            V1_36,
            "policy/v1beta1",
            "PodDisruptionBudget",
            "it is in policy/v1",
        ),
        (
            V1_36,
            "extensions/v1beta1",
            "Ingress",
            "networking.k8s.io/v1 has it",
        ),
        (V1_36, "extensions/v1beta1", "Deployment", "apps/v1 has it"),
        (
            V1_36,
            "policy/v1beta1",
            "PodSecurityPolicy",
            "took its place",
        ),
        (V1_36, "v1", "Secrets", "did you mean Secret?"),
        (V1_36, "v1", "Deployment", "it is in apps/v1"),
        (
            V1_36,
            "autoscaling/v2beta2",
            "HorizontalPodAutoscaler",
            "it is in autoscaling/v1 and autoscaling/v2",
        ),
        (V1_36, "batch/v1beta1", "CronJob", "it is in batch/v1"),
        (
            V1_33,
            "resource.k8s.io/v1",
            "DeviceClass",
            "it is in resource.k8s.io/v1alpha3",
        ),
        (
            V1_35,
            "admissionregistration.k8s.io/v1",
            "MutatingAdmissionPolicy",
            "it is in",
        ),
        (
            V1_37,
            "storage.k8s.io/v1beta1",
            "VolumeAttributesClass",
            "it is in storage.k8s.io/v1",
        ),
    ] {
        let judgement = judged(version, api_version, kind);
        let found = &judgement.report.findings;
        assert_eq!(judgement.verdict, Verdict::Rejected, "{api_version} {kind}");
        assert!(
            found.len() == 1 && found[0].message.contains(said),
            "{found:?}, not {said}"
        );
    }
    for (version, api_version, kind) in [
        (V1_36, "resource.k8s.io/v1", "DeviceClass"),
        (V1_33, "storage.k8s.io/v1beta1", "VolumeAttributesClass"),
    ] {
        let judgement = judged(version, api_version, kind);
        let unserved = judgement
            .report
            .findings
            .iter()
            .any(|found| found.path.to_string() == "apiVersion");
        assert!(!unserved, "{api_version} {kind}: {:?}", judgement.report);
    }
    assert_eq!(
        judged(V1_36, "example.com/v1", "Lamp").verdict,
        Verdict::Unknown
    );
}

/// A field is known from the version on that brought it.
#[test]
fn versions_decide_which_fields_there_are() {
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
        "spec": {"hostnameOverride": "a.b", "containers": [{"name": "a", "image": "b"}]}
    });
    for (version, accepted) in [
        (KubernetesVersion::V1_33, false),
        (KubernetesVersion::V1_34, true),
    ] {
        let judgement = Registry::for_version(version).judge(&pod, UnknownFields::Refuse);
        assert_eq!(
            judgement.report.is_accepted(),
            accepted,
            "{version}: {:?}",
            judgement.report
        );
    }
}
