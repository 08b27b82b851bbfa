//! Queries of Prometheus, as far as what they ask for and how their sides are matched.
//!
//! See <https://prometheus.io/docs/prometheus/latest/querying/basics/>.

use kube_vocab::{Finding, Severity};

use crate::finding::in_file;

/// A query, as a tree.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Expression {
    /// A number or a text.
    Literal(String),
    /// Series, or a range of them.
    Selector(Selector),
    /// A function and its arguments.
    Call(String, Vec<Expression>),
    /// An aggregation: its operator, the labels that stay (`by`) or go (`without`), and its arguments.
    Aggregation(String, Grouping, Vec<Expression>),
    /// Two sides and what stands between them.
    Binary(Box<Binary>),
}

/// Which series are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// The metric; empty where the matchers name it.
    pub metric: String,
    /// Conditions on labels.
    pub matchers: Vec<Matcher>,
}

/// A condition on a label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matcher {
    /// The label that is compared; `__name__` for the metric itself.
    pub label: String,
    /// `=`, `!=`, `=~` or `!~`.
    pub operator: String,
    /// What it is compared with.
    pub value: String,
}

/// The labels of an aggregation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// No label stays.
    All,
    /// These stay.
    By(Vec<String>),
    /// These go.
    Without(Vec<String>),
}

/// An operator between two expressions, and how their series find each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Binary {
    /// `+`, `/`, `>`, `and` ...
    pub operator: String,
    /// How series of both sides find each other.
    pub matching: Matching,
    /// What stands before the operator.
    pub left: Expression,
    /// What stands behind the operator.
    pub right: Expression,
}

/// How series of two sides find each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// By these labels alone.
    pub on: Option<Vec<String>>,
    /// By all labels but these.
    pub ignoring: Option<Vec<String>>,
    /// `group_left` or `group_right`, where one series has several partners.
    pub group: Option<String>,
}

/// A text that is no query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The byte at which it ceases to be one.
    pub at: usize,
    /// What could have stood there.
    pub expected: &'static str,
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at byte {}: expected {}", self.at, self.expected)
    }
}

impl std::error::Error for QueryError {}

impl Selector {
    /// The one value that a label must have.
    pub fn equal_to(&self, label: &str) -> Option<&str> {
        let mut matchers = self.matchers.iter();
        let matcher = matchers.find(|matcher| matcher.label == label && matcher.operator == "=")?;
        Some(&matcher.value)
    }
}

impl Expression {
    /// All selectors, from left to right.
    pub fn selectors(&self) -> Vec<&Selector> {
        let mut found = Vec::new();
        self.visit(&mut |expression| {
            if let Self::Selector(selector) = expression {
                found.push(selector);
            }
        });
        found
    }

    fn visit<'e>(&'e self, see: &mut impl FnMut(&'e Self)) {
        see(self);
        match self {
            Self::Literal(_) | Self::Selector(_) => {}
            Self::Call(_, arguments) | Self::Aggregation(_, _, arguments) => {
                arguments.iter().for_each(|argument| argument.visit(see));
            }
            Self::Binary(binary) => {
                binary.left.visit(see);
                binary.right.visit(see);
            }
        }
    }
}

/// Reads a query.
///
/// # Errors
/// [`QueryError`] with the place.
pub fn parse(query: &str) -> Result<Expression, QueryError> {
    let mut reader = Reader {
        text: query,
        at: 0,
        depth: 0,
    };
    let expression = reader.binary(0)?;
    reader.blank();
    match reader.rest().is_empty() {
        true => Ok(expression),
        false => Err(reader.expected("the end")),
    }
}

/// What is wrong with a query at a place of a file: ratios that are always one, and matches that break when a pod has a second
/// container. Texts that are no query are passed over; Prometheus itself says what is wrong with them.
pub fn check(query: &str, place: &str, file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Ok(expression) = parse(query) else {
        return findings;
    };
    expression.visit(&mut |expression| {
        let Expression::Binary(binary) = expression else {
            return;
        };
        if binary.operator == "/" && is_of_itself(binary) {
            findings.push(in_file(
                "query-ratio-is-one",
                Severity::Error,
                file,
                place,
                "each series is divided by itself, since both sides have the same labels: the ratio is one wherever there is any",
                "sum both sides first: `sum(rate(...)) / sum(rate(...))`",
            ));
        }
        if let Some(metric) = many_containers(binary) {
            findings.push(in_file(
                "query-many-to-many",
                Severity::Error,
                file,
                place,
                format!("`{metric}` has a series for each container: with two containers in a pod the match fails"),
                "sum it by the labels that are matched: `sum by (namespace, pod) (...)`",
            ));
        }
    });
    findings
}

/// Whether both sides are the same function of the same metric, and the left one only chooses fewer of the series.
fn is_of_itself(binary: &Binary) -> bool {
    let is_plain = binary.matching == Matching::default();
    let (left, right) = (series(&binary.left), series(&binary.right));
    match (left, right) {
        (Some((left_function, left)), Some((right_function, right))) => {
            let narrows = right
                .matchers
                .iter()
                .all(|matcher| left.matchers.contains(matcher));
            is_plain
                && left_function == right_function
                && left.metric == right.metric
                && !left.metric.is_empty()
                && left.matchers.len() > right.matchers.len()
                && narrows
        }
        _ => false,
    }
}

/// A selector, or a function of one.
fn series(expression: &Expression) -> Option<(&str, &Selector)> {
    match expression {
        Expression::Selector(selector) => Some(("", selector)),
        Expression::Call(function, arguments) => match arguments.as_slice() {
            [Expression::Selector(selector)] => Some((function, selector)),
            _ => None,
        },
        _ => None,
    }
}

/// The metric of one series for each container that stands, as it is, on the side that must have one series for each pod.
fn many_containers(binary: &Binary) -> Option<&str> {
    let on = binary.matching.on.as_ref()?;
    let one = match binary.matching.group.as_deref() {
        Some("group_left") => &binary.right,
        Some("group_right") => &binary.left,
        _ => return None,
    };
    let (_, selector) = series(one)?;
    let is_each = selector.metric.starts_with("kube_pod_container_");
    let is_one =
        on.iter().any(|label| label == "container") || selector.equal_to("container").is_some();
    (is_each && !is_one).then_some(&selector.metric)
}

const AGGREGATIONS: [&str; 14] = [
    "sum",
    "avg",
    "min",
    "max",
    "count",
    "count_values",
    "stddev",
    "stdvar",
    "topk",
    "bottomk",
    "quantile",
    "group",
    "limitk",
    "limit_ratio",
];

/// Operators by how tightly they bind.
const LEVELS: [&[&str]; 6] = [
    &["or"],
    &["and", "unless"],
    &["==", "!=", "<=", ">=", "<", ">"],
    &["+", "-"],
    &["*", "/", "%", "atan2"],
    &["^"],
];

/// How deep parentheses may go.
const DEEPEST: usize = 100;

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn expected(&self, expected: &'static str) -> QueryError {
        QueryError {
            at: self.at,
            expected,
        }
    }

    fn blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with('#') {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.blank();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn needs(&mut self, sign: &'static str) -> Result<(), QueryError> {
        match self.takes(sign) {
            true => Ok(()),
            false => Err(self.expected(sign)),
        }
    }

    /// The word at the next place, without taking it.
    fn word(&mut self) -> &'t str {
        self.blank();
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        match word.starts_with(|c: char| c.is_ascii_digit()) {
            true => "",
            false => word,
        }
    }

    fn takes_word(&mut self, wanted: &str) -> bool {
        let found = self.word().eq_ignore_ascii_case(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    fn operator(&mut self, level: usize) -> Option<&'static str> {
        let word = self.word();
        let known = LEVELS.get(level)?.iter().copied();
        let mut matching = known.filter(|operator| {
            match operator.starts_with(|c: char| c.is_ascii_alphabetic()) {
                true => word.eq_ignore_ascii_case(operator),
                false => self.rest().starts_with(operator),
            }
        });
        let operator = matching.next()?;
        self.at += operator.len();
        Some(operator)
    }

    fn binary(&mut self, level: usize) -> Result<Expression, QueryError> {
        if level == LEVELS.len() {
            return self.unary();
        }
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = self.operator(level) {
            self.takes_word("bool");
            let matching = self.matching()?;
            // A power binds to the right.
            let right = self.binary(if operator == "^" { level } else { level + 1 })?;
            left = Expression::Binary(Box::new(Binary {
                operator: operator.to_owned(),
                matching,
                left,
                right,
            }));
        }
        Ok(left)
    }

    fn matching(&mut self) -> Result<Matching, QueryError> {
        let mut matching = Matching::default();
        if self.takes_word("on") {
            matching.on = Some(self.labels()?);
        } else if self.takes_word("ignoring") {
            matching.ignoring = Some(self.labels()?);
        }
        for group in ["group_left", "group_right"] {
            if self.takes_word(group) {
                matching.group = Some(group.to_owned());
                self.blank();
                // Labels that are taken over; without them, a parenthesis begins the right side.
                if self.rest().starts_with('(') && self.holds_labels() {
                    self.labels()?;
                }
            }
        }
        Ok(matching)
    }

    /// Whether what stands in the parenthesis at this place are labels: words and commas.
    fn holds_labels(&self) -> bool {
        let inner = self.rest().get(1..).and_then(|rest| rest.split_once(')'));
        inner.is_some_and(|(inner, after)| {
            let is_list = inner
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_, \n\t".contains(c));
            let goes_on = after.trim_start();
            is_list && !goes_on.is_empty() && !goes_on.starts_with(['[', ')', '+', '*', '/'])
        })
    }

    fn labels(&mut self) -> Result<Vec<String>, QueryError> {
        self.needs("(")?;
        let mut labels = Vec::new();
        while !self.takes(")") {
            let word = self.word();
            if word.is_empty() {
                return Err(self.expected("a label"));
            }
            self.at += word.len();
            labels.push(word.to_owned());
            self.takes(",");
        }
        Ok(labels)
    }

    fn unary(&mut self) -> Result<Expression, QueryError> {
        while self.takes("-") || self.takes("+") {}
        let expression = self.primary()?;
        self.modifiers(expression)
    }

    /// Ranges, subqueries, offsets and points in time change which samples count, not which series.
    fn modifiers(&mut self, expression: Expression) -> Result<Expression, QueryError> {
        loop {
            if self.takes("[") {
                let inner = self.rest();
                let end = inner.find(']').ok_or_else(|| self.expected("]"))?;
                self.at += end + 1;
            } else if self.takes_word("offset") {
                self.takes("-");
                self.duration();
            } else if self.takes("@") {
                self.blank();
                let rest = self.rest();
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "._()".contains(c)));
                self.at += end.unwrap_or(rest.len());
            } else {
                return Ok(expression);
            }
        }
    }

    fn duration(&mut self) {
        self.blank();
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric());
        self.at += end.unwrap_or(rest.len());
    }

    fn primary(&mut self) -> Result<Expression, QueryError> {
        self.blank();
        let rest = self.rest();
        if self.depth == DEEPEST {
            return Err(self.expected("fewer parentheses"));
        }
        match rest.chars().next() {
            Some('(') => {
                self.at += 1;
                self.depth += 1;
                let inner = self.binary(0)?;
                self.depth -= 1;
                self.needs(")")?;
                Ok(inner)
            }
            Some('{') => Ok(Expression::Selector(Selector {
                metric: String::new(),
                matchers: self.matchers()?,
            })),
            Some(quote @ ('"' | '\'' | '`')) => {
                let text = self.quoted(quote)?;
                Ok(Expression::Literal(text))
            }
            Some(c) if c.is_ascii_digit() || c == '.' => {
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
                let number = &rest[..end.unwrap_or(rest.len())];
                self.at += number.len();
                Ok(Expression::Literal(number.to_owned()))
            }
            _ => self.named(),
        }
    }

    fn named(&mut self) -> Result<Expression, QueryError> {
        let name = self.word();
        if name.is_empty() {
            return Err(self.expected("a metric, a function, a number or a parenthesis"));
        }
        self.at += name.len();
        let is_aggregation = AGGREGATIONS
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known));
        if is_aggregation {
            let before = self.grouping()?;
            let arguments = self.arguments()?;
            let grouping = match before {
                Some(grouping) => grouping,
                None => self.grouping()?.unwrap_or(Grouping::All),
            };
            return Ok(Expression::Aggregation(
                name.to_owned(),
                grouping,
                arguments,
            ));
        }
        self.blank();
        if self.rest().starts_with('(') {
            let arguments = self.arguments()?;
            return Ok(Expression::Call(name.to_owned(), arguments));
        }
        let matchers = match self.rest().starts_with('{') {
            true => self.matchers()?,
            false => Vec::new(),
        };
        Ok(Expression::Selector(Selector {
            metric: name.to_owned(),
            matchers,
        }))
    }

    fn grouping(&mut self) -> Result<Option<Grouping>, QueryError> {
        if self.takes_word("by") {
            Ok(Some(Grouping::By(self.labels()?)))
        } else if self.takes_word("without") {
            Ok(Some(Grouping::Without(self.labels()?)))
        } else {
            Ok(None)
        }
    }

    fn arguments(&mut self) -> Result<Vec<Expression>, QueryError> {
        self.needs("(")?;
        self.depth += 1;
        let mut arguments = Vec::new();
        while !self.takes(")") {
            arguments.push(self.binary(0)?);
            if !self.takes(",") {
                self.needs(")")?;
                break;
            }
        }
        self.depth -= 1;
        Ok(arguments)
    }

    fn matchers(&mut self) -> Result<Vec<Matcher>, QueryError> {
        self.needs("{")?;
        let mut matchers = Vec::new();
        while !self.takes("}") {
            let label = self.word();
            if label.is_empty() {
                return Err(self.expected("a label"));
            }
            self.at += label.len();
            let mut operators = ["=~", "!~", "!=", "="].into_iter();
            let operator = operators
                .find(|operator| self.takes(operator))
                .ok_or_else(|| self.expected("=, !=, =~ or !~"))?;
            self.blank();
            let quote = self.rest().chars().next().unwrap_or(' ');
            if !matches!(quote, '"' | '\'' | '`') {
                return Err(self.expected("a text in quotes"));
            }
            let value = self.quoted(quote)?;
            matchers.push(Matcher {
                label: label.to_owned(),
                operator: operator.to_owned(),
                value,
            });
            self.takes(",");
        }
        Ok(matchers)
    }

    fn quoted(&mut self, quote: char) -> Result<String, QueryError> {
        let start = self.at + quote.len_utf8();
        let mut text = String::new();
        let mut escaped = false;
        for (offset, c) in self.text.get(start..).unwrap_or_default().char_indices() {
            if escaped {
                text.push(c);
                escaped = false;
            } else if c == '\\' && quote != '`' {
                escaped = true;
            } else if c == quote {
                self.at = start + offset + quote.len_utf8();
                return Ok(text);
            } else {
                text.push(c);
            }
        }
        Err(self.expected("the end of the text"))
    }
}
