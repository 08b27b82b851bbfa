//! Labels, annotations and principals: their texts, to the letter.

use istio_types::annotations::TrafficDistribution;
use istio_types::labels::{DataplaneMode, UseWaypoint, WaypointFor};
use istio_types::{Principal, PrincipalError};

#[test]
fn labels_and_annotations_are_written_as_istio_reads_them() {
    for (pair, expected) in [
        (
            DataplaneMode::Ambient.label(),
            ("istio.io/dataplane-mode", "ambient"),
        ),
        (
            DataplaneMode::None.label(),
            ("istio.io/dataplane-mode", "none"),
        ),
        (UseWaypoint::None.label(), ("istio.io/use-waypoint", "none")),
        (
            UseWaypoint::from("w").label(),
            ("istio.io/use-waypoint", "w"),
        ),
        (
            WaypointFor::Service.label(),
            ("istio.io/waypoint-for", "service"),
        ),
        (
            TrafficDistribution::PreferClose.annotation(),
            ("networking.istio.io/traffic-distribution", "PreferClose"),
        ),
    ] {
        assert_eq!(pair, expected);
    }
}

#[test]
fn values_are_read_back() {
    assert_eq!(DataplaneMode::from("ambient"), DataplaneMode::Ambient);
    assert_eq!(
        DataplaneMode::from("Ambient"),
        DataplaneMode::Other("Ambient".to_owned())
    );
    assert_eq!(UseWaypoint::from("none"), UseWaypoint::None);
    assert_eq!("all".parse(), Ok(WaypointFor::All));
}

#[test]
fn principals_are_read_in_both_forms() {
    let expected = Principal::new("demo", "frontend").in_trust_domain("td");
    for text in ["td/ns/demo/sa/frontend", "spiffe://td/ns/demo/sa/frontend"] {
        assert_eq!(text.parse(), Ok(expected.clone()));
    }
    assert_eq!(expected.spiffe_id(), "spiffe://td/ns/demo/sa/frontend");
}

#[test]
fn what_is_no_identity_is_refused_with_a_reason() {
    for text in [
        "",
        "*",
        "frontend",
        "td/ns/demo/sa",
        "td/ns/demo/sa/frontend/x",
        "td/namespace/demo/sa/frontend",
    ] {
        assert!(
            matches!(text.parse::<Principal>(), Err(PrincipalError::Shape { .. })),
            "{text}"
        );
    }
    for (text, part) in [
        ("/ns/demo/sa/a", "trust domain"),
        ("td/ns//sa/a", "namespace"),
        ("td/ns/demo/sa/", "service account"),
    ] {
        assert_eq!(
            text.parse::<Principal>(),
            Err(PrincipalError::Empty {
                part,
                found: text.to_owned()
            })
        );
    }
    assert_eq!(
        "td/ns/demo/sa/*".parse::<Principal>(),
        Err(PrincipalError::Pattern {
            part: "service account",
            found: "td/ns/demo/sa/*".to_owned()
        })
    );
}
