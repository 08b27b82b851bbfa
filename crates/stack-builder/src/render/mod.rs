//! Writers: they turn a bundle into text and files, and nothing else does.

mod airgap;
mod allowances;
mod file;
mod files;
mod install;
mod json;
mod readme;
mod scripts;
pub mod shell;
mod tree;
pub mod yaml;

pub use airgap::PulledImage;
pub use file::File;
pub use tree::{Tree, WriteError, WriteOptions, Written};

use crate::whole::Whole;

/// Files that the tree writer itself makes.
pub(crate) fn reserved(whole: &Whole) -> Vec<String> {
    let mut files = vec![whole.marker()];
    files.extend(
        [
            readme::FILE,
            scripts::SETUP,
            scripts::VERIFY,
            scripts::TEARDOWN,
            airgap::IMAGES,
            airgap::CHARTS,
            airgap::FIREWALL,
            airgap::MIRROR,
            allowances::FILE,
        ]
        .map(str::to_owned),
    );
    files
}
