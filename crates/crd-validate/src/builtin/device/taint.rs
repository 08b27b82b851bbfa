//! Taints of devices, and who bears them.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;
use super::name;
use crate::version::KubernetesVersion;

fn effects(out: &Faults) -> &'static [&'static str] {
    if out.version < KubernetesVersion::V1_35 {
        &["NoExecute", "NoSchedule"]
    } else {
        &["NoExecute", "NoSchedule", "None"]
    }
}

pub(super) fn taint(node: &Node<'_, '_>, out: &mut Faults) {
    out.named(&node.get("key"), names::qualified_name);
    out.named(&node.get("value"), names::label_value);
    let allowed = effects(out);
    out.must_be_one_of(&node.get("effect"), allowed);
}

pub(super) fn toleration(node: &Node<'_, '_>, out: &mut Faults) {
    let (key, value) = (node.get("key"), node.get("value"));
    if !key.is_empty() {
        out.named(&key, names::qualified_name);
    }
    match node.text("operator") {
        "Exists" => {
            if !value.is_empty() {
                out.invalid(value.path, "must be empty: Exists takes no value");
            }
        }
        "Equal" => {
            out.named(&value, names::label_value);
        }
        other => out.unsupported(node.get("operator").path, other, &["Equal", "Exists"]),
    }
    let effect = node.get("effect");
    if !effect.is_empty() {
        let allowed = effects(out);
        out.one_of(&effect, allowed);
    }
}

/// A question for the state of pools of devices.
pub(in super::super) fn pool_status_request(object: &Node<'_, '_>, out: &mut Faults) {
    const MOST_POOLS: i64 = 1000;
    let spec = object.get("spec");
    text::driver_name(&spec.get("driver"), out);
    let (pool, limit) = (spec.get("poolName"), spec.get("limit"));
    if pool.is_set() {
        name::pool(&pool, out);
    }
    if limit.is_set() {
        out.within(&limit, 1, MOST_POOLS);
    }
}

/// A taint that an administrator gives to devices.
pub(in super::super) fn taint_rule(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let chosen = spec.get("deviceSelector");
    let (driver, pool, device) = (
        chosen.get("driver"),
        chosen.get("pool"),
        chosen.get("device"),
    );
    if driver.is_set() {
        text::driver_name(&driver, out);
    }
    if pool.is_set() {
        name::pool(&pool, out);
    }
    if device.is_set() {
        out.named(&device, names::dns_label);
    }
    taint(&spec.get("taint"), out);
}
