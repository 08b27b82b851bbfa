//! The example `own_component`, which stands for what a user writes.

#[path = "../../examples/own_component.rs"]
#[allow(dead_code)]
mod example;

use crate::proof;

#[test]
fn a_component_of_a_users_own_has_what_ours_have() {
    let bundle = example::stack().build().unwrap();
    proof::is_clean(&bundle, &[]);
    proof::writes_a_tree(&bundle);
    let text = include_str!("../../examples/own_component.rs");
    let body = text.split("// --8<--").nth(1).unwrap();
    let lines = body.lines().filter(|line| !line.trim().is_empty()).count();
    assert!(lines < 30, "{lines} lines");
}
