//! The cluster, ready for questions.

use std::sync::{Arc, OnceLock};

use kube_vocab::FieldPath;
use stack_gateway::Routing;
use stack_model::{Entry, Model};

use crate::answer::Step;
use crate::flow::Name;
use crate::istio::{Mesh, complete_settings};
use crate::policy::admin::Tiers;
use crate::policy::{ClusterPorts, Context, KnownName, Policies, cilium, read_network_policy};
use crate::route::{Exposed, Routes, read_exposed};
use crate::settings::{Cni, Settings};
use crate::unread::Unread;
use crate::world::{PodIndex, World};

/// Who can talk to whom in the cluster that a model describes.
///
/// What does not stand in the model does not exist, with two exceptions that an answer names: the pods of a waypoint, which its
/// Gateway implies, and the DNS server of the cluster.
#[derive(Debug)]
pub struct Reach<'m> {
    pub(crate) model: &'m Model,
    pub(crate) world: World,
    pub(crate) pods: PodIndex,
    pub(crate) settings: Settings,
    pub(crate) cni: Cni,
    pub(crate) policies: Policies,
    pub(crate) mesh: Mesh,
    pub(crate) routes: Routes<'m>,
    pub(crate) exposed: Vec<Exposed>,
    pub(crate) cluster_ports: ClusterPorts,
    unread: Vec<Unread>,
    pub(crate) dns_servers: OnceLock<Vec<usize>>,
}

impl<'m> Reach<'m> {
    /// Reads a model with the default [`Settings`].
    pub fn of(model: &'m Model) -> Self {
        Self::with(model, Settings::default())
    }

    /// The same, for whoever has worked out the routing of the model already.
    pub fn of_routed(model: &'m Model, routing: Arc<Routing<'m>>) -> Self {
        Self::read(model, Settings::default(), routing)
    }

    /// Reads a model. The mesh's own configuration, where the input has it, counts wherever a setting is the default.
    pub fn with(model: &'m Model, settings: Settings) -> Self {
        Self::read(model, settings, Arc::new(Routing::of(model)))
    }

    fn read(model: &'m Model, settings: Settings, routing: Arc<Routing<'m>>) -> Self {
        let settings = complete_settings(&settings, model).into_owned();
        let mut unread = Vec::new();
        let mut world = World::of(model);
        let mesh = Mesh::read(model, &mut world, &settings, &mut unread);
        let cni = settings.cni.unwrap_or_else(|| {
            let has_policies = model.kinds().any(|(group, kind)| {
                group == "cilium.io"
                    && (kind.ends_with("NetworkPolicy") || kind == "CiliumLocalRedirectPolicy")
            });
            if has_policies || settings.hints_at_cilium() {
                Cni::Cilium
            } else {
                Cni::Generic
            }
        });
        let mut rules: Vec<_> = model
            .objects("networking.k8s.io", "NetworkPolicy")
            .map(|policy| read_network_policy(policy, &settings))
            .collect();
        rules.extend(cilium::read(model, &world, &mut unread));
        // The same answers for any order of the input.
        rules.sort_by(|a, b| a.object.cmp(&b.object));
        let tiers = Tiers::read(model);
        let pods = PodIndex::of(&world);
        let cluster_ports = ClusterPorts::of(&world);
        let context = Context {
            world: &world,
            settings: &settings,
            cni,
            cluster_ports: &cluster_ports,
            name: KnownName::None,
            pods_have_addresses: true,
        };
        let policies = Policies::new(rules, tiers, &world, &pods, &context);
        let routes = Routes::read(model, routing);
        Self {
            model,
            exposed: read_exposed(model),
            policies,
            routes,
            world,
            pods,
            settings,
            cni,
            mesh,
            cluster_ports,
            unread,
            dns_servers: OnceLock::new(),
        }
    }

    /// Adds where the object of a step stands.
    pub(crate) fn locate(&self, step: &mut Step) {
        let entry = step.object.as_deref().and_then(|name| self.entry(name));
        let path = FieldPath::parse(step.path.as_deref().unwrap_or_default());
        if let Some(place) = entry.and_then(|entry| entry.location_of(&path)) {
            step.file = Some(place.file);
            step.line = Some(place.line);
        }
    }

    /// An object by the name that steps and rules have for it.
    pub(crate) fn entry(&self, name: &str) -> Option<&'m Entry> {
        let (kind, place) = name.split_once(' ')?;
        let (namespace, own) = match place.split_once('/') {
            Some((namespace, own)) => (Some(namespace), own),
            None => (None, place),
        };
        // Names do not say the group.
        let groups = self.model.kinds().filter(|(_, known)| *known == kind);
        groups
            .filter_map(|(group, kind)| self.model.get(group, kind, namespace, own))
            .min_by_key(|entry| entry.entry_id())
    }

    /// The workloads that serve a Gateway, as far as the input has them: those with the label of its name, and those behind the
    /// Service that publishes it. Empty for a gateway whose proxy is in no pod of the input.
    pub fn workloads_of_gateway(&self, gateway: &Name) -> Vec<&Name> {
        let pods = self.routes.pods_of(gateway, &self.world);
        let pods = pods.into_iter().filter_map(|pod| self.world.pods.get(pod));
        let mut names: Vec<&Name> = pods.map(|pod| &pod.name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Policies that cannot be read, and so have no effect here.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// The settings with which the model was read.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who enforces network policies: what the settings say, or what the input suggests.
    pub const fn cni(&self) -> Cni {
        self.cni
    }

    pub(crate) fn context<'a>(&'a self, name: KnownName<'a>) -> Context<'a> {
        Context {
            world: &self.world,
            settings: &self.settings,
            cni: self.cni,
            cluster_ports: &self.cluster_ports,
            name,
            pods_have_addresses: true,
        }
    }
}
