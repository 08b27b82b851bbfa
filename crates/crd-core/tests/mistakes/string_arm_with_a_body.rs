#[derive(crd_core::StringEnum)]
enum Mode {
    Strict,
    Port(u16),
}

fn main() {}
