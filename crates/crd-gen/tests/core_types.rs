//! The core types that are recognised are those of k8s-openapi.

use std::fs;

#[path = "../examples/core_types.rs"]
#[allow(dead_code)]
mod example;

#[test]
fn what_is_written_down_is_what_the_types_say() {
    for (path, made) in example::files() {
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == made,
            "{}: `K8S_OPENAPI_ENABLED_VERSION=1.35 cargo run -p crd-gen --example core_types` makes it anew, and so for each version",
            path.display()
        );
    }
}
