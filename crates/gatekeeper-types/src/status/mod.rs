//! `status.gatekeeper.sh`: what single Gatekeeper pods report about an object. Gatekeeper collects it in `status.byPod` of the
//! object itself and deletes it with the pod.

mod pod;
pub mod v1alpha1;
pub mod v1beta1;

pub use pod::*;
