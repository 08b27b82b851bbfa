#[derive(crd_core::Resource)]
#[resource(group = "example.com", version = "v1", kind = "Box", plural = "boxes", scope = Namespace)]
struct Package {
    metadata: crd_core::ObjectMeta,
}

fn main() {}
