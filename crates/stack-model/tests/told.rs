//! What objects tell of each other: calls, nodes, contents, amounts, and what is made or known outside of the input.

use serde_json::{Value, json};
use stack_model::certificate::{content, from_base64};
use stack_model::{
    Extent, Model, NameForm, NodeRole, Operator, Origin, PodMatch, Requirement, Resolution, Scope,
    Selector, SourceObject, TargetPort, WorkloadKind,
};

fn object(api_version: &str, kind: &str, name: &str) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": "demo"}})
}

fn namespace(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
}

fn calls(document: Value) -> Vec<String> {
    let model = Model::read([document.clone(), namespace("shop")]);
    let id = model.entries().next().unwrap();
    let found = model.calls_of(id);
    found
        .iter()
        .map(|call| {
            let form = match call.form {
                NameForm::Short => "short",
                NameForm::WithNamespace => "with namespace",
                NameForm::Full => "full",
            };
            let port = call.port.map_or("-".to_owned(), |port| port.to_string());
            format!(
                "{}: {}.{}:{port} {form}",
                call.path, call.service, call.namespace
            )
        })
        .collect()
}

#[test]
fn services_are_called_in_commands_variables_and_configuration() {
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"template": {"spec": {
            "initContainers": [{"name": "i", "command": ["wait", "http://db:5432/"]}],
            "containers": [{"name": "a", "args": ["--to=http://api.shop.svc:8080/x,http://api.shop.svc:8080/y", "http://api.shop.svc:8081"],
                "env": [{"name": "A"}, {"name": "B", "value": "https://cart.shop/"}, {"name": "C", "value": "http://x.elsewhere/"}]}]}}}});
    let spec = "spec.template.spec";
    assert_eq!(
        calls(deployment),
        [
            format!("{spec}.initContainers[0].command[1]: db.demo:5432 short"),
            format!("{spec}.containers[0].args[0]: api.shop:8080 full"),
            format!("{spec}.containers[0].args[1]: api.shop:8081 full"),
            format!("{spec}.containers[0].env[1].value: cart.shop:443 with namespace"),
        ]
    );
    // Pods of several namespaces may read a ConfigMap: a short name there means none of them.
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "demo"},
        "data": {"a": "http://db:5432 http://api.shop.svc.cluster.local"}});
    assert_eq!(calls(map), ["data[a]: api.shop:80 full"]);
    assert_eq!(calls(object("v1", "Secret", "s")), [""; 0]);
}

fn texts(text: &str) -> Vec<String> {
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "demo"},
        "spec": {"containers": [{"name": "a", "args": [text]}]}});
    let found = calls(pod).into_iter();
    found
        .map(|call| call.split_once(": ").unwrap().1.to_owned())
        .collect()
}

#[test]
fn a_name_is_one_where_nothing_is_filled_in_around_it() {
    for (text, expected) in [
        ("http://web", &["web.demo:80 short"][..]),
        ("x=http://web", &["web.demo:80 short"]),
        ("grpc+http://web:1", &["web.demo:1 short"]),
        ("http://{{ .Host }}web", &[]),
        ("http://$(HOST)web", &[]),
        ("http://web{{ .Port }}", &[]),
        ("http://web*", &[]),
        ("http://1web", &[]),
        (
            "http://user:secret@web.shop:80",
            &["web.shop:80 with namespace"],
        ),
        ("docker://web:80", &[]),
        ("web.shop.svc:80", &["web.shop:80 full"]),
        ("web.shop:80", &["web.shop:80 with namespace"]),
        ("web.shop", &[]),
        ("web.other:80", &[]),
        ("web", &[]),
    ] {
        assert_eq!(texts(text), expected, "{text}");
    }
}

#[test]
fn nodes_come_from_objects_and_from_the_configuration_of_a_cluster() {
    let cluster = json!({"apiVersion": "kind.x-k8s.io/v1alpha4", "kind": "Cluster", "nodes": [
        {"role": "control-plane"}, {"role": "worker", "labels": {"zone": "a"}}]});
    let model = Model::read([cluster]);
    let nodes: Vec<_> = model.nodes().collect();
    let told: Vec<_> = nodes
        .iter()
        .map(|node| (node.kind_index(), node.role(), node.labels().get("zone")))
        .collect();
    assert_eq!(
        told,
        [
            (Some(0), NodeRole::ControlPlane, None),
            (Some(1), NodeRole::Worker, Some("a")),
        ]
    );
    assert!(nodes[1].allocatable().is_none());
    let node = |status: Value| json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "m", "labels": {"zone": "b"}}, "status": status});
    for (status, cpu) in [
        (json!({"capacity": {"cpu": "4"}}), Some("4")),
        (
            json!({"capacity": {"cpu": "4"}, "allocatable": {"cpu": "3"}}),
            Some("3"),
        ),
        (json!({}), None),
    ] {
        let model = Model::read([node(status)]);
        let node = model.nodes().next().unwrap();
        assert_eq!(
            (node.kind_index(), node.labels().get("zone")),
            (None, Some("b"))
        );
        let found = node.allocatable().and_then(|all| all.get("cpu")?.as_str());
        assert_eq!(found, cpu);
    }
}

#[test]
fn secrets_and_config_maps_hold_content() {
    let of = |kind: &str, members: Value| {
        let mut document = object("v1", kind, "c");
        for (name, value) in members.as_object().unwrap() {
            document[name] = value.clone();
        }
        let model = Model::read([document]);
        let entry = model.entries().next().unwrap();
        content(entry, "k").map(|bytes| String::from_utf8(bytes).unwrap())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(of("Secret", json!({"data": {"k": "YWJj"}})), some("abc"));
    assert_eq!(
        of(
            "Secret",
            json!({"data": {"k": "YWJj"}, "stringData": {"k": "plain"}})
        ),
        some("plain")
    );
    assert_eq!(of("Secret", json!({"data": {"k": "?"}})), None);
    assert_eq!(of("Secret", json!({"data": {"other": "YQ=="}})), None);
    assert_eq!(
        of("ConfigMap", json!({"data": {"k": "YWJj"}})),
        some("YWJj")
    );
    assert_eq!(
        of("ConfigMap", json!({"binaryData": {"k": "YWJj"}})),
        some("abc")
    );
    assert_eq!(from_base64("+/+/"), Some(vec![0xfb, 0xff, 0xbf]));
}

#[test]
fn amounts_of_containers_are_read_filled_and_multiplied() {
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "demo"}, "spec": {
        "overhead": {"cpu": "100m", "memory": "10Mi"},
        "initContainers": [{"name": "i", "image": "b", "resources": {"requests": {"cpu": 2}}}],
        "containers": [{"name": "a", "image": "c:1", "resources": {"requests": {"cpu": 1.5}, "limits": {"cpu": "2"}}}]}});
    let limits = json!({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "l", "namespace": "demo"},
        "spec": {"limits": [{"type": "Container", "default": {"memory": "1Gi", "cpu": "3"}}]}});
    let model = Model::read([pod, limits]);
    let workload = model.workloads().next().unwrap();
    let each = workload.containers_amounts();
    let cpu: Vec<_> = each
        .iter()
        .map(|one| one.requests.get("cpu").unwrap().to_string())
        .collect();
    assert_eq!(cpu, ["2", "1500m"]);
    let containers: Vec<_> = workload.containers().collect();
    let images: Vec<_> = containers.iter().map(|one| one.image()).collect();
    assert_eq!(images, ["b", "c:1"]);
    let paths: Vec<_> = containers
        .iter()
        .map(|one| one.path().to_string())
        .collect();
    assert_eq!(paths, ["spec.initContainers[0]", "spec.containers[0]"]);
    let second = workload.container_amounts(containers[1]);
    assert_eq!(second.limits.get("memory").unwrap().to_string(), "1Gi");
    assert_eq!(second.limits.get("cpu").unwrap().to_string(), "2");
    let twice = second.limits.times(2);
    assert_eq!(twice.get("cpu").unwrap().to_string(), "4");
    let all = workload.amounts();
    let told = [&all.requests, &all.limits].map(|one| one.get("cpu").unwrap().to_string());
    // The greedier of the two, and the overhead upon both.
    assert_eq!(told, ["2100m", "3100m"]);
    assert_eq!(all.limits.get("memory").unwrap().to_string(), "1034Mi");
}

#[test]
fn entries_and_workloads_know_their_places() {
    let job = |completions: u32| {
        json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j", "namespace": "demo", "annotations": {"own": "x"}},
            "spec": {"parallelism": 3, "completions": completions, "template": {"metadata": {"annotations": {"note": "y"}}, "spec": {"containers": []}}}})
    };
    let source = |document: Value, origin: Origin| SourceObject {
        origin,
        ..SourceObject::from(document)
    };
    let model = Model::read([
        source(job(2), Origin::file("a.yaml", 7)),
        source(object("v1", "ConfigMap", "c"), Origin::release("web")),
    ]);
    let job_entry = model.get("batch", "Job", Some("demo"), "j").unwrap();
    assert_eq!(job_entry.annotations().get("own"), Some("x"));
    let place = job_entry.location_of(&"spec".parse_path()).unwrap();
    assert_eq!((place.file.as_str(), place.line), ("a.yaml", 7));
    let map = model.get("", "ConfigMap", Some("demo"), "c").unwrap();
    assert_eq!(map.origin().release.as_deref(), Some("web"));
    assert!(map.location_of(&"data".parse_path()).is_none());
    let workload = model.workloads().next().unwrap();
    assert_eq!(workload.annotations().get("note"), Some("y"));
    assert_eq!(
        workload.pod_field("volumes").to_string(),
        "spec.template.spec.volumes"
    );
    assert_eq!((workload.replicas().min, workload.replicas().max), (2, 2));
    let wide = Model::read([job(9)]);
    assert_eq!(wide.workloads().next().unwrap().replicas().max, 3);
    let cron = json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "j", "namespace": "demo"},
        "spec": {"jobTemplate": {"spec": {"parallelism": 4, "template": {"spec": {"containers": []}}}}}});
    let cron = Model::read([cron]);
    let cron = cron.workloads().next().unwrap();
    assert_eq!(
        (cron.kind(), cron.replicas().max),
        (WorkloadKind::CronJob, 4)
    );
    assert!(!wide.is_empty() && Model::read([] as [Value; 0]).is_empty());
    let namespaces = Model::read([namespace("demo"), object("v1", "ConfigMap", "c"), {
        let mut other = object("v1", "ConfigMap", "c");
        other["metadata"]["namespace"] = "other".into();
        other
    }]);
    let declared: Vec<_> = ["demo", "other"]
        .map(|name| namespaces.namespace(name).map(|one| one.is_declared()))
        .into();
    assert_eq!(declared, [Some(true), Some(false)]);
}

/// A path of one field.
trait ParsePath {
    fn parse_path(&self) -> kube_vocab::FieldPath;
}

impl ParsePath for str {
    fn parse_path(&self) -> kube_vocab::FieldPath {
        kube_vocab::FieldPath::parse(self)
    }
}

#[test]
fn labels_that_controllers_give_each_pod_match_some_of_them() {
    let of = |api_version: &str, kind: &str, key: &str, operator: Operator, values: &[&str]| {
        let mut document = object(api_version, kind, "web");
        document["spec"] = json!({"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": []}}});
        let model = Model::read([document]);
        let workload = model.workloads().next().unwrap();
        let requirement = Requirement::new(key, operator, values.iter().copied());
        workload.matched_by(&Selector::everything().and(requirement))
    };
    let (apps, hash) = ("apps/v1", "pod-template-hash");
    let name = "statefulset.kubernetes.io/pod-name";
    let index = "apps.kubernetes.io/pod-index";
    for (api_version, kind, key, operator, values, expected) in [
        (
            apps,
            "Deployment",
            hash,
            Operator::Exists,
            &[][..],
            PodMatch::Every,
        ),
        (
            apps,
            "Deployment",
            hash,
            Operator::DoesNotExist,
            &[],
            PodMatch::None,
        ),
        (
            apps,
            "Deployment",
            hash,
            Operator::In,
            &["abc"],
            PodMatch::Some,
        ),
        (
            apps,
            "Deployment",
            hash,
            Operator::NotIn,
            &["abc"],
            PodMatch::Some,
        ),
        (
            apps,
            "Deployment",
            "other",
            Operator::Exists,
            &[],
            PodMatch::None,
        ),
        (
            apps,
            "Deployment",
            "app",
            Operator::In,
            &["web"],
            PodMatch::Every,
        ),
        (
            apps,
            "StatefulSet",
            hash,
            Operator::Exists,
            &[],
            PodMatch::None,
        ),
        (
            apps,
            "StatefulSet",
            name,
            Operator::In,
            &["web-0"],
            PodMatch::Some,
        ),
        (
            apps,
            "StatefulSet",
            name,
            Operator::In,
            &["web-x"],
            PodMatch::None,
        ),
        (
            apps,
            "StatefulSet",
            index,
            Operator::In,
            &["0"],
            PodMatch::Some,
        ),
        (
            apps,
            "StatefulSet",
            index,
            Operator::In,
            &["x"],
            PodMatch::None,
        ),
        (
            "argoproj.io/v1alpha1",
            "Rollout",
            "rollouts-pod-template-hash",
            Operator::Exists,
            &[],
            PodMatch::Every,
        ),
        (
            "argoproj.io/v1alpha1",
            "Rollout",
            hash,
            Operator::Exists,
            &[],
            PodMatch::None,
        ),
    ] {
        let found = of(api_version, kind, key, operator, values);
        assert_eq!(found, expected, "{kind}: {key} {operator:?} {values:?}");
    }
}

#[test]
fn selectors_are_read_joined_and_told_to_be_empty() {
    let read = |value: Value| Selector::read(&value.into());
    assert!(read(Value::Null).unwrap().is_everything());
    assert!(read(json!(5)).is_err());
    let expressions = json!([{"key": "n", "operator": "Lt", "values": ["3"]}]);
    let below = Selector::read_expressions(&expressions.into()).unwrap();
    for (value, expected) in [("2", true), ("3", false), ("4", false), ("x", false)] {
        let labels = std::collections::BTreeMap::from([("n".to_owned(), value.to_owned())]);
        assert_eq!(below.matches(&labels), expected, "{value}");
    }
    let app = || Requirement::new("app", Operator::In, ["web"]);
    let both = Selector::everything().and(app());
    assert_eq!(both.requirements().len(), 1);
    assert!(Selector::nothing().and(app()).is_nothing());
    assert!(!both.is_nothing());
    let none: [&str; 0] = [];
    assert!(
        Selector::everything()
            .and(Requirement::new("app", Operator::In, none))
            .is_nothing()
    );
    assert!(
        !Selector::everything()
            .and(Requirement::new("app", Operator::NotIn, none))
            .is_nothing()
    );
    assert_eq!(
        [TargetPort::Number(80), TargetPort::Name("web")].map(|port| port.to_string()),
        ["80", "web"]
    );
    let mut service = object("v1", "Service", "web");
    service["spec"] = json!({"ports": [{"port": 80, "targetPort": ""}]});
    let slice = json!({"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "s", "namespace": "demo",
        "labels": {"kubernetes.io/service-name": "web"}}, "addressType": "IPv4",
        "endpoints": [{"addresses": ["10.0.0.1"]}], "ports": [{"name": "", "port": 80}, {"name": "b", "port": 81}]});
    let model = Model::read([service, slice]);
    let service = model.service("demo", "web").unwrap();
    assert_eq!(service.to_string(), "Service demo/web");
    assert_eq!(
        service.ports().next().unwrap().target,
        TargetPort::Number(80)
    );
    let names: Vec<_> = service
        .endpoints()
        .iter()
        .map(|one| one.port_name)
        .collect();
    assert_eq!(names, [None, Some("b")]);
}

/// What a Deployment's volume of a Secret of this name resolves to beside other objects.
fn resolved(kind: &str, name: &str, extent: Extent, others: Vec<Value>) -> String {
    let volume = match kind {
        "Secret" => json!({"secret": {"secretName": name}}),
        _ => json!({"configMap": {"name": name}}),
    };
    let pod = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"template": {"spec": {"volumes": [volume]}}}});
    let mut all = vec![pod];
    all.extend(others);
    let model = Model::read(all);
    let reference = model.references().find(|one| one.kind == kind);
    let Some(reference) = reference else {
        return "no reference".to_owned();
    };
    match model.resolve(&reference, extent) {
        Resolution::Found(_) => "found",
        Resolution::KeyMissing(_) => "no key",
        Resolution::Made(_) => "made",
        Resolution::Missing => "missing",
        Resolution::Outside => "outside",
    }
    .to_owned()
}

#[test]
fn what_operators_may_make_is_not_missing() {
    for (api_version, kind, expected) in [
        ("example.com/v1", "Database", "made"),
        ("monitoring.coreos.com/v1", "Prometheus", "made"),
        ("monitoring.coreos.com/v1", "ServiceMonitor", "missing"),
        ("gateway.networking.k8s.io/v1", "HTTPRoute", "missing"),
        ("argoproj.io/v1beta1", "ArgoCD", "made"),
        ("argoproj.io/v1alpha1", "AppProject", "missing"),
        ("networking.k8s.io/v1", "Ingress", "missing"),
        ("security.istio.io/v1", "AuthorizationPolicy", "missing"),
        ("v1", "ConfigMap", "missing"),
    ] {
        let maker = object(api_version, kind, "store");
        let found = resolved("Secret", "store-credentials", Extent::Whole, vec![maker]);
        assert_eq!(found, expected, "{kind}");
    }
}

#[test]
fn names_to_be_filled_in_are_no_references() {
    for (kind, name, expected) in [
        ("Secret", "keys", "missing"),
        ("Secret", "{{ .Name }}", "no reference"),
        ("Secret", "$NAME", "no reference"),
        ("Secret", "<your-secret>", "no reference"),
        ("Secret", "YOUR_SECRET", "no reference"),
        ("Secret", "my_secret", "no reference"),
        ("Secret", "", "no reference"),
        ("ConfigMap", "kube-root-ca.crt", "outside"),
        ("ConfigMap", "files", "missing"),
    ] {
        let found = resolved(kind, name, Extent::Whole, vec![]);
        assert_eq!(found, expected, "{kind} {name}");
    }
    let binding = |subject: Value| {
        json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "b", "namespace": "demo"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "My_Role"}, "subjects": [subject]})
    };
    let model = Model::read([binding(
        json!({"kind": "ServiceAccount", "name": "My_Account"}),
    )]);
    let named: Vec<_> = model.references().map(|one| one.name.to_owned()).collect();
    assert_eq!(named, ["My_Role"]);
}

#[test]
fn what_the_cluster_has_is_known_by_place_and_name() {
    let model = Model::read([object("v1", "Service", "web"), object("v1", "Secret", "s")]);
    let look = |kind: &str, namespace: &str, name: &str| match model.look_up(
        "",
        kind,
        Some(namespace),
        name,
        Extent::Whole,
    ) {
        Resolution::Missing => "missing",
        Resolution::Outside => "outside",
        _ => "there",
    };
    assert_eq!(look("Service", "default", "kubernetes"), "outside");
    assert_eq!(look("Service", "demo", "other"), "missing");
    assert_eq!(look("Secret", "demo", "kubernetes"), "missing");
    assert_eq!(look("Secret", "kube-system", "other"), "outside");
    let declared =
        Model::read([object("v1", "Service", "web")]).with_made([kube_vocab::ObjectId::new(
            "v1",
            "Secret",
            Some("demo"),
            "told",
        )]);
    let look = |name: &str| {
        let found = declared.look_up("", "Secret", Some("demo"), name, Extent::Whole);
        matches!(found, Resolution::Missing)
    };
    assert_eq!([look("told"), look("untold")], [false, true]);
    let definition = |scope: &str| {
        json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "xs.a.b"},
            "spec": {"group": "a.b", "scope": scope, "names": {"kind": "X", "plural": "xs"}}})
    };
    for (scope, expected) in [
        ("Cluster", Some(Scope::Cluster)),
        ("Namespaced", Some(Scope::Namespaced)),
        ("Other", None),
    ] {
        assert_eq!(
            Model::read([definition(scope)]).scope_of("a.b", "X"),
            expected
        );
    }
}
