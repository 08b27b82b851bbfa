//! The documented checks of a running lab, as data: what to ask, and what the answer must be.
//!
//! Counts, names and ports come from the bundle, so that a lab that was changed is checked for what it is. A check whose
//! id begins with `VFY` is documented under that number in the project's list of facts; `PODS`, `RELEASE` and `PAGE` are
//! the documented tables of namespaces, releases and pages.

mod apps;
mod network;
mod observability;
mod size;

use std::fmt;

use crate::bundle::Bundle;

/// One question to a running lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    /// By which it is known.
    pub(crate) id: String,
    /// The component that it is about.
    pub(crate) component: String,
    /// What must be the case, in a few words.
    pub(crate) what: String,
    /// Programs without which it cannot be asked; `cluster` stands for kubectl and a cluster that answers.
    pub(crate) needs: Vec<&'static str>,
    /// Program and arguments.
    pub(crate) command: Vec<String>,
    /// What it must print.
    pub(crate) expectation: Expectation,
    /// Why an answer that does not match is no failure; set where the answer depends on traffic.
    pub(crate) lenient: Option<String>,
}

/// What a command must print; that it succeeds is expected of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expectation {
    /// So many pods that run, as `kubectl get pods --no-headers` prints them. Pods that have completed do not count.
    Pods {
        least: u32,
        most: Option<u32>,
        ready: Option<String>,
    },
    /// So many lines.
    Lines {
        of: String,
        least: u32,
        most: Option<u32>,
    },
    /// Lines like each of these extended regular expressions.
    Patterns {
        patterns: Vec<String>,
        meaning: String,
    },
    /// Each of these as a line of its own; others may be there too.
    Names(Vec<String>),
    /// No line at all.
    Nothing,
    /// Whatever it prints.
    Success,
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = |least: u32, most: &Option<u32>| match most {
            Some(most) if *most == least => least.to_string(),
            Some(most) => format!("{least} to {most}"),
            None => format!("{least} or more"),
        };
        match self {
            Expectation::Pods { least, most, ready } => {
                let pods = if (*least, *most) == (1, Some(1)) {
                    "pod"
                } else {
                    "pods"
                };
                write!(
                    f,
                    "{} {pods}, {} Running",
                    range(*least, most),
                    ready.as_deref().unwrap_or("all containers ready,")
                )
            }
            Expectation::Lines { of, least, most } => write!(f, "{} {of}", range(*least, most)),
            Expectation::Patterns { meaning, .. } => f.write_str(meaning),
            Expectation::Names(names) => f.write_str(&names.join(", ")),
            Expectation::Nothing => f.write_str("nothing"),
            Expectation::Success => f.write_str("an answer"),
        }
    }
}

/// All checks of a lab, component by component.
pub(crate) fn all(bundle: &Bundle) -> Vec<Check> {
    let mut checks = Checks {
        bundle,
        component: String::new(),
        list: Vec::new(),
    };
    for part in bundle.parts() {
        part.id().clone_into(&mut checks.component);
        network::add(&mut checks);
        apps::add(&mut checks);
        observability::add(&mut checks);
        checks.releases(part);
        checks.pages(part);
    }
    "namespaces".clone_into(&mut checks.component);
    checks.namespaces();
    checks.list
}

/// The checks of one component after another.
struct Checks<'a> {
    bundle: &'a Bundle,
    component: String,
    list: Vec<Check>,
}

impl Checks<'_> {
    /// Asks the cluster through kubectl.
    fn kubectl(
        &mut self,
        id: &str,
        what: &str,
        arguments: &[&str],
        expectation: Expectation,
    ) -> &mut Check {
        let command = [&["kubectl"], arguments].concat();
        self.ask(id, what, &["cluster"], &command, expectation)
    }

    fn ask(
        &mut self,
        id: &str,
        what: &str,
        needs: &[&'static str],
        command: &[&str],
        expectation: Expectation,
    ) -> &mut Check {
        let check = Check {
            id: id.to_owned(),
            component: self.component.clone(),
            what: what.to_owned(),
            needs: needs.to_vec(),
            command: command.iter().map(|word| (*word).to_owned()).collect(),
            expectation,
            lenient: None,
        };
        let at = self.list.len();
        self.list.push(check);
        &mut self.list[at]
    }

    /// Pods that a selector finds in a namespace; an empty selector finds all.
    fn pods(
        &mut self,
        id: &str,
        what: &str,
        namespace: &str,
        selector: &str,
        count: size::Count,
        ready: Option<&str>,
    ) {
        let mut arguments = vec!["get", "pods", "-n", namespace];
        if !selector.is_empty() {
            arguments.extend(["-l", selector]);
        }
        arguments.push("--no-headers");
        let expectation = Expectation::Pods {
            least: count.least,
            most: count.most,
            ready: ready.map(str::to_owned),
        };
        self.kubectl(id, what, &arguments, expectation);
    }

    /// Names of objects of one kind that must be there.
    fn names(&mut self, id: &str, what: &str, scope: &[&str], names: Vec<String>) {
        let arguments = [
            &["get"],
            scope,
            &["--no-headers", "-o", "custom-columns=NAME:.metadata.name"],
        ]
        .concat();
        self.kubectl(id, what, &arguments, Expectation::Names(names));
    }
}

/// Lines like all of these.
fn like<const N: usize>(meaning: &str, patterns: [String; N]) -> Expectation {
    Expectation::Patterns {
        patterns: patterns.into(),
        meaning: meaning.to_owned(),
    }
}

/// A text as an extended regular expression that finds it and nothing else.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.[]{}()*+?^$|".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// Texts in columns, the first at the beginning of the line.
fn columns(texts: &[&str]) -> String {
    format!(
        "^{}( |$)",
        texts
            .iter()
            .map(|text| literal(text))
            .collect::<Vec<_>>()
            .join(" +")
    )
}
