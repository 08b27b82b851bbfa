//! Services that change.

use crate::value::Value;

use super::super::faults::Faults;
use super::super::node::Node;
use super::compare::same;

pub(super) fn service(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    if now.text("type") == "ExternalName" || before.text("type") == "ExternalName" {
        return;
    }
    addresses(now, before, out);
    let balanced = |node: &Node<'_, '_>| node.text("type") == "LoadBalancer";
    let class = now.get("loadBalancerClass");
    if balanced(now) && balanced(before) && !same(class.value, before.at(&["loadBalancerClass"])) {
        out.invalid(class.path, "cannot be changed once it is set");
    }
    let port = now.get("healthCheckNodePort");
    let local =
        |node: &Node<'_, '_>| balanced(node) && node.text("externalTrafficPolicy") == "Local";
    if local(now) && local(before) && port.value != before.at(&["healthCheckNodePort"]) {
        out.invalid(port.path, "cannot be changed");
    }
}

/// The first address and family are for good; a second one may come and go, the latter with a policy that says so.
fn addresses(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let list = |node: &Node<'_, '_>, name: &str| -> Vec<String> {
        let items = node.at(&[name]).as_array().into_iter().flatten();
        let items = items.filter_map(Value::as_str).map(str::to_owned);
        items.collect()
    };
    let with_first = |node: &Node<'_, '_>| {
        let mut all = list(node, "clusterIPs");
        let one = node.text("clusterIP");
        if all.is_empty() && !one.is_empty() {
            all.push(one.to_owned());
        }
        all
    };
    let (new, old) = (with_first(now), with_first(before));
    let path = now.get("clusterIPs");
    let path = path.path;
    let compared = if new.len() == old.len() { old.len() } else { 1 };
    for (index, (new, old)) in new.iter().zip(&old).take(compared).enumerate() {
        if new != old {
            let message = format!("cannot be changed from \"{old}\" to \"{new}\"");
            out.invalid(path.index(index), message);
        }
    }
    let headless = |all: &[String]| matches!(all, [one] if one == "None");
    let single = now.text("ipFamilyPolicy") == "SingleStack";
    let policy = now.get("ipFamilyPolicy");
    if old.len() > new.len() && new.len() == 1 && !single {
        out.invalid(
            policy.path,
            "must be SingleStack to give up the second address",
        );
    }
    if headless(&new) || headless(&old) {
        return;
    }
    let (new, old) = (list(now, "ipFamilies"), list(before, "ipFamilies"));
    let compared = if new.len() == old.len() { old.len() } else { 1 };
    let families = now.get("ipFamilies");
    let mut pairs = new.iter().zip(&old).take(compared);
    if pairs.any(|(new, old)| new != old) {
        let message = format!(
            "cannot be changed from {} to {}",
            old.join(", "),
            new.join(", ")
        );
        out.invalid(families.path.index(0), message);
    }
    if old.len() > new.len() && new.len() == 1 && !single && policy.is_set() {
        out.invalid(
            policy.path,
            "must be SingleStack to give up the second family",
        );
    }
}
