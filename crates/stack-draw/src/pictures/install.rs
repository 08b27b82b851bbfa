//! In which order a stack is installed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use stack_builder::{Bundle, Part};
use stack_model::{Entry, Extent, Model, Resolution};

use crate::graph::{Direction, Edge, EdgeKind, Graph, Node, NodeId, NodeKind};

/// The components of a bundle, each with its step, its wave (the longest way through what it needs), its releases and images, behind
/// what it needs. Needs that follow from others are left out.
#[must_use]
pub fn install_of_bundle(bundle: &Bundle) -> Graph {
    let parts = bundle.parts();
    let mut graph = Graph::new(
        format!("Installation of {}", bundle.environment().name()),
        Direction::Down,
    );
    let ids: HashMap<&str, usize> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| (part.id(), at))
        .collect();
    let needs: Vec<BTreeSet<usize>> = parts
        .iter()
        .map(|part| {
            part.depends_on()
                .iter()
                .filter_map(|id| ids.get(id.as_str()).copied())
                .collect()
        })
        .collect();
    let nodes: Vec<NodeId> = parts.iter().map(|part| graph.add(of_part(part))).collect();
    for (at, direct) in direct(&needs).into_iter().enumerate() {
        for needed in direct {
            graph.connect(Edge::new(nodes[needed], nodes[at], EdgeKind::Then));
        }
    }
    let releases = bundle.releases().count();
    let waves = parts
        .iter()
        .map(Part::depth)
        .max()
        .map_or(0, |last| last + 1);
    graph.description = format!(
        "{} components in {waves} waves, with {releases} Helm releases and {} objects of their own.",
        parts.len(),
        bundle.objects().count(),
    );
    graph
}

fn of_part(part: &Part) -> Node {
    let count = |number: usize, what: &str| match number {
        0 => None,
        1 => Some(format!("1 {what}")),
        number => Some(format!("{number} {what}s")),
    };
    let counts = [
        count(part.releases().len(), "release"),
        count(part.objects().count(), "object"),
        count(part.images().len(), "image"),
    ];
    let releases: Vec<String> = part
        .releases()
        .iter()
        .map(|release| {
            format!(
                "{} ({} {})",
                release.name, release.chart.name, release.chart.version
            )
        })
        .collect();
    Node::new(
        part.id(),
        NodeKind::Step,
        format!("{}. {}", part.step(), part.id()),
    )
    .detail(match part.namespace() {
        Some(namespace) => format!("wave {} · {namespace}", part.depth()),
        None => format!("wave {}", part.depth()),
    })
    .detail(counts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    .tip(releases.join(", "))
}

/// Of what each needs, what does not follow from something else that it needs.
fn direct(needs: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    // Components stand behind what they need, so that one pass is enough.
    let mut all: Vec<BTreeSet<usize>> = Vec::with_capacity(needs.len());
    let mut direct = Vec::with_capacity(needs.len());
    for own in needs {
        let further: BTreeSet<usize> = own
            .iter()
            .filter_map(|needed| all.get(*needed))
            .flatten()
            .copied()
            .collect();
        direct.push(own.difference(&further).copied().collect());
        all.push(own.union(&further).copied().collect());
    }
    direct
}

/// The same of any objects. A component is a release, what bears one of the recommended labels (`app.kubernetes.io/part-of`,
/// `instance`), or else a namespace. It comes after those whose objects its own objects name, and bears the wave that Argo CD's
/// annotation gives it.
#[must_use]
pub fn install(model: &Model) -> Graph {
    let mut graph = Graph::new("Installation", Direction::Down);
    let mut components: BTreeMap<&str, Component> = BTreeMap::new();
    for entry in model.entries() {
        let component = components.entry(component_of(entry)).or_default();
        component.objects += 1;
        component.workloads += usize::from(model.workload(entry.entry_id()).is_some());
        let wave = entry.annotations().get("argocd.argoproj.io/sync-wave");
        component
            .waves
            .extend(wave.and_then(|wave| wave.parse::<i32>().ok()));
        component.namespaces.extend(entry.namespace());
    }
    let nodes: BTreeMap<&str, NodeId> = components
        .iter()
        .map(|(name, component)| (*name, graph.add(component.node(name))))
        .collect();
    let mut needs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for reference in model.references() {
        if let Resolution::Found(target) = model.resolve(&reference, Extent::Part) {
            let (from, to) = (component_of(target), component_of(reference.from));
            if from != to {
                *needs.entry((from, to)).or_default() += 1;
            }
        }
    }
    for ((from, to), count) in needs {
        if let (Some(from), Some(to)) = (nodes.get(from), nodes.get(to)) {
            let times = if count == 1 {
                "1 reference".to_owned()
            } else {
                format!("{count} references")
            };
            graph.connect(Edge::new(*from, *to, EdgeKind::Then).tip(times));
        }
    }
    graph.description = format!(
        "{} components with {} objects; each stands behind those whose objects it names.",
        graph.nodes.len(),
        model.entries().count(),
    );
    graph
}

#[derive(Default)]
struct Component<'m> {
    objects: usize,
    workloads: usize,
    waves: BTreeSet<i32>,
    namespaces: BTreeSet<&'m str>,
}

impl Component<'_> {
    fn node(&self, name: &str) -> Node {
        let waves: Vec<String> = self.waves.iter().map(ToString::to_string).collect();
        let namespaces: Vec<&str> = self.namespaces.iter().copied().collect();
        let node = Node::new(name, NodeKind::Step, name)
            .detail(format!(
                "{} objects, {} workloads",
                self.objects, self.workloads
            ))
            .tip(format!("namespaces: {}", namespaces.join(", ")));
        match waves.is_empty() {
            true => node,
            false => node.detail(format!("wave {}", waves.join(", "))),
        }
    }
}

/// What an object is installed with.
fn component_of(entry: &Entry) -> &str {
    if let Some(release) = &entry.origin().release {
        return release;
    }
    let labels = entry.labels();
    let named = ["app.kubernetes.io/part-of", "app.kubernetes.io/instance"]
        .into_iter()
        .find_map(|key| labels.get(key));
    named.or(entry.namespace()).unwrap_or(match entry.kind() {
        "Namespace" => entry.name(),
        _ => "cluster-wide",
    })
}
