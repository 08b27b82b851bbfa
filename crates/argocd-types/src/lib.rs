//! Typed bindings of the Argo CD v3.3 custom resources
