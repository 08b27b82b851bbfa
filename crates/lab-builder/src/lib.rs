//! Composes a whole typed Kubernetes platform stack.
