//! Typed bindings of the Cilium 1.19 custom resources
