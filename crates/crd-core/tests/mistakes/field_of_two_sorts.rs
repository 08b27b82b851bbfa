#[derive(crd_core::Object)]
struct Rule {
    #[field(required, default)]
    names: Vec<String>,
    #[field(embed)]
    rules: Vec<String>,
}

fn main() {}
