#[derive(crd_core::Resource)]
#[resource(group = "example.com", version = "v1", kind = "Box", plural = "boxes", scope = Namespaced)]
struct Package {
    spec: String,
}

fn main() {}
