//! How good a part must be, at the bounds of what one part can do.

use stack_availability::{Availability, Part, System};

fn percent(percent: f64) -> Availability {
    Availability::percent(percent).unwrap()
}

/// The shop needs the database, and one of two caches.
fn shop() -> System {
    System::new()
        .with(
            Part::new("shop", percent(99.0))
                .needs("database")
                .needs_one_of(["east", "west"]),
        )
        .with(Part::new("database", percent(98.0)))
        .with(Part::new("east", percent(90.0)))
        .with(Part::new("west", percent(80.0)))
}

#[test]
fn what_is_needed_of_a_part_gives_the_whole_that_was_asked_for() {
    let system = shop();
    for (part, slo) in [
        ("database", 97.0),
        ("database", 50.0),
        ("east", 95.0),
        ("west", 92.5),
    ] {
        let needed = system
            .needed_of(part, "shop", percent(slo))
            .unwrap()
            .unwrap();
        assert!(
            needed > Availability::percent(0.0).unwrap(),
            "{part} {slo}: {needed}"
        );
        // Nothing else is changed.
        let own = |name: &str, share: f64| if name == part { needed } else { percent(share) };
        let mended = System::new()
            .with(
                Part::new("shop", percent(99.0))
                    .needs("database")
                    .needs_one_of(["east", "west"]),
            )
            .with(Part::new("database", own("database", 98.0)))
            .with(Part::new("east", own("east", 90.0)))
            .with(Part::new("west", own("west", 80.0)));
        let reached = mended.of("shop").unwrap().as_share();
        assert!(
            (reached - slo / 100.0).abs() < 1e-9,
            "{part} {slo}: {reached}"
        );
    }
}

#[test]
fn a_part_may_have_to_do_nothing_or_more_than_it_can() {
    let system = shop();
    let needed = |part: &str, slo: f64| system.needed_of(part, "shop", percent(slo)).unwrap();
    // The other cache alone reaches 0.99 * 0.98 * 0.9.
    assert_eq!(needed("west", 80.0).map(Availability::as_share), Some(0.0));
    assert_eq!(needed("west", 99.0), None);
    // Exactly what a part that never fails reaches is reached by one.
    let best = Availability::percent(99.0).unwrap();
    let alone = System::new()
        .with(Part::new("shop", best).needs("database"))
        .with(Part::new("database", percent(50.0)));
    let exact = alone.needed_of("database", "shop", best).unwrap();
    assert_eq!(exact.map(Availability::as_share), Some(1.0));
}

#[test]
fn a_bottleneck_gains_what_the_whole_would_win() {
    let system = shop();
    let now = system.of("shop").unwrap().as_share();
    let gains = system.bottlenecks("shop").unwrap();
    assert_eq!(gains.len(), 4);
    for gain in &gains {
        assert!((gain.gain - (gain.without_failures.as_share() - now)).abs() < 1e-12);
        assert!(
            gain.gain > 0.0 && gain.gain < 0.1,
            "{}: {}",
            gain.part,
            gain.gain
        );
    }
    assert!(gains.is_sorted_by(|one, other| one.gain >= other.gain));
}

#[test]
fn copies_of_which_some_must_work_are_counted_in_all_ways() {
    let of = |copies: u32, enough: u32| {
        let system = System::new().with(Part::new("a", percent(90.0)).copies(copies, enough));
        system.of("a").unwrap().as_share()
    };
    for (copies, enough, share) in [
        (4, 2, 0.9963),
        (4, 3, 0.9477),
        (5, 3, 0.991_44),
        (4, 4, 0.6561),
    ] {
        assert!(
            (of(copies, enough) - share).abs() < 1e-9,
            "{copies} {enough}: {}",
            of(copies, enough)
        );
    }
}
