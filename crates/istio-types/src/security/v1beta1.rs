//! An older version of the security kinds, which is still served. Its schema is that of `v1`, and so are
//! its types.

pub use super::v1::*;
pub use super::v1::{
    authorization_policy_v1beta1::AuthorizationPolicy,
    peer_authentication_v1beta1::PeerAuthentication,
    request_authentication_v1beta1::RequestAuthentication,
};
