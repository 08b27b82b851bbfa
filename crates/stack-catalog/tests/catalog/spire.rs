use stack_builder::Stack;
use stack_catalog::components::spire::{Authority, Store};
use stack_catalog::components::{KubePrometheusStack, Spire};
use stack_catalog::spire_types::v1alpha1::{ClusterSpiffeId, ClusterSpiffeIdSpec};
use stack_catalog::{ENFORCE, Home, Volume, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "spire",
    release: "spire",
    inner: &[],
    // Values of the charts inside, which this chart's file does not repeat.
    unlisted: &[
        "spire-server.controllerManager.identities",
        "spire-server.controllerManager.image",
        "spire-server.controllerManager.resources",
        "spire-server.dataStore",
        "spire-server.image",
        "spire-server.persistence",
        "spire-server.replicaCount",
        "spire-server.resources",
        "spire-server.telemetry",
        "spire-server.tests",
        "spire-server.tools",
        "spire-server.upstreamAuthority",
        "spire-agent.image",
        "spire-agent.resources",
        "spire-agent.socketAlternate",
        "spire-agent.telemetry",
        "spiffe-csi-driver.image",
        "spiffe-csi-driver.nodeDriverRegistrar",
        "spiffe-csi-driver.resources",
        "spiffe-oidc-discovery-provider.image",
        "spiffe-oidc-discovery-provider.replicaCount",
        "spiffe-oidc-discovery-provider.resources",
        "spiffe-oidc-discovery-provider.spiffeHelper",
        "spiffe-oidc-discovery-provider.tests",
        "spiffe-oidc-discovery-provider.tools",
    ],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(Spire::default())
}

fn everything(stack: Stack) -> Stack {
    let shop = ClusterSpiffeIdSpec::by_service_account().for_pods("part-of", "shop");
    stack.with(KubePrometheusStack::default()).with(Spire {
        home: Home::own("identities"),
        system: Some(Home::own("identities-system")),
        trust_domain: Some("shop.example".into()),
        cluster_name: Some("one".into()),
        replicas: 3,
        store: Store::Postgres {
            host: "postgres.example.com".into(),
            database: "spire".into(),
            user: "spire".into(),
            secret: "spire-database".into(),
            volume: Volume::new("1Gi").of_class("fast"),
        },
        authority: Authority::Secret("root-ca".into()),
        oidc_replicas: 0,
        default_ids: false,
        ids: vec![ClusterSpiffeId::new("shop", shop)],
        ..Spire::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("spire").unwrap());
    }
    proof::pulls_from_the_mirror(plain);
    proof::pulls_from_the_mirror(everything);
}

#[test]
fn agents_can_stand_apart_from_the_server() {
    let spire = Spire {
        system: Some(Home::own("spire-system")),
        ..Spire::default()
    };
    let bundle = platform("dev", "dev.example.com")
        .with(spire)
        .build()
        .unwrap();
    let level = |name: &str| {
        let namespace = bundle.object("Namespace", None, name).unwrap();
        namespace.value()["metadata"]["labels"][ENFORCE].clone()
    };
    assert_eq!(level("spire-server"), "baseline");
    assert_eq!(level("spire-system"), "privileged");
    let values = &bundle.release("spire").unwrap().values["global"]["spire"];
    assert_eq!(values["namespaces"]["system"]["name"], "spire-system");
    assert_eq!(values["recommendations"]["enabled"], true);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    for bundle in proof::environments(plain) {
        CHART.makes_what_is_declared_by(&bundle);
    }
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn the_definitions_come_first() {
    let bundle = plain(platform("dev", "dev.example.com")).build().unwrap();
    let names: Vec<&str> = bundle
        .releases()
        .map(|release| release.name.as_str())
        .collect();
    assert_eq!(names, ["spire-crds", "spire"]);
}

#[test]
fn what_cannot_work_is_refused() {
    let cases: [(crate::Change<Spire>, &str); 3] = [
        (|spire| spire.replicas = 2, "replicas"),
        (
            |spire| spire.trust_domain = Some("spiffe://example.org".into()),
            "trust_domain",
        ),
        (
            |spire| spire.ca_subject.country = "Switzerland".into(),
            "ca_subject.country",
        ),
    ];
    for (change, field) in cases {
        let mut spire = Spire::default();
        change(&mut spire);
        let stack = platform("dev", "dev.example.com").with(spire);
        let error = stack.build().unwrap_err().to_string();
        assert!(error.contains(&format!("`{field}`")), "{error}");
    }
}
