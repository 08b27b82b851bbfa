//! Sets of texts.

use std::fmt;
use std::sync::{Arc, OnceLock};

use regex::bytes::{Regex, RegexBuilder};

/// A set of texts: patterns, and what can be made of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Texts {
    All,
    None,
    Of(Pattern),
    Not(Arc<Texts>),
    Both(Arc<(Texts, Texts)>),
    Either(Arc<(Texts, Texts)>),
}

/// An expression that holds for a whole text, byte by byte.
#[derive(Clone)]
pub(crate) struct Pattern {
    expression: Arc<str>,
    compiled: Arc<OnceLock<Option<Regex>>>,
}

impl Pattern {
    pub(super) fn expression(&self) -> &str {
        &self.expression
    }

    /// What is wrong matches nothing, as in the proxy.
    fn matches(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| {
            RegexBuilder::new(&format!("^(?:{})$", self.expression))
                .unicode(false)
                .build()
                .ok()
        });
        compiled
            .as_ref()
            .is_some_and(|regex| regex.is_match(text.as_bytes()))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.expression == other.expression
    }
}

impl Eq for Pattern {}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.expression.cmp(&other.expression)
    }
}

impl std::hash::Hash for Pattern {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.expression.hash(state);
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}

impl Texts {
    /// The texts that an expression matches as a whole.
    pub(crate) fn regex(expression: &str) -> Self {
        Self::Of(Pattern {
            expression: expression.into(),
            compiled: Arc::default(),
        })
    }

    /// One text.
    pub(crate) fn exactly(text: &str) -> Self {
        Self::regex(&regex::escape(text))
    }

    /// As Istio writes texts: `*` for anything but nothing, `abc*` and `*abc` by prefix and suffix, else the text itself.
    pub(crate) fn istio(pattern: &str) -> Self {
        let any = "(?s:.)";
        if pattern == "*" {
            return Self::regex(&format!("{any}+"));
        }
        match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
            (Some(prefix), _) => Self::regex(&format!("{}{any}*", regex::escape(prefix))),
            (None, Some(suffix)) => Self::regex(&format!("{any}*{}", regex::escape(suffix))),
            (None, None) => Self::exactly(pattern),
        }
    }

    /// The same of paths, which may be templates.
    pub(crate) fn istio_path(pattern: &str) -> Self {
        Self::template(pattern).unwrap_or_else(|| Self::istio(pattern))
    }

    /// The paths of a template, as Envoy reads it; `None` for a pattern that is none. `{*}` is one segment, or the rest of one;
    /// `{**}` is anything, slashes and nothing included.
    pub(crate) fn template(pattern: &str) -> Option<Self> {
        if !pattern.contains("{*}") && !pattern.contains("{**}") {
            return None;
        }
        let mut expression = String::new();
        let mut rest = pattern;
        while let Some(at) = rest.find("{*") {
            let (text, operator) = rest.split_at(at);
            expression.push_str(&regex::escape(text));
            rest = match (operator.strip_prefix("{**}"), operator.strip_prefix("{*}")) {
                (Some(rest), _) => {
                    expression.push_str("(?s:.)*");
                    rest
                }
                (None, Some(rest)) => {
                    expression.push_str("[^/]+");
                    rest
                }
                (None, None) => {
                    expression.push_str(r"\{\*");
                    operator.get(2..).unwrap_or_default()
                }
            };
        }
        expression.push_str(&regex::escape(rest));
        Some(Self::regex(&expression))
    }

    pub(crate) fn any(items: impl IntoIterator<Item = Self>) -> Self {
        items
            .into_iter()
            .fold(Self::None, |sum, item| sum.union(&item))
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Of(pattern) => pattern.matches(text),
            Self::Not(inner) => !inner.contains(text),
            Self::Both(pair) => pair.0.contains(text) && pair.1.contains(text),
            Self::Either(pair) => pair.0.contains(text) || pair.1.contains(text),
        }
    }

    #[must_use]
    pub(crate) fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (Self::None, rest) | (rest, Self::None) => rest.clone(),
            (a, b) if a == b => a.clone(),
            (a, b) => Self::Either(Arc::new((a.min(b).clone(), a.max(b).clone()))),
        }
    }

    #[must_use]
    pub(crate) fn intersection(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (Self::All, rest) | (rest, Self::All) => rest.clone(),
            (a, b) if a == b => a.clone(),
            (a, b) => Self::Both(Arc::new((a.min(b).clone(), a.max(b).clone()))),
        }
    }

    #[must_use]
    pub(crate) fn complement(&self) -> Self {
        match self {
            Self::All => Self::None,
            Self::None => Self::All,
            Self::Not(inner) => (**inner).clone(),
            other => Self::Not(Arc::new(other.clone())),
        }
    }
}

impl fmt::Display for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("any"),
            Self::None => f.write_str("none"),
            Self::Of(pattern) => f.write_str(pattern.expression()),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Both(pair) => write!(f, "({} and {})", pair.0, pair.1),
            Self::Either(pair) => write!(f, "({} or {})", pair.0, pair.1),
        }
    }
}
