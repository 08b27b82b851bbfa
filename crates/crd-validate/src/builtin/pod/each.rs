//! All containers of a pod.

use super::super::node::Node;

/// Where they are listed.
const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// The containers of a pod in the order in which they are listed, with the name of their list.
pub(super) fn container(spec: &Node<'_, '_>, visit: &mut dyn FnMut(&'static str, &Node<'_, '_>)) {
    for list in LISTS {
        for container in spec.get(list).items() {
            visit(list, &container);
        }
    }
}
