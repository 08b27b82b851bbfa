//! How often a part works: exactly, with parts that several others need counted once.
//!
//! What is needed in any case is a product. What remains are choices between parts: choices that share no part are independent of
//! each other; those that do are settled by trying the parts behind them one by one, works and fails.

use std::collections::{BTreeMap, BTreeSet};

use crate::availability::Availability;
use crate::error::{MOST, SystemError};
use crate::part::Part;

/// One part, and what it comes down to.
#[derive(Debug)]
pub(crate) struct Question<'s> {
    /// The parts of the system, by name.
    parts: &'s BTreeMap<String, Part>,
    /// All parts that matter.
    reached: BTreeSet<&'s str>,
    /// Parts that are needed in any case.
    always: BTreeSet<&'s str>,
    /// Choices that are left, in groups that share no part: each choice is a list of parts of which one must work.
    groups: Vec<Group<'s>>,
}

#[derive(Debug, Default)]
struct Group<'s> {
    choices: Vec<&'s [String]>,
    /// The parts behind the choices that are not needed anyway.
    parts: BTreeSet<&'s str>,
}

impl<'s> Question<'s> {
    pub(crate) fn about(
        parts: &'s BTreeMap<String, Part>,
        part: &str,
    ) -> Result<Self, SystemError> {
        let (root, _) = parts
            .get_key_value(part)
            .ok_or_else(|| SystemError::Unknown {
                part: part.to_owned(),
                by: None,
            })?;
        let order = order(parts, root)?;
        let mut question = Self {
            parts,
            reached: order.iter().copied().collect(),
            always: BTreeSet::new(),
            groups: Vec::new(),
        };
        let mut open = Vec::new();
        question.need(root, &mut open);
        // A choice that has a part which works anyway is none.
        open.retain(|choice: &&[String]| {
            !choice
                .iter()
                .any(|part| question.always.contains(part.as_str()))
        });
        for choice in open {
            question.group(choice);
        }
        for group in &question.groups {
            if group.parts.len() > MOST {
                return Err(SystemError::Entangled(group.parts.len()));
            }
        }
        Ok(question)
    }

    /// Marks a part, and what it needs in any case, as needed; keeps the choices.
    fn need(&mut self, root: &'s str, open: &mut Vec<&'s [String]>) {
        let mut next = vec![root];
        while let Some(name) = next.pop() {
            if !self.always.insert(name) {
                continue;
            }
            let Some(part) = self.parts.get(name) else {
                continue;
            };
            for choice in &part.needs {
                match choice.as_slice() {
                    [only] => next.push(only),
                    several => open.push(several),
                }
            }
        }
    }

    /// Puts a choice to those with which it shares a part.
    fn group(&mut self, choice: &'s [String]) {
        let mut own = Group {
            choices: vec![choice],
            parts: BTreeSet::new(),
        };
        let mut next: Vec<&'s str> = choice.iter().map(String::as_str).collect();
        while let Some(name) = next.pop() {
            if self.always.contains(name) || !own.parts.insert(name) {
                continue;
            }
            if let Some(part) = self.parts.get(name) {
                next.extend(part.needs.iter().flatten().map(String::as_str));
            }
        }
        let (shared, apart): (Vec<_>, Vec<_>) = std::mem::take(&mut self.groups)
            .into_iter()
            .partition(|group| !group.parts.is_disjoint(&own.parts));
        for group in shared {
            own.choices.extend(group.choices);
            own.parts.extend(group.parts);
        }
        self.groups = apart;
        self.groups.push(own);
    }

    /// All parts that matter, by name.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &'s str> + '_ {
        self.reached.iter().copied()
    }

    /// How much of the time the part works, with other numbers for some of the parts.
    pub(crate) fn answer(
        &self,
        other: &BTreeMap<&str, Availability>,
    ) -> Result<Availability, SystemError> {
        let own = |name: &str| {
            let part = self.parts.get(name);
            let own = part.map_or(0.0, |part| part.own.as_share());
            other.get(name).map_or(own, |other| other.as_share())
        };
        let needed: f64 = self.always.iter().map(|name| own(name)).product();
        let chosen: f64 = self
            .groups
            .iter()
            .map(|group| self.tried(group, &own))
            .product();
        Ok(Availability::clamped(needed * chosen))
    }

    /// The chance that each choice of a group has a part that works.
    fn tried(&self, group: &Group<'s>, own: &impl Fn(&str) -> f64) -> f64 {
        let names: Vec<&str> = group.parts.iter().copied().collect();
        let mut chance = 0.0;
        for case in 0_u32..1 << names.len() {
            let mut likely = 1.0;
            let mut up = BTreeSet::new();
            for (bit, name) in names.iter().enumerate() {
                let works = case & (1 << bit) != 0;
                likely *= if works { own(name) } else { 1.0 - own(name) };
                if works {
                    up.insert(*name);
                }
            }
            if likely > 0.0 && group.choices.iter().all(|choice| self.has_one(choice, &up)) {
                chance += likely;
            }
        }
        chance
    }

    fn has_one(&self, choice: &[String], up: &BTreeSet<&str>) -> bool {
        choice.iter().any(|part| self.works(part, up))
    }

    /// Whether a part works where these do by themselves. There are no circles.
    fn works(&self, name: &str, up: &BTreeSet<&str>) -> bool {
        if self.always.contains(name) {
            return true;
        }
        let needs = self.parts.get(name).map(|part| &part.needs);
        up.contains(name)
            && needs.is_some_and(|needs| needs.iter().all(|choice| self.has_one(choice, up)))
    }
}

/// All parts that one leads to.
fn order<'s>(
    parts: &'s BTreeMap<String, Part>,
    root: &'s str,
) -> Result<Vec<&'s str>, SystemError> {
    enum Step<'s> {
        Enter(&'s str, Option<&'s str>),
        Leave(&'s str),
    }
    let (mut done, mut path): (BTreeSet<&str>, Vec<&str>) = Default::default();
    let mut order = Vec::new();
    let mut steps = vec![Step::Enter(root, None)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Leave(name) => {
                path.pop();
                done.insert(name);
                order.push(name);
            }
            Step::Enter(name, _) if done.contains(name) => {}
            Step::Enter(name, by) => {
                if let Some(start) = path.iter().position(|at| *at == name) {
                    let circle = path.get(start..).unwrap_or_default();
                    return Err(SystemError::Circle(
                        circle.iter().map(|name| (*name).to_owned()).collect(),
                    ));
                }
                let part = parts.get(name).ok_or_else(|| SystemError::Unknown {
                    part: name.to_owned(),
                    by: by.map(str::to_owned),
                })?;
                path.push(name);
                steps.push(Step::Leave(name));
                let needs = part.needs.iter().flatten();
                steps.extend(needs.map(|need| Step::Enter(need, Some(name))));
            }
        }
    }
    Ok(order)
}
