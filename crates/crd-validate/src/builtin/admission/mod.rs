//! What is asked before an object is stored: webhooks and policies.

mod matching;
mod policy;
mod webhook;

pub(super) use policy::{binding, mutating_binding, mutating_policy, validating_policy};
pub(super) use webhook::{client_config, mutating, validating};
