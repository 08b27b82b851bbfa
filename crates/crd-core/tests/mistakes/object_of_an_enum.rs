#[derive(crd_core::Object)]
enum Match {
    Exact(String),
}

fn main() {}
