//! Gatekeeper. That a constraint needs a template of its kind is no reference at a path: a check knows it.

use super::{qualified, table};

table! { GATEKEEPER:
    "externaldata.gatekeeper.sh" ["Provider"] {
        "metadata.annotations[cert-manager.io/inject-ca-from]" => qualified("cert-manager.io", "Certificate"), Certificate;
    }
}
