//! Kyverno.

use super::{object, table};

table! { KYVERNO:
    "kyverno.io" ["ClusterPolicy", "Policy"] {
        "spec.rules[].context[].configMap" => object("", "ConfigMap"), Config;
    }
}
