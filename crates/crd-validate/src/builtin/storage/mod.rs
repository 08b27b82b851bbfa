//! Volumes, claims and classes.

pub(super) mod claim;
mod class;
pub(super) mod source;
mod volume;

pub(super) use claim::claim;
pub(super) use class::{attachment, attributes_class, capacity, driver, node, storage_class};
pub(super) use volume::volume;

const ACCESS_MODES: [&str; 4] = [
    "ReadOnlyMany",
    "ReadWriteMany",
    "ReadWriteOnce",
    "ReadWriteOncePod",
];

fn access_modes(node: &super::node::Node<'_, '_>, out: &mut super::faults::Faults) {
    for mode in node.items() {
        if !ACCESS_MODES.contains(&mode.str()) {
            out.unsupported(node.path, mode.str(), &ACCESS_MODES);
        }
    }
    let has = |modes: &[&str]| node.items().any(|mode| modes.contains(&mode.str()));
    if has(&ACCESS_MODES[3..]) && has(&ACCESS_MODES[..3]) {
        out.forbidden(node.path, "ReadWriteOncePod goes with no other mode");
    }
}
