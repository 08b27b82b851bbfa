//! RequestAuthentication: which JSON Web Tokens are honoured.

use crate::status::IstioStatus;
use crate::{PolicyTargetReference, WorkloadSelector};
use crd_core::{GoDuration, Object, ObjectMeta, Resource, Union};

/// Says which JSON Web Tokens (JWT) workloads honour, and where in a request they are found.
///
/// A request with a bad token is refused; one without a token passes. To demand a token, add an
/// AuthorizationPolicy with `requestPrincipals`. Policies that apply to one workload add up.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/security/request_authentication/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "security.istio.io",
    version = "v1",
    kind = "RequestAuthentication",
    plural = "requestauthentications",
    scope = Namespaced,
    short_names = ["ra"],
    categories = ["istio-io", "security-istio-io"],
    status_subresource,
    older(version = "v1beta1"),
)]
pub struct RequestAuthentication {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The tokens, and the workloads. Left out, no token is honoured by this policy.
    pub spec: Option<RequestAuthenticationSpec>,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// The tokens that a [`RequestAuthentication`] honours, and where.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::one_attachment()))]
pub struct RequestAuthenticationSpec {
    /// The workloads that check tokens. With neither selector nor target, the whole namespace, or
    /// in the root namespace the whole mesh.
    pub selector: Option<WorkloadSelector>,

    /// The one resource that the policy is attached to: the older form of `target_refs`.
    pub target_ref: Option<PolicyTargetReference>,

    /// The resources that the policy is attached to, at most 16. Excludes `selector`.
    #[schemars(length(max = 16))]
    pub target_refs: Vec<PolicyTargetReference>,

    /// One entry per issuer, at most 4096. A token is checked by the rule of its issuer.
    #[schemars(length(max = 4096))]
    pub jwt_rules: Vec<JwtRule>,
}

/// How the tokens of one issuer are found, checked and passed on.
///
/// Without any of `from_headers`, `from_params` and `from_cookies` the token is taken from
/// `Authorization: Bearer`, else from the query parameter `access_token`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(
    extend("x-kubernetes-validations" = crd_core::schema::rules(&[
        (
            "[has(self.jwksUri), has(self.jwks_uri), has(self.jwks)].filter(used, used).size() <= 1",
            "give the keys in one way: jwksUri or jwks",
        ),
    ]))
)]
pub struct JwtRule {
    /// The issuer that the token must name (claim `iss`), usually a URL or a mail address; not
    /// empty. Istio's webhook demands it.
    #[schemars(length(min = 1))]
    pub issuer: Option<String>,

    /// Audiences of which the token must name one (claim `aud`); none is empty. Left out, the
    /// name of the service.
    #[schemars(inner(length(min = 1)))]
    pub audiences: Vec<String>,

    /// The issuer's public keys, or where to fetch them. Left out, they are found by OpenID
    /// Connect discovery from the issuer.
    #[field(embed)]
    pub jwks: Option<JwksSource>,

    /// Headers that may hold the token.
    pub from_headers: Vec<JwtHeader>,

    /// Query parameters that may hold the token; none is empty.
    #[schemars(inner(length(min = 1)))]
    pub from_params: Vec<String>,

    /// Name of a header that receives the checked payload, encoded as base64url JSON.
    pub output_payload_to_header: Option<String>,

    /// Cookies that may hold the token; none is empty.
    #[schemars(inner(length(min = 1)))]
    pub from_cookies: Vec<String>,

    /// Whether the workload gets to see the token. Left out, false.
    pub forward_original_token: Option<bool>,

    /// Claims that are copied into headers. A claim that is no string, number or boolean is not
    /// copied.
    pub output_claim_to_headers: Vec<ClaimToHeader>,

    /// How long fetching the keys may take; at least 1 ms. Left out, 5 s.
    #[schemars(extend("x-kubernetes-validations" = crate::schema::at_least_a_millisecond()))]
    pub timeout: Option<GoDuration>,

    /// Claims, at most 64 and none empty, that hold several values separated by spaces, in
    /// addition to `scope` and `permission`.
    #[schemars(length(max = 64), inner(length(min = 1)))]
    pub space_delimited_claims: Vec<String>,
}

/// The keys that a token's signature is checked with.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum JwksSource {
    /// URL (`http` or `https`, at most 2048 characters) of the key set.
    #[schemars(length(min = 1, max = 2048), extend("x-kubernetes-validations" = crate::schema::http_url()))]
    JwksUri(String),
    /// The same URL under the other spelling that is still accepted, `jwks_uri`. Kept so that
    /// it is written as it was read.
    #[arm(member = "jwks_uri")]
    #[schemars(length(min = 1, max = 2048), extend("x-kubernetes-validations" = crate::schema::http_url()))]
    JwksUriSnakeCase(String),
    /// The key set itself, as JSON text.
    Jwks(String),
}

impl JwksSource {
    /// The URL of the key set, under whichever spelling; nothing if the keys are given in place.
    pub fn uri(&self) -> Option<&str> {
        match self {
            Self::JwksUri(uri) | Self::JwksUriSnakeCase(uri) => Some(uri),
            Self::Jwks(_) => None,
        }
    }
}

/// A header that may hold a token.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct JwtHeader {
    /// Name of the header; not empty, case does not count.
    #[schemars(length(min = 1))]
    pub name: String,

    /// What stands before the token, trailing space included: `Bearer `. Left out, nothing.
    pub prefix: Option<String>,
}

/// A claim that is copied into a header.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ClaimToHeader {
    /// Name of the header: letters, digits, `-` and `_`. A header of that name that the client sent
    /// is dropped.
    #[schemars(length(min = 1), regex(pattern = "^[-_A-Za-z0-9]+$"))]
    pub header: String,

    /// Name of the claim, not empty; nested claims with dots (`a.b`).
    #[schemars(length(min = 1))]
    pub claim: String,
}
