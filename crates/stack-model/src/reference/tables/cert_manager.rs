//! cert-manager.

use super::{object, table};

table! { CERT_MANAGER:
    "cert-manager.io" ["Certificate", "CertificateRequest"] {
        "spec.issuerRef" => object("cert-manager.io", "Issuer"), Issuer;
    }
}
