//! All policies of a stack, ready to be asked.

use stack_model::Model;

use crate::admission::AdmissionPolicies;
use crate::case::cases;
use crate::engine::{Engine, PolicyRow};
use crate::kyverno::Kyverno;
use crate::pod_security::PodSecurity;
use crate::report::Report;

/// The policies of a stack.
pub struct Policies {
    engines: Vec<Box<dyn Engine>>,
}

impl std::fmt::Debug for Policies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.rows()).finish()
    }
}

impl Policies {
    /// The policies that a model holds, of the engines of this crate.
    pub fn of(model: &Model) -> Self {
        Self {
            engines: vec![
                Box::new(PodSecurity::of(model)),
                Box::new(AdmissionPolicies::of(model)),
                Box::new(Kyverno::of(model)),
            ],
        }
    }

    /// The same with the policies of another engine.
    #[must_use]
    pub fn with(mut self, engine: impl Engine + 'static) -> Self {
        self.engines.push(Box::new(engine));
        self
    }

    /// The policies of all engines, for an overview: engine by engine, in the order of the input.
    pub fn rows(&self) -> Vec<PolicyRow> {
        self.engines
            .iter()
            .flat_map(|engine| engine.policies())
            .collect()
    }

    /// Asks all policies about all objects of a model, and about the pods that its workloads make.
    pub fn judge(&self, model: &Model) -> Report {
        let mut report = Report::default();
        let policies = self.rows();
        if policies.is_empty() {
            return report;
        }
        for case in cases(model) {
            report.judged += 1;
            for engine in &self.engines {
                engine.judge(&case, &mut report.verdicts);
            }
        }
        report.unusable = policies
            .into_iter()
            .filter(|row| row.unknown.is_some())
            .collect();
        report.locate(model);
        report
    }
}
