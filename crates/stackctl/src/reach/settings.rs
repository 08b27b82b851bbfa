//! What manifests do not say about the network and the mesh.

use clap::Args;
use stack_reach::{SettingError, Settings};

/// How the network and the mesh are installed.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "How the network and the mesh are installed")]
pub(super) struct Options {
    /// Who enforces network policies: generic or cilium. [default: cilium where the input has its policies, else generic]
    #[arg(long, value_name = "CNI")]
    cni: Option<String>,

    /// When Cilium denies what no rule allows: default, always or never.
    #[arg(long, value_name = "MODE")]
    policy_enforcement: Option<String>,

    /// Whether CIDR rules of Cilium match addresses of nodes: nodes or none.
    #[arg(long, value_name = "MODE")]
    policy_cidr_match_mode: Option<String>,

    /// Whether `ipBlock` of a NetworkPolicy matches addresses of pods: true or false.
    #[arg(long, value_name = "BOOL")]
    ip_block_matches_pods: Option<String>,

    /// Cilium's name of the cluster.
    #[arg(long, value_name = "NAME")]
    cluster_name: Option<String>,

    /// The mesh's trust domain. [default: cluster.local]
    #[arg(long, value_name = "DOMAIN")]
    trust_domain: Option<String>,

    /// What becomes of calls from sidecars to hosts that the mesh does not know: allow-any or registry-only. [default: what the
    /// mesh's ConfigMap says, else allow-any]
    #[arg(long, value_name = "MODE")]
    outbound_traffic: Option<String>,

    /// How many proxies before the mesh's gateways tell the client's address in X-Forwarded-For. [default: what the mesh's
    /// ConfigMap says, else 0]
    #[arg(long, value_name = "NUMBER")]
    trusted_proxies: Option<String>,

    /// The namespace whose Istio policies hold for the whole mesh. [default: istio-system]
    #[arg(long, value_name = "NAMESPACE")]
    root_namespace: Option<String>,
}

impl Options {
    /// The settings: the options, and what the `features` of a file with questions say where no option does.
    ///
    /// # Errors
    /// For a value that a setting does not take.
    pub fn read<'a>(
        &self,
        features: impl IntoIterator<Item = &'a str>,
    ) -> Result<Settings, SettingError> {
        let mut settings = Settings::default();
        settings.set_features(features);
        for (name, value) in [
            ("cni", &self.cni),
            ("policy-enforcement", &self.policy_enforcement),
            ("policy-cidr-match-mode", &self.policy_cidr_match_mode),
            ("ip-block-matches-pods", &self.ip_block_matches_pods),
            ("cluster-name", &self.cluster_name),
            ("trust-domain", &self.trust_domain),
            ("root-namespace", &self.root_namespace),
            ("outbound-traffic", &self.outbound_traffic),
            ("trusted-proxies", &self.trusted_proxies),
        ] {
            if let Some(value) = value {
                settings.set(name, value)?;
            }
        }
        Ok(settings)
    }
}
