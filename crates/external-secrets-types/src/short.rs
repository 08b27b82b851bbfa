//! Short constructors for what people write daily.

use crate::v1::{
    AwsAuth, AwsJwtAuth, AwsProvider, AwsServiceType, ExternalSecretData,
    ExternalSecretDataFromRemoteRef, ExternalSecretDataRemoteRef, ExternalSecretSpec,
    ExternalSecretTarget, ExternalSecretTemplate, FakeData, FakeProvider, SecretKeySelector,
    SecretStoreProvider, SecretStoreRef, SecretStoreRefKind, SecretStoreSpec, ServiceAccountRef,
    VaultAuth, VaultKubernetesAuth, VaultProvider,
};

impl ExternalSecretSpec {
    /// These values of a store, under keys of a Secret of the object's own name.
    pub fn of(store: SecretStoreRef, data: impl IntoIterator<Item = ExternalSecretData>) -> Self {
        Self {
            data: data.into_iter().collect(),
            secret_store_ref: Some(store),
            ..Self::default()
        }
    }

    /// All members of one entry of a store, under their own names.
    pub fn of_entry(store: SecretStoreRef, entry: impl Into<String>) -> Self {
        let from = ExternalSecretDataFromRemoteRef {
            extract: Some(ExternalSecretDataRemoteRef::key(entry)),
            ..ExternalSecretDataFromRemoteRef::default()
        };
        Self {
            data_from: vec![from],
            secret_store_ref: Some(store),
            ..Self::default()
        }
    }

    /// The same, asked for this often: `1h`.
    #[must_use]
    pub fn refreshed_every(mut self, interval: impl Into<String>) -> Self {
        self.refresh_interval = Some(interval.into());
        self
    }

    /// The same, into a Secret of this name.
    #[must_use]
    pub fn into_secret(mut self, name: impl Into<String>) -> Self {
        self.target_mut().name = Some(name.into());
        self
    }

    /// The same; the Secret has this key with this template, in which values stand by their keys: `{{ .password }}`. Keys
    /// without a template are then left out.
    #[must_use]
    pub fn with_template(mut self, key: impl Into<String>, template: impl Into<String>) -> Self {
        let target = self.target_mut();
        let whole = target
            .template
            .get_or_insert_with(ExternalSecretTemplate::default);
        whole.data.insert(key.into(), template.into());
        self
    }

    fn target_mut(&mut self) -> &mut ExternalSecretTarget {
        self.target
            .get_or_insert_with(ExternalSecretTarget::default)
    }
}

impl ExternalSecretData {
    /// An entry of the store, under this key of the Secret.
    pub fn key(secret_key: impl Into<String>, entry: impl Into<String>) -> Self {
        Self {
            remote_ref: ExternalSecretDataRemoteRef::key(entry),
            secret_key: secret_key.into(),
            source_ref: None,
        }
    }

    /// The same, but one part of the entry, such as a member of a JSON value.
    #[must_use]
    pub fn property(mut self, property: impl Into<String>) -> Self {
        self.remote_ref.property = Some(property.into());
        self
    }
}

impl ExternalSecretDataRemoteRef {
    /// An entry of the store, in its newest version.
    pub fn key(entry: impl Into<String>) -> Self {
        Self {
            key: entry.into(),
            conversion_strategy: None,
            decoding_strategy: None,
            metadata_policy: None,
            null_byte_policy: None,
            property: None,
            version: None,
        }
    }
}

impl SecretStoreRef {
    /// A SecretStore of the same namespace.
    pub fn store(name: impl Into<String>) -> Self {
        Self {
            kind: Some(SecretStoreRefKind::SecretStore),
            name: Some(name.into()),
        }
    }

    /// A ClusterSecretStore.
    pub fn cluster_store(name: impl Into<String>) -> Self {
        Self {
            kind: Some(SecretStoreRefKind::ClusterSecretStore),
            name: Some(name.into()),
        }
    }
}

impl SecretStoreSpec {
    /// This place, for whoever sees the store.
    pub fn of(provider: SecretStoreProvider) -> Self {
        Self {
            provider,
            conditions: Vec::new(),
            controller: None,
            refresh_interval: None,
            retry_settings: None,
        }
    }
}

impl SecretStoreProvider {
    /// Secrets Manager of AWS in this region, by the operator's own identity.
    pub fn aws_secrets_manager(region: impl Into<String>) -> Self {
        Self::Aws(AwsProvider::of(AwsServiceType::SecretsManager, region))
    }

    /// A KV engine of Vault at this path, by the operator's own ServiceAccount and this role.
    pub fn vault(
        server: impl Into<String>,
        path: impl Into<String>,
        role: impl Into<String>,
    ) -> Self {
        let kubernetes = VaultKubernetesAuth {
            role: role.into(),
            mount_path: Some("kubernetes".to_owned()),
            secret_ref: None,
            service_account_ref: None,
        };
        Self::Vault(VaultProvider {
            server: server.into(),
            auth: Some(VaultAuth {
                kubernetes: Some(kubernetes),
                ..VaultAuth::default()
            }),
            ca_bundle: None,
            ca_provider: None,
            check_and_set: None,
            forward_inconsistent: None,
            headers: Default::default(),
            namespace: None,
            path: Some(path.into()),
            read_your_writes: None,
            tls: None,
            version: None,
        })
    }

    /// These values, which stand right here, to try things out.
    pub fn fake<'a>(values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let values = values.into_iter().map(|(key, value)| FakeData {
            key: key.to_owned(),
            value: value.to_owned(),
            version: None,
        });
        Self::Fake(FakeProvider {
            data: values.collect(),
            ..FakeProvider::default()
        })
    }
}

impl AwsProvider {
    /// A service of AWS in this region, by the operator's own identity.
    pub fn of(service: AwsServiceType, region: impl Into<String>) -> Self {
        Self {
            region: region.into(),
            service,
            additional_roles: Vec::new(),
            auth: None,
            custom_session_tags: Default::default(),
            external_id: None,
            prefix: None,
            role: None,
            secrets_manager: None,
            session_tags: Vec::new(),
            session_tags_policy: None,
            transitive_tag_keys: Vec::new(),
        }
    }

    /// The same, by the identity of this ServiceAccount.
    #[must_use]
    pub fn as_service_account(mut self, name: impl Into<String>) -> Self {
        let account = ServiceAccountRef {
            name: name.into(),
            audiences: Vec::new(),
            namespace: None,
        };
        self.auth = Some(AwsAuth {
            jwt: Some(AwsJwtAuth {
                service_account_ref: Some(account),
            }),
            ..AwsAuth::default()
        });
        self
    }
}

impl SecretKeySelector {
    /// A key of a Secret in the same namespace.
    pub fn new(name: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            key: Some(key.into()),
            name: Some(name.into()),
            namespace: None,
        }
    }
}
