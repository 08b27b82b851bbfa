//! Devices and the claims to them, as far as they are judged here: names and what must be there.

use std::collections::HashSet;

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;

pub(in super::super) fn claim(object: &Node<'_, '_>, out: &mut Faults) {
    spec(&object.get("spec"), out);
}

pub(in super::super) fn claim_template(object: &Node<'_, '_>, out: &mut Faults) {
    let outer = object.get("spec");
    spec(&outer.get("spec"), out);
}

fn spec(spec: &Node<'_, '_>, out: &mut Faults) {
    let devices = spec.get("devices");
    let mut seen = HashSet::new();
    for request in devices.get("requests").items() {
        let name = request.get("name");
        out.required_label(&name);
        if !name.is_empty() && !seen.insert(name.str()) {
            out.duplicate(name.path, name.str());
        }
        for selector in request.get("selectors").items() {
            device_selector(&selector, out);
        }
    }
}

fn device_selector(selector: &Node<'_, '_>, out: &mut Faults) {
    let rule = selector.get("cel");
    if !rule.is_set() {
        out.required(rule.path);
        return;
    }
    let text = rule.get("expression");
    if text.str().is_empty() {
        out.required(text.path);
    } else {
        super::super::expression::of_device(&text, out);
    }
}

pub(in super::super) fn device_class(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    for selector in spec.get("selectors").items() {
        device_selector(&selector, out);
    }
    for config in spec.get("config").items() {
        let opaque = config.get("opaque");
        if !opaque.is_set() {
            out.required(opaque.path);
            continue;
        }
        let driver = opaque.get("driver");
        if driver.is_empty() {
            out.required(driver.path);
        } else {
            out.named(&driver, names::dns_subdomain);
        }
    }
}
