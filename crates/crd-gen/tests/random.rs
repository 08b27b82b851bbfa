//! CRDs that nobody would write.

use crate::common;

use common::odd::{crd, schema};
use crd_gen::{Options, Words, generate};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_crd_gives_a_crate_that_parses_and_keeps_the_rules_of_names(
        first in vec(schema(), 1..3),
        second in schema(),
    ) {
        let documents = [crd("Object", &first), crd("Vec", &[second])];
        let made = generate(&documents, &Options::new("odd-types")).unwrap();
        common::assert_sound("random", &made);
    }
}

#[test]
fn what_is_odd_keeps_the_rules_of_names_and_gives_the_same_bytes_in_any_order() {
    for (what, mut documents) in common::strange::all() {
        for words in [Words::Crd, Words::Facts] {
            let mut options = Options::new(format!("odd-{what}-types"));
            options.words = words;
            let made = generate(&documents, &options).unwrap();
            common::assert_sound(what, &made);
            documents.reverse();
            assert_eq!(
                made.files,
                generate(&documents, &options).unwrap().files,
                "{what}"
            );
        }
    }
}

#[test]
fn an_object_of_three_hundred_fields_is_one_struct() {
    let members: Map<String, Value> = (0..300)
        .map(|number| (format!("field{number}"), json!({"type": "string"})))
        .collect();
    let schema = json!({"type": "object", "properties": members});
    let made = generate(&[crd("Wide", &[schema])], &Options::new("wide-types")).unwrap();
    common::assert_sound("wide", &made);
    assert_eq!(
        made.files["src/v1/wide.rs"]
            .matches("Option<String>")
            .count(),
        300
    );
}
