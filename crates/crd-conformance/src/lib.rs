//! Proves the generated CRDs of the types crates against the upstream ones.
