#![doc = include_str!("../README.md")]

mod admission;
mod chart;
mod cluster;
mod delivery;
mod environments;
mod limits;
mod network;
mod sampling;

use std::fmt;

use lab_builder::Bundle;
use lab_builder::stack_builder::BuildError;

/// An exercise, done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its number in the documentation: `2-1`, or `canary`.
    pub exercise: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// What is done, in order.
    pub steps: Vec<Step>,
}

/// One thing that is done, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is applied, sent or asked.
    pub action: String,
    /// What happens, in a word or a number: `allowed`, `refused at ingress-policy`, `denied`, `7`.
    pub outcome: String,
    /// Why, in the words of whatever decides; empty where there is nothing to explain.
    pub reason: String,
}

/// Why an exercise cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExerciseError {
    /// The lab lacks something that the exercise is about.
    #[error("exercise {exercise}: the lab has no {what}")]
    Missing {
        /// The exercise by its short name, such as `canary`.
        exercise: &'static str,
        /// What is missing.
        what: String,
    },
    /// The lab cannot be built in the form that the exercise asks for.
    #[error("exercise {exercise}: {source}")]
    Build {
        /// The exercise by its short name, such as `canary`.
        exercise: &'static str,
        /// Why.
        source: Box<BuildError>,
    },
    /// Something of the lab cannot be read.
    #[error("exercise {exercise}: {message}")]
    Read {
        /// The exercise by its short name, such as `canary`.
        exercise: &'static str,
        /// What is wrong.
        message: String,
    },
}

/// All exercises, in the order of the documentation.
///
/// # Errors
/// [`ExerciseError`], where the lab lacks what an exercise is about: a component was left out, say.
pub fn all(lab: &Bundle) -> Result<Vec<Lesson>, ExerciseError> {
    type Exercise = fn(&Bundle) -> Result<Lesson, ExerciseError>;
    let exercises: [Exercise; 16] = [
        network::restrict_pods,
        network::restrict_requests,
        network::add_a_route,
        network::reach_each_service,
        network::leave_the_mesh,
        admission::break_each_policy,
        admission::change_the_action,
        sampling::error_and_slow_traffic,
        limits::exhaust_the_quota,
        limits::budget_of_disruptions,
        sampling::make_traffic,
        delivery::chart_structure,
        delivery::upgrade_and_roll_back,
        environments::values_per_environment,
        delivery::argo_cd_and_helm,
        delivery::mirror_images,
    ];
    let mut lessons: Vec<Lesson> = exercises
        .iter()
        .map(|exercise| exercise(lab))
        .collect::<Result<_, _>>()?;
    lessons.push(delivery::canary());
    Ok(lessons)
}

impl Step {
    fn new(
        action: impl Into<String>,
        outcome: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            action: action.into(),
            outcome: outcome.into(),
            reason: reason.into(),
        }
    }
}

/// `Exercise 2-1: title`, then a line per step: what is done, what happens, why.
impl fmt::Display for Lesson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Exercise {}: {}", self.exercise, self.title)?;
        for step in &self.steps {
            writeln!(f, "  {}\n      -> {}", step.action, step.outcome)?;
            for line in step.reason.lines() {
                writeln!(f, "         {line}")?;
            }
        }
        Ok(())
    }
}
