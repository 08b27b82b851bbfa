use stack_builder::Stack;
use stack_catalog::components::EbsStorageClasses;
use stack_catalog::components::ebs_storage_classes::{EbsClass, EbsType};
use stack_catalog::platform;

use crate::proof;

fn everything(stack: Stack) -> Stack {
    let mut databases = EbsClass::new("databases", EbsType::Io2 { iops: 16_000 }).retained();
    databases.kms_key = Some("arn:aws:kms:eu-central-1:111122223333:key/a".into());
    let archive = EbsClass::new("archive", EbsType::St1);
    let classes = vec![EbsClass::gp3("gp3").by_default(), databases, archive];
    stack.with(EbsStorageClasses { classes })
}

#[test]
fn each_environment_is_clean() {
    for bundle in proof::environments(everything) {
        proof::is_clean(&bundle, &[]);
        let class = bundle.object("StorageClass", None, "gp3").unwrap().value();
        assert_eq!(class["parameters"]["encrypted"], "true");
        assert_eq!(class["volumeBindingMode"], "WaitForFirstConsumer");
    }
}

#[test]
fn a_cluster_has_one_default_class() {
    let classes = vec![
        EbsClass::gp3("a").by_default(),
        EbsClass::gp3("b").by_default(),
    ];
    let stack = platform("dev", "dev.example.com").with(EbsStorageClasses { classes });
    assert!(proof::codes(stack).contains_key("default-storage-class"));
}

#[test]
fn what_ebs_cannot_do_is_refused() {
    for volume in [
        EbsType::Gp3 {
            iops: 2999,
            throughput: 125,
        },
        EbsType::Gp3 {
            iops: 3000,
            throughput: 751,
        },
        EbsType::Gp3 {
            iops: 16_001,
            throughput: 125,
        },
        EbsType::Io2 { iops: 99 },
    ] {
        let classes = vec![EbsClass::new("x", volume)];
        let stack = platform("dev", "dev.example.com").with(EbsStorageClasses { classes });
        assert!(stack.build().is_err(), "{volume:?}");
    }
    let most = EbsType::Gp3 {
        iops: 4000,
        throughput: 1000,
    };
    let classes = vec![EbsClass::new("x", most)];
    let stack = platform("dev", "dev.example.com").with(EbsStorageClasses { classes });
    assert!(stack.build().is_ok());
}
