//! `teardown.sh`: what it takes back, and of which cluster.

use super::machine::{ALL, HELD, Machine, code, dev, text, without_kind};

#[test]
fn teardown_is_safe() {
    let machine = Machine::new(dev(), &["kind", "kubectl"]);
    machine.answer("kind get clusters", "other\n");
    assert!(
        machine
            .output("teardown.sh", &[])
            .contains("There is no cluster lab")
    );

    machine.answer("kind get clusters", "lab\nother\n");
    machine.answer("kind delete cluster --name lab", "");
    // Another environment's, nobody's, and one that does not answer: none is removed, whatever is said.
    for (held, part) in [
        (Some("stg"), "the lab of environment stg"),
        (Some(""), "was not set up by setup.sh"),
        (None, "does not answer"),
    ] {
        match held {
            Some(held) => machine.answer(HELD, held),
            None => machine.forget(HELD),
        }
        let output = machine.run("teardown.sh", &["--env", "dev", "--yes"]);
        assert_eq!(code(&output), 2, "{}", text(&output));
        assert!(text(&output).contains(part), "{}", text(&output));
    }
    let deleted = || {
        let calls = machine.calls();
        calls
            .iter()
            .filter(|call| call.starts_with("kind delete"))
            .count()
    };
    assert_eq!(deleted(), 0);
    machine.answer(HELD, "dev");
    machine.output("teardown.sh", &["--env", "dev"]);
    assert_eq!(deleted(), 1);
}

#[test]
fn teardown_fails_where_kind_cannot_be_asked() {
    // kind is there and fails: no answer is known to it.
    let machine = Machine::new(dev(), &["kind", "kubectl"]);
    let output = machine.run("teardown.sh", &[]);
    assert_eq!(code(&output), 2, "{}", text(&output));
    assert!(text(&output).contains("error: kind cannot say which clusters there are"));
    assert!(!text(&output).contains("There is no cluster"));

    let output = Machine::new(dev(), &["kubectl"]).run("teardown.sh", &[]);
    assert_eq!(code(&output), 2, "{}", text(&output));
    assert!(text(&output).contains("not installed: kind"));

    // The same holds before anything is installed.
    let machine = Machine::new(dev(), &ALL);
    let output = machine.run("setup.sh", &[]);
    assert_eq!(code(&output), 2, "{}", text(&output));
    assert!(text(&output).contains("error: kind cannot say which clusters there are"));
}

#[test]
fn without_kind_teardown_takes_everything_back_last_first() {
    let machine = Machine::new(without_kind(), &[]);
    let printed = machine.output("teardown.sh", &["--dry-run"]);
    let at = |part: &str| {
        printed
            .find(part)
            .unwrap_or_else(|| panic!("{part} in {printed}"))
    };
    assert!(at("platform/limit-range.yaml") < at("uninstall kong"));
    assert!(at("uninstall istio-ztunnel") < at("uninstall istio-base"));
    assert!(at("uninstall istio-base") < at("uninstall cilium"));
    assert!(!printed.contains("kind delete"));
}
