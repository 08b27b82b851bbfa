//! The current version of the security kinds.

mod authorization_policy;
mod peer_authentication;
mod request_authentication;

pub use self::authorization_policy::*;
pub use self::peer_authentication::*;
pub use self::request_authentication::*;
pub use crate::{PolicyTargetReference, Principal, WorkloadSelector};
