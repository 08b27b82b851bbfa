//! What a picture of connected things says, before it is laid out or written.

/// A node of a graph, valid in the graph that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) usize);

/// A group of a graph, valid in the graph that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub(crate) usize);

impl NodeId {
    /// Its position in [`Graph::nodes`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

impl GroupId {
    /// Its position in [`Graph::groups`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// Where the arrows of a picture mostly go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From the top down: steps, hierarchies.
    #[default]
    Down,
    /// From left to right: requests and data on their way.
    Right,
}

/// What a box stands for. It decides the icon; the name stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NodeKind {
    /// A thing without an icon of its own.
    #[default]
    Other,
    /// People and programs outside of the cluster.
    Client,
    /// A host name under which requests come in.
    Host,
    /// A gateway, or one of its listeners.
    Gateway,
    /// What sends requests to Services: an HTTPRoute, a VirtualService, an Ingress.
    Route,
    /// A Service, or a name outside that stands for one.
    Service,
    /// A workload whose pods are alike.
    Workload,
    /// A workload with a pod per node.
    PerNode,
    /// A workload that runs to its end: a Job, a CronJob.
    Job,
    /// A program that makes or changes other objects.
    Controller,
    /// What receives telemetry and passes it on.
    Collector,
    /// A database, a queue, an object store.
    Store,
    /// A page for people, such as Grafana.
    Dashboard,
    /// What tells people that something is wrong.
    Alerts,
    /// A rule about what may be.
    Policy,
    /// A ConfigMap, a Secret, or another source of settings.
    Config,
    /// A step of an installation.
    Step,
    /// Several things in one box.
    Folded,
}

/// Whether a thing is as all others, or stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mark {
    /// As all others.
    #[default]
    None,
    /// In a picture of a change: not there before.
    Added,
    /// In a picture of a change: not there afterwards.
    Removed,
    /// In a picture of a change: there before and afterwards, with other content.
    Changed,
    /// It is not there, though somebody names it.
    Missing,
    /// Something is wrong with it.
    Wrong,
}

impl Mark {
    /// The sign before the name: colour is never the only sign. Empty for [`Mark::None`].
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Added => "+",
            Self::Removed => "−",
            Self::Changed => "~",
            Self::Missing => "?",
            Self::Wrong => "!",
        }
    }
}

/// A box: an icon, a title, and lines of detail below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The name by which the written forms know it; made unique among the others, and fit for each form, by the writers.
    pub id: String,
    /// Decides the icon and, in forms without icons, the shape.
    pub kind: NodeKind,
    /// The heading, in large letters, whatever the id is.
    pub title: String,
    /// A few words more, one line each.
    pub details: Vec<String>,
    /// The group that it stands in.
    pub group: Option<GroupId>,
    /// A sign and a colour for what is new, missing or wrong.
    pub mark: Mark,
    /// What a reader sees who points at it, where that is more than what stands in the box.
    pub tip: String,
    /// The names of what was put into this one box.
    pub folded: Vec<String>,
}

impl Node {
    /// A node with nothing but its names.
    pub fn new(id: impl Into<String>, kind: NodeKind, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            kind,
            title: title.into(),
            ..Self::default()
        }
    }

    /// With a line more; an empty one is left out.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        let line = line.into();
        if !line.is_empty() {
            self.details.push(line);
        }
        self
    }

    /// Puts the box into a frame; `None` takes it out.
    #[must_use]
    pub fn within(mut self, group: impl Into<Option<GroupId>>) -> Self {
        self.group = group.into();
        self
    }

    /// Gives the box a sign and a colour.
    #[must_use]
    pub fn marked(mut self, mark: Mark) -> Self {
        self.mark = mark;
        self
    }

    /// With what a reader sees who points at it.
    #[must_use]
    pub fn tip(mut self, tip: impl Into<String>) -> Self {
        self.tip = tip.into();
        self
    }
}

/// A frame around boxes and other frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The name by which the written forms know it.
    pub id: String,
    /// The heading, in large letters, whatever the id is.
    pub title: String,
    /// The frame that this one lies in; `None` at the top.
    pub parent: Option<GroupId>,
    /// What is said of it in small letters beside the title.
    pub note: String,
}

impl Group {
    /// A frame with nothing but its names.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            ..Self::default()
        }
    }

    /// Puts the frame into another one; `None` takes it out.
    #[must_use]
    pub fn within(mut self, parent: impl Into<Option<GroupId>>) -> Self {
        self.parent = parent.into();
        self
    }

    /// With something said beside the title.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// What an arrow means: decides its line and its head, and what the legend says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EdgeKind {
    /// A request, or data, goes this way.
    #[default]
    Flow,
    /// The one asks the other for data.
    Query,
    /// The one comes after the other.
    Then,
    /// The one names the other.
    Reference,
    /// The one chooses the other by labels.
    Selects,
    /// The one would talk to the other, and is refused.
    Refused,
    /// Whether the one may talk to the other depends on something that is not known.
    Depends,
    /// The one names something that is not there.
    Broken,
}

impl EdgeKind {
    /// What a legend says of it.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Flow => "goes to",
            Self::Query => "asks",
            Self::Then => "comes before",
            Self::Reference => "names",
            Self::Selects => "selects",
            Self::Refused => "is refused",
            Self::Depends => "depends on something unknown",
            Self::Broken => "names what is not there",
        }
    }
}

/// An arrow from one box to another, or back to the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The box of the one who calls, names or comes first.
    pub from: NodeId,
    /// The box of the one who is called, named or comes after.
    pub to: NodeId,
    /// Decides line and head.
    pub kind: EdgeKind,
    /// Words beside the line; empty for none.
    pub label: String,
    /// What a reader sees who points at it, where that is more than the label.
    pub tip: String,
}

impl Edge {
    /// An arrow without a label.
    #[must_use]
    pub fn new(from: NodeId, to: NodeId, kind: EdgeKind) -> Self {
        Self {
            from,
            to,
            kind,
            label: String::new(),
            tip: String::new(),
        }
    }

    /// Sets the words beside the line.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With what a reader sees who points at it.
    #[must_use]
    pub fn tip(mut self, tip: impl Into<String>) -> Self {
        self.tip = tip.into();
        self
    }
}

/// Boxes, frames around them, and arrows between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// The heading above the picture.
    pub title: String,
    /// What it says, in a sentence or two, for those who do not see it.
    pub description: String,
    /// Which way most arrows point, so that the layout runs that way.
    pub direction: Direction,
    pub(crate) nodes: Vec<Node>,
    pub(crate) groups: Vec<Group>,
    pub(crate) edges: Vec<Edge>,
}

impl Graph {
    /// A graph without anything in it.
    pub fn new(title: impl Into<String>, direction: Direction) -> Self {
        Self {
            title: title.into(),
            direction,
            ..Self::default()
        }
    }

    /// Adds a box. A group that is not of this graph is as none.
    pub fn add(&mut self, mut node: Node) -> NodeId {
        node.group = node.group.filter(|group| group.0 < self.groups.len());
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    /// Adds a frame. Its parent must have been added before; otherwise it has none.
    pub fn add_group(&mut self, mut group: Group) -> GroupId {
        group.parent = group.parent.filter(|parent| parent.0 < self.groups.len());
        self.groups.push(group);
        GroupId(self.groups.len() - 1)
    }

    /// Adds an arrow. One whose ends are not of this graph is left out.
    pub fn connect(&mut self, edge: Edge) {
        if edge.from.0 < self.nodes.len() && edge.to.0 < self.nodes.len() {
            self.edges.push(edge);
        }
    }

    /// All boxes, in the order in which they were added.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// All frames; each stands behind its parent.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// All arrows, in the order in which they were added.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The boxes by which arrows and frames know them, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId)
    }

    /// The box of this id; `None` for an id of another graph.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    /// A box that can be changed.
    pub fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.0)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The kinds of arrows that are in it, each once.
    #[must_use]
    pub fn edge_kinds(&self) -> Vec<EdgeKind> {
        let mut kinds: Vec<EdgeKind> = self.edges.iter().map(|edge| edge.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Only the boxes of frames whose title is wanted, and their neighbours.
    #[must_use]
    pub fn within(mut self, wanted: impl Fn(&str) -> bool) -> Self {
        let inside: Vec<bool> = self
            .nodes
            .iter()
            .map(|node| {
                node.group
                    .is_some_and(|group| wanted(&self.groups[group.0].title))
            })
            .collect();
        let mut kept = inside.clone();
        for edge in &self.edges {
            if inside[edge.from.0] || inside[edge.to.0] {
                kept[edge.from.0] = true;
                kept[edge.to.0] = true;
            }
        }
        let mut next = 0;
        let place: Vec<Option<usize>> = kept
            .iter()
            .map(|kept| {
                kept.then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect();
        let mut keep = kept.iter();
        self.nodes.retain(|_| keep.next().copied().unwrap_or(false));
        self.edges.retain_mut(|edge| {
            let near = inside[edge.from.0] || inside[edge.to.0];
            match (place[edge.from.0], place[edge.to.0]) {
                (Some(from), Some(to)) if near => {
                    (edge.from, edge.to) = (NodeId(from), NodeId(to));
                    true
                }
                _ => false,
            }
        });
        self
    }
}
