//! Typed bindings of the OPA Gatekeeper v3.21 custom resources
