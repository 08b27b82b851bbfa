#[derive(crd_core::Union)]
enum Filter {
    #[arm(tag = "URLRewrite")]
    UrlRewrite(String),
}

fn main() {}
