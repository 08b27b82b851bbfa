//! What Kubernetes custom-resource bindings share: root objects, unions, durations, strict parsing
