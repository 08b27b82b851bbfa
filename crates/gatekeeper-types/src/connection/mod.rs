//! `connection.gatekeeper.sh`: where audit sends violations.

pub mod v1alpha1;
