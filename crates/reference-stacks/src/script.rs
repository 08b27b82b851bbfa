//! Installation scripts: commands in sections, and what goes wrong with such commands.

use std::collections::BTreeSet;

use kube_vocab::{Finding, Severity, Subject};
use stack_builder::render::shell;

/// A bash script that stops at the first error.
///
/// ```
/// use reference_stacks::script::{Script, Section, words};
///
/// let script = Script::new("Puts the stack into a cluster.", "Deploying the stack...")
///     .section(Section::new("Istio", "Installing Istio...").run(words("istioctl install -y")))
///     .ending("Done!");
/// assert!(script.text().contains("echo 'Installing Istio...'\nistioctl install -y\n"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    purpose: String,
    opening: String,
    sections: Vec<Section>,
    ending: String,
}

/// One part of a script: a title, a line that is printed, and commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What the part is about, as a comment.
    pub title: String,
    /// What is printed before it runs.
    pub message: String,
    /// The commands: program and arguments.
    pub commands: Vec<Vec<String>>,
}

impl Section {
    /// A part without commands yet.
    pub fn new(title: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            message: message.into(),
            commands: Vec::new(),
        }
    }

    /// The same, with one more command.
    #[must_use]
    pub fn run<W: Into<String>>(mut self, command: impl IntoIterator<Item = W>) -> Self {
        self.commands
            .push(command.into_iter().map(Into::into).collect());
        self
    }
}

impl Script {
    /// A script that says what it is for, and prints a line when it begins.
    pub fn new(purpose: impl Into<String>, opening: impl Into<String>) -> Self {
        Self {
            purpose: purpose.into(),
            opening: opening.into(),
            sections: Vec::new(),
            ending: String::new(),
        }
    }

    /// The same, with one more part.
    #[must_use]
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// The line that is printed at the end.
    #[must_use]
    pub fn ending(mut self, message: impl Into<String>) -> Self {
        self.ending = message.into();
        self
    }

    /// The parts in order.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// All commands in order, what is printed among them.
    pub fn commands(&self) -> Vec<Vec<String>> {
        let echo = |text: &str| vec!["echo".to_owned(), text.to_owned()];
        let mut commands = vec![vec!["set".to_owned(), "-e".to_owned()], echo(&self.opening)];
        for section in &self.sections {
            commands.push(echo(&section.message));
            commands.extend(section.commands.iter().cloned());
        }
        if !self.ending.is_empty() {
            commands.push(echo(&self.ending));
        }
        commands
    }

    /// The program.
    pub fn text(&self) -> String {
        let mut text = String::from("#!/bin/bash\n");
        for line in self.purpose.lines() {
            text.push_str(&format!("# {line}\n"));
        }
        text.push_str(&format!("\nset -e\n\n{}\n", echo(&self.opening)));
        for (section, number) in self.sections.iter().zip(1..) {
            let title = section.title.replace('\n', " ");
            text.push_str(&format!(
                "\n# {number}. {title}\n{}\n",
                echo(&section.message)
            ));
            for command in &section.commands {
                text.push_str(&shell::join(command));
                text.push('\n');
            }
        }
        if !self.ending.is_empty() {
            text.push_str(&format!("\n{}\n", echo(&self.ending)));
        }
        text
    }
}

fn echo(text: &str) -> String {
    shell::join(&["echo", text])
}

/// A command at its blanks: for commands without quotes.
pub fn words(command: &str) -> Vec<String> {
    command.split_whitespace().map(str::to_owned).collect()
}

/// What goes wrong with the commands of an installation, called `file` in the findings. `path` of a finding is the command's number.
pub fn check(commands: &[Vec<String>], file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let created: BTreeSet<&str> = commands
        .iter()
        .filter_map(|command| created_namespace(command))
        .collect();
    for (number, command) in commands.iter().enumerate() {
        let at = format!("[{number}]");
        let mut add = |code: &'static str, severity, message: String, remedy: &str| {
            let finding = Finding::new(code, severity, Subject::File(file.to_owned()), message);
            findings.push(finding.at(at.clone()).remedy(remedy));
        };
        let url = command.iter().find(|word| word.starts_with("https://"));
        if let Some(url) = url
            && url
                .split('/')
                .any(|part| matches!(part, "main" | "master" | "stable" | "latest" | "HEAD"))
        {
            add(
                "script-manifest-floats",
                Severity::Warning,
                format!("{url} is something else tomorrow"),
                "name a release in the address",
            );
        }
        let is_apply = command
            .iter()
            .map(String::as_str)
            .take(2)
            .eq(["kubectl", "apply"]);
        if let Some(url) = url
            && is_apply
            && is_large(url)
            && !command.iter().any(|word| word == "--server-side")
        {
            add(
                "script-annotation-too-long",
                Severity::Error,
                format!(
                    "{url} holds definitions that are longer than the annotation which `kubectl apply` keeps"
                ),
                "apply it with `--server-side`",
            );
        }
        if let Some(namespace) = created_namespace(command) {
            add(
                "script-runs-once",
                Severity::Warning,
                format!("fails when namespace {namespace} is there: the script cannot run again"),
                "apply a Namespace, or `kubectl create namespace NAME --dry-run=client -o yaml | kubectl apply -f -`",
            );
        }
        // Istio's own namespace comes with `istioctl install`.
        let namespace = asked_namespace(command);
        if let Some(namespace) = namespace
            && !created.contains(namespace)
            && !matches!(namespace, "default" | "kube-system" | "istio-system")
        {
            add(
                "script-namespace-never-made",
                Severity::Warning,
                format!("no command before makes namespace {namespace}"),
                "create it, or say which manifest does",
            );
        }
    }
    findings
}

/// Manifests that are known to hold definitions beyond 262,144 bytes: the Prometheus Operator's, and Argo CD's ApplicationSet.
fn is_large(url: &str) -> bool {
    let is_operator = url.contains("/prometheus-operator/") && url.ends_with("bundle.yaml");
    is_operator || (url.contains("/argo-cd/") && url.ends_with("/manifests/install.yaml"))
}

fn created_namespace(command: &[String]) -> Option<&str> {
    match command {
        [kubectl, create, kind, name, rest @ ..]
            if kubectl == "kubectl"
                && create == "create"
                && matches!(kind.as_str(), "namespace" | "ns")
                && !rest.iter().any(|word| word.starts_with("--dry-run")) =>
        {
            Some(name)
        }
        _ => None,
    }
}

fn asked_namespace(command: &[String]) -> Option<&str> {
    let is_get = command
        .iter()
        .map(String::as_str)
        .take(2)
        .eq(["kubectl", "get"]);
    let mut words = command.iter().filter(|_| is_get);
    words.find(|word| matches!(word.as_str(), "-n" | "--namespace"))?;
    words.next().map(String::as_str)
}
