//! Objects of a cluster that others depend on, so far as somebody has told of them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::value::Value;

use super::address;

/// The classes that pods name. Manifests of several clusters may have several classes of one name: what agrees with one of
/// them is right.
#[derive(Debug, Default)]
pub(crate) struct Known {
    priorities: BTreeMap<String, Vec<Priority>>,
    runtimes: BTreeMap<String, Vec<Runtime>>,
    /// From which Services get addresses.
    ranges: Vec<(IpAddr, u8)>,
}

/// What a PriorityClass gives to its pods.
#[derive(Debug)]
pub(super) struct Priority {
    pub(super) name: String,
    pub(super) value: i64,
    pub(super) preemption: String,
    by_default: bool,
}

/// What a RuntimeClass gives to its pods.
#[derive(Debug)]
pub(super) struct Runtime {
    /// The amounts by name, or null.
    pub(super) overhead: Value,
    /// The labels of the nodes that its pods may run on.
    pub(super) nodes: BTreeMap<String, String>,
}

impl Known {
    /// Whether others depend on objects of a kind.
    pub(crate) fn is_of_interest(kind: &str) -> bool {
        matches!(kind, "PriorityClass" | "RuntimeClass" | "ServiceCIDR")
    }

    /// Takes note of an object, if others depend on its kind.
    pub(crate) fn learn(&mut self, object: &Value) {
        let at = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
        let group = at("/apiVersion").and_then(|version| version.split_once('/'));
        let Some(name) = at("/metadata/name").map(str::to_owned) else {
            return;
        };
        match (group.map(|(group, _)| group), at("/kind")) {
            (Some("scheduling.k8s.io"), Some("PriorityClass")) => {
                let value = object.get("value").and_then(Value::as_i64);
                let by_default = object.get("globalDefault").and_then(Value::as_bool);
                let class = Priority {
                    name: name.clone(),
                    value: value.unwrap_or_default(),
                    preemption: at("/preemptionPolicy")
                        .unwrap_or("PreemptLowerPriority")
                        .to_owned(),
                    by_default: by_default.unwrap_or_default(),
                };
                self.priorities.entry(name).or_default().push(class);
            }
            (Some("node.k8s.io"), Some("RuntimeClass")) => {
                let labels = object.pointer("/scheduling/nodeSelector");
                let labels = labels.and_then(Value::as_object).into_iter().flatten();
                let overhead = object.pointer("/overhead/podFixed");
                let class = Runtime {
                    overhead: overhead.cloned().unwrap_or_default(),
                    nodes: labels
                        .filter_map(|(key, value)| {
                            Some((key.as_str().to_owned(), value.as_str()?.to_owned()))
                        })
                        .collect(),
                };
                self.runtimes.entry(name).or_default().push(class);
            }
            (Some("networking.k8s.io"), Some("ServiceCIDR")) => {
                let ranges = object.pointer("/spec/cidrs").and_then(Value::as_array);
                let ranges = ranges.into_iter().flatten().filter_map(Value::as_str);
                self.ranges.extend(ranges.filter_map(address::legacy_range));
            }
            _ => {}
        }
    }

    /// Whether a range for Services is known that has this address.
    pub(super) fn has_address(&self, address: IpAddr) -> bool {
        let alone = (address, if address.is_ipv4() { 32 } else { 128 });
        self.ranges
            .iter()
            .any(|range| address::is_within(alone, *range))
    }

    /// The classes of the name that a pod gives, or those that pods have by default where it gives none.
    pub(super) fn priorities(&self, name: &str) -> Vec<&Priority> {
        match name {
            "" => {
                let all = self.priorities.values().flatten();
                all.filter(|class| class.by_default).collect()
            }
            _ => self.priorities.get(name).into_iter().flatten().collect(),
        }
    }

    pub(super) fn runtimes(&self, name: &str) -> &[Runtime] {
        self.runtimes.get(name).map_or(&[], Vec::as_slice)
    }
}
