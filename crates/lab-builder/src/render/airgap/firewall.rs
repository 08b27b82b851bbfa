//! `firewall.tsv`: the domains that are reached while images, charts and files are brought in.

use std::collections::BTreeMap;

use argocd_types::v1alpha1::Application;

use super::documented::{DOMAINS, REDIRECTS};
use super::images::{Kind, Row};
use crate::bundle::Bundle;

/// What a host serves, and to whom.
#[derive(Default)]
struct Use {
    purposes: Vec<&'static str>,
    components: Vec<String>,
}

pub(super) fn text(bundle: &Bundle, images: &[Row]) -> String {
    let mut rows = Vec::new();
    let mut row =
        |domain: &str, purpose: &str, components: &[String], origin: &str, comment: &str| {
            let components = if components.is_empty() {
                "-".to_owned()
            } else {
                components.join(", ")
            };
            rows.push([domain, "443", purpose, &components, origin, comment].map(str::to_owned));
        };

    let mut pulled: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for image in images.iter().filter(|image| image.kind.is_pulled()) {
        let user = if image.kind == Kind::Exercise {
            "exercises"
        } else {
            &image.component
        };
        let users = pulled.entry(image.source.host()).or_default();
        if !users.iter().any(|known| known == user) {
            users.push(user.to_owned());
        }
    }
    let users = |host: &str| pulled.get(host).cloned().unwrap_or_default();
    for domain in &DOMAINS {
        row(
            domain.name,
            domain.purpose,
            &users(domain.images),
            "documented",
            domain.comment,
        );
    }
    for (host, components) in &pulled {
        if !DOMAINS.iter().any(|domain| domain.images == *host) {
            row(host, "images", components, "derived", "from images.tsv");
        }
    }

    for (host, served) in &downloads(bundle) {
        row(
            host,
            &served.purposes.join("; "),
            &served.components,
            "derived",
            "",
        );
    }
    let downloads = downloads(bundle);
    for (domain, purpose, from) in REDIRECTS {
        let components = downloads
            .get(from)
            .map_or_else(|| users(from), |served| served.components.clone());
        if !components.is_empty() {
            row(
                domain,
                purpose,
                &components,
                "ours",
                &format!("{from} redirects to it; not in the documentation"),
            );
        }
    }
    super::table(
        [
            "domain",
            "port",
            "purpose",
            "components",
            "origin",
            "comment",
        ],
        rows.into_iter(),
    )
}

/// Hosts of charts, manifests, dashboards and Git repositories.
fn downloads(bundle: &Bundle) -> BTreeMap<String, Use> {
    let mut hosts: BTreeMap<String, Use> = BTreeMap::new();
    let mut add = |url: &str, purpose: &'static str, component: &str| {
        let served = hosts.entry(super::host(url).to_owned()).or_default();
        if !served.purposes.contains(&purpose) {
            served.purposes.push(purpose);
        }
        if !served.components.iter().any(|known| known == component) {
            served.components.push(component.to_owned());
        }
    };
    for part in bundle.parts() {
        for release in part.releases() {
            add(&release.chart.repository, "Helm charts", part.id());
        }
        for (_, _, object) in part.exercises() {
            if let Some(source) = object
                .get::<Application>()
                .and_then(|application| application.spec.source.as_ref())
            {
                add(
                    &source.repo_url,
                    "Git repositories of the exercises, also when the lab runs",
                    part.id(),
                );
            }
        }
        for program in part.programs().filter_map(|path| part.program(path)) {
            for url in program
                .split_whitespace()
                .filter(|word| word.starts_with("https://"))
            {
                add(url, "files that programs of the tree fetch", part.id());
            }
        }
    }
    for (component, url) in super::applied(bundle) {
        add(url, "manifests", component);
    }
    for (component, _, url) in &super::dashboards(bundle) {
        add(url, "dashboards", component);
    }
    hosts
}
