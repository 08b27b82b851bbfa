//! Karpenter.

use super::{object, table};

table! { KARPENTER:
    "karpenter.sh" ["NodePool"] {
        "spec.template.spec.nodeClassRef" => object("karpenter.k8s.aws", "EC2NodeClass"), Class;
    }
}
