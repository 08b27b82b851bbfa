//! `mutations.gatekeeper.sh/v1beta1`.

pub use super::v1::{
    assign_metadata_v1beta1::AssignMetadata, assign_v1beta1::Assign, modify_set_v1beta1::ModifySet,
};
