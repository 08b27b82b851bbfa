//! Durations keep their text, know their value, and refuse what their family's grammar does not have.

use std::time::Duration;

use crd_core::{DurationError, GepDuration, GoDuration};
use proptest::prelude::*;

#[test]
fn gateway_durations() {
    for (text, millis) in [
        ("0s", 0),
        ("1h", 3_600_000),
        ("60m", 3_600_000),
        ("1h30m5s7ms", 5_405_007),
        ("99999h", 359_996_400_000),
        ("1s1s", 2_000),
    ] {
        let duration: GepDuration = text.parse().unwrap();
        assert_eq!(duration.value(), Duration::from_millis(millis), "{text}");
        assert_eq!(serde_json::to_value(&duration).unwrap(), text);
    }
    for text in [
        "",
        "1",
        "s",
        "1d",
        "-1s",
        "+1s",
        "1.5s",
        "1h 5m",
        "100000s",
        "1s1s1s1s1s",
        "1S",
        "1us",
        " 1s",
    ] {
        assert!(text.parse::<GepDuration>().is_err(), "{text}");
    }
}

#[test]
fn go_durations() {
    for (text, nanos) in [
        ("0", 0),
        ("-0", 0),
        ("1.5s", 1_500_000_000),
        (".5s", 500_000_000),
        ("1.s", 1_000_000_000),
        ("-1h2m", -3_720_000_000_000),
        ("+3ms", 3_000_000),
        ("1us2\u{b5}s3\u{3bc}s4ns", 6_004),
        ("0.0000000009s", 0),
        ("2562047h47m16.854775807s", i64::MAX),
        ("-2562047h47m16.854775808s", i64::MIN),
        ("0.333333333333333333333333h", 1_199_999_999_999),
    ] {
        let duration: GoDuration = text.parse().unwrap();
        assert_eq!(duration.nanos(), nanos, "{text}");
        assert_eq!(duration.to_string(), text);
    }
    for text in [
        "", "1", "-", "+", ".s", "s", "1d", "1 s", "1s ", "1m1", "--1s", "1e3s", "0x1s",
    ] {
        assert!(text.parse::<GoDuration>().is_err(), "{text}");
    }
    assert!(matches!(
        "2562047h47m16.854775808s".parse::<GoDuration>(),
        Err(DurationError::TooLong(_))
    ));
    assert!("9".repeat(60).parse::<GoDuration>().is_err());
    assert!(
        format!("{}h", "9".repeat(60))
            .parse::<GoDuration>()
            .is_err()
    );
    assert_eq!("-1s".parse::<GoDuration>().unwrap().value(), None);
}

proptest! {
    #[test]
    fn a_gateway_duration_is_made_from_any_value_it_can_say(millis in 0u64..359_999_999_999) {
        let value = Duration::from_millis(millis);
        let duration = GepDuration::try_from(value).unwrap();
        prop_assert_eq!(duration.value(), value);
        prop_assert_eq!(duration.as_str().parse::<GepDuration>().unwrap(), duration);
    }

    #[test]
    fn what_both_grammars_have_both_read_alike(text in "([0-9]{1,5}(h|m|s|ms)){1,4}") {
        let gep: GepDuration = text.parse().unwrap();
        let go: GoDuration = text.parse().unwrap();
        prop_assert_eq!(Some(gep.value()), go.value());
    }

    #[test]
    fn no_text_makes_the_parsers_panic(text in "\\PC{0,12}", odd in "[-+.0-9hmsunµ]{0,12}") {
        for text in [text, odd] {
            let _ = text.parse::<GepDuration>();
            let _ = text.parse::<GoDuration>();
        }
    }
}

#[test]
fn durations_of_whole_units_are_as_long_as_they_say() {
    for (made, text, seconds) in [
        (GoDuration::hours(2), "2h", 7200.0),
        (GoDuration::minutes(3), "3m", 180.0),
        (GoDuration::seconds(4), "4s", 4.0),
        (GoDuration::millis(1500), "1500ms", 1.5),
    ] {
        assert_eq!(made.as_str(), text);
        assert_eq!(made, text.parse().unwrap());
        assert!(
            (made.value().unwrap().as_secs_f64() - seconds).abs() < 1e-9,
            "{text}"
        );
    }
    for (made, text) in [
        (GepDuration::hours(2), "2h"),
        (GepDuration::minutes(3), "3m"),
        (GepDuration::seconds(4), "4s"),
        (GepDuration::millis(1500), "1500ms"),
    ] {
        assert_eq!(
            (made.as_str(), made.value()),
            (text, text.parse::<GepDuration>().unwrap().value())
        );
    }
}

#[test]
fn units_of_which_there_are_none_are_left_out() {
    for (millis, text) in [
        (0, "0s"),
        (1, "1ms"),
        (1000, "1s"),
        (60_000, "1m"),
        (3_600_000, "1h"),
        (3_661_001, "1h1m1s1ms"),
        (3_601_000, "1h1s"),
    ] {
        let made = GepDuration::try_from(std::time::Duration::from_millis(millis)).unwrap();
        assert_eq!(made.as_str(), text);
    }
}

#[test]
fn a_gateway_duration_has_five_digits_of_hours() {
    let hours = |count: u64| GepDuration::try_from(Duration::from_secs(count * 3600));
    assert_eq!(hours(99_999).unwrap().as_str(), "99999h");
    assert!(hours(100_000).is_err());
    assert!(hours(200_000).is_err());
}
