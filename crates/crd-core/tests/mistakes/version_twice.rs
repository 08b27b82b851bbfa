#[derive(crd_core::Resource)]
#[resource(
    group = "example.com", version = "v1", kind = "Box", plural = "boxes", scope = Cluster,
    older(version = "v1beta1"), older(version = "v1beta1"),
)]
struct Package {
    metadata: crd_core::ObjectMeta,
}

fn main() {}
