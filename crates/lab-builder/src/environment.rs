//! Which lab is rendered: `dev`, `stg`, `prod` or one of the user's own; and how large it is.

use std::fmt;
use std::str::FromStr;

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
    /// Development, `lab-dev.local`: where changes are tried first.
    Dev,
    /// Staging, `lab-stg.local`: as production, for the last test.
    Stg,
    /// Production, domain `lab-prod.local`; called LIVE where the documentation speaks of servers.
    Prod,
    /// A user's own environment, made with [`Environment::custom`].
    Custom(CustomEnvironment),
}

/// Name and domain of a user's own environment; both are known to be valid.
pub type CustomEnvironment = stack_builder::Environment;

/// Why a text names no environment of the lab.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// No documented environment has this name.
    #[error(
        "unknown environment `{0}`: use dev, stg or prod, or define one in code with Environment::custom(name, domain)"
    )]
    Unknown(String),
    /// The name or the domain is not valid.
    #[error(transparent)]
    Invalid(#[from] stack_builder::EnvironmentError),
}

impl Environment {
    /// The documented environments, in the order in which they are rolled out.
    pub const DOCUMENTED: [Environment; 3] =
        [Environment::Dev, Environment::Stg, Environment::Prod];

    /// An environment of one's own. `name` is a DNS label (lower-case letters, digits, `-`, at most 63);
    /// `domain` is a DNS name of at least one label, without a leading `*.`, of 239 characters at most.
    ///
    /// # Errors
    /// [`EnvironmentError`] when either is not valid.
    pub fn custom(
        name: impl Into<String>,
        domain: impl Into<String>,
    ) -> Result<Self, EnvironmentError> {
        Ok(Environment::Custom(CustomEnvironment::new(name, domain)?))
    }

    /// The short name: the value of the `env` label and of `--env`.
    pub fn name(&self) -> &str {
        match self {
            Environment::Dev => "dev",
            Environment::Stg => "stg",
            Environment::Prod => "prod",
            Environment::Custom(custom) => custom.name(),
        }
    }

    /// The domain below which every host of the lab lives: `lab-<name>.local` for the documented ones.
    pub fn domain(&self) -> String {
        match self {
            Environment::Custom(custom) => custom.domain().to_owned(),
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
    /// The name on the command line, in the JSON output, and for [`Component::resize`](crate::Component::resize).
    pub fn name(self) -> &'static str {
        match self {
            Profile::Lab => "lab",
            Profile::DataCenter => "data-center",
        }
    }

    /// The documented profile of a name; a component of the lab keeps its sizes when there is none.
    pub fn named(name: &str) -> Option<Self> {
        [Profile::Lab, Profile::DataCenter]
            .into_iter()
            .find(|profile| profile.name() == name)
    }
}

impl From<Profile> for String {
    fn from(profile: Profile) -> Self {
        profile.name().to_owned()
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
}
