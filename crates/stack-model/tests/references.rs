//! Who names whom, and whether it is there.

use serde_json::{Value, json};
use stack_model::{Extent, Form, Model, Purpose, ReferenceRule, Resolution};

fn pod(spec: Value) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
           "spec": {"template": {"spec": spec}}})
}

fn object(api_version: &str, kind: &str, name: &str) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": "demo"}})
}

/// `path -> Kind name: outcome` of every reference.
fn outcomes(objects: Vec<Value>, extent: Extent) -> Vec<String> {
    let model = Model::read(objects);
    let mut found = Vec::new();
    for reference in model.references() {
        let outcome = match model.resolve(&reference, extent) {
            Resolution::Found(_) => "found",
            Resolution::KeyMissing(_) => "no key",
            Resolution::Made(_) => "made",
            Resolution::Missing => "missing",
            Resolution::Outside => "outside",
        };
        found.push(format!(
            "{} -> {} {}: {outcome}",
            reference.path, reference.kind, reference.name
        ));
    }
    found
}

#[test]
fn a_pod_names_what_it_reads_mounts_and_is() {
    let spec = json!({
        "serviceAccountName": "web",
        "volumes": [{"configMap": {"name": "files"}}, {"secret": {"secretName": "keys", "optional": true}},
                    {"projected": {"sources": [{"secret": {"name": "more"}}]}}],
        "containers": [
            {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "files", "key": "a"}}},
                     {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "files", "key": "b"}}}]},
            {"envFrom": [{"secretRef": {"name": "keys"}}]},
        ],
    });
    let mut files = object("v1", "ConfigMap", "files");
    files["data"] = json!({"a": "1"});
    assert_eq!(
        outcomes(vec![pod(spec), files], Extent::Whole),
        [
            "spec.template.spec.serviceAccountName -> ServiceAccount web: missing",
            "spec.template.spec.volumes[0].configMap.name -> ConfigMap files: found",
            "spec.template.spec.volumes[1].secret.secretName -> Secret keys: missing",
            "spec.template.spec.volumes[2].projected.sources[0].secret.name -> Secret more: missing",
            "spec.template.spec.containers[0].env[0].valueFrom.configMapKeyRef.name -> ConfigMap files: found",
            "spec.template.spec.containers[0].env[1].valueFrom.configMapKeyRef.name -> ConfigMap files: no key",
            "spec.template.spec.containers[1].envFrom[0].secretRef.name -> Secret keys: missing",
        ]
    );
}

#[test]
fn optional_references_say_so() {
    let spec = json!({"volumes": [{"secret": {"secretName": "keys", "optional": true}}, {"secret": {"secretName": "keys"}}]});
    let model = Model::read([pod(spec)]);
    assert_eq!(
        model
            .references()
            .map(|reference| reference.optional)
            .collect::<Vec<_>>(),
        [true, false]
    );
}

#[test]
fn in_a_part_something_is_missing_only_where_its_name_is_a_slip_away_from_another() {
    let ingress = json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "i", "namespace": "demo"},
        "spec": {"defaultBackend": {"service": {"name": "frontnd"}}}});
    let service = |name: &str| object("v1", "Service", name);
    for (others, extent, outcome) in [
        (vec![], Extent::Part, "outside"),
        (vec![service("backend")], Extent::Part, "outside"),
        (vec![service("frontend")], Extent::Part, "missing"),
        (vec![service("backend")], Extent::Whole, "missing"),
    ] {
        let objects = [vec![ingress.clone()], others].concat();
        assert_eq!(
            outcomes(objects, extent),
            [format!(
                "spec.defaultBackend.service.name -> Service frontnd: {outcome}"
            )]
        );
    }
}

#[test]
fn what_every_cluster_has_and_what_controllers_make_is_not_missing() {
    let binding = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "b"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "jane"},
                     {"kind": "ServiceAccount", "namespace": "demo", "name": "default"}]});
    let mut certificate = object("cert-manager.io/v1", "Certificate", "c");
    certificate["spec"] = json!({"secretName": "tls"});
    let mut set = object("apps/v1", "StatefulSet", "db");
    set["spec"] = json!({"template": {"spec": {"volumes": [{"persistentVolumeClaim": {"claimName": "data-db-0"}}, {"secret": {"secretName": "tls"}}]}}});
    assert_eq!(
        outcomes(vec![binding, certificate, set], Extent::Whole),
        [
            "roleRef -> ClusterRole cluster-admin: outside",
            "subjects[0] -> User jane: outside",
            "subjects[1] -> ServiceAccount default: outside",
            "spec.template.spec.volumes[0].persistentVolumeClaim.claimName -> PersistentVolumeClaim data-db-0: made",
            "spec.template.spec.volumes[1].secret.secretName -> Secret tls: made",
        ]
    );
}

#[test]
fn hosts_of_istio_mean_services_of_the_cluster_alone() {
    let mut service = object("networking.istio.io/v1", "VirtualService", "v");
    let hosts = [
        "web",
        "web.other.svc.cluster.local",
        "example.com",
        "*.demo.svc.cluster.local",
    ];
    let routes: Vec<Value> = hosts
        .iter()
        .map(|host| json!({"destination": {"host": host}}))
        .collect();
    service["spec"] = json!({"gateways": ["mesh", "infra/edge"], "http": [{"route": routes}]});
    assert_eq!(
        outcomes(vec![service], Extent::Whole),
        [
            "spec.gateways[1] -> Gateway edge: missing",
            "spec.http[0].route[0].destination.host -> Service web: missing",
            "spec.http[0].route[1].destination.host -> Service web: missing",
        ]
    );
}

#[test]
fn a_component_brings_rows_of_its_own() {
    const RULES: &[ReferenceRule] = &[ReferenceRule::new(
        "example.com",
        &["Widget"],
        "spec.config",
        Form::Name {
            group: "",
            kind: "ConfigMap",
        },
        Purpose::Config,
    )];
    let mut widget = object("example.com/v1", "Widget", "w");
    widget["spec"] = json!({"config": "files"});
    let model = Model::read([widget]).with_references(RULES);
    let references: Vec<_> = model.references().map(|reference| reference.name).collect();
    assert_eq!(references, ["files"]);
}

#[test]
fn what_somebody_else_makes_is_outside_once_it_is_declared() {
    let objects = vec![pod(
        json!({"volumes": [{"secret": {"secretName": "made-by-a-hook"}}]}),
    )];
    let id = kube_vocab::ObjectId::new("v1", "Secret", Some("demo"), "made-by-a-hook");
    for (made, missing) in [(vec![], true), (vec![id], false)] {
        let model = Model::read(objects.clone()).with_made(made);
        let reference = model.references().next().unwrap();
        let found = model.resolve(&reference, Extent::Whole);
        assert_eq!(matches!(found, Resolution::Missing), missing);
    }
}

#[test]
fn volumes_plugins_and_identities_are_references_too() {
    let spec = json!({"volumes": [{"configMap": {"name": "files", "items": [{"key": "a"}, {"key": "b"}]}}]});
    let mut files = object("v1", "ConfigMap", "files");
    files["data"] = json!({"a": "1"});
    let mut ingress = object("networking.k8s.io/v1", "Ingress", "i");
    ingress["metadata"]["annotations"] = json!({"konghq.com/plugins": "limit, shared,gone"});
    let mut shared = object("configuration.konghq.com/v1", "KongClusterPlugin", "shared");
    shared["metadata"]
        .as_object_mut()
        .unwrap()
        .remove("namespace");
    let limit = object("configuration.konghq.com/v1", "KongPlugin", "limit");
    let mut policy = object("security.istio.io/v1", "AuthorizationPolicy", "p");
    policy["spec"] = json!({"rules": [{"from": [{"source": {"principals": ["cluster.local/ns/demo/sa/web", "*"]}}]}]});
    assert_eq!(
        outcomes(
            vec![pod(spec), files, ingress, shared, limit, policy],
            Extent::Whole
        ),
        [
            "spec.template.spec.volumes[0].configMap.name -> ConfigMap files: found",
            "spec.template.spec.volumes[0].configMap.name -> ConfigMap files: no key",
            "spec.template.spec.volumes[0].configMap.name -> ConfigMap files: found",
            "metadata.annotations[konghq.com/plugins] -> KongPlugin limit: found",
            "metadata.annotations[konghq.com/plugins] -> KongClusterPlugin shared: found",
            "metadata.annotations[konghq.com/plugins] -> KongPlugin gone: missing",
            "spec.rules[0].from[0].source.principals[0] -> ServiceAccount web: missing",
        ]
    );
}

#[test]
fn what_an_operator_makes_of_an_object_bears_its_name() {
    let cluster = object("postgresql.cnpg.io/v1", "Cluster", "db");
    let spec = json!({"volumes": [{"secret": {"secretName": "db-app"}}, {"secret": {"secretName": "dbx-app"}}]});
    assert_eq!(
        outcomes(vec![cluster, pod(spec)], Extent::Whole),
        [
            "spec.template.spec.volumes[0].secret.secretName -> Secret db-app: made",
            "spec.template.spec.volumes[1].secret.secretName -> Secret dbx-app: missing",
        ]
    );
}

#[test]
fn a_reference_knows_its_line() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: networking.k8s.io/v1\n  kind: Ingress\n  metadata: {name: i}\n  spec:\n    ingressClassName: x\n";
    let document = kube_yaml::Documents::new(text).next().unwrap().unwrap();
    let model = Model::read([stack_model::SourceObject::read("a.yaml", document)]);
    let entry = model.entries().next().unwrap();
    assert_eq!(entry.origin().line, Some(4));
    let lines: Vec<_> = model
        .references()
        .map(|reference| reference.line())
        .collect();
    assert_eq!(lines, [Some(8)]);
}
