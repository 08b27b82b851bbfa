//! KEDA.

use super::{SECRET, object, table};

table! { KEDA:
    "keda.sh" ["ScaledObject"] {
        "spec.scaleTargetRef" => object("apps", "Deployment"), ScaleTarget;
        "spec.triggers[].authenticationRef" => object("keda.sh", "TriggerAuthentication"), Settings;
    }
    "keda.sh" ["ScaledJob"] {
        "spec.triggers[].authenticationRef" => object("keda.sh", "TriggerAuthentication"), Settings;
    }
    "keda.sh" ["TriggerAuthentication"] {
        "spec.secretTargetRef[].name" => SECRET, Config, with_key;
    }
}
