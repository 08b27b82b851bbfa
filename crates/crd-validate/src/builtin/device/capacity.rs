//! How much of a device a claim may ask for, where several claims share it.

use kube_vocab::Quantity;

use super::super::faults::Faults;
use super::super::node::Node;

const MOST_OPTIONS: usize = 10;

/// The capacities of a device: a policy on requests is for devices that are given out several times.
pub(super) fn check(device: &Node<'_, '_>, out: &mut Faults) {
    let shared = device.flag("allowMultipleAllocations");
    let capacities = device.get("capacity");
    for (_, capacity) in capacities.entries() {
        let policy = capacity.get("requestPolicy");
        if !policy.is_set() {
            continue;
        }
        if !shared {
            out.forbidden(policy.path, "allowMultipleAllocations is not true");
            continue;
        }
        let (values, range) = (policy.get("validValues"), policy.get("validRange"));
        if !values.is_empty() && range.is_set() {
            out.forbidden(policy.path, "give one of validValues, validRange");
            continue;
        }
        let (given, whole) = (policy.get("default"), capacity.get("value").quantity());
        let Some(whole) = whole else { continue };
        if !values.is_empty() {
            check_values(&values, &given, whole, out);
        } else if range.is_set() {
            check_range(&range, &given, whole, out);
        }
    }
}

fn check_values(values: &Node<'_, '_>, given: &Node<'_, '_>, whole: Quantity, out: &mut Faults) {
    let Some(default) = given.quantity() else {
        out.required_as(given.path, "there are validValues");
        return;
    };
    if !out.at_most(values, MOST_OPTIONS) {
        return;
    }
    let mut last: Option<Quantity> = None;
    let mut found = false;
    for value in values.items() {
        let Some(amount) = value.quantity() else {
            continue;
        };
        match last {
            Some(last) if last > amount => {
                out.invalid(value.path, "must come in ascending order");
            }
            Some(last) if last == amount => out.duplicate(value.path, amount),
            _ => {}
        }
        if amount > whole {
            out.invalid(
                value.path,
                format!("{amount} must be at most the capacity, {whole}"),
            );
        }
        found |= amount == default;
        last = Some(amount);
    }
    if !found {
        out.invalid(
            values.path,
            format!("must have the default, {default}, among them"),
        );
    }
}

fn check_range(range: &Node<'_, '_>, given: &Node<'_, '_>, whole: Quantity, out: &mut Faults) {
    let Some(default) = given.quantity() else {
        out.required_as(given.path, "there is a validRange");
        return;
    };
    let (min, max, step) = (range.get("min"), range.get("max"), range.get("step"));
    let Some(least) = min.quantity() else {
        out.required(min.path);
        return;
    };
    let mut above = |node: &Node<'_, '_>, amount: Quantity, most: Quantity, what: &str| {
        if amount > most {
            out.invalid(
                node.path,
                format!("{amount} must be at most {what}, {most}"),
            );
        }
    };
    above(&min, least, whole, "the capacity");
    if let Some(most) = max.quantity() {
        above(&max, least, most, "the max of the range");
        above(&max, most, whole, "the capacity");
        above(&max, default, most, "the max of the range");
    }
    if let Some(amount) = step.quantity() {
        above(
            &step,
            least + amount,
            whole,
            "the capacity, min and a step together,",
        );
        if amount.is_zero() || amount.is_negative() {
            out.invalid(step.path, "must be more than 0");
        } else {
            for (what, reached) in [("the default", Some(default)), ("the max", max.quantity())] {
                let fits = reached
                    .is_none_or(|reached| (reached.value() - least.value()) % amount.value() == 0);
                if !fits {
                    let message =
                        format!("{amount}: {what} must be whole steps from the min, {least}");
                    out.invalid(step.path, message);
                }
            }
        }
    }
    if default < least {
        out.invalid(
            min.path,
            format!("the default {default} must be at least the min, {least}"),
        );
    }
}
