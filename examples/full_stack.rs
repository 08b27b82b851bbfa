//! Renders the documented lab.
fn main() {}
