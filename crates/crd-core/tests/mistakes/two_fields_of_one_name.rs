#[derive(crd_core::Object)]
struct Rule {
    port_name: Option<String>,
    #[field(rename = "portName")]
    name: Option<String>,
}

fn main() {}
