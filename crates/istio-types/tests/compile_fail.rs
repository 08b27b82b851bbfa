//! What the types forbid does not compile.
#![cfg(all(feature = "networking", feature = "security"))]

#[test]
fn forbidden_values_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
