//! How the stack of a cluster is put together.

use lab_builder::components::{ArgoCd, Cilium, Gatekeeper, Istio, Kong};
use stack_builder::Stack;
use stack_builder::fleet::Fleet;
use stack_catalog::components::kube_prometheus_stack::ThanosSidecar;
use stack_catalog::components::linkerd::{Certificates, LinkerdCni, LinkerdViz};
use stack_catalog::components::otel_collector::{Destination, Signal};
use stack_catalog::components::rook_ceph::{self, RookCeph};
use stack_catalog::components::{
    Calico, CertManager, EbsStorageClasses, Falco, Flannel, KubePrometheusStack, Kyverno, Linkerd,
    LinkerdMulticluster, Loki, MetricsServer, OtelCollector, Spire, Tempo, Thanos, TrivyOperator,
    Velero,
};
use stack_catalog::{S3, Size as Sizes, Volume, lab_builder, platform};
use velero_types::v1::{BackupSpec, Schedule, ScheduleSpec};

use super::needs::{VOLUMES, bucket, classes};
use super::plan::{Identity, Mesh, Network, Plan, Policies, Storage};
use super::{Api, Cluster, Foundation, Size, guardrails};

impl Plan {
    /// The clusters of an environment, and the stack that they share.
    pub fn fleet(self, environment: &str, domain: &str) -> Fleet<Cluster> {
        let fleet = Fleet::new(move |cluster: &Cluster| self.stack(cluster));
        self.size
            .clusters(environment, domain)
            .into_iter()
            .fold(fleet, Fleet::with)
    }

    /// The stack of a cluster, before it is built: components can be configured, replaced and left out. Choices that do not go
    /// together, such as Istio without Cilium, are refused when it is built.
    pub fn stack(self, cluster: &Cluster) -> Stack {
        let size = self.size;
        let needs = self.needs(cluster);
        let stack = platform(cluster.name.as_str(), cluster.domain.as_str())
            .with(Foundation { needs })
            .with(EbsStorageClasses { classes: classes() })
            .with(ArgoCd::default())
            .with(CertManager::default())
            .with(MetricsServer::default())
            .with(monitoring(size))
            .with(Loki::default());
        let stack = network(stack, self, cluster);
        let stack = match size {
            Size::Small => stack
                .with(TrivyOperator::default())
                .with(backups(size, cluster)),
            Size::Medium => traces(stack).with(Falco::default()),
            Size::Large => traces(stack)
                .with(Thanos::default())
                .with(backups(size, cluster)),
            Size::Quick => traces(stack)
                .with(Api::default())
                .with(backups(size, cluster)),
        };
        let stack = match self.policies {
            Policies::Kyverno => stack.with(kyverno()),
            Policies::Gatekeeper => stack.with(Gatekeeper::default()),
        };
        let stack = match self.identity {
            Identity::Mesh => stack,
            Identity::Spire => stack.with(Spire::default()),
        };
        let stack = match self.storage {
            Storage::Volumes => stack,
            Storage::Ceph => stack.with(ceph()),
        };
        stack.profile(profile(size))
    }
}

fn network(stack: Stack, plan: Plan, cluster: &Cluster) -> Stack {
    let stack = match plan.network {
        Network::Calico => stack.with(Calico::default()),
        Network::Flannel => stack.with(Flannel::default()),
        Network::Cilium => cilium(stack, cluster),
    };
    let stack = match plan.mesh {
        Mesh::None => stack,
        Mesh::Istio => stack.with(Istio::default()),
        Mesh::Linkerd => linkerd(stack, plan, cluster),
    };
    match plan.gateway {
        true => stack.with(Kong::default()),
        false => stack,
    }
}

/// Cilium does the work of kube-proxy, and so must know where the API server is before there are Services.
fn cilium(stack: Stack, cluster: &Cluster) -> Stack {
    let api_server = cluster.api_server();
    let name = cluster.name.clone();
    stack
        .with(Cilium::default())
        .detach("cilium", "kind")
        .rewire(move |wiring: &mut lab_builder::Wiring| {
            wiring.cluster.name = name;
            wiring.cluster.api_server = Some(api_server);
            wiring.cluster.api_server_port = 443;
        })
}

/// With the plugin, pods of the mesh need no rights of their own. The Gateway API's kinds come with it where nobody else has them.
/// Of several clusters each mirrors the exported Services of the others, which takes a root that all of them trust.
fn linkerd(stack: Stack, plan: Plan, cluster: &Cluster) -> Stack {
    let others = plan.size.others(cluster);
    let certificates = match others.is_empty() {
        true => Certificates::CertManager,
        false => Certificates::SharedRoot,
    };
    let linkerd = Linkerd {
        gateway_api: !plan.gateway,
        cni: Some(LinkerdCni::default()),
        certificates,
        ..Linkerd::default()
    };
    let stack = stack.with(linkerd).with(LinkerdViz::default());
    match others.is_empty() {
        true => stack,
        false => stack.with(LinkerdMulticluster {
            links: others.into_iter().map(|other| other.name).collect(),
            ..LinkerdMulticluster::default()
        }),
    }
}

/// Three copies on three volumes of the cloud.
fn ceph() -> RookCeph {
    RookCeph {
        cluster: Some(rook_ceph::Cluster {
            storage: rook_ceph::Storage::Claims {
                volumes: 3,
                volume: Volume::new("100Gi").of_class(VOLUMES),
            },
            ..rook_ceph::Cluster::default()
        }),
        ..RookCeph::default()
    }
}

/// Traces, and one gateway for what programs send.
fn traces(stack: Stack) -> Stack {
    let collector = OtelCollector::default()
        .sending(Signal::Traces, Destination::grpc("tempo.tempo.svc:4317"))
        .sending(
            Signal::Logs,
            Destination::http("http://loki-gateway.loki.svc/otlp"),
        );
    stack.with(Tempo::default()).with(collector)
}

/// Prometheus, which Thanos asks through a sidecar where there are several clusters.
fn monitoring(size: Size) -> KubePrometheusStack {
    let mut monitoring = KubePrometheusStack::default();
    if size == Size::Large {
        monitoring.prometheus.thanos = Some(ThanosSidecar { object_store: None });
    }
    monitoring
}

/// Kyverno with a few policies that every cluster can live with.
fn kyverno() -> Kyverno {
    Kyverno {
        policies: guardrails::basic(),
        ..Kyverno::default()
    }
}

/// All namespaces each night at two, as the guide has it for one. Of the large size the bucket is in the other region.
fn backups(size: Size, cluster: &Cluster) -> Velero {
    let region = size.backup_region(cluster);
    let role = format!(
        "arn:aws:iam::111122223333:role/{}-velero-velero-server",
        cluster.name
    );
    let template = BackupSpec::of_everything().kept_for("720h");
    let mut velero = Velero::new(S3::aws(&region, &role), &bucket(cluster));
    velero.schedules = vec![Schedule::new(
        "daily",
        ScheduleSpec::cron("0 2 * * *", template),
    )];
    velero
}

fn profile(size: Size) -> Sizes {
    match size {
        Size::Small | Size::Quick => Sizes::Small,
        Size::Medium => Sizes::Medium,
        Size::Large => Sizes::Large,
    }
}
