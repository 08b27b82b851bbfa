//! AuthorizationPolicy: who may call whom, and how.

use crate::status::IstioStatus;
use crate::{PolicyTargetReference, Principal, WorkloadSelector};
use crd_core::{Object, ObjectMeta, Resource, StringEnum};

/// Allows, denies, audits or delegates requests to workloads.
///
/// For one workload, first all CUSTOM policies are asked, then DENY, then ALLOW. A request
/// passes if no CUSTOM or DENY policy stops it and either no ALLOW policy applies to the
/// workload or one of them matches. In ambient mode ztunnel enforces policies with a selector,
/// or without any attachment, and knows only connections (identities, namespaces, addresses,
/// ports); a rule about methods, paths or headers needs a waypoint and `targetRefs`.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/security/authorization-policy/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "security.istio.io",
    version = "v1",
    kind = "AuthorizationPolicy",
    plural = "authorizationpolicies",
    scope = Namespaced,
    short_names = ["ap"],
    categories = ["istio-io", "security-istio-io"],
    status_subresource,
    printer_columns = [
        ("Action", "string", ".spec.action"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
    older(version = "v1beta1"),
)]
pub struct AuthorizationPolicy {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Whom the policy protects and what it lets through. Left out, the same as an empty one:
    /// nothing is allowed in the namespace.
    pub spec: Option<AuthorizationPolicySpec>,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

impl AuthorizationPolicy {
    /// Only the named service accounts may call the workloads that `selector` picks.
    ///
    /// ```
    /// use istio_types::{Principal, WorkloadSelector, security::v1::AuthorizationPolicy};
    ///
    /// let policy = AuthorizationPolicy::allow_service_accounts(
    ///     "backend-allow",
    ///     "demo",
    ///     WorkloadSelector::labels([("app", "backend")]),
    ///     [Principal::new("demo", "frontend"), Principal::new("kong", "kong-gateway")],
    /// );
    /// assert_eq!(policy.metadata.name.as_deref(), Some("backend-allow"));
    /// ```
    pub fn allow_service_accounts(
        name: impl Into<String>,
        namespace: impl Into<String>,
        selector: WorkloadSelector,
        accounts: impl IntoIterator<Item = Principal>,
    ) -> Self {
        let spec = AuthorizationPolicySpec {
            selector: Some(selector),
            action: Some(AuthorizationAction::Allow),
            rules: Some(vec![Rule::from_principals(accounts)]),
            ..AuthorizationPolicySpec::default()
        };
        Self::new(name, spec).in_namespace(namespace)
    }
}

/// Whom an [`AuthorizationPolicy`] protects, and from what.
///
/// The four ways to say little differ much:
///
/// | spec | with ALLOW | with DENY |
/// |---|---|---|
/// | `rules` left out (`None`) | matches nothing: every request is refused | matches nothing: no effect |
/// | `rules: []` (`Some(vec![])`) | the same to Istio, which cannot tell the two apart | the same |
/// | `rules: [{}]` ([`Rule::any`]) | matches everything: every request passes | matches everything: every request is refused |
/// | a rule with `from` | only those callers pass | only those callers are refused |
///
/// `None` and `Some(vec![])` are kept apart so that an object is written back as it was read.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::one_attachment()))]
pub struct AuthorizationPolicySpec {
    /// The workloads that the policy protects. With neither selector nor target, the whole
    /// namespace, or in the root namespace the whole mesh.
    pub selector: Option<WorkloadSelector>,

    /// The one resource that the policy is attached to: the older form of `target_refs`.
    pub target_ref: Option<PolicyTargetReference>,

    /// The resources that the policy is attached to, at most 16. Excludes `selector`.
    #[schemars(length(max = 16))]
    pub target_refs: Vec<PolicyTargetReference>,

    /// What the policy matches: any one of at most 512 rules. See [the table](Self) for what none,
    /// an empty list and an empty rule mean.
    #[schemars(length(max = 512))]
    pub rules: Option<Vec<Rule>>,

    /// What happens to a request that a rule matches. Left out, `ALLOW`.
    pub action: Option<AuthorizationAction>,

    /// Who decides, for the action `CUSTOM` only.
    pub provider: Option<ExtensionProvider>,
}

/// One way to match a request: all of `from`, `to` and `when` that are given.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Rule {
    /// Where the request comes from: any one of at most 512 sources. Left out, from anywhere.
    /// Istio's webhook refuses an empty list.
    #[schemars(length(max = 512))]
    pub from: Option<Vec<RuleFrom>>,

    /// What it asks for: any one of the operations. Left out, anything. Istio's webhook refuses an
    /// empty list.
    pub to: Option<Vec<RuleTo>>,

    /// Further conditions, all of which must hold. Left out, none.
    pub when: Option<Vec<Condition>>,
}

impl Rule {
    /// The rule that matches every request, `{}` on the wire.
    pub fn any() -> Self {
        Self::default()
    }

    /// Matches requests of these workloads, whatever they ask for.
    pub fn from_principals(principals: impl IntoIterator<Item = Principal>) -> Self {
        Self {
            from: Some(vec![RuleFrom::principals(principals)]),
            ..Self::default()
        }
    }

    /// Matches requests with one of these HTTP methods on one of these paths; an empty list means
    /// any.
    ///
    /// Only a sidecar, a gateway or a waypoint sees methods and paths. For ztunnel such a rule
    /// never matches when it allows, and matches more than it says when it denies.
    #[must_use]
    pub fn to_http<M: Into<String>, P: Into<String>>(
        mut self,
        methods: impl IntoIterator<Item = M>,
        paths: impl IntoIterator<Item = P>,
    ) -> Self {
        let operation = Operation {
            methods: methods.into_iter().map(Into::into).collect(),
            paths: paths.into_iter().map(Into::into).collect(),
            ..Operation::default()
        };
        self.to.get_or_insert_default().push(RuleTo {
            operation: Some(operation),
        });
        self
    }
}

/// One entry of a rule's `from`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RuleFrom {
    /// The source. It has to say something: Istio's webhook refuses it missing or empty.
    pub source: Option<Source>,
}

impl RuleFrom {
    /// Any one of these workloads.
    pub fn principals(principals: impl IntoIterator<Item = Principal>) -> Self {
        Self {
            source: Some(Source {
                principals: principals.into_iter().map(String::from).collect(),
                ..Source::default()
            }),
        }
    }
}

/// Where a request comes from. All members that are given must match; of one member's list any one
/// entry.
///
/// Names match exactly, by prefix (`cluster.local/ns/demo/*`), by suffix (`*/sa/frontend`), or, as
/// `*`, whenever there is any value at all.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "!(has(self.serviceAccounts) || has(self.notServiceAccounts)) || !(has(self.principals) || has(self.notPrincipals) || has(self.namespaces) || has(self.notNamespaces))",
                "service accounts cannot be combined with principals or namespaces",
            ),
        ]))
    )]
pub struct Source {
    /// Identities from the caller's certificate, as [`Principal`] writes them. Needs mTLS.
    pub principals: Vec<String>,

    /// Identities that must not be the caller's.
    pub not_principals: Vec<String>,

    /// Identities from the caller's JWT, `ISSUER/SUBJECT`. Needs a RequestAuthentication.
    pub request_principals: Vec<String>,

    /// JWT identities that must not be the caller's.
    pub not_request_principals: Vec<String>,

    /// Namespaces of the caller, taken from its certificate. Needs mTLS.
    pub namespaces: Vec<String>,

    /// Namespaces that must not be the caller's.
    pub not_namespaces: Vec<String>,

    /// Service accounts of the caller, `NAMESPACE/NAME`, or `NAME` for the policy's own namespace;
    /// no patterns. Needs mTLS.
    ///
    /// At most 16, each at most 320 characters; excludes principals and namespaces. Unlike
    /// principals they do not name a trust domain.
    #[schemars(length(max = 16), inner(length(max = 320)))]
    pub service_accounts: Vec<String>,

    /// Service accounts that must not be the caller's. Bounds as for `service_accounts`.
    #[schemars(length(max = 16), inner(length(max = 320)))]
    pub not_service_accounts: Vec<String>,

    /// Addresses or CIDR blocks of the peer, as the IP packets say.
    pub ip_blocks: Vec<String>,

    /// Addresses or CIDR blocks that must not be the peer's.
    pub not_ip_blocks: Vec<String>,

    /// Addresses or CIDR blocks of the original client, as `X-Forwarded-For` or the PROXY protocol
    /// says.
    pub remote_ip_blocks: Vec<String>,

    /// Addresses or CIDR blocks that must not be the original client's.
    pub not_remote_ip_blocks: Vec<String>,
}

/// One entry of a rule's `to`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RuleTo {
    /// The operation. It has to say something: Istio's webhook refuses it missing or empty.
    pub operation: Option<Operation>,
}

/// What a request asks for. All members that are given must match; of one member's list any one
/// entry.
///
/// Texts match exactly, by prefix (`/api/*`), by suffix (`*/info`), or, as `*`, whenever there is
/// any value at all.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Operation {
    /// Host names (HTTP `Host` header, without regard to case). HTTP only.
    pub hosts: Vec<String>,

    /// Host names that must not be asked for. HTTP only.
    pub not_hosts: Vec<String>,

    /// Ports of the workload, as text.
    pub ports: Vec<String>,

    /// Ports that must not be asked for.
    pub not_ports: Vec<String>,

    /// HTTP methods in upper case; `POST` for all of gRPC. HTTP only.
    pub methods: Vec<String>,

    /// HTTP methods that must not be used. HTTP only.
    pub not_methods: Vec<String>,

    /// Paths after normalisation, or `/PACKAGE.SERVICE/METHOD` for gRPC. Templates (`/a/{*}/b`,
    /// `/a/{**}`) are allowed. HTTP only.
    pub paths: Vec<String>,

    /// Paths that must not be asked for. HTTP only.
    pub not_paths: Vec<String>,
}

/// A condition on one attribute of the request or connection.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/security/conditions/>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Condition {
    /// Name of the attribute: `request.headers[User-Agent]`, `source.namespace`,
    /// `destination.port`, `connection.sni`, and so on.
    pub key: String,

    /// Values of which one must match. Needed unless `not_values` is given.
    pub values: Vec<String>,

    /// Values of which none may match. Needed unless `values` is given.
    pub not_values: Vec<String>,
}

/// What happens to a request that a rule matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum AuthorizationAction {
    /// The request passes. As soon as one ALLOW policy applies to a workload, what none of them
    /// matches is refused.
    Allow,
    /// The request is refused, whatever ALLOW policies say.
    Deny,
    /// The request is marked for the audit log; it is neither let through nor refused by that.
    Audit,
    /// The provider is asked; it can refuse. What it lets through still has to pass DENY and
    /// ALLOW policies.
    Custom,
}

/// The authorizer that decides when the action is `CUSTOM`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ExtensionProvider {
    /// Name of an extension provider in the mesh configuration (`meshConfig.extensionProviders`).
    pub name: Option<String>,
}
