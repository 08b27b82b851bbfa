//! What a plan needs of its clusters.

use stack_catalog::components::ebs_storage_classes::EbsClass;
use stack_cluster::{Cloud, ClusterNeeds, Effect, KubernetesMinor, NodePool, Role};

use super::plan::{Network, Plan};
use super::{Cluster, Size};

/// The class of volumes that claims get which name none.
pub(super) const VOLUMES: &str = "fast-gp3";

/// The storage classes of every stack.
pub(super) fn classes() -> Vec<EbsClass> {
    vec![EbsClass::gp3(VOLUMES).by_default()]
}

impl Plan {
    /// What the stack needs of its cluster.
    pub fn needs(self, cluster: &Cluster) -> ClusterNeeds {
        let version = KubernetesMinor { minor: 35 };
        let machines = |name: &str| match name {
            "system" => ["m7i.large", "m6i.large"],
            _ => ["m7i.xlarge", "m6i.xlarge"],
        };
        let pool = |name: &str, nodes| {
            NodePool::new(name, machines(name), nodes).labelled("workload", name)
        };
        let needs = ClusterNeeds::new(&cluster.name, version)
            .in_region(&cluster.region, cluster.zones.clone());
        let needs = classes()
            .iter()
            .map(EbsClass::need)
            .fold(needs, ClusterNeeds::with_storage);
        let needs = match self.size {
            Size::Small | Size::Quick => needs.with_pool(pool("general", 3..=4)),
            Size::Medium => needs
                .with_pool(pool("system", 3..=4))
                .with_pool(pool("general", 3..=9)),
            Size::Large => needs
                .with_pool(pool("system", 3..=6))
                .with_pool(pool("general", 6..=30))
                .with_pool(pool("batch", 0..=20).on_spot().tainted(
                    "spot",
                    "true",
                    Effect::NoSchedule,
                )),
        };
        let needs = roles(self.size, cluster)
            .into_iter()
            .fold(needs, ClusterNeeds::with_role);
        match self.network {
            Network::Calico | Network::Flannel => needs.with_own_network(),
            Network::Cilium => needs.without_kube_proxy(),
        }
    }
}

/// The bucket of backups.
pub(super) fn bucket(cluster: &Cluster) -> String {
    format!("{}-backups", cluster.name)
}

/// What service accounts of the stack may do in the cloud.
fn roles(size: Size, cluster: &Cluster) -> Vec<Role> {
    let backups = format!("arn:aws:s3:::{}", bucket(cluster));
    let volumes = Role::of(Cloud::EbsCsi, "kube-system", "ebs-csi-controller-sa");
    let mut roles = vec![volumes];
    if size != Size::Medium {
        roles.push(Role::of(
            Cloud::Velero(vec![backups]),
            "velero",
            "velero-server",
        ));
    }
    if size == Size::Large {
        let autoscaler = Role::of(
            Cloud::ClusterAutoscaler,
            "kube-system",
            "cluster-autoscaler",
        );
        roles.push(autoscaler);
    }
    roles
}
