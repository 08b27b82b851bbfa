//! SVG: one document per picture, light and dark, readable without a font of its own.

mod cards;
mod graph;
mod icon;
mod sheet;

use std::fmt::Write as _;

use crate::escape::xml;

pub use graph::{Drawing, Text};
pub use sheet::stylesheet;

/// How an SVG is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SvgOptions {
    /// What the names inside begin with: pictures of one page need different ones. Letters, digits and `-`.
    pub prefix: String,
    /// Whether the title stands above the picture. It is always there for those who do not see.
    pub heading: bool,
    /// Whether the picture has its styles with it; without them the page must have [`stylesheet`].
    pub styles: bool,
}

impl Default for SvgOptions {
    /// A file of its own.
    fn default() -> Self {
        Self {
            prefix: "picture".into(),
            heading: true,
            styles: true,
        }
    }
}

impl SvgOptions {
    /// Inside of a page that has the [`stylesheet`] and a heading for the picture.
    pub fn inside(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            heading: false,
            styles: false,
        }
    }

    fn prefix(&self) -> String {
        self.prefix
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect()
    }
}

/// Room for the heading.
const HEADING: f64 = 40.0;

/// A picture of this size around what is drawn; `body` is drawn below the heading.
pub(crate) fn document(
    options: &SvgOptions,
    (title, description): (&str, &str),
    (width, height): (f64, f64),
    body: &str,
) -> String {
    let prefix = options.prefix();
    let top = if options.heading { HEADING } else { 0.0 };
    let heading_width = crate::measure::width(title, 17.0, true) + 28.0;
    let width = match options.heading {
        true => width.max(heading_width.min(1200.0)),
        false => width,
    };
    let (wide, high) = (number(width.ceil()), number((height + top).ceil()));
    // Inside of a page it shrinks with the page, as long as it can be read.
    let fit = match options.styles {
        true => String::new(),
        false => format!(
            " style=\"max-width:100%;min-width:{}px\"",
            number((width * 0.7).floor())
        ),
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sd\"{fit} width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" \
         role=\"img\" aria-labelledby=\"{prefix}-title {prefix}-desc\">\n<title id=\"{prefix}-title\">{}</title>\n\
         <desc id=\"{prefix}-desc\">{}</desc>\n",
        xml(title),
        xml(description),
    );
    if options.styles {
        let _ = writeln!(out, "<style>{}</style>", stylesheet());
    }
    let _ = writeln!(
        out,
        "<rect class=\"sd-ground\" width=\"{wide}\" height=\"{high}\"/>"
    );
    if options.heading {
        let shown =
            crate::measure::shortened(&crate::escape::clean(title), width - 28.0, 17.0, true);
        let _ = writeln!(
            out,
            "<text class=\"sd-heading\" x=\"14\" y=\"27\">{}</text>",
            xml(&shown)
        );
        let _ = write!(
            out,
            "<g transform=\"translate(0 {})\">\n{body}</g>\n",
            number(top)
        );
    } else {
        out.push_str(body);
    }
    out.push_str("</svg>\n");
    out
}

/// A number with one digit behind the point, where that is needed.
pub(crate) fn number(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    // No minus before a zero.
    format!("{}", if tenths == 0.0 { 0.0 } else { tenths })
}
