//! What the types forbid does not compile.

#[test]
fn forbidden_values_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
