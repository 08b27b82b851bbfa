//! What the chart makes up anew with each rendering.

use stack_builder::charts::Generates;

/// The certificate of the webhook, its authority, and what the API server is told of it.
pub(super) const GENERATED: &[Generates] = &[
    Generates {
        kind: "Secret",
        name: "*-validation-webhook-ca-keypair",
        path: "data",
        unless: "",
    },
    Generates {
        kind: "Secret",
        name: "*-validation-webhook-keypair",
        path: "data",
        unless: "",
    },
    Generates {
        kind: "ValidatingWebhookConfiguration",
        name: "*",
        path: "webhooks[].clientConfig.caBundle",
        unless: "",
    },
];
