//! Images: what is run, from where, under which licence, and where a mirror keeps it.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use stack_builder::PulledImage;

use super::Section;
use crate::Report;
use crate::words::{t, table};

/// What stands where nobody stated a licence.
const UNKNOWN: &str = "unknown";

pub(super) fn section(report: &Report<'_>) -> Option<Section> {
    let Some(bundle) = report.bundle else {
        return of_model(report);
    };
    let images = bundle.pulled_images();
    let mirrored = images.iter().any(|image| image.mirrored.is_some());
    let head: &[&str] = match mirrored {
        true => &[
            "Image",
            "Component",
            "Licence",
            "In the mirror",
            "Pulled by",
            "Note",
        ],
        false => &["Image", "Component", "Licence", "Pulled by", "Note"],
    };
    let rows = images.iter().map(|image| {
        html! { tr {
            th scope="row" { code { (t(&image.source)) } }
            td { (t(&image.component)) }
            td { (licence(image)) }
            @if mirrored { td { code { (t(image.mirrored.as_deref().unwrap_or("–"))) } } }
            td { (image.pulled_by) }
            td { (t(&image.comment)) }
        } }
    });
    let body = html! {
        (table("Images that are pulled", head, rows))
        p { "A licence is that of the program for which the image is run, as its makers state it; what else lies in an image has licences of its own." }
    };
    (!images.is_empty()).then(|| Section::new("images", "Images", body).counting(images.len()))
}

/// The licence, with a link to where it is stated.
fn licence(image: &PulledImage) -> Markup {
    let name = image.licence.as_deref().unwrap_or(UNKNOWN);
    // No other scheme than this may stand behind a link: some run what follows.
    let page = image.page.as_deref();
    let page = page.filter(|page| page.starts_with("https://"));
    html! {
        @if let Some(page) = page { a href=(t(page)) rel="noreferrer" { (t(name)) } }
        @else { (t(name)) }
    }
}

fn of_model(report: &Report<'_>) -> Option<Section> {
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for workload in report.model.workloads() {
        for container in workload.containers() {
            if !container.image().is_empty() {
                users
                    .entry(container.image().to_owned())
                    .or_default()
                    .insert(workload.to_string());
            }
        }
    }
    let rows = users.iter().map(|(image, users)| {
        let users: Vec<&str> = users.iter().map(String::as_str).collect();
        html! { tr { th scope="row" { code { (t(image)) } } td { (t(&users.join(", "))) } } }
    });
    let body = html! {
        (table("Images that workloads run", &["Image", "Run by"], rows))
        p { "Manifests do not say under which licences images stand; components of a stack do." }
    };
    (!users.is_empty()).then(|| Section::new("images", "Images", body).counting(users.len()))
}
