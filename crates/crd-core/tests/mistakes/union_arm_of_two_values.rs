#[derive(crd_core::Union)]
#[union(tag = "type")]
enum Filter {
    Mirror(String, u32),
}

fn main() {}
