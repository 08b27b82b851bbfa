//! CEL rules that say nothing but which members exclude each other, read as what they mean.

use std::collections::BTreeSet;

/// A rule over the presence of members and the value of a discriminator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Rule {
    Has(String),
    Is(String, String),
    Number(i64),
    Not(Box<Rule>),
    And(Box<Rule>, Box<Rule>),
    Or(Box<Rule>, Box<Rule>),
    If(Box<Rule>, Box<Rule>, Box<Rule>),
    Sum(Box<Rule>, Box<Rule>),
    /// How many of them hold.
    Count(Vec<Rule>),
    Compare(&'static str, Box<Rule>, Box<Rule>),
}

/// What is set: members, and the values of others.
pub(crate) struct Given<'a> {
    pub(crate) members: &'a [&'a str],
    pub(crate) tag: Option<(&'a str, &'a str)>,
}

impl Rule {
    /// Reads a rule; `None` for one that looks at anything else.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let tokens = tokens(text)?;
        let mut reader = Reader { tokens: &tokens };
        let rule = reader.choice()?;
        reader.tokens.is_empty().then_some(rule)
    }

    /// The members that it asks for.
    pub(crate) fn members(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut BTreeSet<&'a str>) {
        match self {
            Self::Has(name) => {
                found.insert(name);
            }
            Self::Is(..) | Self::Number(_) => {}
            Self::Not(a) => a.collect(found),
            Self::And(a, b) | Self::Or(a, b) | Self::Sum(a, b) | Self::Compare(_, a, b) => {
                a.collect(found);
                b.collect(found);
            }
            Self::If(a, b, c) => [a, b, c].into_iter().for_each(|part| part.collect(found)),
            Self::Count(parts) => parts.iter().for_each(|part| part.collect(found)),
        }
    }

    /// Whether the rule lets this pass; a truth is 1.
    pub(crate) fn allows(&self, given: &Given) -> bool {
        self.value(given) != 0
    }

    fn value(&self, given: &Given) -> i64 {
        match self {
            Self::Has(name) => {
                let tagged = given.tag.is_some_and(|(tag, _)| tag == name);
                i64::from(tagged || given.members.contains(&name.as_str()))
            }
            Self::Is(name, value) => i64::from(given.tag == Some((name, value))),
            Self::Number(number) => *number,
            Self::Not(a) => i64::from(a.value(given) == 0),
            Self::And(a, b) => i64::from(a.allows(given) && b.allows(given)),
            Self::Or(a, b) => i64::from(a.allows(given) || b.allows(given)),
            Self::If(a, b, c) => match a.allows(given) {
                true => b.value(given),
                false => c.value(given),
            },
            Self::Sum(a, b) => a.value(given) + b.value(given),
            Self::Count(parts) => parts.iter().map(|part| i64::from(part.allows(given))).sum(),
            Self::Compare(operator, a, b) => {
                let (a, b) = (a.value(given), b.value(given));
                i64::from(match *operator {
                    "==" => a == b,
                    "!=" => a != b,
                    "<=" => a <= b,
                    ">=" => a >= b,
                    "<" => a < b,
                    _ => a > b,
                })
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Number(i64),
    Mark(&'static str),
}

const MARKS: [&str; 18] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", "?", ":", "+", ".",
];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '\'' || first == '"' {
            let inner = &rest[1..];
            let end = inner.find(first)?;
            if inner[..end].contains('\\') {
                return None;
            }
            tokens.push(Token::Text(inner[..end].to_owned()));
            rest = &inner[end + 1..];
        } else if first.is_ascii_alphanumeric() || first == '_' {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let word = &rest[..end];
            tokens.push(match word.parse() {
                Ok(number) => Token::Number(number),
                Err(_) => Token::Word(word.to_owned()),
            });
            rest = &rest[end..];
        } else {
            let mark = MARKS.iter().find(|mark| rest.starts_with(**mark))?;
            tokens.push(Token::Mark(mark));
            rest = &rest[mark.len()..];
        }
        rest = rest.trim_start();
    }
    Some(tokens)
}

struct Reader<'t> {
    tokens: &'t [Token],
}

impl Reader<'_> {
    fn eat(&mut self, mark: &str) -> Option<()> {
        match self.tokens.split_first() {
            Some((Token::Mark(found), rest)) if *found == mark => {
                self.tokens = rest;
                Some(())
            }
            _ => None,
        }
    }

    fn word(&mut self) -> Option<String> {
        match self.tokens.split_first() {
            Some((Token::Word(word), rest)) => {
                self.tokens = rest;
                Some(word.clone())
            }
            _ => None,
        }
    }

    fn this_word(&mut self, wanted: &str) -> Option<()> {
        let before = self.tokens;
        match self.word() {
            Some(word) if word == wanted => Some(()),
            _ => {
                self.tokens = before;
                None
            }
        }
    }

    fn choice(&mut self) -> Option<Rule> {
        let condition = self.or()?;
        if self.eat("?").is_none() {
            return Some(condition);
        }
        let then = self.choice()?;
        self.eat(":")?;
        let otherwise = self.choice()?;
        Some(Rule::If(condition.into(), then.into(), otherwise.into()))
    }

    fn or(&mut self) -> Option<Rule> {
        let mut rule = self.and()?;
        while self.eat("||").is_some() {
            rule = Rule::Or(rule.into(), self.and()?.into());
        }
        Some(rule)
    }

    fn and(&mut self) -> Option<Rule> {
        let mut rule = self.comparison()?;
        while self.eat("&&").is_some() {
            rule = Rule::And(rule.into(), self.comparison()?.into());
        }
        Some(rule)
    }

    fn comparison(&mut self) -> Option<Rule> {
        let left = self.sum()?;
        for operator in ["==", "!=", "<=", ">=", "<", ">"] {
            if self.eat(operator).is_some() {
                return Some(Rule::Compare(operator, left.into(), self.sum()?.into()));
            }
        }
        Some(left)
    }

    fn sum(&mut self) -> Option<Rule> {
        let mut rule = self.unary()?;
        while self.eat("+").is_some() {
            rule = Rule::Sum(rule.into(), self.unary()?.into());
        }
        Some(rule)
    }

    fn unary(&mut self) -> Option<Rule> {
        if self.eat("!").is_some() {
            return Some(Rule::Not(self.unary()?.into()));
        }
        if self.eat("(").is_some() {
            let rule = self.choice()?;
            self.eat(")")?;
            return Some(rule);
        }
        if self.eat("[").is_some() {
            return self.count();
        }
        if let Some((Token::Number(number), rest)) = self.tokens.split_first() {
            self.tokens = rest;
            return Some(Rule::Number(*number));
        }
        match self.word()?.as_str() {
            "true" => Some(Rule::Number(1)),
            "false" => Some(Rule::Number(0)),
            "has" => {
                self.eat("(")?;
                let name = self.own_member()?;
                self.eat(")")?;
                Some(Rule::Has(name))
            }
            "self" => {
                self.eat(".")?;
                let name = self.word()?;
                let equal = match self.eat("==") {
                    Some(()) => true,
                    None => {
                        self.eat("!=")?;
                        false
                    }
                };
                let Some((Token::Text(text), rest)) = self.tokens.split_first() else {
                    return None;
                };
                self.tokens = rest;
                let is = Rule::Is(name, text.clone());
                Some(if equal { is } else { Rule::Not(is.into()) })
            }
            _ => None,
        }
    }

    fn own_member(&mut self) -> Option<String> {
        self.this_word("self")?;
        self.eat(".")?;
        self.word()
    }

    /// `[has(self.a), has(self.b)].filter(x, x == true).size()`.
    fn count(&mut self) -> Option<Rule> {
        let mut parts = vec![self.choice()?];
        while self.eat(",").is_some() {
            parts.push(self.choice()?);
        }
        self.eat("]")?;
        self.eat(".")?;
        self.this_word("filter")?;
        self.eat("(")?;
        let variable = self.word()?;
        self.eat(",")?;
        self.this_word(&variable)?;
        if self.eat("==").is_some() {
            self.this_word("true")?;
        }
        self.eat(")")?;
        self.eat(".")?;
        self.this_word("size")?;
        self.eat("(")?;
        self.eat(")")?;
        Some(Rule::Count(parts))
    }
}

/// How many members a set of rules lets be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exclusion {
    ExactlyOne,
    AtMostOne,
}

/// What the rule says of its members, if it says no more than that they exclude each other.
pub(crate) fn exclusion(rule: &Rule) -> Option<(Exclusion, Vec<&str>)> {
    let members: Vec<&str> = rule.members().into_iter().collect();
    if members.len() < 2 {
        return None;
    }
    let allows = |members: &[&str]| rule.allows(&Given { members, tag: None });
    let singles = members.iter().all(|one| allows(&[one]));
    let pairs = || (0..members.len()).flat_map(|a| (a + 1..members.len()).map(move |b| (a, b)));
    if !singles
        || pairs().any(|(a, b)| allows(&[members[a], members[b]]))
        || (members.len() > 2 && allows(&members))
    {
        return None;
    }
    let exclusion = match allows(&[]) {
        true => Exclusion::AtMostOne,
        false => Exclusion::ExactlyOne,
    };
    Some((exclusion, members))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Exclusion, Vec<String>)> {
        let rule = Rule::read(text)?;
        let (exclusion, members) = exclusion(&rule)?;
        Some((exclusion, members.into_iter().map(str::to_owned).collect()))
    }

    #[test]
    fn a_rule_is_read_as_what_it_means() {
        use Exclusion::{AtMostOne, ExactlyOne};
        for (text, expected) in [
            (
                "[has(self.a),has(self.b)].filter(x,x==true).size() == 1",
                Some(ExactlyOne),
            ),
            (
                "[has(self.a),has(self.b)].filter(x, x).size() <= 1",
                Some(AtMostOne),
            ),
            ("has(self.a) != has(self.b)", Some(ExactlyOne)),
            ("!(has(self.a) && has(self.b))", Some(AtMostOne)),
            (
                "(has(self.a) && !has(self.b)) || (!has(self.a) && has(self.b))",
                Some(ExactlyOne),
            ),
            ("has(self.a) ? !has(self.b) : has(self.b)", Some(ExactlyOne)),
            (
                "(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) == 1",
                Some(ExactlyOne),
            ),
            ("has(self.a) || has(self.b)", None),
            ("!has(self.a) || has(self.b)", None),
            ("self.a.size() == 1", None),
            ("has(self.a.b) != has(self.c)", None),
        ] {
            let found = read(text);
            assert_eq!(
                found.as_ref().map(|(exclusion, _)| *exclusion),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn three_that_exclude_each_other_by_parity_are_no_union() {
        assert_eq!(read("has(self.a) != has(self.b) != has(self.c)"), None);
    }
}
