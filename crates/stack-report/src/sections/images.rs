//! Images: what is run, from where, and where a mirror keeps it.

use std::collections::{BTreeMap, BTreeSet};

use maud::html;

use super::Section;
use crate::Report;
use crate::words::{t, table};

pub(super) fn section(report: &Report<'_>) -> Option<Section> {
    let Some(bundle) = report.bundle else {
        return of_model(report);
    };
    let images = bundle
        .parts()
        .iter()
        .flat_map(|part| part.images().iter().map(move |image| (part.id(), image)));
    let images: Vec<_> = images.collect();
    let mirrored = images.iter().any(|(_, image)| image.mirrored.is_some());
    let head: &[&str] = match mirrored {
        true => &["Image", "Component", "In the mirror", "Why"],
        false => &["Image", "Component", "Why"],
    };
    let rows = images.iter().map(|(component, image)| {
        html! { tr {
            th scope="row" { code { (t(&image.full_source())) } }
            td { (t(component)) }
            @if mirrored { td { code { @if let Some(image) = &image.mirrored { (t(&image.to_string())) } @else { "–" } } } }
            td { (t(&image.comment)) }
        } }
    });
    let body = table("Images that the stack runs", head, rows);
    (!images.is_empty()).then(|| Section::new("images", "Images", body).counting(images.len()))
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
    let body = table("Images that workloads run", &["Image", "Run by"], rows);
    (!users.is_empty()).then(|| Section::new("images", "Images", body).counting(users.len()))
}
