//! CustomResourceDefinitions that change.

use super::super::faults::Faults;
use super::super::node::Node;

/// The version in which objects were stored until now stays, also where it is not served any more.
pub(super) fn versions(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let (new, old) = (now.get("versions"), before.get("versions"));
    for stored in old.items().filter(|version| version.flag("storage")) {
        let name = stored.text("name");
        if !new.items().any(|version| version.text("name") == name) {
            let path = kube_vocab::FieldPath::root()
                .field("status")
                .field("storedVersions")
                .index(0);
            out.invalid(
                path,
                format!("\"{name}\" must stay in spec.versions: objects are stored in it"),
            );
        }
    }
}
