//! What the derives say of the mistakes that people make: the place, and the remedy.

#[test]
fn mistakes_are_named_where_they_stand() {
    trybuild::TestCases::new().compile_fail("tests/mistakes/*.rs");
}
