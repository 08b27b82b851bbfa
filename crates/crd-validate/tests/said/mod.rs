//! What is said of objects, word for word, and what is kept of them. The rows stand in text files beside this one.

use crd_validate::reader;
use serde_json::Value;

mod builtin;
mod custom;
mod kept;

/// Replaces each `<5>` and `<3:item #>`, from the inside out; other angle brackets stay.
fn written_out(text: &str) -> String {
    let mut text = text.to_owned();
    let mut from = 0;
    while let Some(end) = text[from..].find('>').map(|end| from + end) {
        from = end + 1;
        let Some(start) = text[..end].rfind('<') else {
            continue;
        };
        let inner = &text[start + 1..end];
        let (count, item) = inner.split_once(':').unwrap_or((inner, ""));
        let Ok(count) = count.parse::<usize>() else {
            continue;
        };
        let long = match item {
            "" => "a".repeat(count),
            item => {
                let items = (0..count).map(|at| item.replace('#', &at.to_string()));
                items.collect::<Vec<_>>().join(", ")
            }
        };
        text.replace_range(start..=end, &long);
        from = start + long.len();
    }
    text
}

fn parse(text: &str) -> Value {
    let content = reader::read(text.as_bytes()).remove(0).content;
    content.unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
