//! The words controllers use in conditions. All sets are open: implementations add their own.
//!
//! ```
//! use gateway_api::v1::GatewayConditionType;
//!
//! assert_eq!(GatewayConditionType::Programmed.to_string(), "Programmed");
//! let own: GatewayConditionType = "example.com/Warm".parse()?;
//! assert_eq!(own, GatewayConditionType::Other("example.com/Warm".to_owned()));
//! # Ok::<(), std::convert::Infallible>(())
//! ```

use crd_core::StringEnum;

/// What a controller says of a GatewayClass.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum GatewayClassConditionType {
    /// The controller makes Gateways of the class.
    Accepted,
    /// The installed CRDs are of a version that the controller knows.
    SupportedVersion,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Why a condition of a GatewayClass is as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum GatewayClassConditionReason {
    /// Nothing is wrong.
    Accepted,
    /// The object that `parametersRef` names is missing, of the wrong kind or malformed.
    InvalidParameters,
    /// No controller has looked at it.
    Pending,
    /// The controller does not take classes that users define.
    Unsupported,
    /// No controller has looked at it; an older word for `Pending`.
    Waiting,
    /// The version of the CRDs is known.
    SupportedVersion,
    /// The version of the CRDs is not known; things may or may not work.
    UnsupportedVersion,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What a controller says of a Gateway.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum GatewayConditionType {
    /// It is valid enough for some configuration to be made from it.
    Accepted,
    /// The configuration is made and will be in effect soon.
    Programmed,
    /// The configuration is in effect.
    Ready,
    /// An older word for `Accepted`.
    Scheduled,
    /// Whether ListenerSets add listeners to it.
    AttachedListenerSets,
    /// All that it refers to is there and may be referred to.
    ResolvedRefs,
    /// Clients without a valid certificate come in, as its TLS settings want it.
    InsecureFrontendValidationMode,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Why a condition of a Gateway is as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum GatewayConditionReason {
    /// Nothing is wrong.
    Accepted,
    /// The configuration is made.
    Programmed,
    /// The configuration is in effect.
    Ready,
    /// An older word for `Accepted`.
    Scheduled,
    /// It contradicts itself or asks for what does not exist.
    Invalid,
    /// The object that `parametersRef` names is missing, of the wrong kind or malformed.
    InvalidParameters,
    /// A listener is not valid.
    ListenersNotValid,
    /// A listener is not in effect yet.
    ListenersNotReady,
    /// No controller has looked at it.
    Pending,
    /// No controller has looked at it; an older word for `Pending`.
    NotReconciled,
    /// The infrastructure has no room for it.
    NoResources,
    /// No address is assigned yet.
    AddressNotAssigned,
    /// An address asked for cannot be had.
    AddressNotUsable,
    /// An address is of a kind that the implementation lacks.
    UnsupportedAddress,
    /// ListenerSets add listeners.
    ListenerSetsAttached,
    /// It takes no ListenerSets.
    ListenerSetsNotAllowed,
    /// All that it refers to is there.
    ResolvedRefs,
    /// A ReferenceGrant is missing.
    RefNotPermitted,
    /// The key pair for backends is missing or malformed.
    InvalidClientCertificateRef,
    /// The mode was changed to the insecure one.
    ConfigurationChanged,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What a controller says of a listener.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ListenerConditionType {
    /// It is valid and can be configured.
    Accepted,
    /// It clashes with another listener.
    Conflicted,
    /// An older word for `Accepted`, the other way round.
    Detached,
    /// All that it refers to is there and may be referred to.
    ResolvedRefs,
    /// The configuration is made and will be in effect soon.
    Programmed,
    /// The configuration is in effect.
    Ready,
    /// Its host names or ports overlap with those of another listener in a way that TLS may notice.
    #[arm(rename = "OverlappingTLSConfig")]
    OverlappingTlsConfig,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Why a condition of a listener is as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ListenerConditionReason {
    /// Nothing is wrong.
    Accepted,
    /// An older word for `Accepted`.
    Attached,
    /// Another listener has the same host names.
    HostnameConflict,
    /// Another listener has the same port with another protocol.
    ProtocolConflict,
    /// No listener clashes with it.
    NoConflicts,
    /// The port cannot be had.
    PortUnavailable,
    /// The implementation lacks the protocol.
    UnsupportedProtocol,
    /// A value of some field is one that the implementation lacks.
    UnsupportedValue,
    /// There are too many listeners.
    TooManyListeners,
    /// The Gateway takes no listeners from elsewhere.
    ListenersNotAllowed,
    /// All that it refers to is there.
    ResolvedRefs,
    /// A key pair is missing or malformed.
    InvalidCertificateRef,
    /// Objects with CA certificates are missing or malformed.
    #[arm(rename = "InvalidCACertificateRef")]
    InvalidCaCertificateRef,
    /// CA certificates are in an object of the wrong kind.
    #[arm(rename = "InvalidCACertificateKind")]
    InvalidCaCertificateKind,
    /// None of the CA certificates can be used.
    #[arm(rename = "NoValidCACertificate")]
    NoValidCaCertificate,
    /// It allows a kind of route that the implementation lacks, or that does not fit the protocol.
    InvalidRouteKinds,
    /// A ReferenceGrant is missing.
    RefNotPermitted,
    /// The configuration is made.
    Programmed,
    /// The configuration is in effect.
    Ready,
    /// It contradicts itself or asks for what does not exist.
    Invalid,
    /// No controller has looked at it.
    Pending,
    /// Its host names overlap with those of another listener.
    OverlappingHostnames,
    /// Its certificates are also for names of another listener.
    OverlappingCertificates,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What a controller says of a ListenerSet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ListenerSetConditionType {
    /// The Gateway takes its listeners.
    Accepted,
    /// The configuration is made and will be in effect soon.
    Programmed,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Why a condition of a ListenerSet is as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum ListenerSetConditionReason {
    /// Nothing is wrong.
    Accepted,
    /// The configuration is made.
    Programmed,
    /// It contradicts itself or asks for what does not exist.
    Invalid,
    /// The Gateway does not allow it.
    NotAllowed,
    /// The Gateway itself is not accepted.
    ParentNotAccepted,
    /// The Gateway itself is not programmed.
    ParentNotProgrammed,
    /// A listener is not valid.
    ListenersNotValid,
    /// No controller has looked at it.
    Pending,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What a controller says of a route at one parent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum RouteConditionType {
    /// The parent takes the route.
    Accepted,
    /// All that it refers to is there and may be referred to.
    ResolvedRefs,
    /// Some rules do not work; they are left out.
    PartiallyInvalid,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Why a condition of a route is as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum RouteConditionReason {
    /// Nothing is wrong.
    Accepted,
    /// The listener does not take routes of this namespace or kind.
    NotAllowedByListeners,
    /// No host name of the route is one of the listener.
    NoMatchingListenerHostname,
    /// The parent has no listener of this name or port.
    NoMatchingParent,
    /// A value of some field is one that the implementation lacks.
    UnsupportedValue,
    /// No controller has looked at it.
    Pending,
    /// Filters of a rule do not go together.
    IncompatibleFilters,
    /// All that it refers to is there.
    ResolvedRefs,
    /// A ReferenceGrant is missing.
    RefNotPermitted,
    /// A reference is to a kind that the implementation lacks.
    InvalidKind,
    /// A backend does not exist.
    BackendNotFound,
    /// A backend speaks a protocol that the implementation lacks.
    UnsupportedProtocol,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What a controller says of a policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum PolicyConditionType {
    /// The policy is in effect for its target.
    Accepted,
    /// All that it refers to is there and may be referred to.
    ResolvedRefs,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Why a condition of a policy is as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum PolicyConditionReason {
    /// Nothing is wrong.
    Accepted,
    /// An older policy for the same target stands in its way.
    Conflicted,
    /// It contradicts itself or asks for what does not exist.
    Invalid,
    /// The target does not exist.
    TargetNotFound,
    /// All that it refers to is there.
    ResolvedRefs,
    /// None of the CA certificates can be used.
    #[arm(rename = "NoValidCACertificate")]
    NoValidCaCertificate,
    /// An object with CA certificates is missing or malformed.
    #[arm(rename = "InvalidCACertificateRef")]
    InvalidCaCertificateRef,
    /// A reference is to a kind that the implementation lacks.
    InvalidKind,
    /// A text that this version of the types does not know.
    Other(String),
}
