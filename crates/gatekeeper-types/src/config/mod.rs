//! `config.gatekeeper.sh`: the one Config.

pub mod v1alpha1;
