//! Rows and tables of what differs.

/// One line: a component, what differs, and its value in each column.
pub(super) struct Row {
    pub component: String,
    pub what: String,
    pub values: Vec<String>,
}

impl Row {
    pub fn new(component: &str, what: impl Into<String>, values: Vec<String>) -> Self {
        Row {
            component: component.to_owned(),
            what: what.into(),
            values,
        }
    }
}

/// A table with a title; what is long is cut.
pub(super) fn table(title: &str, columns: &[&str], rows: &[Row]) -> String {
    const LONGEST: usize = 64;
    let cut = |text: &str| {
        let line = text.lines().next().unwrap_or_default();
        if line.chars().count() > LONGEST || text.lines().count() > 1 {
            format!("{}...", line.chars().take(LONGEST).collect::<String>())
        } else {
            line.to_owned()
        }
    };
    let head = ["component", "what"]
        .iter()
        .chain(columns)
        .map(|cell| (*cell).to_owned())
        .collect::<Vec<_>>();
    let mut lines = vec![head];
    let mut last = "";
    for row in rows {
        let component = if row.component == last {
            ""
        } else {
            &row.component
        };
        last = &row.component;
        let mut line = vec![component.to_owned(), cut(&row.what)];
        line.extend(row.values.iter().map(|value| cut(value)));
        lines.push(line);
    }
    let width = |at: usize| {
        lines
            .iter()
            .map(|line| line[at].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len() + 2).map(width).collect();
    let mut text = format!("{title}\n");
    for line in &lines {
        let cells = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(format!("  {}", cells.collect::<Vec<_>>().join("  ")).trim_end());
        text.push('\n');
    }
    text.push('\n');
    text
}
