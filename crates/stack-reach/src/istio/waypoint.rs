//! Waypoints: the proxies that stand before Services and pods of an ambient mesh.

use std::collections::HashMap;

use stack_model::{Entry as Object, Model, Selector};

use super::service_entry::ServiceEntry;
use crate::flow::Name;
use crate::world::{LabelMap, Pod, Service, World};

/// A Gateway of the class `istio-waypoint`.
#[derive(Clone, Debug)]
pub(crate) struct Waypoint {
    pub(crate) name: Name,
    pub(crate) object: String,
    /// Its pods; implied by the Gateway where no manifest has them.
    pub(crate) pod: usize,
    serves: Serves,
    /// Which namespaces may use it, besides its own.
    open_to: Openness,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Serves {
    Services,
    Workloads,
    All,
    None,
}

#[derive(Clone, Debug)]
enum Openness {
    Same,
    All,
    Selected(Selector),
}

/// All waypoints of the cluster.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waypoints {
    all: Vec<Waypoint>,
    by_name: HashMap<Name, usize>,
}

const USE: &str = "istio.io/use-waypoint";
const USE_NAMESPACE: &str = "istio.io/use-waypoint-namespace";
const NAME_LABEL: &str = "gateway.networking.k8s.io/gateway-name";
const CLASS_LABEL: &str = "gateway.networking.k8s.io/gateway-class-name";

impl Waypoints {
    /// Reads them, and adds their pods to the world.
    pub(crate) fn read(model: &Model, world: &mut World) -> Self {
        let classes: Vec<_> = model
            .objects("gateway.networking.k8s.io", "GatewayClass")
            .filter(|class| {
                class.text_at("spec.controllerName") == Some("istio.io/mesh-controller")
            })
            .map(|class| class.name().to_owned())
            .collect();
        let mut found = Vec::new();
        let mut existing = None;
        for gateway in model.objects("gateway.networking.k8s.io", "Gateway") {
            let class = gateway.text_at("spec.gatewayClassName").unwrap_or_default();
            if class != "istio-waypoint" && !classes.iter().any(|name| name == class) {
                continue;
            }
            let name = Name::new(gateway.namespace().unwrap_or("default"), gateway.name());
            let pods = existing.get_or_insert_with(|| pods_of_gateways(world));
            let existing = pods.get(&name).copied();
            let pod = existing.unwrap_or_else(|| world.add_pod(implied_pod(&name)));
            found.push(Waypoint {
                object: format!("Gateway {name}"),
                name,
                pod,
                serves: match gateway.labels().get("istio.io/waypoint-for") {
                    Some("workload") => Serves::Workloads,
                    Some("all") => Serves::All,
                    Some("none") => Serves::None,
                    _ => Serves::Services,
                },
                open_to: openness(gateway),
            });
        }
        let mut by_name = HashMap::new();
        for (place, waypoint) in found.iter().enumerate() {
            by_name.entry(waypoint.name.clone()).or_insert(place);
        }
        Self {
            all: found,
            by_name,
        }
    }

    /// The waypoint before calls to a Service.
    pub(crate) fn of_service(&self, service: &Service, world: &World) -> Option<&Waypoint> {
        self.find(&service.labels, &service.name.namespace, world, |serves| {
            matches!(serves, Serves::Services | Serves::All)
        })
    }

    /// The waypoint before calls to a pod's own address.
    pub(crate) fn of_pod(&self, pod: &Pod, world: &World) -> Option<&Waypoint> {
        self.find(&pod.labels, &pod.name.namespace, world, |serves| {
            matches!(serves, Serves::Workloads | Serves::All)
        })
    }

    /// The waypoint before calls to the hosts of a ServiceEntry.
    pub(crate) fn of_entry(&self, entry: &ServiceEntry, world: &World) -> Option<&Waypoint> {
        self.find(&entry.labels, &entry.name.namespace, world, |serves| {
            matches!(serves, Serves::Services | Serves::All)
        })
    }

    fn find(
        &self,
        labels: &LabelMap,
        namespace: &str,
        world: &World,
        serves: impl Fn(Serves) -> bool,
    ) -> Option<&Waypoint> {
        let of_namespace = world.namespace_labels(namespace);
        let labels = if labels.contains_key(USE) {
            Some(labels)
        } else {
            of_namespace
        }?;
        let name = labels.get(USE).filter(|name| *name != "none")?;
        let home = labels.get(USE_NAMESPACE).unwrap_or(namespace);
        let waypoint = self.all.get(*self.by_name.get(&Name::new(home, name))?)?;
        let open = waypoint.name.namespace == namespace
            || match &waypoint.open_to {
                Openness::Same => false,
                Openness::All => true,
                Openness::Selected(selector) => {
                    of_namespace.is_some_and(|labels| selector.matches(labels))
                }
            };
        (open && serves(waypoint.serves)).then_some(waypoint)
    }
}

/// The first pod of each Gateway that pods name.
fn pods_of_gateways(world: &World) -> HashMap<Name, usize> {
    let mut pods = HashMap::new();
    for (index, pod) in world.pods.iter().enumerate() {
        if let Some(name) = pod.labels.get(NAME_LABEL) {
            let gateway = Name::new(&pod.name.namespace, name);
            pods.entry(gateway).or_insert(index);
        }
    }
    pods
}

fn openness(gateway: &Object) -> Openness {
    let listeners = gateway.items_at("spec.listeners").iter();
    let mut found = Openness::Same;
    for listener in listeners {
        let Some(namespaces) = listener.pointer("/allowedRoutes/namespaces") else {
            continue;
        };
        match namespaces.get("from").and_then(stack_model::Value::as_str) {
            Some("All") => return Openness::All,
            Some("Selector") => {
                let selector = namespaces
                    .get("selector")
                    .and_then(|selector| Selector::read(selector).ok());
                found = Openness::Selected(selector.unwrap_or_else(Selector::nothing));
            }
            _ => {}
        }
    }
    found
}

/// The pods that istiod makes for a Gateway; their account has its name.
fn implied_pod(gateway: &Name) -> Pod {
    Pod {
        name: gateway.clone(),
        kind: "Gateway".to_owned(),
        labels: LabelMap::from([
            (NAME_LABEL, gateway.name.as_str()),
            (CLASS_LABEL, "istio-waypoint"),
            ("istio.io/dataplane-mode", "none"),
        ]),
        annotations: LabelMap::new(),
        service_account: gateway.name.clone(),
        ports: Vec::new(),
        containers: vec!["istio-proxy".to_owned()],
        probes: Vec::new(),
        host_network: false,
        node: None,
        ips: Vec::new(),
        owner: None,
        implied: true,
    }
}
