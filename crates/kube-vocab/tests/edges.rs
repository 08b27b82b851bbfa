//! The edges of amounts, paths and ids, as everybody sees them who uses this crate.
#![allow(clippy::unwrap_used)]

use kube_vocab::{FieldPath, ObjectId, Quantity, QuantityError};

fn amount(text: &str) -> Quantity {
    text.parse().unwrap()
}

#[test]
fn amounts_beyond_what_a_number_holds_end_at_its_bounds() {
    let most = amount("9223372036854775807");
    assert_eq!(most.value(), i64::MAX);
    for text in [
        "9223372036854775807",
        "1e19",
        "2e20",
        "200E",
        "9999E",
        "9e999",
        "16Ei",
    ] {
        assert_eq!(amount(text), most, "{text}");
        assert_eq!(amount(text).millis(), i64::MAX, "{text}");
        let negative = amount(&format!("-{text}"));
        assert_eq!(negative.value(), -i64::MAX, "{text}");
        assert_eq!(negative.millis(), i64::MIN, "{text}");
    }
    assert_eq!((amount("0").value(), amount("0").millis()), (0, 0));
    assert_eq!((amount("1.5").value(), amount("1.5").millis()), (2, 1500));
    assert_eq!(
        (amount("-1.5").value(), amount("-0.0015").millis()),
        (-1, -1)
    );
}

#[test]
fn small_amounts_of_the_binary_form_are_written_in_decimals() {
    for (given, written) in [
        ("0.9765625Ki", "1k"),
        ("0.5Ki", "512"),
        ("1Ki", "1Ki"),
        ("-1Ki", "-1Ki"),
        ("-0.9765625Ki", "-1k"),
        ("1.5Ki", "1536"),
        ("2048Mi", "2Gi"),
    ] {
        assert_eq!(amount(given).to_string(), written, "{given}");
    }
}

#[test]
fn amounts_are_one_where_they_are_as_large_and_not_where_they_are_written_alike() {
    assert_eq!(amount("1"), amount("1000m"));
    assert_eq!(amount("1Ki"), amount("1024"));
    assert_ne!(amount("1k"), amount("1Ki"));
    assert!(amount("1k") < amount("1Ki") && amount("1T") < amount("1Ti"));
}

#[test]
fn an_amount_is_known_as_a_share() {
    for (text, share) in [("250m", 0.25), ("-3", -3.0), ("2Ki", 2048.0), ("0", 0.0)] {
        let found = amount(text).as_f64();
        assert!((found - share).abs() < 1e-9, "{text}: {found}");
    }
}

#[test]
fn what_is_no_amount_is_refused() {
    for text in [
        "",
        "-",
        ".",
        "1.2.3",
        "1e",
        "1e+",
        "1ex",
        "1e+-5",
        "1 k",
        "K",
        "1K",
        "ki",
        "1ki",
        "0x1",
        "1e99999999999",
    ] {
        assert_eq!(
            text.parse::<Quantity>(),
            Err(QuantityError(text.to_owned()))
        );
    }
}

#[test]
fn steps_are_added_one_by_one_and_written_as_people_read_them() {
    let path = FieldPath::root()
        .field("spec")
        .field("a")
        .index(2)
        .key("x.y");
    assert_eq!(path.to_string(), "spec.a[2][x.y]");
    assert_eq!(path.segments().len(), 4);
    assert_eq!(path.parent().unwrap().to_string(), "spec.a[2]");
    for (name, alone, below) in [
        ("plain", "plain", "spec.plain"),
        ("", "[]", "spec[]"),
        ("a.b", "[a.b]", "spec[a.b]"),
        ("a]", "[a]]", "spec[a]]"),
    ] {
        assert_eq!(FieldPath::root().field(name).to_string(), alone);
        assert_eq!(
            FieldPath::root().field("spec").field(name).to_string(),
            below
        );
    }
    assert_eq!(
        FieldPath::from("spec.a".to_owned()),
        FieldPath::root().field("spec").field("a")
    );
}

#[test]
fn an_id_knows_group_and_version() {
    let of = |api: &str| {
        let id = ObjectId::new(api, "Kind", None, "name");
        (id.group().to_owned(), id.version().to_owned())
    };
    assert_eq!(of("v1"), (String::new(), "v1".to_owned()));
    assert_eq!(of("apps/v1"), ("apps".to_owned(), "v1".to_owned()));
}
