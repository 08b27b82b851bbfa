//! Type names stay short.

use std::fs;
use std::path::Path;

const LONGEST: usize = 40;

#[test]
fn no_type_name_is_longer_than_forty_characters() {
    let mut names = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut names,
    );
    assert!(names.len() > 100, "only {} types found", names.len());
    let long: Vec<_> = names.iter().filter(|name| name.len() > LONGEST).collect();
    assert!(long.is_empty(), "{long:?}");
}

fn collect(folder: &Path, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            collect(&path, names);
            continue;
        }
        let source = fs::read_to_string(&path).expect("the file can be read");
        for line in source.lines() {
            let line = line.trim_start();
            let declared = line
                .strip_prefix("pub struct ")
                .or_else(|| line.strip_prefix("pub enum "));
            if let Some(rest) = declared {
                let end = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                names.push(rest[..end].to_owned());
            }
        }
    }
}
