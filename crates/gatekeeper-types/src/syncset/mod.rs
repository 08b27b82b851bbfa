//! `syncset.gatekeeper.sh`: what policies find in `data.inventory`.

pub mod v1alpha1;
