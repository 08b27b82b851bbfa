//! Where the types of the Kubernetes versions differ that a feature may choose: 1.36 lets a PriorityClass lack its value. What is
//! read here is an `Option` in all of them.
#![allow(
    clippy::useless_conversion,
    reason = "in some versions the field is an `Option` already"
)]

use k8s_openapi::api::scheduling::v1::PriorityClass;

/// The priority of a class.
pub(crate) fn priority(class: &PriorityClass) -> Option<i32> {
    class.value.into()
}

/// A class with its priority, and nothing else.
pub(crate) fn priority_class(value: i32) -> PriorityClass {
    PriorityClass {
        value: value.into(),
        ..PriorityClass::default()
    }
}
