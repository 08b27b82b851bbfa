//! Options of a sync, and what is none that is known.

use argocd_types::v1alpha1::{Consent, PropagationPolicy, SyncOption};

#[test]
fn known_options_read_and_print_as_upstream_spells_them() {
    for (text, option) in [
        ("Prune=confirm", SyncOption::Prune(Consent::Confirm)),
        ("Prune=false", SyncOption::Prune(Consent::No)),
        ("Delete=true", SyncOption::Delete(Consent::Yes)),
        (
            "PrunePropagationPolicy=orphan",
            SyncOption::PrunePropagationPolicy(PropagationPolicy::Orphan),
        ),
        ("ServerSideApply=true", SyncOption::ServerSideApply(true)),
        (
            "ClientSideApplyMigration=false",
            SyncOption::ClientSideApplyMigration(false),
        ),
    ] {
        assert_eq!(SyncOption::from(text), option);
        assert_eq!(option.to_string(), text);
    }
}

#[test]
fn everything_else_survives_as_it_is() {
    for text in [
        "",
        "CreateNamespace",
        "CreateNamespace=True",
        "CreateNamespace = true",
        "Prune=maybe",
        "a=b=c",
        "{{ .option }}",
    ] {
        assert_eq!(SyncOption::from(text), SyncOption::Other(text.to_owned()));
        assert_eq!(SyncOption::from(text).to_string(), text);
    }
}
