//! What the derives say of the mistakes that people make: the place, and the remedy; and all mistakes at once.
//!
//! One file, since each costs a run of the compiler; and here rather than beside the types, since it needs none of them.

#[test]
fn mistakes_are_named_where_they_stand() {
    trybuild::TestCases::new().compile_fail("tests/mistakes/*.rs");
}
