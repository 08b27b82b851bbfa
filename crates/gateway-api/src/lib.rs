//! Typed bindings of the Kubernetes Gateway API v1.5.0
