//! Rules that say nothing because others have said it: those that others cover, and those that are refused or decided before
//! they are asked. Compared are the sets of traffic that rules mean, not the pods that happen to be there.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kube_vocab::Severity;

use super::{Remarks, refused};
use crate::Reach;
use crate::policy::admin::{Action, Policy as Ordered, Rule as OrderedRule};
use crate::policy::region::{
    Cover, Naming, Region, is_about_all_of, means_all_of, subject_has_all_of,
};
use crate::policy::{Direction, Entry, KnownName, Rule};

/// The number of other rules that one is compared with, before it is left alone.
const PATIENCE: usize = 300;

pub(super) fn find(reach: &Reach<'_>, remarks: &mut Remarks<'_, '_>) {
    let context = reach.context(KnownName::None);
    let namespaces = reach.model.namespaces();
    let declared = namespaces.filter(|namespace| namespace.is_declared());
    let declared = declared.filter_map(|namespace| {
        Some((
            namespace.name(),
            reach.world.namespace_labels(namespace.name())?,
        ))
    });
    let declared: BTreeMap<_, _> = declared.collect();
    let naming = Naming::of(&context, &declared);
    let refused = refused::of(reach.model);
    for direction in [Direction::Ingress, Direction::Egress] {
        let finder = Finder {
            reach,
            naming,
            direction,
            refused: &refused,
        };
        finder.rules(remarks);
        finder.tiers(remarks);
    }
}

/// An allow rule of a policy, and where it stands.
type Told<'a> = (&'a Rule, &'a Entry);

struct Finder<'a> {
    reach: &'a Reach<'a>,
    naming: Naming<'a>,
    direction: Direction,
    /// Policies that no server takes: they cover nothing, and need no advice on what covers them.
    refused: &'a HashSet<String>,
}

impl<'a> Finder<'a> {
    fn rules(&self, remarks: &mut Remarks<'_, '_>) {
        let mut redundant: BTreeSet<*const Entry> = BTreeSet::new();
        // Of two that say the same the later one is too much.
        for (position, rule) in self.reach.policies.rules.iter().enumerate().rev() {
            let Some(pod) = self.reach.policies.selected_first(position) else {
                continue;
            };
            if self.refused.contains(&rule.object) {
                continue;
            }
            // Whoever is about all pods of this rule is about its first one.
            let others: Vec<&Rule> = self
                .reach
                .policies
                .of_pod(pod)
                .filter(|other| {
                    std::ptr::eq(*other, rule)
                        || !self.refused.contains(&other.object)
                            && is_about_all_of(&other.who, &rule.who, &self.naming)
                })
                .take(PATIENCE)
                .collect();
            // Rules that isolate nobody allow nothing that was not allowed before.
            let side = rule.side(self.direction);
            for entry in side.allow.iter().rev().filter(|_| side.isolates) {
                let Some(region) = Region::of_entry(entry, &self.naming) else {
                    continue;
                };
                if let Some(why) = self.refused(rule, &others, &region) {
                    redundant.insert(std::ptr::from_ref(entry));
                    self.remark_shadowed(&rule.object, &entry.path, &why, remarks);
                    continue;
                }
                if looks_at_requests(entry) {
                    continue;
                }
                let by = self.covered((rule, entry), &others, &region, &redundant);
                if let Some(by) = by {
                    redundant.insert(std::ptr::from_ref(entry));
                    let names: Vec<_> = by.iter().map(|by| in_words(*by, rule)).collect();
                    let message = match names.as_slice() {
                        [one] => format!("adds nothing beside {one}, which lets all of it through"),
                        several => format!(
                            "adds nothing beside {}, which together let all of it through",
                            several.join(" and ")
                        ),
                    };
                    remarks.add(
                        "redundant-policy-rule",
                        Severity::Warning,
                        (&rule.object, &entry.path),
                        message,
                        "delete the rule, or make the other one narrower",
                    );
                    remarks.beside(by.iter().map(|(other, _)| &*other.object));
                }
            }
        }
    }

    /// The rules that let through all that an entry does: of the same policy where it has some, else of the same file.
    fn covered<'r>(
        &self,
        (rule, entry): Told<'_>,
        others: &[&'r Rule],
        region: &Region,
        redundant: &BTreeSet<*const Entry>,
    ) -> Option<Vec<(&'r Rule, &'r Entry)>> {
        let mut others = others.to_vec();
        others.sort_by_key(|other| other.object != rule.object);
        let candidates = others.iter().flat_map(|other| {
            let allow = other.side(self.direction).allow.iter();
            allow.map(move |candidate| (*other, candidate))
        });
        let candidates: Vec<_> = candidates
            .filter(|(_, candidate)| {
                !std::ptr::eq(*candidate, entry)
                    && candidate.authentication == entry.authentication
                    && !redundant.contains(&std::ptr::from_ref(*candidate))
            })
            .filter_map(|(other, candidate)| Some((other, candidate, Cover::of_entry(candidate)?)))
            .take(PATIENCE)
            .collect();
        let mut covering = candidates
            .iter()
            .filter(|(_, _, cover)| region.without(cover, &self.naming).0.is_empty())
            .map(|(other, candidate, _)| (*other, *candidate));
        if let Some(first) = covering.next() {
            let file_of = |rule: &Rule| {
                let entry = self.reach.entry(&rule.object)?;
                entry.origin().file.as_deref()
            };
            let (own, is_own) = (file_of(rule), first.0.object == rule.object);
            let better = covering.find(|(other, _)| !is_own && file_of(other) == own);
            let best = match file_of(first.0) == own {
                true => first,
                false => better.unwrap_or(first),
            };
            return Some(vec![best]);
        }
        let mut left = region.clone();
        let mut by = Vec::new();
        for (other, candidate, cover) in &candidates {
            let (rest, took) = left.without(cover, &self.naming);
            if took {
                by.push((*other, *candidate));
            }
            left = rest;
            if left.is_empty() {
                return Some(by);
            }
        }
        None
    }

    /// What refuses or decides all of a region before the allow rules of a policy are asked.
    fn refused(&self, rule: &Rule, others: &[&Rule], region: &Region) -> Option<String> {
        let mut left = region.clone();
        let mut by = BTreeSet::new();
        for other in others {
            for entry in &other.side(self.direction).deny {
                let Some(cover) = Cover::of_entry(entry) else {
                    continue;
                };
                let (rest, took) = left.without(&cover, &self.naming);
                if took {
                    by.insert(format!("{} ({}) denies", other.object, entry.path));
                }
                left = rest;
            }
        }
        let tiers = &self.reach.policies.tiers;
        for policy in &tiers.admin {
            let holds = subject_has_all_of(&policy.subject, &rule.who, &self.naming);
            for ordered in policy.rules(self.direction) {
                let Some(cover) = Cover::of_ports(&ordered.peers, ordered.ports.as_deref()) else {
                    continue;
                };
                let (rest, took) = left.without(&cover, &self.naming);
                match ordered.action {
                    // What is passed on is left to this rule.
                    Action::Pass if took => return None,
                    Action::Allow | Action::Deny if holds => {
                        if took {
                            by.insert(format!("{} ({}) decides", policy.object, ordered.path));
                        }
                        left = rest;
                    }
                    _ => {}
                }
            }
        }
        left.is_empty()
            .then(|| by.into_iter().collect::<Vec<_>>().join(" and "))
    }

    /// Rules of ordered policies that earlier ones leave nothing to decide.
    fn tiers(&self, remarks: &mut Remarks<'_, '_>) {
        let tiers = &self.reach.policies.tiers;
        for tier in [&tiers.admin, &tiers.baseline] {
            for (position, policy) in tier.iter().enumerate() {
                let before: Vec<&Ordered> = tier
                    .iter()
                    .take(position)
                    .rev()
                    .take(PATIENCE)
                    // Of two with one priority either may be asked first.
                    .filter(|other| other.priority < policy.priority)
                    .filter(|other| means_all_of(&other.subject, &policy.subject, &self.naming))
                    .collect();
                let rules = policy.rules(self.direction);
                for (number, rule) in rules.iter().enumerate() {
                    let own = rules.iter().take(number).map(|rule| (policy, rule));
                    let others = before.iter().flat_map(|other| {
                        let rules = other.rules(self.direction).iter();
                        rules.map(move |rule| (*other, rule))
                    });
                    if let Some(why) = self.decided_before(rule, own.chain(others)) {
                        self.remark_shadowed(&policy.object, &rule.path, &why, remarks);
                    }
                }
            }
        }
    }

    fn decided_before<'r>(
        &self,
        rule: &OrderedRule,
        earlier: impl Iterator<Item = (&'r Ordered, &'r OrderedRule)>,
    ) -> Option<String> {
        let mut left = Region::of_ports(&rule.peers, rule.ports.as_deref(), &self.naming)?;
        let mut by = Vec::new();
        for (policy, rule) in earlier {
            let Some(cover) = Cover::of_ports(&rule.peers, rule.ports.as_deref()) else {
                continue;
            };
            let (rest, took) = left.without(&cover, &self.naming);
            if took {
                by.push(format!("{} ({}) decides", policy.object, rule.path));
            }
            left = rest;
            if left.is_empty() {
                return Some(by.join(" and "));
            }
        }
        None
    }

    fn remark_shadowed(&self, object: &str, path: &str, why: &str, remarks: &mut Remarks<'_, '_>) {
        remarks.add(
            "shadowed-policy-rule",
            Severity::Warning,
            (object, path),
            format!("never has an effect: {why} all of it before"),
            "delete the rule, or make the other one narrower",
        );
    }
}

/// What covers an entry of a rule, for people: of the same policy its path is enough.
fn in_words((other, candidate): Told<'_>, rule: &Rule) -> String {
    match other.object == rule.object {
        true => candidate.path.clone(),
        false => format!("{} ({})", other.object, candidate.path),
    }
}

fn looks_at_requests(entry: &Entry) -> bool {
    let mut groups = entry.ports.iter().flatten();
    groups.any(|group| group.l7.is_some())
}
