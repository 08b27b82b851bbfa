//! The first screen: verdict, counts, versions, hosts.

use std::collections::BTreeSet;

use kube_vocab::Severity;
use maud::{Markup, html};
use serde_json::Value;
use stack_builder::{Bundle, Part};
use stack_gateway::Routing;

use super::Section;
use crate::Report;
use crate::words::{counted, t, table};

pub(super) fn section(report: &Report<'_>) -> Section {
    let body = html! {
        (verdict(report))
        (facts(report))
        div.columns {
            (versions(report))
            (hosts(report))
        }
    };
    Section::new("summary", "Summary", body)
}

fn verdict(report: &Report<'_>) -> Markup {
    let (errors, warnings) = (
        report.count(Severity::Error),
        report.count(Severity::Warning),
    );
    let (class, sign, words) = match (errors, warnings) {
        (0, 0) => ("good", "✓", "Nothing stands in the way".to_owned()),
        (0, warnings) => (
            "care",
            "!",
            format!(
                "Nothing breaks; {} to look at",
                counted(warnings, "warning")
            ),
        ),
        (errors, _) => (
            "poor",
            "✗",
            format!("Not ready: {} to mend", counted(errors, "error")),
        ),
    };
    let scope = match (report.bundle, report.charts) {
        (Some(bundle), false) if bundle.releases().next().is_some() => {
            "Judged without what the Helm charts make: give --charts to judge that, too."
        }
        (Some(_), _) => "Judged with what the Helm charts make.",
        (None, _) => {
            "Judged from the manifests alone; what lies outside of them is unknown, not missing."
        }
    };
    html! {
        div class={ "verdict " (class) } role="status" {
            p aria-hidden="true" { (sign) }
            p { (words) small { (scope) } }
        }
    }
}

fn facts(report: &Report<'_>) -> Markup {
    let model = report.model;
    let images: BTreeSet<&str> = model
        .workloads()
        .flat_map(|workload| {
            workload
                .containers()
                .map(|container| container.image())
                .collect::<Vec<_>>()
        })
        .filter(|image| !image.is_empty())
        .collect();
    let images = match report.bundle {
        Some(bundle) => bundle.pulled_images().len(),
        None => images.len(),
    };
    let mut facts = vec![
        ("Errors", report.count(Severity::Error)),
        ("Warnings", report.count(Severity::Warning)),
        ("Objects", model.entries().count()),
        ("Workloads", model.workloads().count()),
        ("Namespaces", model.namespaces().count()),
        ("Images", images),
    ];
    if let Some(bundle) = report.bundle {
        facts.insert(2, ("Components", bundle.parts().len()));
        facts.insert(3, ("Helm releases", bundle.releases().count()));
    }
    html! {
        dl.facts { @for (name, count) in facts { div { dt { (name) } dd { (count) } } } }
    }
}

fn versions(report: &Report<'_>) -> Markup {
    let Some(bundle) = report.bundle else {
        let kinds: Vec<String> = report
            .model
            .kinds()
            .map(|(group, kind)| {
                let count = report.model.objects(group, kind).count();
                format!("{kind} {count}")
            })
            .collect();
        return html! { div { h3 { "Kinds" } p { (t(&kinds.join(" · "))) } } };
    };
    let node = node_image(bundle);
    let rows = bundle.releases().map(|release| {
        html! { tr {
            th scope="row" { (t(&release.name)) }
            td { (t(&release.chart.name)) }
            td { (t(&release.chart.version)) }
        } }
    });
    html! {
        div {
            h3 { "Versions" }
            @if let Some(node) = node { p { "Cluster: " code { (t(&node)) } } }
            (table("Helm charts", &["Release", "Chart", "Version"], rows))
        }
    }
}

/// The image of the nodes of a kind cluster: the version of Kubernetes.
fn node_image(bundle: &Bundle) -> Option<String> {
    let image = bundle
        .cluster()?
        .pointer("/nodes/0/image")
        .and_then(Value::as_str)?;
    Some(image.split('@').next().unwrap_or(image).to_owned())
}

fn hosts(report: &Report<'_>) -> Markup {
    let pages = report
        .bundle
        .iter()
        .flat_map(|bundle| bundle.parts())
        .flat_map(Part::access);
    let pages: Vec<Markup> = pages
        .map(|page| {
            html! { tr {
                th scope="row" { (t(&page.service)) }
                td { code { (t(&page.url)) } }
                td { (t(&page.sign_in)) }
            } }
        })
        .collect();
    let routing = Routing::of(report.model);
    let mut names: BTreeSet<String> = routing
        .routes()
        .iter()
        .flat_map(|route| route.hostnames.clone())
        .collect();
    for ingress in report.model.objects("networking.k8s.io", "Ingress") {
        let rules = ingress.items_at("spec.rules").iter();
        names.extend(rules.filter_map(|rule| rule["host"].as_str().map(str::to_owned)));
    }
    html! {
        div {
            h3 { "Hosts" }
            @if names.is_empty() { p { "Nothing is exposed by a route." } }
            @else { ul { @for name in &names { li { code { (t(name)) } } } } }
            @if !pages.is_empty() { (table("Pages", &["Page", "Address", "Sign-in"], pages)) }
        }
    }
}
