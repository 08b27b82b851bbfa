//! The program `stackctl`; what it does stands in the library.

fn main() -> std::process::ExitCode {
    stackctl::main()
}
