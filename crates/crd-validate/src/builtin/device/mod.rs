//! Devices of nodes: what drivers offer, and the claims to it.

mod capacity;
mod claim;
mod name;
mod slice;
mod taint;

use super::node::Node;

pub(super) use claim::{claim, claim_template, class};
pub(super) use slice::{is_semantic, slice};
pub(super) use taint::{pool_status_request, taint_rule};

/// Reports the items of a list that have the same key as an earlier one, at the item itself.
fn unique<'v>(
    list: &Node<'_, 'v>,
    key: impl Fn(&Node<'_, 'v>) -> &'v str,
    out: &mut super::faults::Faults,
) {
    let mut seen = std::collections::HashSet::new();
    for item in list.items() {
        let key = key(&item);
        if !seen.insert(key) {
            out.duplicate(item.path, key);
        }
    }
}
