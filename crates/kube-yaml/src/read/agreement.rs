//! The quick reader finds what the full one finds: on texts thrown together, on manifests that are spoiled, and on all files
//! below the folders that the environment variable `YAML_DIRS` names, with colons between them.

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::split::Parts;
use super::{Characters, MAX_DEPTH, fast, full};

/// Whether the quick reader read the text. Panics where the full one finds another thing.
fn agrees(text: &str) -> bool {
    let text = &format!("{text}\n");
    let characters = Characters::of(text);
    if characters.suspect || characters.carriage_returns || !characters.are_simple {
        return false;
    }
    let compact = fast::read::<kube_value::Value>(text, 1, 0);
    let Some(quick) = fast::read::<serde_json::Value>(text, 1, 0) else {
        assert!(compact.is_none(), "{text:?}");
        return false;
    };
    let same = match (&quick, compact.unwrap()) {
        (None, None) => true,
        (Some(quick), Some(compact)) => {
            // As texts, in which the order of keys shows.
            let texts = [compact.value.to_string(), quick.value.to_string()];
            texts[0] == texts[1]
                && format!("{:?}", compact.locations) == format!("{:?}", quick.locations)
                && compact.line == quick.line
        }
        _ => false,
    };
    assert!(same, "the two sorts of values differ in {text:?}");
    let full = full::read(text, 0).unwrap_or_else(|error| panic!("{error} in {text:?}"));
    match (quick, full) {
        (None, None) => {}
        (None, Some(full)) => assert!(full.value.is_null(), "{text:?}"),
        (Some(quick), Some(full)) => {
            assert_eq!(quick.value, full.value, "{text:?}");
            assert_eq!(
                quick.value.to_string(),
                full.value.to_string(),
                "order of keys in {text:?}"
            );
            assert_eq!(quick.line, full.line, "{text:?}");
            assert_eq!(full.warnings, [], "{text:?}");
            assert_eq!(
                format!("{:?}", quick.locations),
                format!("{:?}", full.locations),
                "{text:?}"
            );
        }
        (Some(quick), None) => panic!("{} is nothing: {text:?}", quick.value),
    }
    true
}

fn files_agree(folder: &Path, sum: &mut [usize; 4]) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_agree(&path, sum);
            continue;
        }
        let name = path.to_string_lossy();
        let Some(text) = std::fs::read_to_string(&path)
            .ok()
            .filter(|_| name.ends_with(".yaml") || name.ends_with(".yml"))
        else {
            continue;
        };
        for part in Parts::new(&text, 1) {
            let quick = agrees(&part.text.replace("\r\n", "\n"));
            sum[0] += 1;
            sum[1] += part.text.len();
            sum[2] += usize::from(quick);
            sum[3] += if quick { part.text.len() } else { 0 };
            if !quick && std::env::var_os("YAML_SHOW").is_some() {
                eprintln!("full: {name}:{}", part.line);
            }
        }
    }
}

#[test]
fn on_the_files_of_folders() {
    let Ok(folders) = std::env::var("YAML_DIRS") else {
        use std::io::Write;
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: YAML_DIRS names no folders, nothing was compared"
        );
        return;
    };
    let mut sum = [0; 4];
    for folder in folders.split(':') {
        files_agree(Path::new(folder), &mut sum);
    }
    let [documents, bytes, quick, quick_bytes] = sum;
    eprintln!(
        "{quick} of {documents} documents, {quick_bytes} of {bytes} bytes, read the quick way"
    );
    assert!(
        quick * 10 > documents * 8,
        "the quick way has become a side road"
    );
}

const LINES: &[&str] = &[
    "a: 1",
    "b: x",
    "a.b/c: \"x: y\"",
    "'k': v",
    "key:",
    "- a",
    "- a: 1",
    "-",
    "- - x",
    "  ",
    "# c",
    "c: # c",
    "d: |",
    "d: |-",
    "d: |+",
    "d: |2",
    "e: >-",
    "text",
    "more text",
    "f: {a: 1, b: [x, \"y\"]}",
    "g: []",
    "g: {}",
    "h: \"two",
    "  lines\"",
    "i: 'it''s'",
    "j: \"a\\n\\u00e9\\\\\"",
    "k: ~",
    "l: yes",
    "m: 012",
    "n: 1",
    "? q",
    ": r",
    "s: *a",
    "t: &a b",
    "u: !!str 1",
    "v: a #b",
    "w: a#b",
    "x: http://h:80/",
    "y: - z",
    "z : spaced",
    "\"q\" : 1",
    "<<: {}",
    "aa: [",
    "]",
    "bb: {",
    "}",
    "x: 1,",
    "\"y\": 2",
    "cc: 'two",
    "",
    "...",
    "%A",
    "-x: 1",
    "dd: -1",
    "ee: -",
    "ff: 1e3",
    "gg: .5",
    "hh: 12:30",
    "한국: 어",
    "a:b",
    "a:",
    "ii: [a b, c:d]",
    "jj: @x",
    "kk: a\tb",
];

fn line() -> impl Strategy<Value = String> {
    (0_usize..4, select(LINES)).prop_map(|(depth, line)| format!("{}{line}\n", "  ".repeat(depth)))
}

fn soup() -> impl Strategy<Value = String> {
    let token = select(vec![
        "a", "b: ", "c", ":", " ", "  ", "\n", "\n  ", "\n    ", "- ", "-", "'", "\"", "\\", "#",
        " #", "|", "|-\n", ">", "[", "]", "{", "}", ",", ", ", "?", "? ", "&x ", "*x", "!", "%",
        "@", "1", "0x1", "null", "~", "yes", ".", "...", "\t", "é", "=", "<<", "k:\n", "k: v\n",
        "- v\n", "\\n", "\\x41", "\\u00e9", "''",
    ]);
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

const MANIFEST: &str = "# comment\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \"x\"\n  labels: {app: x, env: \"dev\"}\n  annotations:\n    note: one two\n      three\n\n      four\n    quoted: \"one\n      two \\\n      three\"\n    single: 'it''s\n\n      me'\ndata:\n  script: |\n    set -e\n\n      indented\n    end\n\n  keep: |+\n    a\n\n\n  strip: |-\n    b\nlist:\n- a: 1\n  b: [1, 'two', {c: d}]\n- - x\n  - y\n-\n  c: null\n- \"z\" # comment\nnested:\n  - k: v\n    l:\n    - m\n";

/// Blocks that are long enough to be remembered, with ends of every sort.
const BLOCKS: &[&str] = &[
    "  a: one two three four five six\n  b: seven eight nine ten eleven twelve thirteen\n  c: plain\n",
    "  a: one two three four five six\n  b: seven eight nine ten eleven twelve thirteen\n  c: |+\n    kept\n",
    "  a: one two three four five six\n  b: seven eight nine ten eleven twelve thirteen\n  c: |\n    kept\n\n",
    "  a: one two three four five six\n  b: seven eight nine ten eleven twelve thirteen\n  c:\n",
    "  a: one two three four five six\n  b: seven eight nine ten eleven twelve thirteen\n  c: {}\n  # c\n",
    "  a:\n    b:\n      c: one two three four five six seven\n    d: {e: f, g: [h, []]}\n  i: 'seven eight nine ten'\n",
    "  - a: one two three four five six\n    b: seven eight nine ten eleven\n  - twelve thirteen fourteen\n",
    "- a: one two three four five six\n  b: seven eight nine ten eleven\n- twelve thirteen fourteen\n",
    "    - one two three four five six seven eight nine ten\n    - eleven twelve thirteen fourteen\n    -\n",
    "  [one two three four five, six seven eight nine ten,\n   eleven twelve thirteen fourteen]\n",
];

/// What may stand behind a block.
const BEHIND: &[&str] = &[
    "",
    "",
    "",
    "\n",
    "\n\n",
    "# c\n",
    "  # c\n",
    "\n# c\n",
    "  more: x\n",
    "    more: x\n",
    "    more\n",
    "   odd: x\n",
    " odd: x\n",
    "- x\n",
    "  - x\n",
    "    - x\n",
    "-\n",
    "    \n",
    "    \tx\n",
    "\tx\n",
    "...\n",
    "%x\n",
    "'q': 1\n",
    "z: |\n",
    "      x\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn on_blocks_that_come_again(parts in prop::collection::vec((select(BLOCKS), select(BEHIND)), 1..4)) {
        let text: String =
            parts.iter().enumerate().map(|(at, (block, behind))| format!("k{at}:\n{block}{behind}")).collect();
        // What was read twice is remembered.
        for text in [&text, &text, &format!("# c\nfirst: 1\n{text}"), &text.replace("\nk", "\n  k")] {
            agrees(text);
        }
    }

    #[test]
    fn on_lines_thrown_together(lines in prop::collection::vec(line(), 1..9)) {
        agrees(&lines.concat());
    }

    #[test]
    fn on_signs_thrown_together(text in soup()) {
        agrees(&text);
        agrees(&format!("k: {text}\n"));
        agrees(&format!("k:\n- {text}\n"));
    }

    #[test]
    fn on_a_spoiled_manifest(changes in prop::collection::vec((any::<Index>(), 0_usize..4, soup()), 0..3)) {
        let mut text: Vec<char> = MANIFEST.chars().collect();
        for (at, length, new) in changes {
            let at = at.index(text.len());
            text.splice(at..(at + length).min(text.len()), new.chars());
        }
        let text: String = text.into_iter().collect();
        agrees(&text);
    }
}

#[test]
fn a_block_that_comes_again_is_not_read_again() {
    let text = format!("spec:\n{}last: 1\n", BLOCKS[6]);
    let read: Vec<_> = (0..4)
        .map(|_| {
            fast::read::<kube_value::Value>(&text, 1, 0)
                .flatten()
                .unwrap()
                .value
        })
        .collect();
    let place = |value: &kube_value::Value| value["spec"].as_array().unwrap().as_ptr();
    assert_eq!(place(&read[1]), place(&read[3]));
    assert_eq!(read[3]["last"], 1_i64);
    // It may still be nested too deep.
    assert!(fast::read::<kube_value::Value>(&text, 1, MAX_DEPTH - 2).is_none());
}

#[test]
fn on_a_manifest_as_people_write_it() {
    assert!(agrees(MANIFEST));
}
