//! Questions to a running stack, as data: what to ask, and what the answer must be.

use std::fmt;

use crate::pods::Count;

/// One question to a running stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// By which it is known in the output, for example `VFY-001`.
    pub id: String,
    /// What must be the case, in a few words.
    pub what: String,
    /// Programs without which it cannot be asked; `cluster` stands for kubectl and a cluster that answers.
    pub needs: Vec<&'static str>,
    /// The program, then its arguments; no shell in between.
    pub command: Vec<String>,
    /// What standard output must hold for the answer to be yes.
    pub expectation: Expectation,
    /// Why an answer that does not match is no failure; set where the answer depends on traffic.
    pub lenient: Option<String>,
}

/// What a command must print; that it succeeds is expected of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Pods that run, as `kubectl get pods --no-headers` prints them. Pods that have completed do not count.
    Pods {
        /// How many of them there must be.
        count: Count,
        /// Containers that are ready, of how many: `1/1`; all of them where it is not said.
        ready: Option<String>,
    },
    /// Lines that are not empty.
    Lines {
        /// What a line stands for, in the plural.
        of: String,
        /// How many of them there must be.
        count: Count,
    },
    /// A line like each of these.
    Patterns {
        /// POSIX extended regular expressions; each must match a line, in any order.
        patterns: Vec<String>,
        /// What they mean together, for a person.
        meaning: String,
    },
    /// Each of these as a line of its own; others may be there too.
    Names(Vec<String>),
    /// No line at all: the question lists what must not be there.
    Nothing,
    /// Whatever it prints: exit code 0 is enough.
    Success,
}

impl Expectation {
    /// A line like each of these extended regular expressions, and what they mean together.
    pub fn like<const N: usize>(meaning: &str, patterns: [String; N]) -> Self {
        Expectation::Patterns {
            patterns: patterns.into(),
            meaning: meaning.to_owned(),
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = |count: &Count| match count.most {
            Some(most) if most == count.least => most.to_string(),
            Some(most) => format!("{} to {most}", count.least),
            None => format!("{} or more", count.least),
        };
        match self {
            Expectation::Pods { count, ready } => {
                let pods = if *count == Count::exactly(1) {
                    "pod"
                } else {
                    "pods"
                };
                let ready = ready.as_deref().unwrap_or("all containers ready,");
                write!(f, "{} {pods}, {ready} Running", range(count))
            }
            Expectation::Lines { of, count } => write!(f, "{} {of}", range(count)),
            Expectation::Patterns { meaning, .. } => f.write_str(meaning),
            Expectation::Names(names) => f.write_str(&names.join(", ")),
            Expectation::Nothing => f.write_str("nothing"),
            Expectation::Success => f.write_str("an answer"),
        }
    }
}

/// Questions in the order in which they are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questions(Vec<Question>);

impl Questions {
    /// All that were asked so far.
    pub fn list(&self) -> &[Question] {
        &self.0
    }

    pub(crate) fn into_list(self) -> Vec<Question> {
        self.0
    }

    /// Asks a program, with its arguments; `needs` are programs without which it cannot be asked.
    pub fn ask(
        &mut self,
        id: &str,
        what: &str,
        needs: &[&'static str],
        command: &[&str],
        expectation: Expectation,
    ) -> &mut Question {
        let at = self.0.len();
        self.0.push(Question {
            id: id.to_owned(),
            what: what.to_owned(),
            needs: needs.to_vec(),
            command: command.iter().map(|word| (*word).to_owned()).collect(),
            expectation,
            lenient: None,
        });
        &mut self.0[at]
    }

    /// Adds a question that kubectl asks the cluster; it is skipped where no cluster answers.
    pub fn kubectl(
        &mut self,
        id: &str,
        what: &str,
        arguments: &[&str],
        expectation: Expectation,
    ) -> &mut Question {
        let command = [&["kubectl"], arguments].concat();
        self.ask(id, what, &["cluster"], &command, expectation)
    }

    /// Asks for the pods that a selector finds in a namespace; an empty selector finds all.
    pub fn pods(
        &mut self,
        id: &str,
        what: &str,
        namespace: &str,
        selector: &str,
        count: Count,
        ready: Option<&str>,
    ) -> &mut Question {
        let mut arguments = vec!["get", "pods", "-n", namespace];
        if !selector.is_empty() {
            arguments.extend(["-l", selector]);
        }
        arguments.push("--no-headers");
        let ready = ready.map(str::to_owned);
        self.kubectl(id, what, &arguments, Expectation::Pods { count, ready })
    }

    /// Asks for objects that must be there, by name; `scope` is what `kubectl get` lists.
    pub fn names(
        &mut self,
        id: &str,
        what: &str,
        scope: &[&str],
        names: Vec<String>,
    ) -> &mut Question {
        let arguments = [
            &["get"],
            scope,
            &["--no-headers", "-o", "custom-columns=NAME:.metadata.name"],
        ]
        .concat();
        self.kubectl(id, what, &arguments, Expectation::Names(names))
    }
}

/// An extended regular expression that finds a text and nothing else.
pub fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.[]{}()*+?^$|".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// An extended regular expression that finds texts in columns, the first at the beginning of the line.
pub fn columns(texts: &[&str]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| literal(text)).collect();
    format!("^{}( |$)", texts.join(" +"))
}
