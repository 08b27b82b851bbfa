//! Lines and lists as rustfmt lays them out.

use std::collections::{BTreeMap, BTreeSet};

/// As wide as rustfmt's lines are.
pub(crate) const WIDTH: usize = 100;

/// `///` comments.
pub(crate) fn doc(out: &mut String, indent: &str, lines: &[String]) {
    for line in lines {
        match line.is_empty() {
            true => out.push_str(&format!("{indent}///\n")),
            false => out.push_str(&format!("{indent}/// {line}\n")),
        }
    }
}

/// `#[name(a, b)]`; nothing for no parts.
pub(crate) fn attribute(out: &mut String, indent: &str, name: &str, parts: &[String]) {
    if parts.is_empty() {
        return;
    }
    let line = format!("{indent}#[{name}({})]", parts.join(", "));
    if line.chars().count() <= WIDTH || parts.len() == 1 {
        out.push_str(&line);
        out.push('\n');
        return;
    }
    out.push_str(&format!("{indent}#[{name}(\n"));
    for (number, part) in parts.iter().enumerate() {
        let comma = if number + 1 < parts.len() { "," } else { "" };
        out.push_str(&format!("{indent}    {part}{comma}\n"));
    }
    out.push_str(&format!("{indent})]\n"));
}

/// A field of a struct.
pub(crate) fn field(out: &mut String, name: &str, ty: &str) {
    match name.len() + ty.len() + "    pub : ,".len() <= WIDTH {
        true => out.push_str(&format!("    pub {name}: {ty},\n")),
        false => out.push_str(&format!("    pub {name}:\n        {ty},\n")),
    }
}

/// An arm of a union that holds something.
pub(crate) fn arm(out: &mut String, name: &str, ty: &str) {
    match name.len() + ty.len() + "    (),".len() <= WIDTH {
        true => out.push_str(&format!("    {name}({ty}),\n")),
        false => out.push_str(&format!("    {name}(\n        {ty},\n    ),\n")),
    }
}

/// The names that a file imports, by module.
#[derive(Default)]
pub(crate) struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    pub(crate) fn add(&mut self, path: &str) {
        if let Some((module, name)) = path.rsplit_once("::") {
            self.0
                .entry(module.to_owned())
                .or_default()
                .insert(name.to_owned());
        }
    }

    /// The declarations, a blank line behind each group.
    pub(crate) fn print(&self, out: &mut String) {
        let group = |module: &str| match module.split("::").next() {
            Some("std") => 0,
            Some("crate" | "super") => 2,
            _ => 1,
        };
        for wanted in 0..3 {
            let mut any = false;
            for (module, names) in self.0.iter().filter(|(module, _)| group(module) == wanted) {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                use_line(out, "use", module, &names);
                any = true;
            }
            if any {
                out.push('\n');
            }
        }
    }
}

/// Declarations in rustfmt's order: modules before types, lists last.
pub(crate) fn use_lines(out: &mut String, keyword: &str, mut modules: Vec<(String, Vec<String>)>) {
    modules.sort_by_cached_key(|(module, names)| {
        let last = if let [name] = names.as_slice() {
            name.as_str()
        } else {
            "{"
        };
        let segments = module.split("::").chain([last]);
        let segments = segments.map(|segment| match segment.chars().next() {
            Some('{' | '*') => (3, Vec::new()),
            Some(first) if first.is_ascii_uppercase() => (2, chunks(segment)),
            _ => (1, chunks(segment)),
        });
        segments.collect::<Vec<_>>()
    });
    for (module, names) in &modules {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        use_line(out, keyword, module, &names);
    }
}

/// `use module::{A, B};`, filled to the width.
fn use_line(out: &mut String, keyword: &str, module: &str, names: &[&str]) {
    if let [name] = names {
        out.push_str(&format!("{keyword} {module}::{name};\n"));
        return;
    }
    let mut names = names.to_vec();
    names.sort_by(|a, b| version_order(a, b));
    let line = format!("{keyword} {module}::{{{}}};", names.join(", "));
    // rustfmt leaves one column free.
    if line.len() + 1 < WIDTH {
        out.push_str(&line);
        out.push('\n');
        return;
    }
    out.push_str(&format!("{keyword} {module}::{{\n"));
    let mut line = String::from("   ");
    for name in names {
        if line.len() + name.len() + 2 >= WIDTH {
            out.push_str(&line);
            out.push('\n');
            line = String::from("   ");
        }
        line.push_str(&format!(" {name},"));
    }
    out.push_str(&line);
    out.push_str("\n};\n");
}

/// rustfmt's order of names: numbers within them count as numbers.
fn version_order(a: &str, b: &str) -> std::cmp::Ordering {
    chunks(a).cmp(&chunks(b))
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Chunk {
    Number(u64),
    Text(String),
}

fn chunks(name: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != digit)
            .unwrap_or(rest.len());
        let (chunk, tail) = rest.split_at(end);
        chunks.push(match chunk.parse() {
            Ok(number) if digit => Chunk::Number(number),
            _ => Chunk::Text(chunk.to_owned()),
        });
        rest = tail;
    }
    chunks
}
