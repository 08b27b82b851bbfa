//! What charts of the reference stacks could make.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Value, json};
use stack_builder::charts::{ChartError, Rendered, Renderer};
use stack_builder::{Bundle, Provided, Release};

/// A Helm that makes of each release what its component says of it, and beside that what charts have: a program, a password, a hook,
/// a test. The catalogue's charts themselves are not at hand here.
pub struct Declared {
    texts: BTreeMap<String, String>,
}

impl Declared {
    /// The output for all releases; `password` stands where a chart makes one up.
    pub fn of(bundle: &Bundle, password: &str) -> Self {
        Self::with(bundle, password, definitions())
    }

    /// The same without definitions of kinds.
    pub fn without_definitions(bundle: &Bundle) -> Self {
        Self::with(bundle, "bWFkZQ==", &[])
    }

    fn with(bundle: &Bundle, password: &str, definitions: &[Value]) -> Self {
        let mut texts = BTreeMap::new();
        for part in bundle.parts() {
            for (position, release) in part.releases().iter().enumerate() {
                let mut all = ordinary(release, password);
                // The first release of a component brings what the component says of its charts.
                for provided in part.provided().iter().filter(|_| position == 0) {
                    all.extend(of_provided(provided, definitions));
                }
                let text: String = all
                    .iter()
                    .map(|object| format!("---\n{object}\n"))
                    .collect();
                texts.insert(release.name.clone(), text);
            }
        }
        Self { texts }
    }
}

impl Renderer for Declared {
    fn render(&self, release: &Release) -> Result<Rendered, ChartError> {
        Ok(Rendered {
            text: self.texts.get(&release.name).cloned().unwrap_or_default(),
            file: None,
        })
    }
}

/// The definitions of all families, without the schemas: who they are is what matters here.
fn definitions() -> &'static [Value] {
    static ALL: OnceLock<Vec<Value>> = OnceLock::new();
    ALL.get_or_init(|| {
        let families = crd_families::families();
        let all = families
            .iter()
            .flat_map(|family| family.crds(crd_families::Channel::Experimental));
        all.map(|crd| {
            let mut crd = serde_json::to_value(crd).unwrap();
            for version in crd["spec"]["versions"].as_array_mut().unwrap() {
                version["schema"] = json!({"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}});
            }
            crd
        })
        .collect()
    })
}

fn ordinary(release: &Release, password: &str) -> Vec<Value> {
    let (name, namespace) = (format!("{}-made", release.name), &release.namespace);
    let metadata =
        |suffix: &str| json!({"name": format!("{name}{suffix}"), "namespace": namespace});
    let hook = |suffix: &str, event: &str| json!({"name": format!("{name}{suffix}"), "namespace": namespace, "annotations": {"helm.sh/hook": event}});
    let template = json!({"metadata": {"labels": {"app": name}}, "spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "docker.io/library/busybox:1.36"}]}});
    let mut running = template.clone();
    running["spec"]["restartPolicy"] = "Always".into();
    running["spec"]["serviceAccountName"] = name.clone().into();
    vec![
        json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata("")}),
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": metadata("-password"), "data": {"password": password}}),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata("-sum"), "data": {"checksum": password}}),
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(""), "spec": {"selector": {"matchLabels": {"app": name}}, "template": running}}),
        json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": hook("-install", "pre-install,pre-upgrade"), "spec": {"template": template}}),
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": hook("-test", "test"), "spec": template["spec"]}),
    ]
}

fn of_provided(provided: &Provided, definitions: &[Value]) -> Vec<Value> {
    match provided {
        Provided::Service {
            namespace,
            name,
            ports,
        } => {
            let ports: Vec<Value> = ports
                .iter()
                .map(|port| json!({"name": format!("p{port}"), "port": port}))
                .collect();
            vec![
                json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace}, "spec": {"ports": ports}}),
            ]
        }
        Provided::ServiceAccount { namespace, name } => {
            vec![
                json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": namespace}}),
            ]
        }
        Provided::ApiGroup(group) => {
            let of_group = definitions
                .iter()
                .filter(|crd| crd["spec"]["group"] == group.as_str());
            of_group.cloned().collect()
        }
        _ => Vec::new(),
    }
}
