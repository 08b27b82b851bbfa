//! How many pods a stack runs, by namespace and in all.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, StatefulSet, StatefulSetSpec};

use crate::bundle::Bundle;
use crate::object::Object;
use crate::pods::{Count, Pods};

/// The pods of each namespace that has any.
pub(crate) fn namespaces(bundle: &Bundle) -> BTreeMap<&str, Count> {
    let mut namespaces: BTreeMap<&str, Count> = BTreeMap::new();
    let mut add = |namespace, count: Count| {
        let known = namespaces.entry(namespace).or_insert(Count::exactly(0));
        *known = known.plus(count);
    };
    for part in bundle.parts() {
        for (namespace, pods) in &part.contribution.pods {
            add(namespace, bundle.count(*pods));
        }
        for release in part.releases() {
            let count = release.pods.map(|pods| bundle.count(pods));
            add(&release.namespace, count.unwrap_or(Count::at_least(0)));
        }
        for (_, object) in part.objects() {
            let id = object.id();
            let count = match id.kind.as_str() {
                "Deployment" | "StatefulSet" => Count::exactly(replicas(object)),
                "DaemonSet" => bundle.count(Pods::each_worker()),
                // While it runs.
                "Job" => Count {
                    least: 0,
                    most: Some(1),
                },
                _ => continue,
            };
            add(id.namespace.as_deref().unwrap_or("default"), count);
        }
    }
    namespaces.retain(|_, count| *count != Count::exactly(0));
    namespaces
}

/// How many pods a Deployment or StatefulSet asks for.
fn replicas(object: &Object) -> u32 {
    // Nearly all come typed, and need not be made into a value. A spec is optional in some versions of Kubernetes' types.
    let deployment = || {
        let typed = object.get::<Deployment>()?;
        Some(Option::<&DeploymentSpec>::from(&typed.spec).and_then(|spec| spec.replicas))
    };
    let stateful = || {
        let typed = object.get::<StatefulSet>()?;
        Some(Option::<&StatefulSetSpec>::from(&typed.spec).and_then(|spec| spec.replicas))
    };
    let asked = match deployment().or_else(stateful) {
        Some(typed) => typed.and_then(|count| u64::try_from(count).ok()),
        None => object.to_value()["spec"]["replicas"].as_u64(),
    };
    asked.map_or(1, |count| u32::try_from(count).unwrap_or(u32::MAX))
}

impl Bundle {
    /// How many pods there are in all, and how many of those that the components declare have no address of their own.
    pub fn pods(&self) -> (Count, Count) {
        let all = namespaces(self)
            .into_values()
            .fold(Count::exactly(0), Count::plus);
        let declared = self.parts().iter().flat_map(|part| {
            let releases = part.releases().iter().filter_map(|release| release.pods);
            let others = part.contribution.pods.iter().map(|(_, pods)| *pods);
            releases.chain(others)
        });
        let on_host = declared
            .map(|pods| pods.count_on_host(self.nodes()))
            .fold(Count::exactly(0), Count::plus);
        (all, on_host)
    }
}
