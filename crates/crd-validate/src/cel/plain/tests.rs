//! Answers are held to those of the evaluator.

use std::sync::LazyLock;

use crate::value::json;
use proptest::prelude::*;

use super::super::evaluator::judge::truth;
use super::super::text::parse;
use super::super::tree::IdedExpr;
use super::*;

fn shape() -> Schema {
    let item = json!({"type": "object", "properties": {
        "name": {"type": "string"}, "n": {"type": "integer"}}});
    let schema = json!({"type": "object", "properties": {
        "a": {"type": "string"}, "namespace": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "boolean"},
        "t": {"type": "string", "format": "duration"},
        "o": item, "l": {"type": "array", "items": item},
        "s": {"type": "array", "items": {"type": "string"}},
        "m": {"type": "object", "additionalProperties": {"type": "string"}},
        "i": {"type": "object", "additionalProperties": {"type": "boolean"}}}});
    Schema::compile(&schema).unwrap()
}

const RULES: [&str; 58] = [
    "has(self.a)",
    "!has(self.a)",
    "has(self.a) == has(self.b)",
    "self.a == 'x'",
    "self.a != 'x'",
    "self.b > 1 && self.b <= 3",
    "self.b >= 2 || self.b < 0",
    "self.c ? has(self.a) : has(self.b)",
    "self.c",
    "!self.c",
    "self.a in ['x', 'y']",
    "!(self.a in ['x', 'y'])",
    "self.a in self.s",
    "size(self.a) == 1",
    "self.s.size() < 2",
    "size(self.l) > 0",
    "self.a.startsWith('x')",
    "self.a.endsWith('y') || self.a.contains('xy')",
    "self.a.matches('^[a-x]+$')",
    "self.a.matches('(')",
    "has(self.o.name)",
    "!has(self.o) || self.o.name == self.a",
    "self.o.n + 1 == self.b",
    "self.l.all(i, has(i.name))",
    "self.l.exists(i, i.n > 1)",
    "self.l.exists_one(i, i.name == 'x')",
    "self.l.all(i, self.l.exists_one(j, j.name == i.name))",
    "self.l.all(i, !has(i.n) || i.n < self.b)",
    "self.s.all(x, x == self.a)",
    "self.l.filter(i, has(i.n)).size() == 1",
    "self.l.map(i, i.n).sum() > 2",
    "self.l[0].name == 'x'",
    "size(self.l) > 1 ? self.l[1].n == 1 : true",
    "!has(self.__namespace__) || self.__namespace__ == self.a",
    "self.__namespace__ != ''",
    "self.t == duration('1s')",
    "has(self.t)",
    "self.missing == 'x' || self.c",
    "self.a == 'x' || self.a == self.b",
    "false || self.a > 'w'",
    "self == self",
    "self.l.map(i, has(i.n) ? i.n : 0).sum() <= 3",
    "self.l.map(i, has(i.n), i.n).sum() == 1",
    "self.s.map(x, x.size()).sum() < 3",
    "[].size() == 0 && [].sum() == 0",
    "[has(self.a), has(self.b), has(self.c)].filter(used, used).size() <= 1",
    "[self.a, 'y'].exists(x, x == 'y')",
    "self.a.indexOf('x') == -1",
    "self.a.indexOf('y') >= 0",
    "self.a.indexOf('') == 0",
    "!self.m.exists(key, key.contains('x'))",
    "self.m.all(key, size(key) < 2)",
    "self.m.exists_one(key, key != '')",
    "self.m.size() > 0 || size(self.m) == 0",
    "self.m.size() == self.s.size() + 1",
    "self.i.all(key, 0 < int(key) && int(key) <= 9)",
    "int(self.a) == 0",
    "self.l.filter(i, has(i.n)).exists(i, i.n == 1)",
];

fn text() -> impl Strategy<Value = Value> {
    prop_oneof!["[xyü]{0,2}".prop_map(Value::from), Just("1s".into())]
}

fn item() -> impl Strategy<Value = Value> {
    let members = (prop::option::of(text()), prop::option::of(-1i64..4));
    members.prop_map(|(name, n)| object([("name", name), ("n", n.map(Value::from))]))
}

fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let members = members.into_iter();
    let members = members.filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(members.collect())
}

fn value() -> impl Strategy<Value = Value> {
    let members = (
        prop::option::of(text()),
        prop::option::of(-1i64..4),
        prop::option::of(any::<bool>()),
        prop::option::of(item()),
        prop::option::of(prop::collection::vec(item(), 0..3)),
        prop::option::of(prop::collection::vec(text(), 0..3)),
        prop::option::of(prop::collection::btree_map("[xyü]{0,2}", text(), 0..3)),
        prop::option::of(prop::collection::btree_map(
            "[-+ ]?[0-9x]{0,19}",
            any::<bool>(),
            0..3,
        )),
    );
    members.prop_map(|(a, b, c, o, l, s, m, i)| {
        let period = a.as_ref().filter(|text| **text == "1s").cloned();
        object([
            ("a", a),
            ("b", b.map(Value::from)),
            ("c", c.map(Value::from)),
            ("namespace", o.as_ref().and_then(|o| o.get("name")).cloned()),
            ("t", period),
            ("o", o),
            ("l", l.map(Value::from)),
            ("s", s.map(Value::from)),
            ("m", m.map(|m| Value::Object(m.into_iter().collect()))),
            (
                "i",
                i.map(|i| i.into_iter().map(|(key, flag)| (key, Value::from(flag))))
                    .map(|i| Value::Object(i.collect())),
            ),
        ])
    })
}

proptest! {
    #[test]
    fn an_answer_here_is_that_of_the_evaluator(value in value()) {
        // Reading a rule takes longer than all that is asked here.
        static READ: LazyLock<Vec<(IdedExpr, Program)>> = LazyLock::new(|| {
            let read = |text| parse(text).unwrap().0;
            RULES.map(|text| (read(text), Program::of(&read(text)))).into()
        });
        let shape = shape();
        for (text, (rule, plain)) in RULES.iter().zip(&*READ) {
            let theirs = truth(rule, &value, &shape);
            match answer(plain, &value, &shape) {
                Some(true) => prop_assert_eq!(theirs, Some(true), "{}: {}", text, value),
                // A map has no order: the evaluator may come upon an error before it comes upon what decides.
                Some(false) => prop_assert_ne!(theirs, Some(true), "{}: {}", text, value),
                None => {}
            }
        }
    }
}

#[test]
fn most_rules_that_hold_are_answered_here() {
    let shape = shape();
    let value = json!({"a": "x", "b": 2, "c": true, "namespace": "x", "o": {"name": "x", "n": 1}, "s": ["x"],
        "m": {"y": "x"}, "i": {"8": true}, "l": [{"name": "x", "n": 1}, {"name": "y"}]});
    let beyond: Vec<&str> = RULES
        .into_iter()
        .filter(|text| {
            let (rule, _) = parse(text).unwrap();
            truth(&rule, &value, &shape) == Some(true)
                && answer(&Program::of(&rule), &value, &shape) != Some(true)
        })
        .collect();
    let expected = ["false || self.a > 'w'", "self == self"];
    assert_eq!(beyond, expected);
}

#[test]
fn what_rules_cannot_read_is_found_wherever_it_stands() {
    let shape = shape();
    for (value, unfit) in [
        (json!({"a": "x", "l": [{"n": 1}]}), false),
        (json!({"l": [{"n": 1.5}]}), true),
        (json!({"s": ["x", 1]}), true),
        (json!({"unknown": {"n": 1.5}}), false),
    ] {
        assert_eq!(has_unfit(&value, &shape), unfit, "{value}");
    }
}

#[test]
fn a_long_sum_is_not_deep_and_what_is_deep_is_left_to_the_evaluator() {
    let shape = shape();
    let value = json!({"c": true, "l": [{"n": 1}, {"n": 2}]});
    let terms: Vec<String> = (0..16)
        .map(|at| format!("(self.l.size() > {at} ? self.l[{at}].n : 0)"))
        .collect();
    let (sum, _) = parse(&format!("{} <= 3", terms.join(" + "))).unwrap();
    assert_eq!(answer(&Program::of(&sum), &value, &shape), Some(true));
    let nested = (0..60).fold("self.c".to_owned(), |inner, _| {
        format!("self.c ? ({inner}) : false")
    });
    let (nested, _) = parse(&nested).unwrap();
    assert_eq!(answer(&Program::of(&nested), &value, &shape), None);
}
