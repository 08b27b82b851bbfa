#[derive(crd_core::Object)]
struct Rule {
    #[serde(rename = "fromCIDR", skip_serializing_if = "Option::is_none")]
    from_cidr: Option<String>,
}

fn main() {}
