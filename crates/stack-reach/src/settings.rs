//! What the objects do not say: how the network and the mesh are installed.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The network plugin that enforces policies of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cni {
    /// A network plugin that does what the documentation of NetworkPolicy says, and no more.
    Generic,
    /// Cilium 1.19 with its kube-proxy replacement: it keeps clients' addresses, and knows peers by identity.
    Cilium,
}

/// When Cilium denies what no rule allows (`policyEnforcementMode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyEnforcement {
    /// For a pod and a direction, as soon as a rule of that direction selects the pod.
    #[default]
    Default,
    /// For every pod, whether or not a rule selects it.
    Always,
    /// Never: every connection passes, whatever rules say.
    Never,
}

/// What becomes of traffic from members of the mesh to hosts that the mesh does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutboundTraffic {
    /// It passes the proxy as it is.
    #[default]
    AllowAny,
    /// The client's proxy refuses it.
    RegistryOnly,
}

/// What the features of an installation are; each has the default of its project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Settings {
    /// Who enforces network policies. `None`: Cilium if the input has a policy of Cilium, or one of Cilium's settings here is
    /// not the default; else a generic plugin.
    pub cni: Option<Cni>,
    /// `policyEnforcementMode` of Cilium. Default: a pod is closed once a rule selects it.
    pub policy_enforcement: PolicyEnforcement,
    /// `policyCIDRMatchMode: [nodes]` of Cilium: CIDR rules match the addresses of nodes, too.
    pub policy_cidr_match_mode_nodes: bool,
    /// `cluster.name` of Cilium: the value of the label `io.cilium.k8s.policy.cluster` of every pod. `None` stands for
    /// `default`, and for no sign of Cilium.
    pub cluster_name: Option<String>,
    /// The trust domain of the mesh: identities are `TRUST_DOMAIN/ns/NAMESPACE/sa/ACCOUNT`. Default `cluster.local`.
    pub trust_domain: String,
    /// The namespace whose Istio policies hold for the whole mesh. Default `istio-system`.
    pub root_namespace: String,
    /// `outboundTrafficPolicy.mode` of the mesh, for clients with a sidecar. Default `allow-any`. A Sidecar object may say
    /// otherwise for its clients.
    pub outbound_traffic: OutboundTraffic,
    /// `gatewayTopology.numTrustedProxies` of the mesh: how many proxies before its gateways tell the client's address in
    /// `X-Forwarded-For`. Default 0: a gateway believes none.
    pub trusted_proxies: usize,
    /// Whether `ipBlock` of a NetworkPolicy matches the address of a pod. The API leaves it open; most plugins say no.
    /// Default `false`. Admin policies always match addresses of pods.
    pub ip_block_matches_pods: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cni: None,
            policy_enforcement: PolicyEnforcement::Default,
            policy_cidr_match_mode_nodes: false,
            cluster_name: None,
            trust_domain: "cluster.local".to_owned(),
            root_namespace: "istio-system".to_owned(),
            outbound_traffic: OutboundTraffic::AllowAny,
            trusted_proxies: 0,
            ip_block_matches_pods: false,
        }
    }
}

/// A setting that is not known, or a value that it does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingError {
    /// No setting has this name; the names are those of the command line.
    #[error("there is no setting `{0}`")]
    Unknown(String),
    /// The setting exists, and takes other values than this one.
    #[error("`{name}` cannot be `{value}`: one of {allowed}")]
    Value {
        /// The setting.
        name: String,
        /// What was given.
        value: String,
        /// What it takes.
        allowed: &'static str,
    },
}

impl Settings {
    /// Sets one by its name on the command line: `policy-enforcement`, `policy-cidr-match-mode`, `cluster-name`,
    /// `trust-domain`, `root-namespace`, `outbound-traffic`, `trusted-proxies`, `cni`, `ip-block-matches-pods`.
    ///
    /// # Errors
    /// For another name, and for a value that the setting does not take.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        let wrong = |allowed| SettingError::Value {
            name: name.to_owned(),
            value: value.to_owned(),
            allowed,
        };
        match name {
            "policy-enforcement" => {
                self.policy_enforcement = match value {
                    "default" => PolicyEnforcement::Default,
                    "always" => PolicyEnforcement::Always,
                    "never" => PolicyEnforcement::Never,
                    _ => return Err(wrong("default, always, never")),
                }
            }
            "policy-cidr-match-mode" => {
                self.policy_cidr_match_mode_nodes = match value {
                    "nodes" => true,
                    "" | "none" => false,
                    _ => return Err(wrong("nodes, none")),
                }
            }
            "cni" => {
                self.cni = Some(match value {
                    "generic" => Cni::Generic,
                    "cilium" => Cni::Cilium,
                    _ => return Err(wrong("generic, cilium")),
                })
            }
            "ip-block-matches-pods" => {
                self.ip_block_matches_pods =
                    bool::from_str(value).map_err(|_| wrong("true, false"))?;
            }
            "outbound-traffic" => {
                self.outbound_traffic = match value.to_ascii_lowercase().as_str() {
                    "allow-any" | "allow_any" => OutboundTraffic::AllowAny,
                    "registry-only" | "registry_only" => OutboundTraffic::RegistryOnly,
                    _ => return Err(wrong("allow-any, registry-only")),
                }
            }
            "trusted-proxies" => {
                self.trusted_proxies =
                    usize::from_str(value).map_err(|_| wrong("a whole number"))?;
            }
            "cluster-name" => self.cluster_name = Some(value.to_owned()),
            "trust-domain" => value.clone_into(&mut self.trust_domain),
            "root-namespace" => value.clone_into(&mut self.root_namespace),
            _ => return Err(SettingError::Unknown(name.to_owned())),
        }
        Ok(())
    }

    /// Takes the settings among a list of features as files with flows carry it: `name=value` sets, `cilium-...` says that
    /// Cilium runs, everything else is passed over.
    pub fn set_features<'a>(&mut self, features: impl IntoIterator<Item = &'a str>) {
        for feature in features {
            match feature.split_once('=') {
                // A feature list also holds what is no setting of ours.
                Some((name, value)) => drop(self.set(name, value)),
                None if feature.starts_with("cilium-1") => self.cni = Some(Cni::Cilium),
                None if feature == "ipSelectorMatchesPods" => self.ip_block_matches_pods = true,
                None => {}
            }
        }
    }

    /// Whether something here only makes sense with Cilium.
    pub(crate) fn hints_at_cilium(&self) -> bool {
        self.cluster_name.is_some()
            || self.policy_enforcement != PolicyEnforcement::Default
            || self.policy_cidr_match_mode_nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_set_what_they_name() {
        let mut settings = Settings::default();
        settings.set_features([
            "cilium-1.19",
            "policy-enforcement=always",
            "cluster-name=kind-kind",
            "dataplane=mixed",
            "knp",
        ]);
        assert_eq!(settings.cni, Some(Cni::Cilium));
        assert_eq!(settings.policy_enforcement, PolicyEnforcement::Always);
        assert_eq!(settings.cluster_name.as_deref(), Some("kind-kind"));
        assert_eq!(settings.trust_domain, "cluster.local");
    }

    #[test]
    fn an_unknown_setting_is_refused_by_name() {
        let mut settings = Settings::default();
        assert_eq!(
            settings.set("colour", "red"),
            Err(SettingError::Unknown("colour".to_owned()))
        );
        assert!(
            settings
                .set("policy-enforcement", "sometimes")
                .unwrap_err()
                .to_string()
                .contains("always")
        );
    }
}
