//! The release of SPIRE.

use serde_json::json;
use stack_builder::{ComponentError, Context, Contribution, Release};

use super::{Authority, Spire, Store, UPSTREAM};
use crate::chart_release::ChartRelease;
use crate::ids::SPIRE;
use crate::provide;
use crate::sizes::{quantity, refused};

impl Spire {
    fn domain<'a>(&'a self, context: &'a Context<'_>) -> &'a str {
        let own = self.trust_domain.as_deref();
        own.unwrap_or_else(|| context.environment.domain())
    }

    pub(super) fn release(
        &self,
        context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<Release, ComponentError> {
        let domain = self.domain(context);
        if domain.is_empty() || domain.contains(['/', ':', ' ']) || domain != domain.to_lowercase()
        {
            let expected = "a domain in lower case, without a scheme";
            return Err(refused("trust_domain", domain, expected));
        }
        if self.ca_subject.country.len() != 2 {
            let country = &self.ca_subject.country;
            return Err(refused("ca_subject.country", country, "two letters"));
        }
        let several = self.replicas > 1 && matches!(self.store, Store::File(_));
        if self.replicas == 0 || several {
            let expected = "1, or more with Store::Postgres";
            return Err(refused("replicas", self.replicas, expected));
        }
        let cluster = self.cluster_name.as_deref();
        let small = self.small_resources.to_value("small_resources")?;
        let ids = |on: bool| json!({"enabled": on});
        let mut release = ChartRelease::new(
            SPIRE,
            &UPSTREAM,
            &self.version,
            &json!({
                "global": {"spire": {
                    "trustDomain": domain,
                    "clusterName": cluster.unwrap_or_else(|| context.environment.name()),
                    "jwtIssuer": format!("https://oidc-discovery.{domain}"),
                    "caSubject": {
                        "country": self.ca_subject.country,
                        "organization": self.ca_subject.organization,
                        "commonName": self.ca_subject.common_name.as_deref().unwrap_or(domain),
                    },
                    // Values that are those of an example stop the rendering.
                    "strictMode": true,
                }},
                "spire-server": {
                    "replicaCount": self.replicas,
                    "resources": self.server_resources.to_value("server_resources")?,
                    "controllerManager": {
                        "resources": small,
                        "identities": {"clusterSPIFFEIDs": {"default": ids(self.default_ids)}},
                    },
                },
                "spire-agent": {"resources": self.agent_resources.to_value("agent_resources")?},
                "spiffe-csi-driver": {"resources": small},
                "spiffe-oidc-discovery-provider": ids(self.oidc_replicas > 0),
            }),
        )?;
        if self.oidc_replicas > 0 {
            let oidc = "spiffe-oidc-discovery-provider";
            release.set(&format!("{oidc}.replicaCount"), self.oidc_replicas);
            release.set(&format!("{oidc}.resources"), small);
        }
        if let Some(system) = &self.system {
            let namespaces =
                json!({"server": {"name": self.home.name()}, "system": {"name": system.name()}});
            release.set("global.spire.namespaces", namespaces);
            // The namespaces are ours, so their labels are, too.
            let recommended =
                json!({"enabled": true, "prometheus": self.monitoring.is_on(context)});
            release.set("global.spire.recommendations", recommended);
        }
        self.keep(&mut release)?;
        if let Authority::Secret(name) = &self.authority {
            let secret = json!({"create": false, "name": name});
            let authority = json!({"enabled": true, "secret": secret});
            release.set("spire-server.upstreamAuthority.disk", authority);
            provide::secret(out, self.home.name(), name);
        }
        if self.monitoring.is_on(context) {
            let on = json!({"enabled": true, "podMonitor": {"enabled": true}});
            for part in ["spire-server", "spire-agent"] {
                release.set(&format!("{part}.telemetry.prometheus"), on.clone());
            }
        }
        self.images(&mut release, out)?;
        release.finish(self.home.name(), &self.overlay)
    }

    /// Where what is registered is kept.
    fn keep(&self, release: &mut ChartRelease) -> Result<(), ComponentError> {
        let volume = match &self.store {
            Store::File(volume) => volume,
            Store::Postgres {
                host,
                database,
                user,
                secret,
                volume,
            } => {
                release.set(
                    "spire-server.dataStore.sql",
                    json!({
                        "databaseType": "postgres",
                        "host": host,
                        "databaseName": database,
                        "username": user,
                        "externalSecret": {"enabled": true, "name": secret, "key": "password"},
                    }),
                );
                volume
            }
        };
        quantity("store.volume.size", &volume.size)?;
        let key = "spire-server.persistence";
        release.set(&format!("{key}.size"), volume.size.as_str());
        release.set_some(&format!("{key}.storageClass"), volume.class.as_deref());
        Ok(())
    }
}
