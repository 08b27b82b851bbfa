//! Small things that all sections need.

use std::borrow::Cow;

use maud::{Markup, html};

/// A text of a manifest, without characters that deceive.
pub(crate) fn t(text: &str) -> Cow<'_, str> {
    stack_draw::clean(text)
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    match (count, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (count, Some(stem)) => format!("{count} {stem}ies"),
        (count, None) => format!("{count} {what}s"),
    }
}

/// A name that can stand in an address: letters, digits and `-`.
pub(crate) fn anchor(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    plain.trim_matches('-').to_owned()
}

/// A table with a caption and a head. Wide tables scroll, also by keyboard.
pub(crate) fn table(
    caption: &str,
    head: &[&str],
    rows: impl IntoIterator<Item = Markup>,
) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr { @for name in head { th scope="col" { (name) } } } }
                tbody { @for row in rows { (row) } }
            }
        }
    }
}
