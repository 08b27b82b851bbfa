//! What differs between dev, stg and prod, and between the two profiles: `cargo run --example environments`.
#![allow(clippy::print_stdout)]

fn main() -> Result<(), lab_cli::Failure> {
    print!("{}", lab_cli::environments::report()?);
    Ok(())
}
