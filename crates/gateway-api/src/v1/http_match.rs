//! Which requests an HTTPRoute's rule is for.

use crd_core::{Object, StringEnum};

/// Conditions on a request, all of which must hold.
///
/// ```
/// use gateway_api::v1::{HttpMethod, HttpRouteMatch};
///
/// let get = HttpRouteMatch::path_prefix("/api").method(HttpMethod::Get).header("x-version", "2");
/// assert_eq!(
///     serde_json::to_string(&get)?,
///     r#"{"path":{"type":"PathPrefix","value":"/api"},"headers":[{"name":"x-version","value":"2"}],"method":"GET"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HttpRouteMatch {
    /// The path; any path if absent.
    #[schemars(extend("default" = {"type": "PathPrefix", "value": "/"}))]
    pub path: Option<HttpPathMatch>,
    /// Headers the request must have, at most 16, each name once.
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub headers: Vec<HttpHeaderMatch>,
    /// Query parameters the request must have, at most 16, each name once.
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub query_params: Vec<HttpQueryParamMatch>,
    /// The method; any method if absent.
    pub method: Option<HttpMethod>,
}

impl HttpRouteMatch {
    /// Requests for this path and all below it.
    pub fn path_prefix(path: impl Into<String>) -> Self {
        Self {
            path: Some(HttpPathMatch::prefix(path)),
            ..Self::default()
        }
    }

    /// Requests for exactly this path.
    pub fn path_exact(path: impl Into<String>) -> Self {
        Self {
            path: Some(HttpPathMatch::exact(path)),
            ..Self::default()
        }
    }

    /// Of these, requests with this method.
    #[must_use]
    pub fn method(mut self, method: HttpMethod) -> Self {
        self.method = Some(method);
        self
    }

    /// Of these, requests with exactly this value of a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(HttpHeaderMatch::exact(name, value));
        self
    }
}

/// A condition on the path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::path_match()))]
pub struct HttpPathMatch {
    /// How the path is compared; as a prefix if absent.
    #[schemars(extend("default" = "PathPrefix"))]
    pub type_: Option<PathMatchType>,
    /// What with, at most 1024 characters; `/` if absent. A prefix or exact path begins with a slash and holds
    /// neither `//` nor `.` or `..` as a segment, neither `%2f` nor `#`.
    #[schemars(length(max = 1024), extend("default" = "/"))]
    pub value: Option<String>,
}

impl HttpPathMatch {
    /// This path and all below it, element by element: `/a` covers `/a/b`, but not `/ab`.
    pub fn prefix(path: impl Into<String>) -> Self {
        Self {
            type_: Some(PathMatchType::PathPrefix),
            value: Some(path.into()),
        }
    }

    /// Exactly this path.
    pub fn exact(path: impl Into<String>) -> Self {
        Self {
            type_: Some(PathMatchType::Exact),
            value: Some(path.into()),
        }
    }

    /// Paths that match this regular expression, in the implementation's own dialect.
    pub fn regular_expression(pattern: impl Into<String>) -> Self {
        Self {
            type_: Some(PathMatchType::RegularExpression),
            value: Some(pattern.into()),
        }
    }
}

/// How a path is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum PathMatchType {
    /// All of it, case and all.
    Exact,
    /// Its first elements, case and all; a trailing slash does not count.
    PathPrefix,
    /// By a regular expression, in the implementation's own dialect.
    RegularExpression,
}

/// A condition on one header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HttpHeaderMatch {
    /// How the value is compared; exactly if absent.
    #[schemars(extend("default" = "Exact"))]
    pub type_: Option<HeaderMatchType>,
    /// The header, 1 to 256 characters, in upper or lower case.
    #[schemars(schema_with = "crate::schema::header_name")]
    pub name: String,
    /// What the value is compared with, 1 to 4096 characters.
    #[schemars(schema_with = "crate::schema::header_value")]
    pub value: String,
}

impl HttpHeaderMatch {
    /// Exactly this value.
    pub fn exact(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            type_: None,
            name: name.into(),
            value: value.into(),
        }
    }
}

/// How a header's value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum HeaderMatchType {
    /// The whole value is the same, case and all.
    Exact,
    /// By a regular expression, in the implementation's own dialect.
    RegularExpression,
}

/// A condition on one query parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct HttpQueryParamMatch {
    /// How the value is compared; exactly if absent.
    #[schemars(extend("default" = "Exact"))]
    pub type_: Option<QueryParamMatchType>,
    /// The parameter, 1 to 256 characters.
    #[schemars(schema_with = "crate::schema::header_name")]
    pub name: String,
    /// What the value is compared with, 1 to 1024 characters.
    #[schemars(length(min = 1, max = 1024))]
    pub value: String,
}

/// How a query parameter's value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum QueryParamMatchType {
    /// The whole value is the same, case and all.
    Exact,
    /// By a regular expression, in the implementation's own dialect.
    RegularExpression,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "UPPERCASE")]
pub enum HttpMethod {
    /// Reads a resource.
    Get,
    /// Read the headers alone.
    Head,
    /// Send something to be dealt with.
    Post,
    /// Put something in its place.
    Put,
    /// Removes a resource.
    Delete,
    /// Open a tunnel.
    Connect,
    /// Ask what can be done.
    Options,
    /// Send the request back.
    Trace,
    /// Changes a part of a resource.
    Patch,
}
