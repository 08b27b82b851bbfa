//! Which environment a stack is rendered for.

use std::fmt;

use kube_vocab::names::{self, NameError};

/// One environment: a short name, and the domain below which its hosts live.
///
/// ```
/// use stack_builder::Environment;
///
/// let qa = Environment::new("qa", "qa.example.com")?;
/// assert_eq!(qa.host("grafana"), "grafana.qa.example.com");
/// # Ok::<(), stack_builder::EnvironmentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Environment {
    name: String,
    domain: String,
}

/// Why a name and a domain make no environment.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// The name becomes a label value and part of file names, so it must be a DNS label.
    #[error("environment name `{name}` is invalid: {reason}")]
    Name {
        /// The refused name.
        name: String,
        /// The rule that it breaks.
        reason: NameError,
    },
    /// The domain becomes part of host names.
    #[error("domain `{domain}` is invalid: {reason}")]
    Domain {
        /// The refused domain.
        domain: String,
        /// The rule that it breaks.
        reason: DomainError,
    },
}

/// The rule of DNS, or of ours, that a domain breaks.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DomainError {
    /// Longer than leaves room for one more label; the number counts bytes.
    #[error("{0} characters, at most {LONGEST_DOMAIN} leave room for a host name")]
    TooLong(usize),
    /// It begins with `*.`, as a listener's host may; hosts are made from the domain itself.
    #[error("give the domain itself, without `*.`")]
    Wildcard,
    /// One of the texts between the dots is no DNS label.
    #[error("label `{label}`: {reason}")]
    Label {
        /// The text between two dots.
        label: String,
        /// The rule that it breaks.
        reason: NameError,
    },
}

const LONGEST_DOMAIN: usize = 239;

impl Environment {
    /// An environment. `name` is a DNS label (lower-case letters, digits, `-`, at most 63); `domain` is a DNS name of at
    /// least one label, without a leading `*.`. A host below it gets one more label, so the domain may have 239
    /// characters at most.
    ///
    /// # Errors
    /// [`EnvironmentError`] when either is not valid.
    pub fn new(
        name: impl Into<String>,
        domain: impl Into<String>,
    ) -> Result<Self, EnvironmentError> {
        let (name, domain) = (name.into(), domain.into());
        if let Err(reason) = names::dns_label(&name) {
            return Err(EnvironmentError::Name { name, reason });
        }
        if let Err(reason) = check_domain(&domain) {
            return Err(EnvironmentError::Domain { domain, reason });
        }
        Ok(Environment { name, domain })
    }

    /// The short name: the value of the `env` label and of `--env`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The domain below which every host lives.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The full host name of a service: `api.qa.example.com` for `api`.
    pub fn host(&self, service: &str) -> String {
        format!("{service}.{}", self.domain)
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

fn check_domain(name: &str) -> Result<(), DomainError> {
    if name.len() > LONGEST_DOMAIN {
        return Err(DomainError::TooLong(name.len()));
    }
    if name.starts_with("*.") {
        return Err(DomainError::Wildcard);
    }
    name.split('.').try_for_each(|label| {
        names::dns_label(label).map_err(|reason| DomainError::Label {
            label: label.to_owned(),
            reason,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_names_and_domains_are_refused() {
        for name in ["", "Dev", "a b", "-x", "x-", &"x".repeat(64), "a.b", "한글"] {
            let error = Environment::new(name, "x.local").unwrap_err();
            assert!(matches!(error, EnvironmentError::Name { .. }), "{name}");
        }
        for domain in [
            "",
            ".",
            "a..b",
            "*.x.local",
            "x.local.",
            "under_score.local",
            "X.local",
            "http://x",
            "x.local:80",
            &"x.".repeat(130),
        ] {
            let error = Environment::new("qa", domain).unwrap_err();
            assert!(matches!(error, EnvironmentError::Domain { .. }), "{domain}");
        }
    }
}
