//! Why nothing can be said.

/// How many parts behind choices that share some can be tried.
pub(crate) const MOST: usize = 16;

/// Why nothing can be said of a part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SystemError {
    /// A part is asked for, or needed, that is not in the system.
    #[error("there is no part `{part}`{}", wanted(by))]
    Unknown {
        /// The part.
        part: String,
        /// Who needs it; absent where it was asked for.
        by: Option<String>,
    },
    /// Parts that need each other in a circle, so that none of them ever starts.
    #[error("these parts need each other: {}", .0.join(", "))]
    Circle(Vec<String>),
    /// Alternatives that share more parts than can be tried one by one.
    #[error("{0} parts behind alternatives depend on each other; at most {most} can be tried", most = MOST)]
    Entangled(usize),
}

fn wanted(by: &Option<String>) -> String {
    by.as_ref()
        .map(|by| format!(", which `{by}` needs"))
        .unwrap_or_default()
}
