//! The questions that are asked of every stack: its releases, its pages, and the pods of its namespaces.

use crate::bundle::{Bundle, Part};
use crate::census;
use crate::pods::Count;
use crate::verify::{Expectation, Question, Questions, literal};

/// Questions under one heading: those of each component, then those of the namespaces.
pub(super) fn groups(bundle: &Bundle) -> Vec<(&str, Vec<Question>)> {
    let mut groups = Vec::with_capacity(bundle.parts().len() + 1);
    for part in bundle.parts() {
        let mut questions = part.contribution.questions.clone();
        releases(part, &mut questions);
        pages(part, &mut questions);
        groups.push((part.id(), questions.into_list()));
    }
    let mut questions = Questions::default();
    of_namespaces(bundle, &mut questions);
    groups.push(("namespaces", questions.into_list()));
    groups
}

fn releases(part: &Part, questions: &mut Questions) {
    for release in part.releases() {
        let chart = format!("{}-{}", release.chart.name, release.chart.version);
        // Asked as JSON: the table is for eyes, and its separators are tabs and blanks.
        let member = |key: &str, value: &str| format!(r#""{key}": *"{}""#, literal(value));
        questions.ask(
            &format!("RELEASE {}", release.name),
            "release of this chart and version",
            &["helm", "cluster"],
            &[
                "helm",
                "list",
                "-n",
                &release.namespace,
                "--filter",
                &format!("^{}$", release.name),
                "-o",
                "json",
            ],
            Expectation::like(
                &format!("deployed, {chart}"),
                [
                    member("name", &release.name),
                    member("status", "deployed"),
                    member("chart", &chart),
                ],
            ),
        );
    }
}

fn pages(part: &Part, questions: &mut Questions) {
    for page in part.access() {
        let (scheme, rest) = page.url.split_once("://").unwrap_or(("http", &page.url));
        let authority = rest.split('/').next().unwrap_or(rest);
        let mut command = vec![
            "curl",
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "--max-time",
            "10",
        ];
        let usual = if scheme == "https" { "443" } else { "80" };
        let (host, port) = authority.split_once(':').unwrap_or((authority, usual));
        // The name need not be in /etc/hosts.
        let resolve = format!("{host}:{port}:127.0.0.1");
        if host != "localhost" {
            command.extend(["--resolve", &resolve]);
        }
        command.push(&page.url);
        questions.ask(
            &format!("PAGE {}", page.service.to_lowercase().replace(' ', "-")),
            "the page answers",
            &["curl", "cluster"],
            &command,
            Expectation::like("HTTP 2xx or 3xx", ["^[23]".to_owned()]),
        );
    }
}

/// The pods of each namespace that has any, and the sum.
fn of_namespaces(bundle: &Bundle, questions: &mut Questions) {
    let namespaces = census::namespaces(bundle);
    for (namespace, count) in &namespaces {
        questions.pods(
            &format!("PODS {namespace}"),
            "pods of the namespace",
            namespace,
            "",
            *count,
            None,
        );
    }
    let sum = namespaces
        .values()
        .copied()
        .fold(Count::exactly(0), Count::plus);
    questions.kubectl(
        "PODS all",
        &format!("pods of the {} namespaces", namespaces.len()),
        &[
            "get",
            "pods",
            "--all-namespaces",
            "--field-selector=status.phase=Running",
            "--no-headers",
        ],
        Expectation::Lines {
            of: "lines".to_owned(),
            count: sum,
        },
    );
}
