//! All policies of a stack, ready to be asked.

use std::convert::Infallible;

use stack_model::{Model, parallel};

use crate::admission::AdmissionPolicies;
use crate::case::{Case, cases};
use crate::engine::{Engine, PolicyRow};
use crate::kyverno::Kyverno;
use crate::pod_security::PodSecurity;
use crate::report::Report;
use crate::verdict::Verdict;

/// How many objects a thread judges at a time.
const AT_A_TIME: usize = 100;

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
        let mut cases = cases(model);
        let mut judged = 0;
        let mut some = || -> Vec<Case<'_>> {
            let some: Vec<_> = cases.by_ref().take(AT_A_TIME).collect();
            judged += some.len();
            some
        };
        let judge = |some: Vec<Case<'_>>| -> Vec<Verdict> {
            some.iter().flat_map(|case| self.about(case)).collect()
        };
        let first = some();
        report.verdicts = if parallel::is_worth_threads(first.len()) {
            let mut ahead = Some(first);
            let next = || {
                let some = ahead.take().unwrap_or_else(&mut some);
                Ok::<_, Infallible>((!some.is_empty()).then_some(some))
            };
            let Ok(verdicts) = parallel::each(next, |_, some| judge(some), || Ok(()));
            verdicts.into_iter().flatten().collect()
        } else {
            judge(first)
        };
        report.judged = judged;
        report.unusable = policies
            .into_iter()
            .filter(|row| row.unknown.is_some())
            .collect();
        report.locate(model);
        report
    }

    /// What all engines say of an object, one after the other.
    fn about(&self, case: &Case<'_>) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        for engine in &self.engines {
            engine.judge(case, &mut verdicts);
        }
        verdicts
    }
}
