//! Availabilities are those of probability theory, whatever the shape of the system.

use proptest::prelude::*;
use stack_availability::{Availability, Part, System, SystemError};
use std::time::Duration;

fn percent(percent: f64) -> Availability {
    Availability::percent(percent).unwrap()
}

fn share(system: &System, part: &str) -> f64 {
    system.of(part).unwrap().as_share()
}

#[test]
fn three_parts_of_99_95_percent_give_99_85() {
    let system = System::new()
        .with(Part::new("a", percent(99.95)).needs("b").needs("c"))
        .with(Part::new("b", percent(99.95)))
        .with(Part::new("c", percent(99.95)));
    assert!((share(&system, "a") - 0.9995_f64.powi(3)).abs() < 1e-15);
    assert_eq!(system.of("a").unwrap().to_string(), "99.85 %");
}

#[test]
fn a_part_that_two_others_need_counts_once() {
    let system = System::new()
        .with(
            Part::new("shop", Availability::ALWAYS)
                .needs("cart")
                .needs("search"),
        )
        .with(Part::new("cart", Availability::ALWAYS).needs("database"))
        .with(Part::new("search", Availability::ALWAYS).needs("database"))
        .with(Part::new("database", percent(90.0)));
    assert!((share(&system, "shop") - 0.9).abs() < 1e-15);
}

#[test]
fn alternatives_that_share_a_part_are_no_better_than_it() {
    let system = System::new()
        .with(Part::new("web", Availability::ALWAYS).needs_one_of(["east", "west"]))
        .with(Part::new("east", percent(99.0)).needs("dns"))
        .with(Part::new("west", percent(99.0)).needs("dns"))
        .with(Part::new("dns", percent(99.0)));
    assert!((share(&system, "web") - 0.99 * 0.9999).abs() < 1e-12);
    // Where it is needed anyway, too.
    let anyway = system.with(
        Part::new("web", Availability::ALWAYS)
            .needs("dns")
            .needs_one_of(["east", "west"]),
    );
    assert!((share(&anyway, "web") - 0.99 * 0.9999).abs() < 1e-12);
}

#[test]
fn copies_are_counted_as_chances_are() {
    for (copies, enough, expected) in [
        (1, 1, 0.9),
        (2, 1, 0.99),
        (2, 2, 0.81),
        (3, 2, 0.972),
        (3, 0, 1.0),
        (2, 3, 0.0),
    ] {
        let system = System::new().with(Part::new("a", percent(90.0)).copies(copies, enough));
        assert!(
            (share(&system, "a") - expected).abs() < 1e-12,
            "{enough} of {copies}"
        );
    }
}

#[test]
fn the_bottleneck_is_the_part_that_costs_most() {
    let system = System::new()
        .with(
            Part::new("shop", percent(99.99))
                .needs("queue")
                .needs_one_of(["east", "west"]),
        )
        .with(Part::new("queue", percent(99.5)))
        .with(Part::new("east", percent(99.0)))
        .with(Part::new("west", percent(99.0)));
    let gains = system.bottlenecks("shop").unwrap();
    let names: Vec<&str> = gains.iter().map(|gain| gain.part.as_str()).collect();
    assert_eq!(names[0], "queue");
    assert_eq!(names.len(), 4);
    assert!((gains[0].without_failures.as_share() - 0.9999 * 0.9999).abs() < 1e-12);
}

#[test]
fn an_slo_is_worked_back_to_one_part_and_to_all() {
    let system = System::new()
        .with(Part::new("a", percent(99.99)).needs("b"))
        .with(Part::new("b", percent(99.0)));
    let needed = system.needed_of("b", "a", percent(99.9)).unwrap().unwrap();
    let mended = system.clone().with(Part::new("b", needed));
    assert!((share(&mended, "a") - 0.999).abs() < 1e-12);
    assert_eq!(system.needed_of("b", "a", percent(99.995)).unwrap(), None);
    let each = system.needed_of_each("a", percent(99.9)).unwrap();
    assert!((each.as_share() - 0.999_f64.sqrt()).abs() < 1e-12);
    // A part on which nothing depends may be as bad as it likes.
    let idle = system.with(Part::new("idle", percent(1.0)));
    let needed = idle.needed_of("idle", "a", percent(98.0)).unwrap();
    assert_eq!(needed, Some(percent(0.0)));
}

#[test]
fn what_cannot_be_answered_is_named() {
    let system = System::new()
        .with(Part::new("a", Availability::ALWAYS).needs("b"))
        .with(Part::new("b", Availability::ALWAYS).needs("a"))
        .with(Part::new("c", Availability::ALWAYS).needs("d"));
    assert!(matches!(system.of("a"), Err(SystemError::Circle(parts)) if parts.len() == 2));
    assert_eq!(
        system.of("c").unwrap_err().to_string(),
        "there is no part `d`, which `c` needs"
    );
    assert_eq!(
        system.of("x").unwrap_err().to_string(),
        "there is no part `x`"
    );
    let many: Vec<String> = (0..40).map(|number| format!("p{number}")).collect();
    let mut wide =
        System::new().with(Part::new("root", Availability::ALWAYS).needs_one_of(many.clone()));
    for name in many {
        wide = wide.with(Part::new(name, percent(50.0)));
    }
    assert_eq!(wide.of("root"), Err(SystemError::Entangled(40)));
    for wrong in [-1.0, 100.1, f64::NAN] {
        assert!(Availability::percent(wrong).is_err());
    }
}

#[test]
fn a_share_is_a_time_and_a_text() {
    let month = Duration::from_secs(30 * 24 * 3600);
    assert_eq!(percent(99.9).downtime(month).as_secs(), 2592);
    for (value, text) in [
        (99.95, "99.95 %"),
        (100.0, "100.00 %"),
        (0.0, "0.00 %"),
        (99.9995, "99.9995 %"),
        (50.0, "50.00 %"),
        (99.999, "99.999 %"),
    ] {
        assert_eq!(percent(value).to_string(), text);
    }
}

/// Every case one by one: slow and plainly right.
fn by_hand(system: &System, root: &str, shape: &[(usize, Vec<Vec<usize>>)]) -> f64 {
    let own: Vec<f64> = system.parts().map(|part| part.own().as_share()).collect();
    fn works(at: usize, up: u32, shape: &[(usize, Vec<Vec<usize>>)]) -> bool {
        up & (1 << at) != 0
            && shape[at]
                .1
                .iter()
                .all(|choice| choice.iter().any(|to| works(*to, up, shape)))
    }
    let root: usize = root[1..].parse().unwrap();
    (0_u32..1 << shape.len())
        .filter(|up| works(root, *up, shape))
        .map(|up| {
            let chances = own
                .iter()
                .enumerate()
                .map(|(at, own)| match up & (1 << at) != 0 {
                    true => *own,
                    false => 1.0 - own,
                });
            chances.product::<f64>()
        })
        .sum()
}

proptest! {
    #[test]
    fn any_shape_gives_what_trying_all_cases_gives(
        own in proptest::collection::vec(0.0_f64..=1.0, 7),
        needs in proptest::collection::vec(proptest::collection::vec(proptest::collection::vec(1_usize..7, 1..4), 0..3), 7),
    ) {
        // A part needs later ones alone, so that there is no circle.
        let shape: Vec<(usize, Vec<Vec<usize>>)> = needs.iter().enumerate().map(|(at, needs)| {
            let later = |choice: &Vec<usize>| choice.iter().copied().filter(|to| *to > at).collect::<Vec<_>>();
            (at, needs.iter().map(later).filter(|choice| !choice.is_empty()).collect())
        }).collect();
        let mut system = System::new();
        for (at, needs) in &shape {
            let part = Part::new(format!("p{at}"), Availability::share(own[*at]).unwrap());
            let part = needs.iter().fold(part, |part, choice| {
                part.needs_one_of(choice.iter().map(|to| format!("p{to}")))
            });
            system = system.with(part);
        }
        let answer = share(&system, "p0");
        prop_assert!((answer - by_hand(&system, "p0", &shape)).abs() < 1e-9);
    }
}
