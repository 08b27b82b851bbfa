//! Containers of a pod.

use kube_value::Value;
use kube_vocab::FieldPath;

/// A transport protocol of a port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP, which is meant where nothing is said.
    #[default]
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// As manifests write it; anything unknown, which no server takes, is read as TCP.
    pub fn read(value: Option<&Value>) -> Self {
        match value.and_then(Value::as_str) {
            Some("UDP") => Self::Udp,
            Some("SCTP") => Self::Sctp,
            _ => Self::Tcp,
        }
    }

    /// `TCP`, `UDP` or `SCTP`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        }
    }
}

/// When a container runs in the life of its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContainerRole {
    /// Before the others, until it ends.
    Init,
    /// Started in its turn among the init containers, and runs as long as the pod: `restartPolicy: Always`.
    Sidecar,
    /// As long as the pod.
    Main,
}

/// A container of a workload's pods.
#[derive(Clone, Copy, Debug)]
pub struct Container<'m> {
    pub(crate) value: &'m Value,
    pub(crate) role: ContainerRole,
    pub(crate) index: usize,
    pub(crate) pod_path: &'m str,
}

impl<'m> Container<'m> {
    /// The container as written, for members that this view does not name.
    pub const fn value(self) -> &'m Value {
        self.value
    }

    /// When it runs in the life of its pod: before the others, beside them, or on demand.
    pub const fn role(self) -> ContainerRole {
        self.role
    }

    /// Its name, unique in the pod.
    pub fn name(self) -> &'m str {
        self.text("name").unwrap_or_default()
    }

    /// The image reference; empty where a higher level of tooling fills it in.
    pub fn image(self) -> &'m str {
        self.text("image").unwrap_or_default()
    }

    /// The ports that it declares. A container may listen on others, too.
    pub fn ports(self) -> impl Iterator<Item = ContainerPort<'m>> {
        self.items("ports").iter().filter_map(ContainerPort::read)
    }

    /// The elements of one of its lists, such as `env`; none where there is no list.
    pub fn items(self, member: &str) -> &'m [Value] {
        self.value
            .get(member)
            .and_then(Value::as_array)
            .unwrap_or_default()
    }

    /// Where it stands in the workload's object: `spec.template.spec.containers[0]`.
    pub fn path(self) -> FieldPath {
        let list = match self.role {
            ContainerRole::Main => "containers",
            ContainerRole::Init | ContainerRole::Sidecar => "initContainers",
        };
        FieldPath::parse(self.pod_path)
            .field("spec")
            .field(list)
            .index(self.index)
    }

    fn text(self, member: &str) -> Option<&'m str> {
        self.value.get(member)?.as_str()
    }
}

/// A port that a container declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContainerPort<'m> {
    /// The name by which a Service or a probe may mean it.
    pub name: Option<&'m str>,
    /// The number, from 1 to 65535.
    pub port: u16,
    /// What it speaks below its application: TCP where nothing is written.
    pub protocol: Protocol,
    /// The same port on the node, if one is claimed.
    pub host_port: Option<u16>,
}

impl<'m> ContainerPort<'m> {
    fn read(value: &'m Value) -> Option<Self> {
        Some(Self {
            name: value.get("name").and_then(Value::as_str),
            port: port_number(value.get("containerPort"))?,
            protocol: Protocol::read(value.get("protocol")),
            host_port: port_number(value.get("hostPort")),
        })
    }
}

/// A port number; `None` for 0 and whatever is none.
pub(crate) fn port_number(value: Option<&Value>) -> Option<u16> {
    let number = u16::try_from(value?.as_u64()?).ok()?;
    (number != 0).then_some(number)
}
