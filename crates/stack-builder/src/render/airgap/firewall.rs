//! `firewall.tsv`: the domains that are reached while images, charts and files are brought in.

use std::collections::{BTreeMap, BTreeSet};

use super::images::{Kind, Row, sources};
use crate::bundle::Bundle;

/// Texts in the order in which they came first, each once.
#[derive(Default)]
struct Once<'a> {
    texts: Vec<&'a str>,
    known: BTreeSet<&'a str>,
}

impl<'a> Once<'a> {
    fn add(&mut self, text: &'a str) {
        if self.known.insert(text) {
            self.texts.push(text);
        }
    }
}

/// What a host serves, and to whom.
#[derive(Default)]
struct Use<'a> {
    purposes: Once<'a>,
    components: Once<'a>,
}

pub(super) fn text(bundle: &Bundle, images: &[Row]) -> String {
    let mut rows = Vec::new();
    let mut row =
        |domain: &str, purpose: &str, components: &[&str], origin: &str, comment: &str| {
            let components = if components.is_empty() {
                "-".to_owned()
            } else {
                components.join(", ")
            };
            rows.push([domain, "443", purpose, &components, origin, comment].map(str::to_owned));
        };

    let mut pulled: BTreeMap<&str, Once<'_>> = BTreeMap::new();
    for image in images.iter().filter(|image| image.kind.is_pulled()) {
        let user = if image.kind == Kind::Exercise {
            "exercises"
        } else {
            &image.component
        };
        pulled.entry(image.source.host()).or_default().add(user);
    }
    let users = |host: &str| pulled.get(host).map_or(&[][..], |users| &users.texts);
    let mut documented = BTreeSet::new();
    for domain in sources(bundle).flat_map(|(_, air_gap)| &air_gap.domains) {
        documented.insert(domain.images.as_str());
        row(
            &domain.name,
            &domain.purpose,
            users(&domain.images),
            "documented",
            &domain.comment,
        );
    }
    for (host, components) in &pulled {
        if !documented.contains(host) {
            row(
                host,
                "images",
                &components.texts,
                "derived",
                "from images.tsv",
            );
        }
    }

    let downloads = downloads(bundle);
    for (host, served) in &downloads {
        let purposes = served.purposes.texts.join("; ");
        row(host, &purposes, &served.components.texts, "derived", "");
    }
    for redirect in sources(bundle).flat_map(|(_, air_gap)| &air_gap.redirects) {
        let from = redirect.from.as_str();
        let components = downloads
            .get(from)
            .map_or_else(|| users(from), |served| &served.components.texts);
        if !components.is_empty() {
            row(
                &redirect.name,
                &redirect.purpose,
                components,
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

/// Hosts of charts, manifests and other files, and whatever else components say they reach.
fn downloads(bundle: &Bundle) -> BTreeMap<&str, Use<'_>> {
    let mut hosts: BTreeMap<&str, Use<'_>> = BTreeMap::new();
    for part in bundle.parts() {
        let mut add = |url, purpose| add(&mut hosts, url, purpose, part.id());
        for release in part.releases() {
            add(&release.chart.repository, "Helm charts");
        }
        for (url, purpose) in &part.contribution.air_gap.reached {
            add(url, purpose);
        }
        for (_, program) in part.programs() {
            let words = program.split_whitespace();
            for url in words.filter(|word| word.starts_with("https://")) {
                add(url, "files that programs of the tree fetch");
            }
        }
    }
    for (component, url) in super::applied(bundle) {
        add(&mut hosts, url, "manifests", component);
    }
    for part in bundle.parts() {
        for download in &part.contribution.air_gap.downloads {
            add(&mut hosts, &download.url, &download.purpose, part.id());
        }
    }
    hosts
}

fn add<'a>(
    hosts: &mut BTreeMap<&'a str, Use<'a>>,
    url: &'a str,
    purpose: &'a str,
    component: &'a str,
) {
    let served = hosts.entry(super::host(url)).or_default();
    served.purposes.add(purpose);
    served.components.add(component);
}
