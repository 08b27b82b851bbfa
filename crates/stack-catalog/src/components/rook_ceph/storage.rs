//! On what the data of a Ceph cluster lies.

use serde_json::{Value, json};
use stack_builder::ComponentError;

use crate::sizes::{Volume, refused};

/// On what the data lies. Ceph takes what it is given as a whole: what was on a disk is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// On volumes that it claims, of a StorageClass that gives raw devices: on a cloud. Monitors get volumes, too.
    Claims {
        /// How many volumes, spread over the nodes.
        volumes: u32,
        /// Each of them.
        volume: Volume,
    },
    /// On the disks of all nodes whose name matches a regular expression: `^sd[b-d]$`.
    Devices(String),
    /// On named disks of named nodes.
    Nodes(Vec<StorageNode>),
    /// On each disk of each node that is empty.
    EveryEmptyDisk,
}

impl Default for Storage {
    fn default() -> Self {
        Storage::Claims {
            volumes: 3,
            volume: Volume::new("100Gi"),
        }
    }
}

/// A node, and which of its disks are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageNode {
    /// The node's label `kubernetes.io/hostname`.
    pub name: String,
    /// The disks: `sdb`, `nvme1n1`, or a path below `/dev`.
    pub devices: Vec<String>,
}

impl Storage {
    /// As the CephCluster has it.
    pub(super) fn spec(&self, encrypted: bool) -> Result<Value, ComponentError> {
        let field = "cluster.storage";
        let mut spec = json!({"useAllNodes": false, "useAllDevices": false});
        match self {
            Storage::Claims { volumes, volume } => {
                if *volumes == 0 {
                    return Err(refused(&format!("{field}.volumes"), 0, "at least 1"));
                }
                let mut claim = volume.claim(&format!("{field}.volume"))?;
                claim["volumeMode"] = "Block".into();
                spec["storageClassDeviceSets"] = json!([{
                    "name": "claimed",
                    "count": volumes,
                    "portable": true,
                    "encrypted": encrypted,
                    "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
                }]);
                return Ok(spec);
            }
            Storage::Devices(pattern) => {
                if pattern.is_empty() {
                    return Err(refused(
                        field,
                        "empty",
                        "a regular expression such as ^sd[b-d]$",
                    ));
                }
                spec["useAllNodes"] = true.into();
                spec["deviceFilter"] = pattern.as_str().into();
            }
            Storage::Nodes(nodes) => {
                if nodes.is_empty() || nodes.iter().any(|node| node.devices.is_empty()) {
                    return Err(refused(field, "empty", "nodes with at least one disk each"));
                }
                spec["nodes"] = nodes
                    .iter()
                    .map(|node| {
                        let devices = node.devices.iter().map(|name| json!({"name": name}));
                        json!({"name": node.name, "devices": devices.collect::<Vec<_>>()})
                    })
                    .collect();
            }
            Storage::EveryEmptyDisk => {
                spec["useAllNodes"] = true.into();
                spec["useAllDevices"] = true.into();
            }
        }
        if encrypted {
            spec["config"] = json!({"encryptedDevice": "true"});
        }
        Ok(spec)
    }

    /// The volume of a monitor; `None` where it keeps what it knows in a folder of its node.
    pub(super) fn monitor_claim(&self) -> Result<Option<Value>, ComponentError> {
        let Storage::Claims { volume, .. } = self else {
            return Ok(None);
        };
        let monitor = Volume {
            size: "10Gi".into(),
            class: volume.class.clone(),
        };
        Ok(Some(
            json!({"spec": monitor.claim("cluster.storage.volume")?}),
        ))
    }
}
