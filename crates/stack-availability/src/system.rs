//! Parts together, and what is asked of them.

use std::collections::BTreeMap;

use crate::availability::Availability;
use crate::error::SystemError;
use crate::evaluate::Question;
use crate::part::Part;

/// Parts that need each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct System {
    parts: BTreeMap<String, Part>,
}

/// What the whole would gain from a part.
#[derive(Clone, Debug, PartialEq)]
pub struct Gain {
    /// The part.
    pub part: String,
    /// How much of the time the whole would work, if this part never failed.
    pub without_failures: Availability,
    /// The difference, as a share of time.
    pub gain: f64,
}

impl System {
    /// A system without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part; one of the same name is replaced.
    #[must_use]
    pub fn with(mut self, part: Part) -> Self {
        self.parts.insert(part.name.clone(), part);
        self
    }

    /// The parts by name.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.values()
    }

    /// How much of the time a part works, with all that it needs.
    ///
    /// # Errors
    /// [`SystemError`] when a part is missing, or parts need each other in a circle.
    pub fn of(&self, part: &str) -> Result<Availability, SystemError> {
        Question::about(&self.parts, part)?.answer(&BTreeMap::new())
    }

    /// What a part would gain if each of those that it needs, and the part itself, never failed: the largest gain first.
    ///
    /// # Errors
    /// As [`System::of`].
    pub fn bottlenecks(&self, part: &str) -> Result<Vec<Gain>, SystemError> {
        let question = Question::about(&self.parts, part)?;
        let now = question.answer(&BTreeMap::new())?;
        let mut gains = Vec::new();
        for name in question.parts() {
            let without_failures =
                question.answer(&BTreeMap::from([(name, Availability::ALWAYS)]))?;
            gains.push(Gain {
                part: name.to_owned(),
                without_failures,
                gain: without_failures.as_share() - now.as_share(),
            });
        }
        gains.sort_by(|one, other| {
            let by_gain = other.gain.total_cmp(&one.gain);
            by_gain.then_with(|| one.part.cmp(&other.part))
        });
        Ok(gains)
    }

    /// How much of the time `part` must work by itself, so that `whole` reaches `slo` while all others stay as they are; `None`
    /// where even a part that never fails would not do. A part that is needed for nothing may have none.
    ///
    /// # Errors
    /// As [`System::of`].
    pub fn needed_of(
        &self,
        part: &str,
        whole: &str,
        slo: Availability,
    ) -> Result<Option<Availability>, SystemError> {
        if !self.parts.contains_key(part) {
            return Err(SystemError::Unknown {
                part: part.to_owned(),
                by: None,
            });
        }
        let question = Question::about(&self.parts, whole)?;
        let with =
            |own: f64| question.answer(&BTreeMap::from([(part, Availability::clamped(own))]));
        let (worst, best) = (with(0.0)?.as_share(), with(1.0)?.as_share());
        // The whole depends on one part by a straight line.
        Ok(match slo.as_share() {
            slo if slo <= worst => Some(Availability::clamped(0.0)),
            slo if slo > best => None,
            slo => Some(Availability::clamped((slo - worst) / (best - worst))),
        })
    }

    /// How much of the time each part must work by itself, if all were equally good, so that `whole` reaches `slo`.
    ///
    /// # Errors
    /// As [`System::of`].
    pub fn needed_of_each(
        &self,
        whole: &str,
        slo: Availability,
    ) -> Result<Availability, SystemError> {
        let question = Question::about(&self.parts, whole)?;
        let (mut least, mut enough) = (0.0_f64, 1.0_f64);
        // Halving sixty times is as exact as the numbers are.
        for _ in 0..60 {
            let middle = f64::midpoint(least, enough);
            let all = question
                .parts()
                .map(|part| (part, Availability::clamped(middle)));
            match question.answer(&all.collect())?.as_share() < slo.as_share() {
                true => least = middle,
                false => enough = middle,
            }
        }
        Ok(Availability::clamped(enough))
    }
}
