//! What pods ask for and may use, with the defaults of LimitRanges filled in.

use kube_value::Value;
use kube_vocab::Quantity;

use crate::entry::value_at;
use crate::model::Model;
use crate::{Container, ContainerRole, Entry, Workload};

/// Amounts by resource: `cpu`, `memory`, `ephemeral-storage`, `nvidia.com/gpu` ... They are few: a list in the order of the names
/// is smaller and quicker than a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts<'m>(Vec<(&'m str, Quantity)>);

impl<'m> Amounts<'m> {
    /// Reads a map of quantities; what is no quantity is left out.
    pub fn read(value: Option<&'m Value>) -> Self {
        let members = value.and_then(Value::as_object).into_iter().flatten();
        let mut amounts: Vec<_> = members
            .filter_map(|(name, value)| Some((name.as_str(), quantity(value)?)))
            .collect();
        amounts.sort_unstable_by_key(|(name, _)| *name);
        Self(amounts)
    }

    /// The amount of a resource; `None` where nothing is said.
    pub fn get(&self, resource: &str) -> Option<Quantity> {
        Some(self.0[self.place(resource)?].1)
    }

    /// All of them, in the order of the names of their resources.
    pub fn iter(&self) -> impl Iterator<Item = (&'m str, Quantity)> {
        self.0.iter().copied()
    }

    /// Whether nothing is said of any resource.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the amounts of another.
    pub fn add(&mut self, other: &Self) {
        self.merge(other, |own, more| own + more);
    }

    /// Raises each amount to that of another.
    pub fn raise_to(&mut self, other: &Self) {
        self.merge(other, Quantity::max);
    }

    /// Fills in what is not said.
    pub fn fill(&mut self, defaults: &Self) {
        self.merge(defaults, |own, _| own);
    }

    /// All amounts so many times.
    #[must_use]
    pub fn times(&self, count: u32) -> Self {
        let times = |(name, amount)| (name, amount * i64::from(count));
        Self(self.iter().map(times).collect())
    }

    /// Takes the amounts of another: as they are where there is none yet, else what `both` makes of the two.
    fn merge(&mut self, other: &Self, both: impl Fn(Quantity, Quantity) -> Quantity) {
        let mut new = Vec::new();
        for (name, amount) in other.iter() {
            match self.place(name) {
                Some(place) => self.0[place].1 = both(self.0[place].1, amount),
                None => new.push((name, amount)),
            }
        }
        // At once: each by itself would move all behind it.
        if !new.is_empty() {
            self.0.append(&mut new);
            self.0.sort_by_key(|(name, _)| *name);
        }
    }

    /// Where a resource stands.
    fn place(&self, resource: &str) -> Option<usize> {
        let found = self.0.binary_search_by(|(name, _)| (*name).cmp(resource));
        found.ok()
    }
}

/// A quantity as manifests write it: a text or a number.
pub(crate) fn quantity(value: &Value) -> Option<Quantity> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// What one container asks for and may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerAmounts<'m> {
    /// What is reserved for it.
    pub requests: Amounts<'m>,
    /// What it may use; a resource that is not in it is without bound.
    pub limits: Amounts<'m>,
}

/// One `limits` row of a LimitRange, for containers or for pods.
#[derive(Clone, Debug)]
pub struct LimitRange<'m> {
    /// The LimitRange that says so, for findings on it.
    pub entry: &'m Entry,
    /// `Container`, `Pod` or `PersistentVolumeClaim`.
    pub applies_to: &'m str,
    /// The least that may be asked for.
    pub min: Amounts<'m>,
    /// The most that may be allowed.
    pub max: Amounts<'m>,
    /// What a container without requests asks for.
    pub default_requests: Amounts<'m>,
    /// What a container without limits may use.
    pub default_limits: Amounts<'m>,
    /// How many times a limit may exceed its request.
    pub max_ratio: Amounts<'m>,
}

impl<'m> LimitRange<'m> {
    fn read(entry: &'m Entry, row: &'m Value) -> Self {
        let amounts = |member: &str| Amounts::read(row.get(member));
        let (min, max) = (amounts("min"), amounts("max"));
        let mut default_limits = amounts("default");
        let mut default_requests = amounts("defaultRequest");
        // The API server fills in what is not said, for containers alone.
        if row.get("type").and_then(Value::as_str) == Some("Container") {
            default_limits.fill(&max);
            default_requests.fill(&default_limits);
            default_requests.fill(&min);
        }
        Self {
            entry,
            applies_to: row.get("type").and_then(Value::as_str).unwrap_or_default(),
            min,
            max,
            default_requests,
            default_limits,
            max_ratio: amounts("maxLimitRequestRatio"),
        }
    }
}

impl Model {
    /// The rows of all LimitRanges of a namespace.
    pub fn limits_of(&self, namespace: &str) -> Vec<LimitRange<'_>> {
        self.objects_in("", "LimitRange", namespace)
            .flat_map(|entry| {
                entry
                    .items_at("spec.limits")
                    .iter()
                    .map(move |row| LimitRange::read(entry, row))
            })
            .collect()
    }
}

impl<'m> Workload<'m> {
    /// What a container of its pods asks for and may use, once the API server has filled in what the manifest leaves out.
    pub fn container_amounts(&self, container: Container<'m>) -> ContainerAmounts<'m> {
        let limits = self.model.limits_of(self.namespace());
        amounts_of(container, &limits)
    }

    /// The same of all its containers, in the order in which they start.
    pub fn containers_amounts(&self) -> Vec<ContainerAmounts<'m>> {
        self.containers_amounts_within(&self.model.limits_of(self.namespace()))
    }

    /// The same, for whoever asks about many workloads of a namespace and holds its [limits](Model::limits_of).
    pub fn containers_amounts_within(
        &self,
        limits: &[LimitRange<'m>],
    ) -> Vec<ContainerAmounts<'m>> {
        let containers = self.containers();
        containers
            .map(|container| amounts_of(container, limits))
            .collect()
    }

    /// What one pod asks for and may use: the containers that run together, or the greediest of those that run before them,
    /// and the overhead of the runtime. A limit is there only where every container has one.
    pub fn amounts(&self) -> ContainerAmounts<'m> {
        self.amounts_together(&self.containers_amounts())
    }

    /// The same, for whoever holds what each of its [containers](Self::containers_amounts) asks for.
    pub fn amounts_together(&self, containers: &[ContainerAmounts<'m>]) -> ContainerAmounts<'m> {
        let mut sidecars = ContainerAmounts::default();
        let mut before = ContainerAmounts::default();
        let mut together = ContainerAmounts::default();
        let mut without_limit: Vec<&str> = Vec::new();
        for (container, own) in self.containers().zip(containers) {
            for resource in ["cpu", "memory", "ephemeral-storage"] {
                if own.limits.get(resource).is_none() {
                    without_limit.push(resource);
                }
            }
            match container.role() {
                ContainerRole::Main => {
                    together.requests.add(&own.requests);
                    together.limits.add(&own.limits);
                }
                ContainerRole::Sidecar => {
                    sidecars.requests.add(&own.requests);
                    sidecars.limits.add(&own.limits);
                    before.requests.raise_to(&sidecars.requests);
                    before.limits.raise_to(&sidecars.limits);
                }
                ContainerRole::Init => {
                    let mut at_once = own.clone();
                    at_once.requests.add(&sidecars.requests);
                    at_once.limits.add(&sidecars.limits);
                    before.requests.raise_to(&at_once.requests);
                    before.limits.raise_to(&at_once.limits);
                }
            }
        }
        together.requests.add(&sidecars.requests);
        together.limits.add(&sidecars.limits);
        together.requests.raise_to(&before.requests);
        together.limits.raise_to(&before.limits);
        together
            .limits
            .0
            .retain(|(resource, _)| !without_limit.contains(resource));
        // What is said of the pod as a whole counts before the sum.
        if let Some(whole) = self.pod_spec().and_then(|spec| spec.get("resources")) {
            let set = |amounts: &mut Amounts<'m>, member| {
                amounts.merge(&Amounts::read(whole.get(member)), |_, set| set);
            };
            set(&mut together.requests, "requests");
            set(&mut together.limits, "limits");
        }
        let overhead = self.overhead();
        together.requests.add(&overhead);
        for (resource, amount) in overhead.iter() {
            if let Some(place) = together.limits.place(resource) {
                let limit = &mut together.limits.0[place].1;
                *limit = *limit + amount;
            }
        }
        together
    }

    /// What the runtime takes for itself per pod.
    fn overhead(&self) -> Amounts<'m> {
        let Some(spec) = self.pod_spec() else {
            return Amounts::default();
        };
        if let Some(overhead) = spec.get("overhead") {
            return Amounts::read(Some(overhead));
        }
        let class = spec.get("runtimeClassName").and_then(Value::as_str);
        let class =
            class.and_then(|name| self.model.get("node.k8s.io", "RuntimeClass", None, name));
        Amounts::read(class.and_then(|class| class.at("overhead.podFixed")))
    }
}

fn amounts_of<'m>(container: Container<'m>, limits: &[LimitRange<'m>]) -> ContainerAmounts<'m> {
    let written = container.value();
    let mut own = ContainerAmounts {
        requests: Amounts::read(value_at(written, "resources.requests")),
        limits: Amounts::read(value_at(written, "resources.limits")),
    };
    // First the pod's own defaults: who says a limit asks for it, too. Then the namespace's.
    own.requests.fill(&own.limits);
    for row in limits.iter().filter(|row| row.applies_to == "Container") {
        own.limits.fill(&row.default_limits);
        own.requests.fill(&row.default_requests);
    }
    own
}
