//! Reading objects for the checks: each object's value is made once, judged, and kept in the form that a model needs.

use stack_builder::{Bundle, Finding, Object};
use stack_model::{Origin, SourceObject, parallel};

#[cfg(feature = "admission")]
use super::admission::Admission;
use super::{LAB_CHECKS, LATER_CHECKS};
use crate::model::Whole;

/// The objects of a stack, read piece by piece. What they were made from may go as soon as they are read.
#[derive(Default)]
pub(crate) struct Reading {
    sources: Vec<SourceObject>,
    #[cfg(feature = "admission")]
    admission: Admission,
}

impl Reading {
    /// Judges what is read in this way.
    #[cfg(feature = "admission")]
    pub(super) fn judging(admission: Admission) -> Self {
        Self {
            sources: Vec::new(),
            admission,
        }
    }

    /// Reads further objects, on all processors. Objects come in the order of the stack.
    pub(crate) fn read(&mut self, objects: &[&Object]) {
        #[cfg(feature = "admission")]
        {
            let first = self.sources.len();
            let admission = &self.admission;
            let read = parallel::all(objects, |object| {
                let value = object.to_held();
                let findings = admission.judge(object, &value);
                (value, findings)
            });
            let mut said = Vec::new();
            for (at, (value, findings)) in read.into_iter().enumerate() {
                self.sources
                    .push(SourceObject::new(value, Origin::default()));
                if !findings.is_empty() {
                    said.push((first + at, findings));
                }
            }
            self.admission.note(objects, said);
        }
        #[cfg(not(feature = "admission"))]
        self.sources.extend(
            parallel::all(objects, |object| object.to_held())
                .into_iter()
                .map(|value| SourceObject::new(value, Origin::default())),
        );
    }

    /// Runs all checks on what was read. The bundle's own objects are not looked at: they may be gone.
    pub(crate) fn check(self, bundle: &Bundle, findings: &mut Vec<Finding>) {
        #[cfg(feature = "admission")]
        let refused = self.admission.finish(bundle, &self.sources);
        let whole = Whole::with_objects(bundle, self.sources);
        for check in LAB_CHECKS {
            check(&whole, findings);
        }
        #[cfg(feature = "admission")]
        findings.extend(refused);
        for check in LATER_CHECKS {
            check(&whole, findings);
        }
    }
}
