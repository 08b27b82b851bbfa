//! One value, four forms, and a stack that must find what it needs.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use stack_cluster::{Cloud, ClusterNeeds, Effect, NodePool, Role, StorageNeed};
use stack_model::Model;

fn needs() -> ClusterNeeds {
    ClusterNeeds::new("shop", "1.35".parse().unwrap())
        .in_region("eu-central-1", ["eu-central-1a", "eu-central-1b"])
        .with_pool(
            NodePool::new("general", ["m7i.large", "m6i.large"], 2..=6)
                .beginning_with(3)
                .labelled("workload", "general"),
        )
        .with_pool(
            NodePool::new("batch", ["c7i.xlarge"], 0..=10)
                .on_spot()
                .labelled("workload", "batch")
                .tainted("spot", "true", Effect::NoSchedule),
        )
        .with_role(Role::of(
            Cloud::EbsCsi,
            "kube-system",
            "ebs-csi-controller-sa",
        ))
        .with_role(Role::of(
            Cloud::Velero(vec!["arn:aws:s3:::shop-backups".into()]),
            "velero",
            "velero",
        ))
        .with_storage(StorageNeed::gp3("fast-gp3").by_default())
        .without_kube_proxy()
}

#[test]
fn eksctl_is_told_of_pools_roles_and_the_missing_network() {
    let config = needs().eksctl();
    assert_eq!(
        config["metadata"],
        json!({"name": "shop", "region": "eu-central-1", "version": "1.35"})
    );
    let groups = &config["managedNodeGroups"];
    assert_eq!(groups[0]["desiredCapacity"], 3);
    assert_eq!(groups[1]["spot"], true);
    assert_eq!(
        groups[1]["taints"],
        json!([{"key": "spot", "value": "true", "effect": "NoSchedule"}])
    );
    assert_eq!(
        config["addonsConfig"],
        json!({"disableDefaultAddons": true})
    );
    let accounts = config["iam"]["serviceAccounts"].as_array().unwrap();
    assert_eq!(
        accounts[0]["wellKnownPolicies"],
        json!({"ebsCSIController": true})
    );
    let statements = &accounts[1]["attachPolicy"]["Statement"];
    assert_eq!(
        statements[1]["Resource"],
        json!(["arn:aws:s3:::shop-backups/*"])
    );
}

#[test]
fn kind_has_the_same_labels_taints_and_zones_on_a_laptop() {
    let cluster = serde_json::to_value(needs().kind()).unwrap();
    let nodes = cluster["nodes"].as_array().unwrap();
    assert_eq!(
        nodes.len(),
        4,
        "a control plane, two of the first pool, one of the second"
    );
    assert_eq!(
        nodes[1]["labels"],
        json!({"topology.kubernetes.io/zone": "eu-central-1a", "workload": "general"})
    );
    assert_eq!(
        nodes[2]["labels"]["topology.kubernetes.io/zone"],
        "eu-central-1b"
    );
    let patch: Value =
        kube_yaml::from_str(nodes[3]["kubeadmConfigPatches"][0].as_str().unwrap()).unwrap();
    assert_eq!(
        patch["nodeRegistration"]["taints"][0]["effect"],
        "NoSchedule"
    );
    assert_eq!(
        cluster["networking"],
        json!({"disableDefaultCNI": true, "kubeProxyMode": "none"})
    );
    assert_eq!(nodes[0]["image"], "kindest/node:v1.35.0");
    // Beside another network kube-proxy stays.
    let beside = ClusterNeeds::new("shop", "1.35".parse().unwrap()).with_own_network();
    let kind = serde_json::to_value(beside.kind()).unwrap();
    assert_eq!(kind["networking"], json!({"disableDefaultCNI": true}));
    assert_eq!(
        beside.eksctl()["addons"],
        json!([{"name": "coredns"}, {"name": "kube-proxy"}])
    );
}

#[test]
fn storage_classes_are_objects() {
    let class = serde_json::to_value(&needs().storage_classes()[0]).unwrap();
    assert_eq!(
        class["parameters"],
        json!({"type": "gp3", "iops": "3000", "throughput": "125"})
    );
    assert_eq!(
        class["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"],
        "true"
    );
}

fn pods(spec: Value) -> Model {
    Model::read([json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}}, "spec": spec}},
    })])
}

#[test]
fn pods_that_no_pool_takes_are_named() {
    let found = |spec: Value| {
        let findings = needs().check(&pods(spec));
        findings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for sound in [
        json!({}),
        json!({"nodeSelector": {"workload": "general"}}),
        json!({"nodeSelector": {"topology.kubernetes.io/zone": "eu-central-1c"}}),
        json!({"nodeSelector": {"workload": "batch"}, "tolerations": [{"key": "spot", "operator": "Exists"}]}),
        json!({"nodeSelector": {"workload": "batch"}, "tolerations": [{"operator": "Exists"}]}),
    ] {
        assert_eq!(found(sound.clone()), [""; 0], "{sound}");
    }
    assert_eq!(
        found(json!({"nodeSelector": {"workload": "gpu"}})),
        [
            "error: Deployment demo/web: spec.template.spec.nodeSelector: no pool has nodes with workload=gpu (no-pool-fits): \
          add a pool for it, or change what the pod asks for"
        ]
    );
    assert!(
        found(json!({"nodeSelector": {"workload": "batch"}}))[0]
            .contains("tolerates no taint of pool batch")
    );
    let other = json!([{"key": "spot", "value": "false"}]);
    assert_eq!(
        found(json!({"nodeSelector": {"workload": "batch"}, "tolerations": other})).len(),
        1
    );
}

#[test]
fn volumes_of_a_class_that_nobody_makes_are_named() {
    let claim = |class: &str| {
        json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": "demo"},
               "spec": {"storageClassName": class, "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}})
    };
    assert_eq!(needs().check(&Model::read([claim("fast-gp3")])), []);
    assert_eq!(needs().check(&Model::read([claim("")])), []);
    assert_eq!(needs().check(&Model::read([claim("ceph")])).len(), 1);
    let brought = json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "ceph"}, "provisioner": "x"});
    assert_eq!(needs().check(&Model::read([claim("ceph"), brought])), []);
}

#[test]
fn versions_are_read_and_compared() {
    use stack_cluster::KubernetesMinor;
    let version = |text: &str| text.parse::<KubernetesMinor>();
    assert!(version("1.9").unwrap() < version("1.35").unwrap());
    for wrong in ["", "1", "2.0", "v1.35", "1.35.1"] {
        assert!(version(wrong).is_err(), "{wrong}");
    }
}

#[cfg(feature = "terraform")]
mod terraform {
    use super::*;
    use fidelity::data_folder;
    use stack_cluster::terraform::{check, eks, eks_as_printed, oldest_of_eks};

    fn codes(text: &str) -> Vec<String> {
        let findings = check(text, "eks.tf", 2026, 11).unwrap();
        findings
            .into_iter()
            .map(|finding| finding.code.into_owned())
            .collect()
    }

    #[test]
    fn what_is_written_is_terraform_and_has_nothing_to_find() {
        for (version, name, kubernetes) in [
            ("~> 20.31", "cluster_name", "cluster_version"),
            ("~> 21.0", "name", "kubernetes_version"),
        ] {
            let text = eks(&needs(), version).unwrap();
            assert_eq!(codes(&text), [""; 0], "{text}");
            let body: Value = hcl::from_str(&text).unwrap();
            let module = &body["module"]["eks"];
            assert_eq!(module[name], "shop");
            assert_eq!(module[kubernetes], "1.35");
            let additions = if version == "~> 20.31" {
                "cluster_addons"
            } else {
                "addons"
            };
            assert_eq!(module[additions], json!({"coredns": {}}), "{text}");
            let group = &module["eks_managed_node_groups"]["batch"];
            assert_eq!(group["capacity_type"], "SPOT");
            assert_eq!(group["labels"], json!({"workload": "batch"}));
            assert_eq!(group["taints"]["taint0"]["effect"], "NO_SCHEDULE");
            let velero = &body["module"]["role-velero-velero"];
            assert_eq!(
                velero["velero_s3_bucket_arns"],
                json!(["arn:aws:s3:::shop-backups"])
            );
            assert_eq!(
                velero["oidc_providers"]["main"]["namespace_service_accounts"],
                json!(["velero:velero"])
            );
            assert!(
                text.contains("provider_arn = module.eks.oidc_provider_arn"),
                "{text}"
            );
            assert!(text.contains("type = list(string)"), "{text}");
        }
        assert!(eks(&needs(), "latest").is_err());
    }

    #[test]
    fn the_printed_module_is_built_and_its_faults_are_found() {
        let printed = ClusterNeeds::new("demo-eks", "1.29".parse().unwrap())
            .in_region("ap-northeast-2", [""; 0])
            .with_pool(NodePool::new("default", ["m6i.large"], 3..=3));
        let ours = eks_as_printed(&printed).unwrap();
        let expected = [
            "module-floats",
            "module-argument-gone",
            "module-argument-gone",
            "kubernetes-too-old",
        ];
        assert_eq!(codes(&ours), expected);
        if let Some(folder) = data_folder("SPEC_DIR") {
            let file = folder.join("documents/001-3.1-Terraform-eks.tf");
            let text = std::fs::read_to_string(file).unwrap();
            assert_eq!(hcl::parse(&ours).unwrap(), hcl::parse(&text).unwrap());
            assert_eq!(codes(&text), expected);
        }
        // The printed pods want nodes that the printed pool is not.
        let general = json!({"nodeSelector": {"workload": "general"}});
        assert_eq!(printed.check(&pods(general.clone())).len(), 1);
        assert_eq!(needs().check(&pods(general)), []);
    }

    #[test]
    fn only_modules_of_a_registry_need_a_version_and_old_names_are_fine_below_21() {
        assert_eq!(
            codes("module \"a\" {\n  source = \"./network\"\n}\n"),
            [""; 0]
        );
        assert_eq!(
            codes("module \"a\" {\n  source = \"git::https://x.example/a/b.git?ref=v1\"\n}\n"),
            [""; 0]
        );
        let old = "module \"eks\" {\n  source = \"terraform-aws-modules/eks/aws\"\n  version = \"~> 20.0\"\n  cluster_name = \"a\"\n  cluster_version = \"1.34\"\n}\n";
        assert_eq!(codes(old), [""; 0]);
        assert!(check("module {{", "a.tf", 2026, 1).is_err());
        assert_eq!(oldest_of_eks(2026, 11).to_string(), "1.31");
        assert_eq!(oldest_of_eks(2020, 1).to_string(), "1.28");
        assert_eq!(oldest_of_eks(2031, 1).to_string(), "1.35");
    }
}
