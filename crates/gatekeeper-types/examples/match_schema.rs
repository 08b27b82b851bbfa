//! Prints the schema of what a constraint matches, as constraints' definitions have it:
//! `cargo run -p gatekeeper-types --features schema --example match_schema > crates/gatekeeper-types/src/templates/match.json`.
#![allow(clippy::print_stdout)]

fn main() {
    let schema = crd_core::schema::schema_for::<gatekeeper_types::matching::Match>();
    println!("{:#}", schema.to_value());
}
