//! Label selectors, compiled once and asked often.

use kube_value::{Map, Text, Value};

use crate::LabelSet;

/// Why something is no selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectorError {
    /// A part has the wrong type.
    #[error("`{path}` must be {expected}")]
    Shape {
        /// Where, from the selector.
        path: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// An operator that Kubernetes does not know.
    #[error("`{path}`: no operator `{found}`; there are In, NotIn, Exists, DoesNotExist")]
    Operator {
        /// Where, from the selector.
        path: String,
        /// What stands there.
        found: String,
    },
    /// A text form that cannot be read.
    #[error("`{0}` is no requirement of a selector")]
    Text(String),
}

/// What a requirement asks of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// It is set, to one of the values.
    In,
    /// It is not set, or to none of the values.
    NotIn,
    /// It is set.
    Exists,
    /// It is not set.
    DoesNotExist,
    /// It is a whole number above the value. Of node selectors only.
    Gt,
    /// It is a whole number below the value. Of node selectors only.
    Lt,
}

impl Operator {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "In" => Self::In,
            "NotIn" => Self::NotIn,
            "Exists" => Self::Exists,
            "DoesNotExist" => Self::DoesNotExist,
            "Gt" => Self::Gt,
            "Lt" => Self::Lt,
            _ => return None,
        })
    }
}

/// One condition on one label. Its texts share their memory with the object that asks for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement {
    /// The key of the label that the requirement is about.
    pub key: Text,
    /// What is asked of it.
    pub operator: Operator,
    /// The values, in order and without repetition; empty for the operators that take none.
    pub values: Box<[Text]>,
}

impl Requirement {
    /// A condition; the values may come in any order.
    pub fn new<V: Into<Text>>(
        key: impl Into<Text>,
        operator: Operator,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let mut values: Vec<Text> = values.into_iter().map(Into::into).collect();
        values.sort_unstable();
        values.dedup();
        Self {
            key: key.into(),
            operator,
            values: values.into(),
        }
    }

    /// Whether a label with this value (or none) satisfies it.
    pub fn accepts(&self, value: Option<&str>) -> bool {
        crate::work::step();
        let listed = |value: &str| {
            self.values
                .binary_search_by(|have| have.as_str().cmp(value))
                .is_ok()
        };
        match self.operator {
            Operator::In => value.is_some_and(listed),
            Operator::NotIn => !value.is_some_and(listed),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::Gt => self.compares(value, |have, bound| have > bound),
            Operator::Lt => self.compares(value, |have, bound| have < bound),
        }
    }

    fn compares(&self, value: Option<&str>, order: impl Fn(i64, i64) -> bool) -> bool {
        let bound = self.values.first().and_then(|bound| bound.parse().ok());
        let have = value.and_then(|value| value.parse().ok());
        have.zip(bound)
            .is_some_and(|(have, bound)| order(have, bound))
    }
}

/// A label selector: all its requirements must hold.
///
/// An empty selector selects everything. What an *absent* selector means differs from field to field, and is the caller's
/// to know: a Service without one selects nothing, a NetworkPolicy peer without one is another kind of peer.
///
/// ```
/// use serde_json::json;
/// use stack_model::Selector;
///
/// let written = json!({
///     "matchLabels": {"app": "web"},
///     "matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["test"]}],
/// });
/// let selector = Selector::read(&written.into())?;
/// assert!(selector.matches(&[("app", "web")]));
/// assert!(!selector.matches(&[("app", "web"), ("tier", "test")]));
/// # Ok::<(), stack_model::SelectorError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector {
    requirements: Vec<Requirement>,
    nothing: bool,
}

impl Selector {
    /// Selects everything: `{}`.
    pub const fn everything() -> Self {
        Self {
            requirements: Vec::new(),
            nothing: false,
        }
    }

    /// Selects nothing; no text of a selector says that, but an absent one often means it.
    pub const fn nothing() -> Self {
        Self {
            requirements: Vec::new(),
            nothing: true,
        }
    }

    /// A selector of these requirements.
    pub fn new(requirements: impl IntoIterator<Item = Requirement>) -> Self {
        let mut requirements: Vec<_> = requirements.into_iter().collect();
        requirements.sort_unstable();
        requirements.dedup();
        Self {
            requirements,
            nothing: false,
        }
    }

    /// Reads a `LabelSelector`: `matchLabels` and `matchExpressions`.
    ///
    /// # Errors
    /// Where the server would refuse it: a wrong type, an unknown operator.
    pub fn read(selector: &Value) -> Result<Self, SelectorError> {
        let Some(members) = selector.as_object() else {
            return match selector {
                Value::Null => Ok(Self::everything()),
                _ => Err(shape("", "an object")),
            };
        };
        let mut requirements = match members.get("matchLabels") {
            None | Some(Value::Null) => Vec::new(),
            Some(labels) => equalities(
                labels
                    .as_object()
                    .ok_or_else(|| shape("matchLabels", "an object"))?,
                "matchLabels",
            )?,
        };
        match members.get("matchExpressions") {
            None | Some(Value::Null) => {}
            Some(Value::Array(expressions)) => {
                for (index, expression) in expressions.iter().enumerate() {
                    requirements.push(read_expression(
                        expression,
                        &format!("matchExpressions[{index}]"),
                    )?);
                }
            }
            Some(_) => return Err(shape("matchExpressions", "a list")),
        }
        Ok(Self::new(requirements))
    }

    /// Reads a plain map of labels, as a Service's `spec.selector` or a `nodeSelector` is.
    ///
    /// # Errors
    /// Where it is no map of texts.
    pub fn read_labels(labels: &Value) -> Result<Self, SelectorError> {
        let labels = labels.as_object().ok_or_else(|| shape("", "an object"))?;
        Ok(Self::new(equalities(labels, "")?))
    }

    /// Reads a list of requirements, as `nodeSelectorTerms[].matchExpressions` is: with `Gt` and `Lt`.
    ///
    /// # Errors
    /// Where the server would refuse it: a wrong type, an unknown operator.
    pub fn read_expressions(expressions: &Value) -> Result<Self, SelectorError> {
        let expressions = expressions.as_array().ok_or_else(|| shape("", "a list"))?;
        let requirements: Result<Vec<_>, _> = expressions
            .iter()
            .enumerate()
            .map(|(index, expression)| read_expression(expression, &format!("[{index}]")))
            .collect();
        requirements.map(Self::new)
    }

    /// Reads the text form: `app=web,tier!=test,env in (dev,stg),!legacy`.
    ///
    /// # Errors
    /// Where a part is no requirement.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let mut requirements = Vec::new();
        for part in split_outside_parentheses(text) {
            let part = part.trim();
            if !part.is_empty() {
                requirements.push(
                    parse_requirement(part).ok_or_else(|| SelectorError::Text(part.to_owned()))?,
                );
            }
        }
        Ok(Self::new(requirements))
    }

    /// The same selector with one more requirement.
    #[must_use]
    pub fn and(mut self, requirement: Requirement) -> Self {
        self.requirements.push(requirement);
        Self {
            nothing: self.nothing,
            ..Self::new(self.requirements)
        }
    }

    /// Whether something with these labels is selected.
    pub fn matches(&self, labels: &(impl LabelSet + ?Sized)) -> bool {
        !self.nothing
            && self
                .requirements
                .iter()
                .all(|requirement| requirement.accepts(labels.value(&requirement.key)))
    }

    /// The requirements, in an order of their own; none for [`everything`](Self::everything) and [`nothing`](Self::nothing).
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// Whether everything is selected, whatever its labels.
    pub fn is_everything(&self) -> bool {
        !self.nothing && self.requirements.is_empty()
    }

    /// Whether nothing can ever be selected, as far as each label alone tells.
    pub fn is_nothing(&self) -> bool {
        self.nothing
            || self.requirements.iter().any(|requirement| {
                requirement.operator == Operator::In && requirement.values.is_empty()
            })
    }
}

fn shape(path: &str, expected: &'static str) -> SelectorError {
    SelectorError::Shape {
        path: path.to_owned(),
        expected,
    }
}

fn equalities(labels: &Map, path: &str) -> Result<Vec<Requirement>, SelectorError> {
    labels
        .iter()
        .map(|(key, value)| {
            let Value::String(value) = value else {
                return Err(shape(&format!("{path}[{key}]"), "a text"));
            };
            Ok(Requirement::new(key.clone(), Operator::In, [value.clone()]))
        })
        .collect()
}

fn read_expression(expression: &Value, path: &str) -> Result<Requirement, SelectorError> {
    let text = |member: &str| expression.get(member).and_then(Value::as_str);
    let key = text("key").ok_or_else(|| shape(&format!("{path}.key"), "a text"))?;
    let word = text("operator").ok_or_else(|| shape(&format!("{path}.operator"), "a text"))?;
    let operator = Operator::parse(word).ok_or_else(|| SelectorError::Operator {
        path: format!("{path}.operator"),
        found: word.to_owned(),
    })?;
    let values = match expression.get("values") {
        None | Some(Value::Null) => Vec::new(),
        Some(values) => values
            .as_array()
            .and_then(|values| values.iter().map(Value::as_str).collect::<Option<Vec<_>>>())
            .ok_or_else(|| shape(&format!("{path}.values"), "a list of texts"))?,
    };
    Ok(Requirement::new(key, operator, values))
}

fn split_outside_parentheses(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    text.split(move |c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}

fn parse_requirement(part: &str) -> Option<Requirement> {
    let none = [] as [&str; 0];
    if let Some((key, value)) = part.split_once("!=") {
        return Some(Requirement::new(
            key.trim(),
            Operator::NotIn,
            [value.trim()],
        ));
    }
    if let Some((key, value)) = part.split_once('=') {
        let value = value.strip_prefix('=').unwrap_or(value);
        return Some(Requirement::new(key.trim(), Operator::In, [value.trim()]));
    }
    if let Some(key) = part.strip_prefix('!') {
        return Some(Requirement::new(key.trim(), Operator::DoesNotExist, none));
    }
    let Some((head, tail)) = part.split_once('(') else {
        return (!part.contains(char::is_whitespace))
            .then(|| Requirement::new(part, Operator::Exists, none));
    };
    let values = tail.strip_suffix(')')?.split(',').map(str::trim);
    let (key, word) = head.trim().split_once(char::is_whitespace)?;
    let operator = match word.trim() {
        "in" => Operator::In,
        "notin" => Operator::NotIn,
        _ => return None,
    };
    Some(Requirement::new(key, operator, values))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_operator_answers_for_set_other_and_unset_labels() {
        let cases = [
            (Operator::In, [true, false, false]),
            (Operator::NotIn, [false, true, true]),
            (Operator::Exists, [true, true, false]),
            (Operator::DoesNotExist, [false, false, true]),
        ];
        for (operator, expected) in cases {
            let selector = Selector::new([Requirement::new("a", operator, ["x"])]);
            let found = [
                selector.matches(&[("a", "x")]),
                selector.matches(&[("a", "y")]),
                selector.matches(&[("b", "x")]),
            ];
            assert_eq!(found, expected, "{operator:?}");
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        let selector = Selector::read_expressions(
            &json!([{"key": "cores", "operator": "Gt", "values": ["8"]}]).into(),
        );
        let selector = selector.unwrap();
        assert!(selector.matches(&[("cores", "16")]));
        assert!(!selector.matches(&[("cores", "8")]));
        assert!(!selector.matches(&[("cores", "many")]));
    }

    #[test]
    fn the_text_form_says_the_same() {
        let text = "app=web, tier!=test,env in (dev, stg),!legacy,owner";
        let selector = Selector::parse(text).unwrap();
        let same = json!({
            "matchLabels": {"app": "web"},
            "matchExpressions": [
                {"key": "tier", "operator": "NotIn", "values": ["test"]},
                {"key": "env", "operator": "In", "values": ["stg", "dev"]},
                {"key": "legacy", "operator": "DoesNotExist"},
                {"key": "owner", "operator": "Exists"},
            ],
        });
        assert_eq!(selector, Selector::read(&same.into()).unwrap());
        assert!(Selector::parse("a b").is_err() && Selector::parse("a on (b)").is_err());
        assert!(Selector::parse("").unwrap().is_everything());
    }

    #[test]
    fn what_the_server_refuses_is_an_error_with_its_place() {
        let cases = [
            (
                json!({"matchLabels": {"a": 1}}),
                "`matchLabels[a]` must be a text",
            ),
            (
                json!({"matchExpressions": {}}),
                "`matchExpressions` must be a list",
            ),
            (
                json!({"matchExpressions": [{"key": "a", "operator": "Is"}]}),
                "`matchExpressions[0].operator`: no operator `Is`; there are In, NotIn, Exists, DoesNotExist",
            ),
        ];
        for (selector, message) in cases {
            assert_eq!(
                Selector::read(&selector.into()).unwrap_err().to_string(),
                message
            );
        }
    }

    #[test]
    fn nothing_and_everything_are_told_apart() {
        assert!(Selector::everything().matches(&[] as &[(&str, &str)]));
        assert!(!Selector::nothing().matches(&[] as &[(&str, &str)]));
        assert!(Selector::nothing().is_nothing() && !Selector::nothing().is_everything());
    }
}
