//! eksctl's configuration.
//!
//! See <https://docs.aws.amazon.com/eks/latest/eksctl/schema.html>.

use serde_json::{Map, Value, json};

use crate::needs::{Cloud, ClusterNeeds, NodePool, Role};

impl ClusterNeeds {
    /// A `ClusterConfig`, `eksctl.io/v1alpha5`.
    pub fn eksctl(&self) -> Value {
        let mut config = json!({
            "apiVersion": "eksctl.io/v1alpha5",
            "kind": "ClusterConfig",
            "metadata": {"name": self.name, "region": self.region, "version": self.version.to_string()},
        });
        if !self.zones.is_empty() {
            config["availabilityZones"] = json!(self.zones);
        }
        if self.own_network {
            config["addonsConfig"] = json!({"disableDefaultAddons": true});
            // What is left of the usual ones.
            config["addons"] = self.additions().map(|name| json!({"name": name})).collect();
        }
        config["iam"] = json!({"withOIDC": true});
        if !self.roles.is_empty() {
            let accounts: Vec<Value> = self.roles.iter().map(account).collect();
            config["iam"]["serviceAccounts"] = accounts.into();
        }
        config["managedNodeGroups"] = self.pools.iter().map(node_group).collect();
        config
    }
}

/// eksctl makes the role; the account itself comes with the chart, which reads the role's name.
fn account(role: &Role) -> Value {
    let mut account = json!({
        "metadata": {"namespace": role.namespace, "name": role.account},
        "roleName": role.name(),
        "roleOnly": true,
    });
    let known = |name: &str| json!({name: true});
    match &role.may {
        Cloud::EbsCsi => account["wellKnownPolicies"] = known("ebsCSIController"),
        Cloud::ExternalSecrets => {
            account["attachPolicyARNs"] =
                json!(["arn:aws:iam::aws:policy/SecretsManagerReadWrite"]);
        }
        Cloud::CertManager => account["wellKnownPolicies"] = known("certManager"),
        Cloud::ClusterAutoscaler => account["wellKnownPolicies"] = known("autoScaler"),
        Cloud::Policies(policies) => account["attachPolicyARNs"] = json!(policies),
        Cloud::Velero(buckets) => account["attachPolicy"] = velero(buckets),
    }
    account
}

/// What Velero asks for: snapshots of volumes, and its buckets.
fn velero(buckets: &[String]) -> Value {
    let volumes = [
        "DescribeVolumes",
        "DescribeSnapshots",
        "CreateTags",
        "CreateVolume",
        "CreateSnapshot",
        "DeleteSnapshot",
    ];
    let objects = [
        "GetObject",
        "DeleteObject",
        "PutObject",
        "PutObjectTagging",
        "AbortMultipartUpload",
        "ListMultipartUploadParts",
    ];
    let of = |service: &str, actions: &[&str]| -> Vec<String> {
        let actions = actions.iter();
        actions
            .map(|action| format!("{service}:{action}"))
            .collect()
    };
    let inside: Vec<String> = buckets.iter().map(|bucket| format!("{bucket}/*")).collect();
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": of("ec2", &volumes), "Resource": "*"},
            {"Effect": "Allow", "Action": of("s3", &objects), "Resource": inside},
            {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": buckets},
        ],
    })
}

fn node_group(pool: &NodePool) -> Value {
    let mut group = json!({
        "name": pool.name,
        "instanceTypes": pool.machines,
        "minSize": pool.nodes.start(),
        "desiredCapacity": pool.desired,
        "maxSize": pool.nodes.end(),
        "volumeSize": pool.disk_gib,
    });
    if !pool.labels.is_empty() {
        group["labels"] = json!(pool.labels);
    }
    let taints: Vec<Value> = pool
        .taints
        .iter()
        .map(|taint| {
            let mut entry = Map::new();
            entry.insert("key".into(), taint.key.clone().into());
            entry.insert("value".into(), taint.value.clone().into());
            entry.insert("effect".into(), taint.effect.as_str().into());
            Value::Object(entry)
        })
        .collect();
    if !taints.is_empty() {
        group["taints"] = taints.into();
    }
    if pool.spot {
        group["spot"] = true.into();
    }
    group
}
