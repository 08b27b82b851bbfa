//! Which lab is rendered: `dev`, `stg`, `prod` or one of the user's own.

use std::fmt;
use std::str::FromStr;

use kube_vocab::names;

/// One environment of the lab. It decides the domain and the `env` label, never a size:
/// sizes are the [`Profile`]'s.
///
/// ```
/// use lab_builder::Environment;
///
/// assert_eq!(Environment::Stg.host("api"), "api.lab-stg.local");
/// let qa = Environment::custom("qa", "qa.example.com")?;
/// assert_eq!(qa.host("grafana"), "grafana.qa.example.com");
/// # Ok::<(), lab_builder::EnvironmentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Development, domain `lab-dev.local`.
    Dev,
    /// Staging, domain `lab-stg.local`.
    Stg,
    /// Production, domain `lab-prod.local`; called LIVE where the documentation speaks of servers.
    Prod,
    /// A user's own environment, made with [`Environment::custom`].
    Custom(CustomEnvironment),
}

/// Name and domain of a user's own environment; both are known to be valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomEnvironment {
    name: String,
    domain: String,
}

/// Why an environment was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// No documented environment has this name.
    #[error(
        "unknown environment `{0}`: use dev, stg or prod, or define one in code with Environment::custom(name, domain)"
    )]
    Unknown(String),
    /// The name becomes a label value and part of file names, so it must be a DNS label.
    #[error("environment name `{name}` is invalid: {reason}")]
    Name {
        /// The name as given.
        name: String,
        /// The rule that it breaks.
        reason: String,
    },
    /// The domain becomes part of host names.
    #[error("domain `{domain}` is invalid: {reason}")]
    Domain {
        /// The domain as given.
        domain: String,
        /// The rule that it breaks.
        reason: String,
    },
}

impl Environment {
    /// The documented environments, in the order in which they are rolled out.
    pub const DOCUMENTED: [Environment; 3] =
        [Environment::Dev, Environment::Stg, Environment::Prod];

    /// An environment of one's own. `name` is a DNS label (lower-case letters, digits, `-`, at most 63);
    /// `domain` is a DNS name of at least one label, without a leading `*.`. A host below it gets one more label,
    /// so the domain may have 239 characters at most.
    ///
    /// # Errors
    /// [`EnvironmentError`] when either is not valid.
    pub fn custom(
        name: impl Into<String>,
        domain: impl Into<String>,
    ) -> Result<Self, EnvironmentError> {
        let (name, domain) = (name.into(), domain.into());
        if let Err(reason) = names::dns_label(&name) {
            return Err(EnvironmentError::Name {
                name,
                reason: reason.to_string(),
            });
        }
        if let Err(reason) = check_domain(&domain) {
            return Err(EnvironmentError::Domain { domain, reason });
        }
        Ok(Environment::Custom(CustomEnvironment { name, domain }))
    }

    /// The short name: the value of the `env` label and of `--env`.
    pub fn name(&self) -> &str {
        match self {
            Environment::Dev => "dev",
            Environment::Stg => "stg",
            Environment::Prod => "prod",
            Environment::Custom(custom) => &custom.name,
        }
    }

    /// The domain below which every host of the lab lives: `lab-<name>.local` for the documented ones.
    pub fn domain(&self) -> String {
        match self {
            Environment::Custom(custom) => custom.domain.clone(),
            documented => format!("lab-{}.local", documented.name()),
        }
    }

    /// The full host name of a service, for example `api.lab-dev.local`.
    pub fn host(&self, service: &str) -> String {
        format!("{service}.{}", self.domain())
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Environment {
    type Err = EnvironmentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Environment::DOCUMENTED
            .into_iter()
            .find(|environment| environment.name() == text)
            .ok_or_else(|| EnvironmentError::Unknown(text.to_owned()))
    }
}

/// A domain under which hosts are made: DNS labels, with room for one more.
fn check_domain(name: &str) -> Result<(), String> {
    const LONGEST: usize = 239;
    if name.len() > LONGEST {
        return Err(format!(
            "{} characters, at most {LONGEST} leave room for a host name",
            name.len()
        ));
    }
    if name.starts_with("*.") {
        return Err("give the domain itself, without `*.`".into());
    }
    name.split('.').try_for_each(|label| {
        if label.is_empty() {
            Err("it has an empty label".to_owned())
        } else {
            names::dns_label(label).map_err(|reason| format!("label `{label}`: {reason}"))
        }
    })
}

/// How large the stack is: the documented kind lab, or the documented data-centre production.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// The documented lab footprint: 57 pods on three kind nodes. `--light` names the same.
    #[default]
    Lab,
    /// The documented production sizes: the large quota, two replicas of Argo CD's parts and of Kong,
    /// three Gatekeeper webhooks, TLS on Argo CD. The kind cluster stays as it is, so that the sizes can be
    /// rehearsed; on real servers the `kind` component is replaced.
    DataCenter,
}

impl Profile {
    /// The name on the command line and in the JSON output.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Lab => "lab",
            Profile::DataCenter => "data-center",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_environments_parse_and_print() {
        for environment in Environment::DOCUMENTED {
            assert_eq!(environment.to_string().parse(), Ok(environment.clone()));
            assert_eq!(environment.domain(), format!("lab-{environment}.local"));
        }
        assert_eq!(
            "live".parse::<Environment>(),
            Err(EnvironmentError::Unknown("live".into()))
        );
    }

    #[test]
    fn bad_names_and_domains_are_refused() {
        for name in ["", "Dev", "a b", "-x", "x-", &"x".repeat(64), "a.b", "한글"] {
            assert!(
                matches!(
                    Environment::custom(name, "x.local"),
                    Err(EnvironmentError::Name { .. })
                ),
                "{name}"
            );
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
            assert!(
                matches!(
                    Environment::custom("qa", domain),
                    Err(EnvironmentError::Domain { .. })
                ),
                "{domain}"
            );
        }
    }
}
