//! Reading is held to what the evaluator reads.

use proptest::prelude::*;

use super::super::evaluator::read::read as read_by_evaluator;
use super::read;

/// A tree as text without the numbers of its nodes, which say only where something went wrong.
fn shape(tree: &impl std::fmt::Debug) -> String {
    let text = format!("{tree:?}");
    let mut parts = text.split("IdedExpr { id: ");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |shape, part| {
        shape + part.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}

/// Whether the text is read here; it must then be read as the evaluator reads it.
fn is_read(text: &str) -> bool {
    let Some(ours) = read(text) else {
        return false;
    };
    let theirs = read_by_evaluator(text);
    assert_eq!(Ok(shape(&ours)), theirs.map(|tree| shape(&tree)), "{text}");
    true
}

#[test]
fn the_rules_that_people_write_are_read_as_the_evaluator_reads_them() {
    for text in [
        "true",
        " self . a\n== 'x'",
        "!has(self.a) || self.a.b[0].c != \"it's\"",
        r"self.matches('^[a-z\\.]+$') && self == r'\d' || self == 'it\'s'",
        "a || b || c || d || e || f || g",
        "a && b && c && d && e || f && g && h",
        "a ? b : c ? d : e",
        "a ? b || c : d && e",
        "1 + 2 * 3 - 4 / 5 % 6 < size(self) == true",
        "x in ['a', 'b'] && !(y in []) && inside.in_one",
        "self.all(a, self.exists_one(b, a.name == b.name)) && self.existsOne(c, c)",
        "self.l.map(i, i.n).sum() > 2 && self.l.map(i, i.n > 1, i.n).filter(j, j).exists(k, k == null)",
        "f() && self.g(1, 2) && all(x, y) && self.all(x) && has(a, b) && self.has(a.b)",
        "self.map(x, y, z, u)",
        "((a)) - ((b - 1)) - 2",
        "a.indexOf('*') == -1 && b - 1 == - 2 && a -1 < 3 -4",
    ] {
        assert!(is_read(text), "{text}");
    }
}

#[test]
fn what_is_not_read_here_is_left_to_the_evaluator() {
    for text in [
        "",
        "a b",
        "a &&",
        "-a",
        "!-1",
        "-1[0]",
        "-'a'",
        "a(b)(c)",
        "a - --1",
        "!!a",
        "1.5",
        "1u",
        "0x1f",
        "b'a'",
        "{'a': 1}",
        "'''a'''",
        "a[?'b']",
        "a.?b",
        ".a",
        "`a`.b",
        "a // b",
        "'\\n'",
        "'a",
        "has(a)",
        "a.all(1, b)",
        "99999999999999999999",
        "a.true",
        "in",
        "[1,]",
        "a.`b`",
        "T{a: 1}",
        "1.size()",
    ] {
        assert!(read(text).is_none(), "{text}");
    }
}

/// Pieces of rules in any order: most are nonsense, and some are not.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "self",
        "a",
        "b",
        ".",
        ".a",
        ".all(",
        ".map(",
        "has(",
        "(",
        ")",
        "[",
        "]",
        ",",
        " ",
        "\n",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "&&",
        "||",
        "?",
        ":",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        "in",
        " in ",
        "1",
        "23",
        "'",
        "\"",
        "'x'",
        "r'\\d'",
        "true",
        "null",
        "size(",
        "\\",
        "\\'",
        "//",
        "=",
        "&",
        "|",
        "ü",
        "_",
        "{",
        "}",
        "x, ",
        "0",
        ".exists_one(i, ",
        ".filter(j, j)",
    ]);
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

/// Rules that can be read.
fn rule() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec!["self", "a.b", "1", "'x'", "true", "[]", "f()"]);
    let leaf = leaf.prop_map(str::to_owned);
    leaf.prop_recursive(5, 24, 3, |inner| {
        let binary = prop::sample::select(vec![
            "==", "!=", "<", ">=", " in ", "&&", "||", "+", "-", "*", "%",
        ]);
        let member = prop::sample::select(vec![
            ".a", ".size()", "[0]", ".all(x, x)", ".exists(x, x.b == 1)", ".map(x, x, x)", ".g(1, 'y')",
        ]);
        prop_oneof![
            4 => (inner.clone(), binary, inner.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
            1 => (inner.clone(), member).prop_map(|(a, member)| format!("({a}){member}")),
            1 => inner.clone().prop_map(|a| format!("!({a})")),
            1 => inner.clone().prop_map(|a| format!("[{a}, 2]")),
            1 => (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_read_of_any_text_is_read_as_the_evaluator_reads_it(text in pieces()) {
        is_read(&text);
    }

    #[test]
    fn every_rule_without_oddities_is_read(text in rule()) {
        prop_assert!(is_read(&text), "{text}");
    }
}
