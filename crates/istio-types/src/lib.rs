//! Typed bindings of the Istio 1.29 custom resources
