//! The form of a row in a table of references.

/// What kind of thing a reference is for: what breaks where it leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Traffic goes there: a Service behind a route, an Ingress, an Argo Rollout.
    Backend,
    /// The object hangs on it: a Gateway over a route.
    Parent,
    /// Settings that containers read: a ConfigMap or Secret.
    Config,
    /// A certificate or a key pair.
    Certificate,
    /// Who pods are, and what they may: service accounts, roles.
    Identity,
    /// Where data lies: claims, storage classes.
    Storage,
    /// How pods are placed and run: priorities, runtimes.
    Scheduling,
    /// What is scaled.
    ScaleTarget,
    /// Who is asked by the API server: webhooks, aggregated APIs.
    Webhook,
    /// The class or controller that makes something of the object.
    Class,
    /// What a policy or binding takes its content from.
    Policy,
    /// The Argo CD project, or a template that an object is made from.
    Project,
    /// With which an image is pulled; where it is missing, the pull is tried without.
    PullSecret,
    /// Who signs a certificate.
    Issuer,
    /// Where an object takes settings from: a plugin, a store of secrets, parameters, a filter.
    Settings,
    /// Where a GitOps tool takes manifests from, and what it waits for.
    Source,
    /// The certificate of an Istio Gateway, which lies where the gateway's pods run.
    GatewayCertificate,
    /// Who a policy speaks of: the account of a caller.
    Principal,
}

/// How the value at a path says what is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A name; the namespace is that of the object, if the kind has one.
    Name {
        /// The kind's group.
        group: &'static str,
        /// The kind that the field names, such as `ConfigMap`.
        kind: &'static str,
    },
    /// `namespace/name`, or a name of the same namespace.
    Qualified {
        /// The kind's group.
        group: &'static str,
        /// The kind that the field names, such as `ConfigMap`.
        kind: &'static str,
    },
    /// An object with `name`, and perhaps `namespace`, and group and kind under one of their usual names: `group`, `apiGroup` or
    /// `apiVersion`, and `kind`.
    Object {
        /// The group where none is written.
        group: &'static str,
        /// The kind where none is written.
        kind: &'static str,
    },
    /// One or several names with commas between them, each of one of these kinds: the first that has it counts.
    Names {
        /// Groups and kinds.
        kinds: &'static [(&'static str, &'static str)],
    },
    /// A service account as Istio writes identities: `cluster.local/ns/demo/sa/web`.
    Principal,
    /// A host name as Istio reads it: `web`, `web.demo`, `web.demo.svc.cluster.local` mean a Service.
    Host,
}

/// One row: objects of some kinds refer to others at a path.
///
/// Tables are data, so that a component can bring rows for its own kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferenceRule {
    /// The group of the objects that refer.
    pub group: &'static str,
    /// The kinds of that group in which the path stands.
    pub kinds: &'static [&'static str],
    /// Where: members with dots, `[]` behind a list, keys with dots in brackets: `spec.rules[].backendRefs[]`,
    /// `metadata.annotations[example.com/owner]`.
    pub path: &'static str,
    /// How the value is read.
    pub form: Form,
    /// What it is for.
    pub purpose: Purpose,
    /// Beside the value: a member that is `true` where the target may be missing.
    pub optional: bool,
    /// Beside the value: the member that names a key of the target.
    pub key: bool,
    /// Beside the value: the list `items`, each of whose members names a key of the target.
    pub items: bool,
}

impl ReferenceRule {
    /// A row of a table: the kinds, the path in them, what it names and what for.
    pub const fn new(
        group: &'static str,
        kinds: &'static [&'static str],
        path: &'static str,
        form: Form,
        purpose: Purpose,
    ) -> Self {
        Self {
            group,
            kinds,
            path,
            form,
            purpose,
            optional: false,
            key: false,
            items: false,
        }
    }

    /// The same row, where a member `optional` beside the value may say that the target need not exist.
    #[must_use]
    pub const fn or_optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The same row, where a list `items` beside the value names keys of the target, as volumes do.
    #[must_use]
    pub const fn with_items(mut self) -> Self {
        self.items = true;
        self
    }

    /// The same row, where a member `key` beside the value names a key of the target.
    #[must_use]
    pub const fn with_key(mut self) -> Self {
        self.key = true;
        self
    }
}
