//! Reading objects for the checks: each object's value is made once, judged, and kept in the form that a model needs.

use stack_builder::{Bundle, Finding, Object};
use stack_model::{Origin, SourceObject, Value, parallel};

#[cfg(feature = "admission")]
use super::admission::Admission;
use super::placeholders;
use super::{LAB_CHECKS, LATER_CHECKS, LabCheck};
use crate::model::Whole;

/// The objects of a stack, read piece by piece. What they were made from may go as soon as they are read.
#[derive(Default)]
pub(crate) struct Reading {
    sources: Vec<SourceObject>,
    /// Whether a placeholder stands in one of them.
    unfilled: bool,
    #[cfg(feature = "admission")]
    admission: Admission,
}

/// Some objects that were looked at one by one, while the value of each was at hand.
#[derive(Default)]
pub(crate) struct Looked {
    sources: Vec<SourceObject>,
    unfilled: bool,
    /// What a server would refuse, by the place among these objects.
    #[cfg(feature = "admission")]
    said: Vec<(usize, Vec<Finding>)>,
    /// Those that define kinds.
    #[cfg(feature = "admission")]
    definitions: Vec<Object>,
}

impl Reading {
    /// Judges what is read in this way.
    #[cfg(feature = "admission")]
    pub(super) fn judging(admission: Admission) -> Self {
        // Not `..Self::default()`, which would learn all kinds once more.
        Self {
            sources: Vec::new(),
            unfilled: false,
            admission,
        }
    }

    /// Reads objects with their values, and says of each what can be said of it alone. For several threads at once; what they give
    /// is [kept](Self::keep) in the order of the stack.
    pub(crate) fn look<'o>(&self, objects: impl Iterator<Item = (&'o Object, Value)>) -> Looked {
        let (_, most) = objects.size_hint();
        let mut looked = Looked {
            // No room is left over: there are many of these until all objects are read.
            sources: Vec::with_capacity(most.unwrap_or_default()),
            ..Looked::default()
        };
        for (object, value) in objects {
            looked.unfilled |= placeholders::may_stand_in(object.id(), &value);
            #[cfg(feature = "admission")]
            {
                let said = self.admission.judge(object, &value);
                if !said.is_empty() {
                    looked.said.push((looked.sources.len(), said));
                }
                if Admission::is_definition(object) {
                    looked.definitions.push(object.clone());
                }
            }
            looked
                .sources
                .push(SourceObject::new(value, Origin::default()));
        }
        looked
    }

    /// Keeps what objects were found to be. They come in the order of the stack.
    pub(crate) fn keep(&mut self, looked: Vec<Looked>) {
        let more = looked.iter().map(|looked| looked.sources.len()).sum();
        self.sources.reserve_exact(more);
        for mut looked in looked {
            #[cfg(feature = "admission")]
            self.admission
                .note(self.sources.len(), looked.definitions, looked.said);
            self.sources.append(&mut looked.sources);
            self.unfilled |= looked.unfilled;
        }
    }

    /// Reads further objects, on all processors. Objects come in the order of the stack.
    pub(crate) fn read(&mut self, objects: &[&Object]) {
        let looked = parallel::small(objects, |object| {
            self.look([(*object, object.to_held())].into_iter())
        });
        self.keep(looked);
    }

    /// Runs all checks on what was read. The bundle's own objects are not looked at: they may be gone.
    pub(crate) fn check(self, bundle: &Bundle, findings: &mut Vec<Finding>) {
        #[cfg(feature = "admission")]
        let refused = self.admission.finish(bundle, &self.sources);
        let is_large = parallel::is_worth_threads(self.sources.len());
        let whole = Whole::with_objects(bundle, self.sources, self.unfilled);
        let run = |checks: &[LabCheck]| {
            let mut findings = Vec::new();
            checks.iter().for_each(|check| check(&whole, &mut findings));
            findings
        };
        let (later, first) = match is_large {
            true => parallel::both(|| run(LATER_CHECKS), || run(LAB_CHECKS)),
            false => (run(LATER_CHECKS), run(LAB_CHECKS)),
        };
        findings.extend(first);
        #[cfg(feature = "admission")]
        findings.extend(refused);
        findings.extend(later);
        whole.model.give_back();
    }
}
