//! Findings for which a component answers.

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
