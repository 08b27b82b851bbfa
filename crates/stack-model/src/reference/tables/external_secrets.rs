//! External Secrets.

use super::{object, table};

table! { EXTERNAL_SECRETS:
    "external-secrets.io" ["ExternalSecret"] {
        "spec.secretStoreRef" => object("external-secrets.io", "SecretStore"), Settings;
        "spec.data[].sourceRef.storeRef" => object("external-secrets.io", "SecretStore"), Settings;
    }
    "external-secrets.io" ["ClusterExternalSecret"] {
        "spec.externalSecretSpec.secretStoreRef" => object("external-secrets.io", "ClusterSecretStore"), Settings;
    }
    "external-secrets.io" ["PushSecret"] {
        "spec.secretStoreRefs[]" => object("external-secrets.io", "SecretStore"), Settings;
        "spec.selector.secret" => object("", "Secret"), Config;
    }
}
