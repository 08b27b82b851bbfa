//! Short constructors for what people write daily.

use serde_json::Value;

use crate::v1::{
    ClusterPluginConfig, ConfigPatch, ConfigSource, KongClusterPlugin, KongConsumer, KongPlugin,
    NamespacedConfigSource, NamespacedSecretValueFromSource, PluginConfig, SecretValueFromSource,
};
use crate::v1beta1::{
    HashInput, KongUpstreamHash, KongUpstreamPolicySpec, UpstreamPolicyAlgorithm,
};

impl KongPlugin {
    /// The same plugin with this configuration, as the plugin documents it.
    #[must_use]
    pub fn with_config(mut self, config: impl Into<Value>) -> Self {
        self.choice = Some(PluginConfig::Config(config.into()));
        self
    }

    /// The same plugin, whose whole configuration is in this key of a Secret.
    #[must_use]
    pub fn with_config_from(mut self, secret: impl Into<String>, key: impl Into<String>) -> Self {
        self.choice = Some(PluginConfig::ConfigFrom(ConfigSource::secret(secret, key)));
        self
    }

    /// The same plugin; one value of its configuration, named by a JSON pointer, is in this key of a Secret.
    #[must_use]
    pub fn with_secret(
        mut self,
        pointer: impl Into<String>,
        secret: impl Into<String>,
        key: impl Into<String>,
    ) -> Self {
        self.config_patches.push(ConfigPatch {
            path: pointer.into(),
            value_from: ConfigSource::secret(secret, key),
        });
        self
    }

    /// The same plugin for one consumer alone.
    #[must_use]
    pub fn for_consumer(mut self, name: impl Into<String>) -> Self {
        self.consumer_ref = Some(name.into());
        self
    }
}

impl ConfigSource {
    /// This key of a Secret in the same namespace.
    pub fn secret(name: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            secret_key_ref: SecretValueFromSource {
                key: key.into(),
                name: name.into(),
            },
        }
    }
}

impl KongClusterPlugin {
    /// The same plugin with this configuration, as the plugin documents it.
    #[must_use]
    pub fn with_config(mut self, config: impl Into<Value>) -> Self {
        self.choice = Some(ClusterPluginConfig::Config(config.into()));
        self
    }

    /// The same plugin, whose whole configuration is in this key of a Secret.
    #[must_use]
    pub fn with_config_from(
        mut self,
        namespace: impl Into<String>,
        secret: impl Into<String>,
        key: impl Into<String>,
    ) -> Self {
        let from = NamespacedConfigSource {
            secret_key_ref: NamespacedSecretValueFromSource {
                key: key.into(),
                name: secret.into(),
                namespace: namespace.into(),
            },
        };
        self.choice = Some(ClusterPluginConfig::ConfigFrom(from));
        self
    }

    /// The same plugin, run on all requests.
    #[must_use]
    pub fn global(self) -> Self {
        self.with_label("global", "true")
    }
}

impl KongConsumer {
    /// Somebody with this name in Kong, whose keys and passwords are in these Secrets.
    pub fn user<S: Into<String>>(
        name: impl Into<String>,
        username: impl Into<String>,
        credentials: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut consumer = Self::new(name, Default::default());
        consumer.spec = None;
        consumer.username = Some(username.into());
        consumer.credentials = credentials.into_iter().map(Into::into).collect();
        consumer
    }

    /// The same in these KongConsumerGroups.
    #[must_use]
    pub fn in_groups<G: Into<String>>(mut self, groups: impl IntoIterator<Item = G>) -> Self {
        self.consumer_groups = groups.into_iter().map(Into::into).collect();
        self
    }
}

impl KongUpstreamPolicySpec {
    /// The pod with the fewest connections gets the next request.
    pub fn least_connections() -> Self {
        Self {
            algorithm: Some(UpstreamPolicyAlgorithm::LeastConnections),
            ..Self::default()
        }
    }

    /// Requests with one value of this header go to one pod.
    pub fn by_header(header: impl Into<String>) -> Self {
        Self::by(KongUpstreamHash {
            header: Some(header.into()),
            ..KongUpstreamHash::default()
        })
    }

    /// Requests of one consumer, address or path go to one pod.
    pub fn by_input(input: HashInput) -> Self {
        Self::by(KongUpstreamHash {
            input: Some(input),
            ..KongUpstreamHash::default()
        })
    }

    fn by(hash: KongUpstreamHash) -> Self {
        Self {
            algorithm: Some(UpstreamPolicyAlgorithm::ConsistentHashing),
            hash_on: Some(hash),
            ..Self::default()
        }
    }
}
