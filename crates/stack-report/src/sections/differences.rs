//! What differs from another environment.

use maud::html;
use stack_diff::Change;
use stack_draw::Picture;

use super::{Section, pictures};
use crate::Report;
use crate::words::{t, table};

/// So many changes of one object are shown.
const SHOWN: usize = 12;

pub(super) fn section(report: &Report<'_>) -> Option<Section> {
    let (with, diff) = report.compared.as_ref()?;
    let rows = diff.objects.iter().map(|object| {
        let (class, word) = match object.change {
            Change::Added => ("tag good", "+ comes"),
            Change::Removed => ("tag poor", "− goes"),
            Change::Changed => ("tag care", "~ changes"),
        };
        html! { tr {
            td { span class=(class) { (word) } }
            th scope="row" { (t(&object.object.to_string())) }
            td {
                @for field in object.fields.iter().take(SHOWN) {
                    code { (t(&field.path)) } ": "
                    (t(&value(field.old.as_ref()))) " → " (t(&value(field.new.as_ref()))) br;
                }
                @if object.fields.len() > SHOWN { "… and " (object.fields.len() - SHOWN) " more" }
            }
        } }
    });
    let caption = format!("From {with} to {}", report.title);
    let picture = Picture::Graph(stack_draw::differences(diff, (with, &report.title)));
    let body = html! {
        @if diff.is_empty() { p { "Nothing differs from " (t(with)) "." } }
        @else {
            (pictures::figure("difference", &t(&caption), picture))
            (table(&t(&caption), &["Change", "Object", "Fields"], rows))
        }
    };
    Some(Section::new("differences", "Differences", body).counting(diff.objects.len()))
}

/// A value in a few words.
fn value(value: Option<&serde_json::Value>) -> String {
    let text = value.map_or_else(|| "–".to_owned(), ToString::to_string);
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
