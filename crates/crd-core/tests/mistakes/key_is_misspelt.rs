#[derive(crd_core::Object)]
struct Rule {
    #[field(requird)]
    names: Vec<String>,
}

fn main() {}
