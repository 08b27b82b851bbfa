//! What the types forbid does not compile.

#[test]
fn the_compiler_refuses() {
    trybuild::TestCases::new().compile_fail("tests/forbidden/*.rs");
}
