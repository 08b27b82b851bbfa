//! A fleet writes a tree for each cluster, and knows what they share.

use k8s_openapi::api::core::v1::ConfigMap;
use stack_builder::fleet::{Fleet, FleetError, Site};
use stack_builder::{
    Chart, Component, ComponentError, Context, Contribution, Overlay, Release, Stack, Values,
    WriteOptions,
};

#[derive(Debug)]
struct Cluster(&'static str, &'static str);

impl Site for Cluster {
    fn name(&self) -> &str {
        self.0
    }
}

#[derive(Debug)]
struct App {
    region: &'static str,
    replicas: u32,
}

impl Component for App {
    fn id(&self) -> &str {
        "app"
    }

    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let chart = Chart::new("https://charts.example", "example", "app", "1.0.0");
        let values = Values::typed("app", &serde_json::json!({"replicas": self.replicas}))?;
        out.release(Release::new(
            "app",
            "default",
            chart,
            values,
            &Overlay::new(),
        )?);
        for (name, text) in [("region", self.region), ("motto", "the same everywhere")] {
            let mut map = ConfigMap::default();
            map.metadata.name = Some(name.into());
            map.metadata.namespace = Some("default".into());
            map.data = Some([("text".to_owned(), text.to_owned())].into());
            out.object("maps.yaml", map)?;
        }
        Ok(())
    }
}

fn stack(cluster: &Cluster) -> Stack {
    let app = App {
        region: cluster.1,
        replicas: 2,
    };
    Stack::new(cluster.0, format!("{}.example.com", cluster.0)).with(app)
}

fn fleet() -> Fleet<Cluster> {
    Fleet::new(stack)
        .with(Cluster("eu-1", "eu"))
        .with(Cluster("eu-2", "eu"))
        .with_changed(Cluster("us-1", "us"), |stack, _| {
            stack.configure(|app: &mut App| app.replicas = 4)
        })
}

#[test]
fn what_is_shared_and_what_differs_is_told_by_cluster() {
    let comparison = fleet().build().unwrap().compare();
    assert_eq!(comparison.clusters, ["eu-1", "eu-2", "us-1"]);
    assert_eq!(comparison.shared, ["ConfigMap default/motto"]);
    let rows: Vec<String> = comparison.to_string().lines().map(str::to_owned).collect();
    assert_eq!(
        rows,
        [
            "1 things are the same in eu-1, eu-2, us-1",
            "ConfigMap default/region: eu-1, eu-2 | us-1",
            "release app: eu-1, eu-2 | us-1",
        ]
    );
}

#[test]
fn each_cluster_has_a_tree_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let bundles = fleet().build().unwrap();
    let written = bundles
        .write_trees(folder.path(), WriteOptions::default())
        .unwrap();
    assert_eq!(written.len(), 3);
    for (site, _) in bundles.members() {
        let tree = folder.path().join(site.name());
        assert!(
            tree.join("setup.sh").is_file() && tree.join("images.tsv").is_file(),
            "{site:?}"
        );
    }
    let values = std::fs::read_to_string(folder.path().join("us-1/00-app/values.yaml")).unwrap();
    assert!(values.contains("replicas: 4"), "{values}");
    let reports = bundles.check();
    assert_eq!(reports.len(), 3);
    let mut reports = reports.iter();
    assert!(reports.all(|(_, report)| report.findings.is_empty()));
    let us = bundles.bundle("us-1").unwrap();
    assert_eq!(us.environment().name(), "us-1");
    assert!(bundles.bundle("ap-1").is_none());
}

#[test]
fn clusters_without_a_name_of_their_own_are_refused() {
    let twice = Fleet::new(stack)
        .with(Cluster("eu", "eu"))
        .with(Cluster("eu", "us"));
    assert!(matches!(twice.build(), Err(FleetError::Twice(name)) if name == "eu"));
    let empty: Fleet<Cluster> = Fleet::new(stack);
    assert!(matches!(empty.build(), Err(FleetError::Empty)));
    let other =
        Fleet::new(|_: &Cluster| Stack::new("prod", "example.com")).with(Cluster("eu", "eu"));
    let error = other.build().unwrap_err().to_string();
    assert_eq!(
        error,
        "the stack of cluster `eu` is of environment `prod`: give it the cluster's name"
    );
    let invalid = Fleet::new(stack).with(Cluster("not a name", "eu"));
    assert!(matches!(invalid.build(), Err(FleetError::Build { .. })));
}
