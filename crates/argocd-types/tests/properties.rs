//! Any object that the generated schema allows reads strictly and writes back the same.

#![cfg(feature = "schema")]

use crate::common;

use std::sync::LazyLock;

use argocd_types::v1alpha1::{PolicyRule, SyncOption};
use common::reread;
use fidelity::random::{Random, object};
use proptest::prelude::*;
use serde_json::Value;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn objects_survive(seed in any::<u64>()) {
        static CRDS: LazyLock<Vec<Value>> = LazyLock::new(|| {
            argocd_types::crds().iter().map(|crd| serde_json::to_value(crd).unwrap()).collect()
        });
        for crd in CRDS.iter() {
            let document = object(crd, &crd["spec"]["versions"][0], &mut Random(seed));
            reread(&document).map_err(|why| TestCaseError::fail(format!("{why}\n{document:#}")))?;
        }
    }

    #[test]
    fn sync_options_survive(text in "(Prune|Delete|Validate|Replace|[A-Za-z]{0,8})=?(true|false|confirm|orphan|.{0,5})") {
        prop_assert_eq!(SyncOption::from(text.as_str()).to_string(), text);
    }

    #[test]
    fn policies_are_what_was_put_in(parts in proptest::array::uniform4("[a-z:/*-]{1,8}")) {
        let [subject, resource, action, object] = &parts;
        let policy = PolicyRule::allow(subject, resource, action, object).policy().unwrap();
        prop_assert_eq!([policy.subject, policy.resource, policy.action, policy.object], parts);
    }
}
