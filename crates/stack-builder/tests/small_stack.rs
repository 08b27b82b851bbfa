//! What a bundle tells of a small stack, in Rust and as JSON.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Secret};
use serde_json::{Value, json};
use stack_builder::charts::Generates;
use stack_builder::verify::columns;
use stack_builder::{
    Action, Bundle, Chart, Component, ComponentError, Context, Contribution, Count, Expectation,
    Nodes, Object, Overlay, PatchError, Place, Pods, Questions, Registry, Release, Stack, Values,
    Workload,
};

const MADE_UP: Generates = Generates {
    kind: "Secret",
    name: "store",
    path: "data",
    unless: "/password",
};

/// What the components share.
#[derive(Clone, Debug, PartialEq)]
struct Greeting(&'static str);

#[derive(Debug)]
struct Store;

impl Component for Store {
    fn id(&self) -> &str {
        "store"
    }

    fn namespace(&self, _: &Context<'_>) -> Result<Option<String>, ComponentError> {
        Ok(Some("data".to_owned()))
    }

    fn roles(&self) -> Vec<&str> {
        vec!["storage"]
    }

    fn step(&self) -> Option<u8> {
        Some(2)
    }

    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let chart = Chart::new("https://charts.example", "example", "store", "1.0.0");
        let values = Values::typed("store", &json!({"replicas": 2, "tls": true, "name": "x"}))?;
        let release = Release::new("store", "data", chart, values, &Overlay::new())?;
        out.release(release.running(Pods::exactly(2)));
        out.generates("store", "1.0.0", &[MADE_UP]);
        out.nodes(Nodes {
            control_planes: 1,
            workers: 2,
        });
        out.cluster(Place::Root("kind.yaml".into()), &json!({"kind": "Cluster"}))?;
        out.program("check.sh", "#!/bin/sh\n")?;
        out.file("notes.txt", "see check.sh\n")?;
        out.tool("storectl", (1, 2), "https://example.com/storectl");
        for namespace in ["data", "shop"] {
            let mut map = ConfigMap::default();
            map.metadata.name = Some("settings".into());
            map.metadata.namespace = Some(namespace.into());
            out.object("settings.yaml", map)?;
        }
        let mut map = ConfigMap::default();
        map.metadata.name = Some("late".into());
        map.metadata.namespace = Some("data".into());
        out.object("late.yaml", map)?;
        out.dynamic_object("other.yaml", json!({"apiVersion": "example.com/v1", "kind": "ConfigMap", "metadata": {"name": "other", "namespace": "data"}}))?;
        out.run("look at the store", &["storectl", "status"]);
        out.pods("kube-system", Pods::each_node().on_host_network());
        out.access("Store", "https://store.example.com", "none");
        Ok(())
    }

    fn verify(&self, _: &Bundle, questions: &mut Questions) -> Result<(), ComponentError> {
        let expected = Expectation::Pods {
            count: Count::exactly(2),
            ready: None,
        };
        questions.kubectl("Q-1", "the store runs", &["get", "pods"], expected);
        Ok(())
    }
}

#[derive(Debug)]
struct Shop;

impl Component for Shop {
    fn id(&self) -> &str {
        "shop"
    }

    fn requires(&self) -> Vec<&str> {
        vec!["storage"]
    }

    fn contribute(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        assert!(context.has("shop") && !context.has(""));
        let greeting: &Greeting = context.wiring()?;
        let mut namespace = Namespace::default();
        namespace.metadata.name = Some("shop".into());
        out.object("shop.yaml", namespace)?;
        let web = Workload::new("shop", "web", "web:3.9")
            .args([greeting.0])
            .replicas(3);
        out.object("shop.yaml", web.deployment())?;
        out.object(
            "shop.yaml",
            Workload::new("shop", "agent", "ghcr.io/acme/agent:1").daemon_set(),
        )?;
        out.object("shop.yaml", Workload::new("shop", "once", "web:3.9").job(1))?;
        out.exercise(
            "2-1",
            "exercises/pod.yaml",
            Workload::new("shop", "try", "try:1").deployment(),
        )?;
        out.check(|bundle, findings| {
            if !bundle.has("storage") {
                findings.clear();
            }
        });
        Ok(())
    }
}

fn stack() -> Stack {
    Stack::new("dev", "dev.example.com")
        .wire(Greeting("hello"))
        .with(Shop)
        .with(Store)
}

fn file(bundle: &Bundle, path: &str) -> String {
    let files = bundle.files();
    let found = files.iter().find(|file| file.path == path);
    found
        .unwrap_or_else(|| unreachable!("no {path}"))
        .text
        .to_string()
}

#[test]
fn parts_stand_in_the_order_in_which_they_need_each_other() {
    let bundle = stack().build().unwrap();
    let rows: Vec<_> = bundle
        .parts()
        .iter()
        .map(|part| {
            (
                part.folder(),
                part.depth(),
                part.step(),
                part.namespace(),
                part.roles().to_vec(),
                part.depends_on().to_vec(),
            )
        })
        .collect();
    let none = Vec::<String>::new;
    assert_eq!(
        rows,
        [
            (
                "00-store".to_owned(),
                0,
                2,
                Some("data"),
                vec!["storage".to_owned()],
                none()
            ),
            (
                "01-shop".to_owned(),
                1,
                2,
                None,
                none(),
                vec!["store".to_owned()]
            ),
        ]
    );
    assert!(
        bundle.has("store") && bundle.has("storage") && bundle.has("shop") && !bundle.has("other")
    );
    assert_eq!(bundle.part("shop").map(|part| part.id()), Some("shop"));
    assert!(bundle.part("storage").is_none());
    assert_eq!(bundle.wiring(), Some(&Greeting("hello")));
    let other = stack()
        .rewire(|greeting: &mut Greeting| greeting.0 = "bye")
        .build();
    assert_eq!(other.unwrap().wiring(), Some(&Greeting("bye")));
    assert_eq!(
        (
            bundle.environment().domain(),
            bundle.environment().host("a")
        ),
        ("dev.example.com", "a.dev.example.com".to_owned())
    );
    assert_eq!(bundle.profile(), "default");
}

#[test]
fn a_part_tells_what_it_brings() {
    let bundle = stack().build().unwrap();
    let (store, shop) = (bundle.part("store").unwrap(), bundle.part("shop").unwrap());
    assert!(shop.has_checks() && !store.has_checks());
    assert_eq!(store.program("00-store/check.sh"), Some("#!/bin/sh\n"));
    assert_eq!(store.program("00-store/notes.txt"), None);
    let plan: Vec<String> = store
        .plan()
        .iter()
        .map(|action| match action {
            Action::CreateCluster(place) | Action::Apply(place) => place.path().to_owned(),
            Action::Install(release) => format!("release {release}"),
            other => format!("{other:?}"),
        })
        .collect();
    let applied =
        ["settings.yaml", "late.yaml", "other.yaml"].map(|name| format!("00-store/{name}"));
    assert_eq!(
        plan[..2],
        ["release store".to_owned(), "kind.yaml".to_owned()]
    );
    assert_eq!(plan[2..5], applied, "each file once");
    let release = bundle.release("store").unwrap();
    assert_eq!(store.generates(release), Some(&[MADE_UP][..]));
    let mut newer = release.clone();
    newer.chart.version = "2.0.0".into();
    assert_eq!(store.generates(&newer), None);
    assert_eq!(release.number("/replicas", 1), 2);
    assert_eq!(release.number("/tls", 0), 1);
    assert_eq!(
        (release.number("/name", 7), release.number("/other", 8)),
        (7, 8)
    );
    assert_eq!(release.numbers([("/replicas", 1), ("/other", 3)]), 5);
    let exercises: Vec<_> = shop
        .exercises()
        .map(|(exercise, file, object)| (exercise, file, object.id().name.as_str()))
        .collect();
    assert_eq!(exercises, [("2-1", "01-shop/exercises/pod.yaml", "try")]);
}

#[test]
fn objects_are_found_by_kind_and_name() {
    let bundle = stack().build().unwrap();
    let found = bundle
        .object("ConfigMap", Some("shop"), "settings")
        .unwrap();
    assert_eq!(found.id().namespace.as_deref(), Some("shop"));
    assert!(bundle.object("ConfigMap", None, "settings").is_none());
    assert!(bundle.object("ConfigMap", Some("shop"), "late").is_none());
    let names = |group: &str| {
        let objects = bundle.of_kind(group, "ConfigMap");
        objects
            .map(|object| object.id().name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["settings", "settings", "late"]);
    assert_eq!(names("example.com"), ["other"]);
    assert_eq!(bundle.objects_of::<ConfigMap>().count(), 3);
    assert_eq!(bundle.cluster(), Some(&json!({"kind": "Cluster"})));
    let same = Object::dynamic(found.to_value().as_ref().clone()).unwrap();
    let other = bundle
        .object("ConfigMap", Some("data"), "settings")
        .unwrap();
    assert!(same == *found && same != *other);
    assert!(same.read::<ConfigMap>().unwrap().is_some());
    assert!(same.read::<Secret>().unwrap().is_none());
    assert!(format!("{same:?}").contains("settings"));
}

#[test]
fn pods_are_counted_by_namespace_and_in_all() {
    let bundle = stack().build().unwrap();
    // Two of the release, three of the Deployment, one on each of two workers, perhaps a Job, one on each of three nodes.
    let (all, on_host) = bundle.pods();
    assert_eq!((all.least, all.most), (10, Some(11)));
    assert_eq!(on_host, Count::exactly(3));
    assert_eq!(bundle.count(Pods::each_worker()), Count::exactly(2));
}

#[test]
fn the_whole_stack_is_one_json_value() {
    let bundle = stack()
        .registry("registry.example.com".parse().unwrap())
        .build()
        .unwrap();
    let value = bundle.to_json();
    assert_eq!(
        value["environment"],
        json!({"name": "dev", "domain": "dev.example.com"})
    );
    assert_eq!(value["registry"], "registry.example.com");
    assert_eq!(value["kind"], json!({"kind": "Cluster"}));
    assert_eq!(value["objects"].as_array().unwrap().len(), 8);
    assert_eq!(
        value["releases"],
        json!([{
            "component": "store", "name": "store", "namespace": "data", "chart": "store", "version": "1.0.0",
            "repository": "https://charts.example", "step": 2, "values": {"replicas": 2, "tls": true, "name": "x"},
        }])
    );
    let images: BTreeMap<&str, &str> = value["images"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["source"].as_str().unwrap(),
                row["mirrored"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        images.into_iter().collect::<Vec<_>>(),
        [
            ("docker.io/web:3.9", "registry.example.com/shop/web:3.9"),
            ("ghcr.io/acme/agent:1", "registry.example.com/shop/agent:1"),
        ]
    );
    let folders: Vec<&Value> = value["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["folder"])
        .collect();
    assert_eq!(folders, ["00-store", "01-shop"]);
    assert_eq!(value["exercises"][0]["object"]["metadata"]["name"], "try");
    let mut written = Vec::new();
    bundle.write_json(&mut written).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), value);
}

#[test]
fn images_of_plain_objects_are_taken_from_the_registry_unless_they_are_there() {
    let registry: Registry = "registry.example.com/mirror".parse().unwrap();
    let there = |image: &str| {
        let image = image.to_owned();
        let bundle = stack()
            .registry(registry.clone())
            .patch_value("shop", "Deployment", "web", move |web| {
                web["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image);
            })
            .build()
            .unwrap();
        let web = bundle
            .object("Deployment", Some("shop"), "web")
            .unwrap()
            .to_value();
        let count = bundle.part("shop").unwrap().images().len();
        (
            web["spec"]["template"]["spec"]["containers"][0]["image"]
                .as_str()
                .unwrap()
                .to_owned(),
            count,
        )
    };
    assert_eq!(
        there("web:3.9"),
        ("registry.example.com/mirror/shop/web:3.9".to_owned(), 2)
    );
    let own = "registry.example.com/mirror/hand/web:1";
    assert_eq!(there(own), (own.to_owned(), 2));
    // A name that only begins like the registry lies elsewhere.
    let near = "registry.example.com/mirrored/web:1";
    assert_eq!(
        there(near),
        ("registry.example.com/mirror/shop/web:1".to_owned(), 3)
    );
}

#[test]
fn one_object_is_changed_by_its_name_or_its_namespace_and_name() {
    let add = |map: &mut ConfigMap| map.data = Some([("a".to_owned(), "b".to_owned())].into());
    let bundle = stack()
        .patch("store", "shop/settings", add)
        .build()
        .unwrap();
    let data = |namespace: &str| {
        bundle
            .object("ConfigMap", Some(namespace), "settings")
            .unwrap()
            .to_value()["data"]
            .clone()
    };
    assert_eq!(
        (data("shop"), data("data")),
        (json!({"a": "b"}), json!(null))
    );
    let error = |component: &str, name: &str| {
        let built = stack().patch(component, name, add).build();
        format!("{}", built.unwrap_err())
    };
    assert!(error("store", "settings").contains("settings"));
    assert!(error("store", "other/settings").contains("other/settings"));
    assert!(error("elsewhere", "settings").contains("elsewhere"));
    // Kind and group count, too, and a new name counts from then on.
    let renamed = stack()
        .patch("store", "late", |map: &mut ConfigMap| {
            map.metadata.name = Some("later".into())
        })
        .patch("store", "data/later", add)
        .build()
        .unwrap();
    assert_eq!(
        renamed
            .object("ConfigMap", Some("data"), "later")
            .unwrap()
            .to_value()["data"],
        json!({"a": "b"})
    );
    let other = stack().patch("store", "late", |_: &mut Secret| {}).build();
    assert!(other.is_err());
    let _ = |error: PatchError| error;
}

#[test]
fn calls_that_cannot_be_right_are_refused_when_the_stack_is_built() {
    let error = |stack: Stack| stack.build().unwrap_err().to_string();
    assert!(error(stack().without("cache")).contains("cache"));
    assert!(error(stack().detach("cache", "storage")).contains("cache"));
    assert!(
        error(stack().without("cache").without("mail")).contains("cache"),
        "the first is told"
    );
    assert!(error(stack().without("store")).contains("storage"));
    assert!(
        stack()
            .without("store")
            .detach("shop", "storage")
            .build()
            .is_ok()
    );
    assert!(error(stack().with(Store)).contains("store"));
    assert!(stack().replace(Store).build().is_ok());
    let unwired = Stack::new("dev", "dev.example.com")
        .with(Store)
        .rewire(|greeting: &mut Greeting| greeting.0 = "x");
    assert!(error(unwired).contains("Greeting"));
    assert!(
        error(Stack::new("dev", "dev.example.com").with(Shop).with(Store)).contains("Greeting")
    );
}

#[derive(Debug, Default)]
struct Sized(u32);

impl Component for Sized {
    fn id(&self) -> &str {
        "sized"
    }
    fn resize(&mut self, profile: &str) {
        if profile == "large" {
            self.0 = 9;
        }
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.file("size.txt", self.0.to_string())
    }
}

#[test]
fn a_profile_does_not_take_back_what_was_set() {
    let with = |set: u32, profile: &str| {
        let stack = Stack::new("dev", "dev.example.com").with(Sized::default());
        stack
            .configure(|sized: &mut Sized| sized.0 = set)
            .profile(profile)
            .build()
    };
    assert!(with(3, "large").is_err());
    assert!(with(9, "large").is_ok(), "it changes nothing");
    assert!(with(3, "small").is_ok());
    let sized = Stack::new("dev", "dev.example.com")
        .with(Sized::default())
        .profile("large")
        .build()
        .unwrap();
    assert_eq!(file(&sized, "00-sized/size.txt"), "9");
}

#[test]
fn scripts_and_lists_of_the_tree_tell_of_the_stack() {
    let bundle = stack()
        .registry("registry.example.com".parse().unwrap())
        .build()
        .unwrap();
    for (path, parts) in [
        (
            "setup.sh",
            &["storectl", "00-store/settings.yaml", "helm", "store"][..],
        ),
        ("teardown.sh", &["store", "kind"]),
        ("verify-all.sh", &["Q-1", "the store runs"]),
        (
            "images.tsv",
            &["docker.io/web:3.9", "registry.example.com/shop/web:3.9"],
        ),
        ("mirror.sh", &["docker.io/web:3.9", "shop/web:3.9"]),
        (
            "README.md",
            &["https://store.example.com", "00-store", "01-shop"],
        ),
        (
            "00-store/settings.yaml",
            &["namespace: data", "namespace: shop"],
        ),
        ("00-store/values.yaml", &["replicas: 2"]),
        ("kind.yaml", &["kind: Cluster"]),
    ] {
        let text = file(&bundle, path);
        for part in parts {
            assert!(text.contains(part), "{path} lacks {part}");
        }
    }
    let programs = bundle.files().into_iter().filter(|file| file.executable);
    let names: Vec<String> = programs.map(|file| file.path.to_string()).collect();
    assert!(
        names.contains(&"00-store/check.sh".to_owned()) && !names.contains(&"README.md".to_owned())
    );
}

#[test]
fn an_expectation_is_told_in_words() {
    let pods = |count: Count, ready: Option<&str>| {
        let ready = ready.map(str::to_owned);
        Expectation::Pods { count, ready }.to_string()
    };
    assert_eq!(
        pods(Count::exactly(1), None),
        "1 pod, all containers ready, Running"
    );
    assert_eq!(pods(Count::exactly(2), Some("1/1")), "2 pods, 1/1 Running");
    let two_to_four = Count {
        least: 2,
        most: Some(4),
    };
    assert_eq!(
        pods(two_to_four, None),
        "2 to 4 pods, all containers ready, Running"
    );
    let lines = Expectation::Lines {
        of: "routes".into(),
        count: Count::at_least(3),
    };
    assert_eq!(lines.to_string(), "3 or more routes");
    assert_eq!(columns(&["a.b", "c"]), r"^a\.b +c( |$)");
}
