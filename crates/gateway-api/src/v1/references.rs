//! How objects point to one another.

use crd_core::Object;

/// The Gateway, Service or other object that a route attaches to.
///
/// ```
/// use gateway_api::v1::ParentReference;
///
/// let parent = ParentReference::gateway("kong-gateway").in_namespace("kong").section("https");
/// assert_eq!(
///     serde_json::to_string(&parent)?,
///     r#"{"namespace":"kong","name":"kong-gateway","sectionName":"https"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ParentReference {
    /// The API group; `gateway.networking.k8s.io` if absent, and the empty string for the core group.
    #[schemars(schema_with = "crate::schema::group", extend("default" = "gateway.networking.k8s.io"))]
    pub group: Option<String>,
    /// The kind; `Gateway` if absent. `Service` attaches a route to a mesh.
    #[schemars(schema_with = "crate::schema::kind", extend("default" = "Gateway"))]
    pub kind: Option<String>,
    /// The object's namespace; that of the route if absent. Another namespace needs the listener's consent.
    #[schemars(schema_with = "crate::schema::namespace")]
    pub namespace: Option<String>,
    /// The object's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
    /// The name of one listener of a Gateway (or of one port of a Service); all of them if absent.
    #[schemars(schema_with = "crate::schema::section_name")]
    pub section_name: Option<String>,
    /// The port to attach to, 1 to 65535; any port if absent.
    #[schemars(schema_with = "crate::schema::port")]
    pub port: Option<i32>,
}

impl ParentReference {
    /// A Gateway of the route's own namespace, with all its listeners.
    pub fn gateway(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// A Service of the route's own namespace: the route applies to its callers in the mesh.
    pub fn service(name: impl Into<String>) -> Self {
        Self {
            group: Some(String::new()),
            kind: Some("Service".to_owned()),
            name: name.into(),
            ..Self::default()
        }
    }

    /// A ListenerSet of the route's own namespace.
    pub fn listener_set(name: impl Into<String>) -> Self {
        Self {
            kind: Some("ListenerSet".to_owned()),
            name: name.into(),
            ..Self::default()
        }
    }

    /// The same object in this namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Only this listener of it.
    #[must_use]
    pub fn section(mut self, name: impl Into<String>) -> Self {
        self.section_name = Some(name.into());
        self
    }
}

/// A Service, or another object that takes requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::service_port()))]
pub struct BackendObjectReference {
    /// The API group; the core group if absent.
    #[schemars(schema_with = "crate::schema::group", extend("default" = ""))]
    pub group: Option<String>,
    /// The kind; `Service` if absent.
    #[schemars(schema_with = "crate::schema::kind", extend("default" = "Service"))]
    pub kind: Option<String>,
    /// The object's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
    /// The object's namespace; that of the route if absent. Another namespace needs a ReferenceGrant there.
    #[schemars(schema_with = "crate::schema::namespace")]
    pub namespace: Option<String>,
    /// The port of the Service (not of its pods), 1 to 65535. A Service needs one.
    #[schemars(schema_with = "crate::schema::port")]
    pub port: Option<i32>,
}

impl BackendObjectReference {
    /// A port of a Service in the route's own namespace.
    pub fn service(name: impl Into<String>, port: i32) -> Self {
        Self {
            name: name.into(),
            port: Some(port),
            ..Self::default()
        }
    }

    /// The same object in this namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }
}

/// A backend and its share of the traffic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::service_port()))]
pub struct BackendRef {
    /// The API group; the core group if absent.
    #[schemars(schema_with = "crate::schema::group", extend("default" = ""))]
    pub group: Option<String>,
    /// The kind; `Service` if absent.
    #[schemars(schema_with = "crate::schema::kind", extend("default" = "Service"))]
    pub kind: Option<String>,
    /// The object's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
    /// The object's namespace; that of the route if absent. Another namespace needs a ReferenceGrant there.
    #[schemars(schema_with = "crate::schema::namespace")]
    pub namespace: Option<String>,
    /// The port of the Service (not of its pods), 1 to 65535. A Service needs one.
    #[schemars(schema_with = "crate::schema::port")]
    pub port: Option<i32>,
    /// The share, relative to the sum over all backends of the rule: 0 (nothing) to 1000000; 1 if absent.
    #[schemars(schema_with = "crate::schema::weight")]
    pub weight: Option<i32>,
}

impl BackendRef {
    /// A port of a Service in the route's own namespace, with weight 1.
    pub fn service(name: impl Into<String>, port: i32) -> Self {
        Self {
            name: name.into(),
            port: Some(port),
            ..Self::default()
        }
    }

    /// The same backend in this namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// The same backend with this weight.
    #[must_use]
    pub fn weight(mut self, weight: i32) -> Self {
        self.weight = Some(weight);
        self
    }
}

/// An object of the same namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct LocalObjectReference {
    /// The API group; the empty string is the core group.
    #[schemars(schema_with = "crate::schema::group")]
    pub group: String,
    /// Kind of the object in that group, such as `Secret`.
    #[schemars(schema_with = "crate::schema::kind")]
    pub kind: String,
    /// The object's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
}

impl LocalObjectReference {
    /// A ConfigMap, such as one that holds CA certificates.
    pub fn config_map(name: impl Into<String>) -> Self {
        Self {
            group: String::new(),
            kind: "ConfigMap".to_owned(),
            name: name.into(),
        }
    }
}

/// An object of any namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ObjectReference {
    /// The API group; the empty string is the core group.
    #[schemars(schema_with = "crate::schema::group")]
    pub group: String,
    /// Kind of the object in that group, such as `ConfigMap`.
    #[schemars(schema_with = "crate::schema::kind")]
    pub kind: String,
    /// The object's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
    /// The object's namespace; that of the referring object if absent. Another namespace needs a ReferenceGrant there.
    #[schemars(schema_with = "crate::schema::namespace")]
    pub namespace: Option<String>,
}

/// A Secret, or another object that holds a key pair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct SecretObjectReference {
    /// The API group; the core group if absent.
    #[schemars(schema_with = "crate::schema::group", extend("default" = ""))]
    pub group: Option<String>,
    /// The kind; `Secret` if absent.
    #[schemars(schema_with = "crate::schema::kind", extend("default" = "Secret"))]
    pub kind: Option<String>,
    /// The object's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
    /// The object's namespace; that of the referring object if absent. Another namespace needs a ReferenceGrant there.
    #[schemars(schema_with = "crate::schema::namespace")]
    pub namespace: Option<String>,
}

impl SecretObjectReference {
    /// A Secret of the referring object's own namespace.
    pub fn secret(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// The same object in this namespace.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }
}

/// An object that configures a class or a mesh, in whatever way its controller understands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ParametersReference {
    /// The API group; the empty string is the core group.
    #[schemars(schema_with = "crate::schema::group")]
    pub group: String,
    /// Kind of the parameters in that group.
    #[schemars(schema_with = "crate::schema::kind")]
    pub kind: String,
    /// The object's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
    /// The object's namespace; absent for a kind without namespaces.
    #[schemars(schema_with = "crate::schema::namespace")]
    pub namespace: Option<String>,
}
