//! What all kinds of routes have in common.

use crd_core::{Object, StringEnum};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use super::ParentReference;
use crate::Duration;

/// What controllers say of a route.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RouteStatus {
    /// The state at each parent, at most 32, each written by the parent's controller.
    #[field(required)]
    #[schemars(length(max = 32), extend("x-kubernetes-list-type" = "atomic"))]
    pub parents: Vec<RouteParentStatus>,
}

/// The state of a route at one parent.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RouteParentStatus {
    /// The parent, as the route names it.
    pub parent_ref: ParentReference,
    /// Who wrote this, as a domain and a path: `example.net/gateway-controller`.
    #[schemars(schema_with = "crate::schema::controller_name")]
    pub controller_name: String,
    /// One condition per type, 1 to 8; see [`RouteConditionType`](super::RouteConditionType).
    #[field(required)]
    #[schemars(schema_with = "crate::schema::conditions", length(min = 1, max = 8))]
    pub conditions: Vec<Condition>,
}

/// How requests of one client keep going to one backend.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::rules(&[
    (
        "has(self.absoluteTimeout) || !has(self.cookieConfig) || !has(self.cookieConfig.lifetimeType) || self.cookieConfig.lifetimeType != 'Permanent'",
        "a permanent cookie needs absoluteTimeout",
    ),
    (
        "self.type == 'Cookie' || !has(self.cookieConfig)",
        "cookieConfig belongs to type Cookie",
    ),
])))]
pub struct SessionPersistence {
    /// The name of the cookie or header, at most 128 characters; the implementation chooses one if absent.
    #[schemars(length(max = 128))]
    pub session_name: Option<String>,
    /// How long a session lasts at most; without end if absent.
    pub absolute_timeout: Option<Duration>,
    /// How long a session lasts without requests; without end if absent.
    pub idle_timeout: Option<Duration>,
    /// What carries the session; a cookie if absent.
    #[schemars(extend("default" = "Cookie"))]
    pub type_: Option<SessionPersistenceType>,
    /// Settings of the cookie.
    pub cookie_config: Option<CookieConfig>,
}

/// What carries a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum SessionPersistenceType {
    /// A cookie, which the implementation sets.
    Cookie,
    /// A header, which clients send back.
    Header,
}

/// Settings of a session's cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct CookieConfig {
    /// How long the client keeps it; for its own session if absent.
    #[schemars(extend("default" = "Session"))]
    pub lifetime_type: Option<CookieLifetimeType>,
}

/// How long a client keeps a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum CookieLifetimeType {
    /// Until its own session ends, for browsers until they close.
    Session,
    /// Until the session's absolute timeout.
    Permanent,
}
