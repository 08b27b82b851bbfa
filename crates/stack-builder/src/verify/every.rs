//! The questions that are asked of every stack: its releases, its pages, and the pods of its namespaces.

use std::collections::BTreeMap;

use super::{Expectation, Question, Questions, columns, literal};
use crate::bundle::{Bundle, Part};
use crate::pods::{Count, Pods};

/// Questions under one heading: those of each component, then those of the namespaces.
pub(crate) fn groups(bundle: &Bundle) -> Vec<(&str, Vec<Question>)> {
    let mut groups = Vec::with_capacity(bundle.parts().len() + 1);
    for part in bundle.parts() {
        let mut questions = Questions(part.questions().to_vec());
        releases(part, &mut questions);
        pages(part, &mut questions);
        groups.push((part.id(), questions.0));
    }
    let mut questions = Questions::default();
    of_namespaces(bundle, &mut questions);
    groups.push(("namespaces", questions.0));
    groups
}

fn releases(part: &Part, questions: &mut Questions) {
    for release in part.releases() {
        let chart = format!("{}-{}", release.chart.name, release.chart.version);
        let line = columns(&[&release.name, &release.namespace]).replace("( |$)", " .*deployed.*");
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
                "--no-headers",
            ],
            Expectation::like(
                &format!("deployed, {chart}"),
                [format!("{line}{}", literal(&chart))],
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
    let namespaces = namespaces(bundle);
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

fn namespaces(bundle: &Bundle) -> BTreeMap<&str, Count> {
    let mut namespaces: BTreeMap<&str, Count> = BTreeMap::new();
    let mut add = |namespace, count: Count| {
        let known = namespaces.entry(namespace).or_insert(Count::exactly(0));
        *known = known.plus(count);
    };
    for part in bundle.parts() {
        for (namespace, pods) in &part.contribution.pods {
            add(namespace, bundle.count(*pods));
        }
        for release in part.releases() {
            let count = release.pods.map(|pods| bundle.count(pods));
            add(&release.namespace, count.unwrap_or(Count::at_least(0)));
        }
        for (_, object) in part.objects() {
            let id = object.id();
            let count = match id.kind.as_str() {
                "Deployment" | "StatefulSet" => {
                    let replicas = object.value()["spec"]["replicas"].as_u64().unwrap_or(1);
                    Count::exactly(u32::try_from(replicas).unwrap_or(u32::MAX))
                }
                "DaemonSet" => bundle.count(Pods::each_worker()),
                // While it runs.
                "Job" => Count {
                    least: 0,
                    most: Some(1),
                },
                _ => continue,
            };
            add(id.namespace.as_deref().unwrap_or("default"), count);
        }
    }
    namespaces.retain(|_, count| *count != Count::exactly(0));
    namespaces
}

impl Bundle {
    /// How many pods there are in all, and how many of those that the components declare have no address of their own.
    pub fn pods(&self) -> (Count, Count) {
        let all = namespaces(self)
            .into_values()
            .fold(Count::exactly(0), Count::plus);
        let declared = self.parts().iter().flat_map(|part| {
            let releases = part.releases().iter().filter_map(|release| release.pods);
            let others = part.contribution.pods.iter().map(|(_, pods)| *pods);
            releases.chain(others)
        });
        let on_host = declared
            .map(|pods| pods.count_on_host(self.nodes()))
            .fold(Count::exactly(0), Count::plus);
        (all, on_host)
    }
}
