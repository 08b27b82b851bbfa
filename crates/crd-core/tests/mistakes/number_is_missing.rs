#[derive(crd_core::IntegerEnum)]
enum Status {
    Found = 302,
    Other,
}

fn main() {}
