//! Kong. The annotations that name its plugins stand in the tables of the kinds that carry them.

use super::{SECRET, table};

/// What an annotation with plugins may name.
pub(super) const PLUGINS: &[(&str, &str)] = &[
    ("configuration.konghq.com", "KongPlugin"),
    ("configuration.konghq.com", "KongClusterPlugin"),
];

table! { KONG:
    "configuration.konghq.com" ["KongConsumer"] {
        "credentials[]" => SECRET, Config;
        "metadata.annotations[konghq.com/plugins]" => super::Form::Names { kinds: PLUGINS }, Settings;
    }
    "configuration.konghq.com" ["KongConsumerGroup"] {
        "metadata.annotations[konghq.com/plugins]" => super::Form::Names { kinds: PLUGINS }, Settings;
    }
    "configuration.konghq.com" ["KongPlugin"] {
        "configFrom.secretKeyRef.name" => SECRET, Config, with_key;
    }
}
