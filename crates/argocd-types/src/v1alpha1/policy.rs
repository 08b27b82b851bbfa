//! Lines of Argo CD's role-based access control.

use std::fmt;

use crd_core::StringEnum;
use serde::{Deserialize, Serialize};

/// One line of a role's policies, as text: `p, SUBJECT, RESOURCE, ACTION, OBJECT, EFFECT`.
///
/// Upstream: <https://argo-cd.readthedocs.io/en/stable/operator-manual/rbac/>.
///
/// ```
/// use argocd_types::v1alpha1::{PolicyEffect, PolicyRule};
///
/// let rule = PolicyRule::allow("proj:platform:ci", "applications", "sync", "platform/*");
/// assert_eq!(rule.as_str(), "p, proj:platform:ci, applications, sync, platform/*, allow");
/// assert_eq!(rule.policy()?.effect, PolicyEffect::Allow);
/// # Ok::<(), argocd_types::v1alpha1::PolicyError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PolicyRule(pub String);

crd_core::if_schema! {
    impl crd_core::schema::JsonSchema for PolicyRule {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "PolicyRule".into()
        }

        fn inline_schema() -> bool {
            true
        }

        fn json_schema(generator: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
            String::json_schema(generator)
        }
    }
}

/// The parts of a policy line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Who: a role such as `proj:PROJECT:ROLE`.
    pub subject: String,
    /// What kind of thing: `applications`, `applicationsets`, `repositories`, `clusters`, `logs`, `exec` and the like.
    pub resource: String,
    /// What is done: `get`, `create`, `update`, `delete`, `sync`, `action/...` and the like, or `*`.
    pub action: String,
    /// Which thing, as a glob: `PROJECT/APPLICATION`.
    pub object: String,
    /// Whether what the line describes is allowed or denied; a denial wins.
    pub effect: PolicyEffect,
}

/// Whether a policy allows or denies. A denial wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "camelCase")]
pub enum PolicyEffect {
    /// `allow`: what the line describes may be done.
    Allow,
    /// `deny`: what the line describes may not be done, whatever allows it.
    Deny,
}

/// Why a line is not a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The line does not have six parts.
    #[error(
        "policy `{line}` has {found} parts; `p, SUBJECT, RESOURCE, ACTION, OBJECT, EFFECT` has 6"
    )]
    Parts {
        /// The policy line as it was written.
        line: String,
        /// How many parts it has, between commas; six are needed.
        found: usize,
    },
    /// The line does not begin with `p`.
    #[error("policy `{line}` begins with `{found}`, not with `p`")]
    Head {
        /// The policy line as it was written.
        line: String,
        /// Its first part, which must be `p`.
        found: String,
    },
    /// The last part is neither `allow` nor `deny`.
    #[error("policy `{line}` ends with `{found}`, not with `allow` or `deny`")]
    Effect {
        /// The policy line as it was written.
        line: String,
        /// Its last part, which must be `allow` or `deny`.
        found: String,
    },
}

impl PolicyRule {
    /// Lets a subject do something.
    #[must_use]
    pub fn allow(subject: &str, resource: &str, action: &str, object: &str) -> Self {
        Self(format!(
            "p, {subject}, {resource}, {action}, {object}, allow"
        ))
    }

    /// Forbids a subject to do something.
    #[must_use]
    pub fn deny(subject: &str, resource: &str, action: &str, object: &str) -> Self {
        Self(format!(
            "p, {subject}, {resource}, {action}, {object}, deny"
        ))
    }

    /// The line as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts of the line.
    ///
    /// # Errors
    ///
    /// A line that is not a policy.
    pub fn policy(&self) -> Result<Policy, PolicyError> {
        let line = || self.0.clone();
        let parts: Vec<&str> = self.0.split(',').map(str::trim).collect();
        let &[head, subject, resource, action, object, effect] = parts.as_slice() else {
            return Err(PolicyError::Parts {
                line: line(),
                found: parts.len(),
            });
        };
        if head != "p" {
            return Err(PolicyError::Head {
                line: line(),
                found: head.to_owned(),
            });
        }
        let effect = effect.parse().map_err(|_| PolicyError::Effect {
            line: line(),
            found: effect.to_owned(),
        })?;
        Ok(Policy {
            subject: subject.to_owned(),
            resource: resource.to_owned(),
            action: action.to_owned(),
            object: object.to_owned(),
            effect,
        })
    }
}

impl From<&str> for PolicyRule {
    fn from(line: &str) -> Self {
        Self(line.to_owned())
    }
}

impl fmt::Display for PolicyRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
