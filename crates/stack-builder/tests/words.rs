//! What the engine's smaller parts make of their input, one table each.

use k8s_openapi::api::core::v1::ConfigMap;
use serde_json::json;
use stack_builder::charts::{Hook, HookEvent};
use stack_builder::{
    Action, Bundle, Chart, Component, ComponentError, Context, Contribution, Count, Environment,
    Finding, ImageRef, Object, ObjectId, Place, Pods, Severity, Stack, Subject, Values, overlay,
};

#[test]
fn a_hook_names_moments_of_which_two_are_of_the_installation() {
    for (name, event, installs) in [
        ("pre-install", HookEvent::PreInstall, true),
        ("post-install", HookEvent::PostInstall, true),
        ("pre-delete", HookEvent::PreDelete, false),
        ("post-delete", HookEvent::PostDelete, false),
        ("pre-upgrade", HookEvent::PreUpgrade, false),
        ("post-upgrade", HookEvent::PostUpgrade, false),
        ("pre-rollback", HookEvent::PreRollback, false),
        ("post-rollback", HookEvent::PostRollback, false),
        ("test", HookEvent::Test, false),
        ("test-success", HookEvent::Test, false),
    ] {
        let object = json!({"metadata": {"annotations": {"helm.sh/hook": format!("other, {name}"), "helm.sh/hook-weight": "-5"}}});
        let hook = Hook::of(&object).unwrap();
        assert_eq!(
            (hook.events.as_slice(), hook.weight),
            (&[event][..], -5),
            "{name}"
        );
        assert_eq!(hook.is_for_install(), installs, "{name}");
    }
    assert_eq!(Hook::of(&json!({"metadata": {"annotations": {}}})), None);
}

#[test]
fn a_template_of_pods_tells_its_labels_annotations_and_spec() {
    let object = Object::dynamic(json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
        "spec": {"template": {"metadata": {"labels": {"app": "web"}, "annotations": {"team": "blue"}}, "spec": {"containers": [{"name": "c"}]}}}}))
    .unwrap();
    let pods = object.pod_template().unwrap();
    assert_eq!((pods.label("app"), pods.label("team")), (Some("web"), None));
    assert_eq!(
        (pods.annotation("team"), pods.annotation("app")),
        (Some("blue"), None)
    );
    assert_eq!(pods.spec(), &json!({"containers": [{"name": "c"}]}));
    assert_eq!(*object.shared_value(), *object.value());
    let map = Object::typed(ConfigMap {
        metadata: k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta {
            name: Some("m".into()),
            ..Default::default()
        },
        ..ConfigMap::default()
    });
    assert!(map.unwrap().get::<ConfigMap>().is_some());
}

#[test]
fn pods_of_nodes_that_are_not_known_are_one_at_least() {
    for (pods, count) in [
        (Pods::exactly(3), Count::exactly(3)),
        (Pods::each_node(), Count::at_least(1)),
        (Pods::each_worker(), Count::at_least(1)),
        (Pods::each_worker() + Pods::exactly(2), Count::at_least(3)),
    ] {
        assert_eq!(pods.count(None), count);
    }
}

#[test]
fn a_domain_leaves_room_for_a_host() {
    let domain = |end: &str| "a.".repeat(119) + end;
    assert!(Environment::new("dev", domain("b")).is_ok());
    assert!(Environment::new("dev", domain("bb")).is_err());
    let environment = Environment::new("dev", "example.com").unwrap();
    assert_eq!(environment.to_string(), "dev");
}

#[test]
fn an_overlay_is_asked_by_keys_with_dots_between_them() {
    let map = json!({"a": {"b": {"c": 1}}, "d": 2});
    let map = map.as_object().unwrap();
    assert_eq!(overlay::get(map, "a.b.c"), Some(&json!(1)));
    assert_eq!(overlay::get(map, "a.b"), Some(&json!({"c": 1})));
    assert_eq!(overlay::get(map, "d"), Some(&json!(2)));
    assert_eq!(
        (overlay::get(map, "d.e"), overlay::get(map, "x")),
        (None, None)
    );
}

#[test]
fn a_chart_is_named_as_helm_takes_it() {
    let chart = Chart::new("https://charts.example", "acme", "store", "1.0.0");
    assert_eq!(chart.reference(), "acme/store");
    assert_eq!(
        chart.source(),
        ["store", "--repo", "https://charts.example"]
    );
    assert_eq!(chart.mirrored(None), chart);
    let registry = "registry.example.com/mirror".parse().unwrap();
    let mirrored = chart.mirrored(Some(&registry));
    assert_eq!(
        mirrored.repository,
        "oci://registry.example.com/mirror/helm-charts"
    );
    assert_eq!(
        mirrored.reference(),
        format!("{}/store", mirrored.repository)
    );
    assert_eq!(mirrored.source(), [mirrored.reference()]);
    let address = Chart::new("oci://ghcr.io/acme/", "acme", "store", "1.0.0").reference();
    assert_eq!(address, "oci://ghcr.io/acme/store");
}

#[test]
fn an_image_stands_in_values_by_repository_and_tag() {
    let mut values = Values::typed("x", &json!({"image": {}})).unwrap();
    values.set_image("image", &"ghcr.io/acme/web:1".parse().unwrap());
    let image = values.into_value()["image"].clone();
    assert_eq!(
        (&image["repository"], &image["tag"]),
        (&json!("ghcr.io/acme/web"), &json!("1"))
    );
}

#[test]
fn a_digest_has_the_length_of_its_algorithm() {
    for (algorithm, length) in [("sha256", 64), ("sha384", 96), ("sha512", 128)] {
        for (digits, fits) in [(length, true), (length - 1, false), (length + 1, false)] {
            let image = format!("localhost:5000/acme/web@{algorithm}:{}", "0".repeat(digits));
            assert_eq!(
                image.parse::<ImageRef>().is_ok(),
                fits,
                "{algorithm} {digits}"
            );
        }
    }
}

type Contribute = fn(&mut Contribution) -> Result<(), ComponentError>;

/// A component that contributes what a test says.
#[derive(Debug)]
struct Of(&'static str, Contribute);

impl Component for Of {
    fn id(&self) -> &str {
        self.0
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        (self.1)(out)
    }
}

fn stack(parts: Vec<Of>) -> Stack {
    let stack = Stack::new("dev", "dev.example.com");
    parts.into_iter().fold(stack, Stack::with)
}

fn map(out: &mut Contribution, file: impl Into<Place>, name: &str) -> Result<(), ComponentError> {
    let mut map = ConfigMap::default();
    map.metadata.name = Some(name.to_owned());
    map.metadata.namespace = Some("demo".to_owned());
    out.object(file, map)
}

#[test]
fn one_thing_has_one_owner() {
    let refused = |parts: Vec<Of>| stack(parts).build().err().map(|error| error.to_string());
    let one: Contribute = |out| map(out, "a.yaml", "same");
    let error = refused(vec![Of("a", one), Of("b", one)]).unwrap();
    assert!(
        error.contains("same") && error.contains('a') && error.contains('b'),
        "{error}"
    );
    let text: Contribute = |out| out.file(Place::Root("notes.txt".into()), "x");
    assert!(
        refused(vec![Of("a", text), Of("b", text)])
            .unwrap()
            .contains("notes.txt")
    );
    let twice: Contribute = |out| out.file("a.txt", "x").and_then(|()| out.file("a.txt", "y"));
    assert!(refused(vec![Of("a", twice)]).unwrap().contains("a.txt"));
    // Objects of one component share a file; those of two do not, nor does a text join them.
    let shared: Contribute =
        |out| map(out, "a.yaml", "one").and_then(|()| map(out, "a.yaml", "two"));
    assert_eq!(refused(vec![Of("a", shared)]), None);
    let mixed: Contribute = |out| map(out, "a.yaml", "one").and_then(|()| out.file("a.yaml", "x"));
    assert!(refused(vec![Of("a", mixed)]).unwrap().contains("a.yaml"));
    let root: [Contribute; 2] = [
        |out| map(out, Place::Root("all.yaml".into()), "one"),
        |out| map(out, Place::Root("all.yaml".into()), "two"),
    ];
    assert!(
        refused(vec![Of("a", root[0]), Of("b", root[1])])
            .unwrap()
            .contains("all.yaml")
    );
}

#[test]
fn a_file_that_would_lie_outside_of_the_tree_is_refused() {
    let refused = |contribute: Contribute| stack(vec![Of("a", contribute)]).build().is_err();
    assert!(refused(|out| out.file("../x", "")));
    assert!(refused(|out| out.program("/bin/x", "")));
    assert!(refused(|out| map(out, "a/../x.yaml", "x")));
    assert!(refused(|out| out.cluster("/kind.yaml", &json!({}))));
    assert!(!refused(|out| out.file("x/y", "")));
}

#[test]
fn an_own_check_fails_the_stack_unless_the_component_answers_for_it() {
    fn with_finding(severity: Severity, allow: bool) -> Bundle {
        let out_of: Contribute = |out| {
            map(out, "a.yaml", "settings")?;
            out.allow(
                "odd",
                ObjectId::new("v1", "ConfigMap", Some("demo"), "settings"),
                "it is meant",
            );
            Ok(())
        };
        let plain: Contribute = |out| map(out, "a.yaml", "settings");
        let check = match severity {
            Severity::Error => |_: &Bundle, findings: &mut Vec<Finding>| {
                let id = ObjectId::new("v1", "ConfigMap", Some("demo"), "settings");
                findings.push(Finding::new("odd", Severity::Error, id, "it is odd"));
            },
            _ => |_: &Bundle, findings: &mut Vec<Finding>| {
                findings.push(Finding::new(
                    "odd",
                    Severity::Warning,
                    Subject::Stack,
                    "it is odd",
                ));
            },
        };
        let stack = stack(vec![Of("a", if allow { out_of } else { plain })]).check(check);
        assert_eq!(stack.checks().len(), 1);
        stack.build().unwrap()
    }
    let failing = with_finding(Severity::Error, false).check();
    assert_eq!(failing.findings.len(), 1);
    let error = failing.into_result().unwrap_err().to_string();
    assert!(
        error.contains("1 of the stack's checks fail") && error.contains("it is odd"),
        "{error}"
    );
    let allowed = with_finding(Severity::Error, true).check();
    assert_eq!((allowed.findings.len(), allowed.allowed.len()), (0, 1));
    assert!(allowed.into_result().is_ok());
    let warned = with_finding(Severity::Warning, true).check();
    assert_eq!(warned.findings.len(), 1);
    assert!(warned.into_result().is_ok(), "a warning may remain");
}

#[test]
fn what_is_done_and_asked_stands_in_the_scripts() {
    let bundle = stack(vec![Of("a", |out| {
        out.program("seed.sh", "#!/bin/sh\n")?;
        out.run_program("fill the store", "seed.sh");
        out.wait("the store answers", &["kubectl", "wait", "store"]);
        out.questions()
            .pods("Q-1", "all run", "demo", "", Count::exactly(2), None);
        out.questions().pods(
            "Q-2",
            "some run",
            "demo",
            "app=web",
            Count::exactly(1),
            Some("1/1"),
        );
        Ok(())
    })])
    .whole(|_, whole| {
        whole.program = "My.Shop".into();
        whole.noun = "shop floor".into();
        Ok(())
    })
    .build()
    .unwrap();
    let part = bundle.part("a").unwrap();
    assert!(
        matches!(&part.plan()[0], Action::Program { place, .. } if place.path() == "00-a/seed.sh")
    );
    assert!(
        matches!(&part.plan()[1], Action::Wait { command, .. } if command == &["kubectl", "wait", "store"])
    );
    let commands: Vec<String> = part
        .questions()
        .iter()
        .map(|question| question.command.join(" "))
        .collect();
    assert_eq!(
        commands,
        [
            "kubectl get pods -n demo --no-headers",
            "kubectl get pods -n demo -l app=web --no-headers"
        ]
    );
    let files = bundle.files();
    let text = |path: &str| {
        files
            .iter()
            .find(|file| file.path == path)
            .unwrap()
            .text
            .to_string()
    };
    let setup = text("setup.sh");
    assert!(
        setup.contains("my-shop-environment") && setup.contains("00-a/seed.sh"),
        "{setup}"
    );
    assert!(text("README.md").contains("Shop floor") || text("README.md").contains("shop floor"));
    assert!(text("verify-all.sh").contains("Q-2"));
}
