//! The cluster, ready for questions.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use kube_vocab::FieldPath;
use stack_model::{Entry, EntryId, Model};

use crate::answer::{Answer, Step};
use crate::flow::Flow;
use crate::istio::{Mesh, complete_settings};
use crate::matrix::Exposed;
use crate::path;
use crate::policy::admin::Tiers;
use crate::policy::{ClusterPorts, Context, KnownName, Policies, cilium, read_network_policy};
use crate::route::Routes;
use crate::settings::{Cni, Settings};
use crate::world::World;

/// Who can talk to whom in the cluster that a model describes.
///
/// What does not stand in the model does not exist, with two exceptions that an answer names: the pods of a waypoint, which its
/// Gateway implies, and the DNS server of the cluster.
#[derive(Debug)]
pub struct Reach<'m> {
    pub(crate) model: &'m Model,
    pub(crate) world: World,
    pub(crate) settings: Settings,
    pub(crate) cni: Cni,
    pub(crate) policies: Policies,
    pub(crate) mesh: Mesh,
    pub(crate) routes: Routes<'m>,
    pub(crate) exposed: Vec<Exposed>,
    pub(crate) cluster_ports: ClusterPorts,
    unread: Vec<Unread>,
    lines: Lines<'m>,
    by_name: OnceLock<HashMap<String, EntryId>>,
}

/// Tells the line of a field in the file of its object.
type LineOf<'m> = dyn Fn(&Entry, &FieldPath) -> Option<usize> + Send + Sync + 'm;

#[derive(Default)]
struct Lines<'m>(Option<Box<LineOf<'m>>>);

impl fmt::Debug for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lines").field(&self.0.is_some()).finish()
    }
}

/// A policy that cannot be read: a server would refuse it, so it has no effect here.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unread {
    /// `Kind namespace/name`.
    pub object: String,
    /// What is wrong with it.
    pub error: String,
}

impl Unread {
    pub(crate) fn new(object: &Entry, error: &impl std::fmt::Display) -> Self {
        Self {
            object: object.id().to_string(),
            error: error.to_string(),
        }
    }
}

impl<'m> Reach<'m> {
    /// Reads a model with the default [`Settings`].
    pub fn of(model: &'m Model) -> Self {
        Self::with(model, Settings::default())
    }

    /// Reads a model. The mesh's own configuration, where the input has it, counts wherever a setting is the default.
    pub fn with(model: &'m Model, settings: Settings) -> Self {
        let settings = complete_settings(&settings, model).into_owned();
        let mut unread = Vec::new();
        let mut world = World::of(model);
        let mesh = Mesh::read(model, &mut world, &settings, &mut unread);
        let cni = settings.cni.unwrap_or_else(|| {
            let has_policies = model
                .kinds()
                .any(|(group, kind)| group == "cilium.io" && kind.ends_with("NetworkPolicy"));
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
        let tiers = Tiers::read(model);
        let cluster_ports = ClusterPorts::of(&world);
        let context = Context {
            world: &world,
            settings: &settings,
            cni,
            cluster_ports: &cluster_ports,
            name: KnownName::None,
            pods_have_addresses: true,
        };
        let policies = Policies::new(rules, tiers, &world, &context);
        let routes = Routes::read(model);
        Self {
            model,
            exposed: crate::matrix::read_exposed(model),
            policies,
            routes,
            world,
            settings,
            cni,
            mesh,
            cluster_ports,
            unread,
            lines: Lines::default(),
            by_name: OnceLock::new(),
        }
    }

    /// The same, with steps and findings that tell the line of the very field: a model knows only where documents start.
    #[must_use]
    pub fn with_lines(
        mut self,
        line_of: impl Fn(&Entry, &FieldPath) -> Option<usize> + Send + Sync + 'm,
    ) -> Self {
        self.lines = Lines(Some(Box::new(line_of)));
        self
    }

    /// Answers one question.
    pub fn flow(&self, flow: &Flow) -> Answer {
        let mut answer = path::answer(self, flow);
        for step in &mut answer.steps {
            self.locate(step);
        }
        answer
    }

    fn locate(&self, step: &mut Step) {
        let entry = step.object.as_deref().and_then(|name| self.entry(name));
        let Some((entry, file)) =
            entry.and_then(|entry| Some((entry, entry.origin().file.as_deref()?)))
        else {
            return;
        };
        let path = FieldPath::parse(step.path.as_deref().unwrap_or_default());
        step.file = Some(file.to_owned());
        step.line = self.line_of(entry, &path);
    }

    /// The line of a field; of its object where nobody knows more.
    pub(crate) fn line_of(&self, entry: &Entry, path: &FieldPath) -> Option<usize> {
        let lines = self.lines.0.as_ref();
        lines
            .and_then(|line_of| line_of(entry, path))
            .or(entry.origin().line)
    }

    /// An object by the name that steps and rules have for it.
    pub(crate) fn entry(&self, name: &str) -> Option<&'m Entry> {
        let by_name = self.by_name.get_or_init(|| {
            let mut names = HashMap::new();
            for entry in self.model.entries() {
                names
                    .entry(entry.id().to_string())
                    .or_insert(entry.entry_id());
            }
            names
        });
        by_name.get(name).map(|id| self.model.entry(*id))
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
