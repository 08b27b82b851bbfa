//! Findings for which a component answers.

use std::collections::HashMap;

use kube_vocab::{Finding, Subject};

/// What a component allows: a finding that is right and may stay, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Code of the check, as `stackctl explain` takes it.
    pub code: String,
    /// The object, release or file to which it is confined; the same code elsewhere still counts.
    pub subject: Subject,
    /// Why it may stay. One without a reason allows nothing.
    pub reason: String,
}

impl Allowance {
    /// Whether it is about a finding. The version of an object does not count.
    pub fn covers(&self, finding: &Finding) -> bool {
        #[cfg(test)]
        tests::ASKED.set(tests::ASKED.get() + 1);
        let same = match (&self.subject, &finding.subject) {
            (Subject::Object(one), Subject::Object(other)) => {
                (one.group(), &one.kind, &one.namespace, &one.name)
                    == (other.group(), &other.kind, &other.namespace, &other.name)
            }
            (one, other) => one == other,
        };
        same && self.code == finding.code && !self.reason.trim().is_empty()
    }
}

/// Many allowances, found by what they are about.
pub(crate) struct Allowances<'a>(HashMap<Place<'a>, Vec<&'a Allowance>>);

/// The code, the namespace, and the name of the object, release or file.
type Place<'a> = (&'a str, Option<&'a str>, &'a str);

impl<'a> Allowances<'a> {
    pub(crate) fn of(all: impl Iterator<Item = &'a Allowance>) -> Self {
        let mut by_place: HashMap<Place<'a>, Vec<&'a Allowance>> = HashMap::new();
        for one in all {
            let place = place(&one.code, &one.subject);
            by_place.entry(place).or_default().push(one);
        }
        Self(by_place)
    }

    /// The first that covers a finding.
    pub(crate) fn covering(&self, finding: &Finding) -> Option<&'a Allowance> {
        let near = self.0.get(&place(&finding.code, &finding.subject))?;
        near.iter().copied().find(|one| one.covers(finding))
    }
}

fn place<'a>(code: &'a str, subject: &'a Subject) -> Place<'a> {
    match subject {
        Subject::Object(id) => (code, id.namespace.as_deref(), &id.name),
        Subject::Release(name) | Subject::File(name) => (code, None, name),
        Subject::Stack => (code, None, ""),
    }
}

/// A finding that an allowance covers: shown with the reason, never counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The finding as the check gave it.
    pub finding: Finding,
    /// The reason that the allowance gives.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use kube_vocab::{ObjectId, Severity};

    use super::*;

    thread_local! {
        /// How often an allowance was compared with a finding.
        pub(super) static ASKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }

    /// Findings that components of one kind bring: each about an object of the same name in a namespace of its own, every second
    /// one allowed.
    fn tenants(count: usize) -> (Vec<Allowance>, Vec<Finding>) {
        let object = |number: usize| {
            ObjectId::new("v1", "Service", Some(&format!("tenant-{number}")), "web")
        };
        let allowance = |number: usize| Allowance {
            code: "odd".into(),
            subject: object(number).into(),
            reason: format!("reason {number}"),
        };
        let finding = |number| Finding::new("odd", Severity::Warning, object(number), "is odd");
        (
            (0..count).step_by(2).map(allowance).collect(),
            (0..count).map(finding).collect(),
        )
    }

    #[test]
    fn twice_the_findings_and_allowances_are_twice_the_work() {
        let asked = |count: usize| {
            let (allowances, findings) = tenants(count);
            let before = ASKED.get();
            let all = Allowances::of(allowances.iter());
            let covered: Vec<&str> = findings
                .iter()
                .filter_map(|finding| Some(all.covering(finding)?.reason.as_str()))
                .collect();
            assert_eq!(covered.len(), count / 2);
            assert_eq!(covered[1], "reason 2");
            ASKED.get() - before
        };
        let (once, twice) = (asked(100), asked(200));
        assert!(once > 0 && twice <= 2 * once, "{once} {twice}");
    }

    #[test]
    fn the_first_allowance_counts_whatever_it_is_about() {
        let subjects = [
            Subject::Stack,
            Subject::Release("web".into()),
            Subject::File("web".into()),
            ObjectId::new("v1", "Service", None, "web").into(),
            ObjectId::new("v1", "Pod", None, "web").into(),
        ];
        let allowance = |(number, subject): (usize, &Subject)| Allowance {
            code: "odd".into(),
            subject: subject.clone(),
            reason: if number == 0 {
                String::new()
            } else {
                number.to_string()
            },
        };
        let twice: Vec<Allowance> = subjects
            .iter()
            .chain(&subjects)
            .enumerate()
            .map(allowance)
            .collect();
        let all = Allowances::of(twice.iter());
        for subject in &subjects {
            let finding = Finding::new("odd", Severity::Warning, subject.clone(), "is odd");
            let plain = twice.iter().find(|one| one.covers(&finding));
            assert_eq!(all.covering(&finding), plain, "{subject}");
            assert!(plain.is_some());
        }
    }

    #[test]
    fn an_allowance_covers_one_code_on_one_object() {
        let object = |version, name| ObjectId::new(version, "Deployment", Some("demo"), name);
        let finding = |code: &'static str, name| {
            Finding::new(code, Severity::Error, object("apps/v1", name), "is odd")
        };
        let allowance = |reason: &str| Allowance {
            code: "odd".into(),
            subject: object("apps/v1beta1", "web").into(),
            reason: reason.into(),
        };
        assert!(allowance("it is").covers(&finding("odd", "web")));
        assert!(!allowance("it is").covers(&finding("odd", "other")));
        assert!(!allowance("it is").covers(&finding("even", "web")));
        assert!(!allowance(" ").covers(&finding("odd", "web")));
    }
}
