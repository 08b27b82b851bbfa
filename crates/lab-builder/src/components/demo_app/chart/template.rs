//! Turns a typed object into a Helm template.
//!
//! The object is built twice by the same code: once as it is applied, once with marks in the places that the chart's
//! values decide. The marks become expressions of the template, and the template filled in again must be the object:
//! if it is not, there is an error instead of a chart that says something else than the raw manifests.

use std::collections::BTreeMap;

use serde_json::Value;

use stack_builder::ComponentError;
use stack_builder::render::yaml;
use stack_config::template::Holes as Words;

/// What all marks begin with; nothing of the lab does.
const SIGN: &str = "zqlift";
/// Marks that are numbers count from here.
const FIRST_NUMBER: i32 = 2_111_000_000;

/// A place that the chart's values decide.
#[derive(Clone, Debug)]
pub(super) struct Hole {
    /// The key in the values, with `.` between its parts.
    pub(super) key: String,
    /// What stands in the values.
    pub(super) value: Value,
    /// What stands in the marked object.
    mark: Value,
    /// The mark as part of a text.
    spelled: String,
    /// What stands in the object as it is applied.
    real: Value,
    /// What stands in the template.
    expression: String,
}

/// The holes of the chart; hands out their marks.
#[derive(Clone, Debug, Default)]
pub(super) struct Holes(Vec<Hole>);

impl Holes {
    /// A text that is written in the object as it stands in the values.
    pub(super) fn text(&mut self, key: &str, real: &str) -> String {
        self.text_by(key, real.into(), real, format!(".Values.{key}"))
    }

    /// A text that an expression makes from the values.
    pub(super) fn text_by(
        &mut self,
        key: &str,
        value: Value,
        real: &str,
        expression: String,
    ) -> String {
        let mark = format!("{SIGN}{}qz", self.0.len());
        self.add(key, value, mark.clone().into(), real.into(), expression);
        mark
    }

    /// An image: name, tag and digest each have their own value. The mark is a reference of its own.
    pub(super) fn image(&mut self, key: &str, value: Value, real: &str) -> String {
        let mark = format!("{SIGN}{}qz.invalid/image:tag", self.0.len());
        let expression = format!(r#"include "demo-app.image" .Values.{key}"#);
        self.add(key, value, mark.clone().into(), real.into(), expression);
        mark
    }

    /// A whole number.
    pub(super) fn number(&mut self, key: &str, real: i64) -> i32 {
        let mark = FIRST_NUMBER.saturating_add(i32::try_from(self.0.len()).unwrap_or(i32::MAX));
        self.add(
            key,
            real.into(),
            mark.into(),
            real.into(),
            format!(".Values.{key}"),
        );
        mark
    }

    fn add(&mut self, key: &str, value: Value, mark: Value, real: Value, expression: String) {
        self.0.push(Hole {
            key: key.to_owned(),
            value,
            spelled: plain(&mark),
            mark,
            real,
            expression,
        });
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Hole> {
        self.0.iter()
    }

    /// The hole whose mark a value is.
    fn of(&self, value: &Value) -> Option<&Hole> {
        self.0.iter().find(|hole| hole.mark == *value)
    }

    /// Puts the real values where the marks are.
    fn fill(&self, value: &mut Value) {
        if let Some(hole) = self.of(value) {
            *value = hole.real.clone();
            return;
        }
        match value {
            Value::String(text) => {
                for hole in &self.0 {
                    if text.contains(&hole.spelled) {
                        *text = text.replace(&hole.spelled, &plain(&hole.real));
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.fill(member)),
            _ => {}
        }
    }
}

/// A scalar without quotes.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The templates of a chart while they are made.
#[derive(Debug)]
pub(super) struct Templates<'a> {
    holes: &'a Holes,
    helpers: BTreeMap<&'static str, String>,
    used: Vec<String>,
}

/// A map that is written in one place for all objects that have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Helper<'a> {
    /// The name of the helper.
    pub(super) name: &'static str,
    /// Where the map stands in the object; it is left as it is where there is none.
    pub(super) pointer: &'a str,
    /// What the helper is given.
    pub(super) argument: &'a str,
    /// Members that come from the argument, each with its expression in the helper.
    pub(super) members: &'a [(&'a str, &'a str)],
}

impl<'a> Templates<'a> {
    pub(super) fn new(holes: &'a Holes) -> Self {
        Templates {
            holes,
            helpers: BTreeMap::new(),
            used: Vec::new(),
        }
    }

    /// The definitions of all helpers that were used, by name.
    pub(super) fn helpers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.helpers
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
    }

    /// Whether a template reads this key of the values.
    pub(super) fn reads(&self, key: &str) -> bool {
        self.used.iter().any(|used| used == key)
    }

    /// The text of one object's template.
    ///
    /// `lifts` are maps that are taken from the values as a whole: where they stand, and their key in the values.
    pub(super) fn object(
        &mut self,
        real: &Value,
        marked: &Value,
        lifts: &[(&str, &str)],
        helpers: &[Helper<'_>],
    ) -> Result<String, ComponentError> {
        let mut filled = marked.clone();
        self.holes.fill(&mut filled);
        if filled != *real {
            return Err(drift(real));
        }
        let mut words = Words::default();
        let mut value = marked.clone();
        for (pointer, key) in lifts {
            let place = value.pointer_mut(pointer).ok_or_else(|| drift(real))?;
            *place = words.lines(&format!("toYaml .Values.{key}")).into();
            self.used.push((*key).to_owned());
        }
        for helper in helpers {
            if let Some(place) = value.pointer_mut(helper.pointer) {
                self.define(helper, place).map_err(|()| drift(real))?;
                let map = format!(r#"include "{}" {}"#, helper.name, helper.argument);
                *place = words.lines(&map).into();
            }
        }
        self.name(&mut value, &mut words);
        Ok(words.fill(&yaml::document(&value)))
    }

    /// Adds a helper, or finds that it is the one that is there.
    fn define(&mut self, helper: &Helper<'_>, map: &Value) -> Result<(), ()> {
        let mut words = Words::default();
        let mut body = map.clone();
        for (member, expression) in helper.members {
            let place = body.get_mut(*member).ok_or(())?;
            if let Some(hole) = self.holes.of(place) {
                self.used.push(hole.key.clone());
            }
            *place = scalar(&mut words, expression, place.is_number()).into();
        }
        let text = words.fill(&yaml::document(&body));
        match self.helpers.get(helper.name) {
            Some(known) if *known != text => Err(()),
            _ => {
                self.helpers.insert(helper.name, text);
                Ok(())
            }
        }
    }

    /// Puts words, which the YAML writer leaves alone, where the marks are.
    fn name(&mut self, value: &mut Value, words: &mut Words) {
        if let Some(hole) = self.holes.of(value) {
            self.used.push(hole.key.clone());
            *value = scalar(words, &hole.expression, hole.mark.is_number()).into();
            return;
        }
        match value {
            Value::String(text) => {
                for hole in self.holes.iter() {
                    if text.contains(&hole.spelled) {
                        self.used.push(hole.key.clone());
                        let word = match hole.mark.is_number() {
                            true => words.bare(&whole(&hole.expression)),
                            false => words.bare(&hole.expression),
                        };
                        *text = text.replace(&hole.spelled, &word);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.name(item, words)),
            Value::Object(members) => members
                .values_mut()
                .for_each(|member| self.name(member, words)),
            _ => {}
        }
    }
}

/// A whole scalar: a string gets quotes, a number none.
fn scalar(words: &mut Words, expression: &str, number: bool) -> String {
    match number {
        true => words.bare(&whole(expression)),
        false => words.bare(&format!("{expression} | quote")),
    }
}

/// Helm reads numbers as floats; this keeps large ones from being written with an exponent.
fn whole(expression: &str) -> String {
    format!("{expression} | int64")
}

fn drift(real: &Value) -> ComponentError {
    ComponentError::Field {
        field: format!("chart template of {} {}", real["kind"], real["metadata"]["name"]),
        found: "not the raw manifest when it is filled in".to_owned(),
        expected: "every value of the chart must stand in the manifest as it is, and all workloads must have the same \
                   security context but for the user"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A small object, as it is applied and with marks.
    fn example(holes: &mut Holes) -> (Value, Value) {
        let object = |name: &str, count: Value| {
            json!({
                "kind": "Thing",
                "metadata": {"name": "thing", "labels": {"env": name}},
                "spec": {"count": count, "args": [format!("--of={name}"), "{{ raw }}"], "limits": {"cpu": "1"}},
            })
        };
        let mark = holes.text("global.env", "dev");
        let count = holes.number("count", 3);
        (object("dev", 3.into()), object(&mark, count.into()))
    }

    #[test]
    fn marks_become_expressions() {
        let mut holes = Holes::default();
        let (real, marked) = example(&mut holes);
        let labels = Helper {
            name: "labels",
            pointer: "/metadata/labels",
            argument: ".",
            members: &[("env", ".Values.global.env")],
        };
        let mut templates = Templates::new(&holes);
        let text = templates
            .object(&real, &marked, &[("/spec/limits", "limits")], &[labels])
            .unwrap();
        assert_eq!(
            text,
            r#"kind: Thing
metadata:
  name: thing
  labels:
    {{- include "labels" . | nindent 4 }}
spec:
  count: {{ .Values.count | int64 }}
  args:
  - --of={{ .Values.global.env }}
  - "{{ "{{" }} raw }}"
  limits:
    {{- toYaml .Values.limits | nindent 4 }}
"#
        );
        assert_eq!(
            templates.helpers().collect::<Vec<_>>(),
            [("labels", "env: {{ .Values.global.env | quote }}\n")]
        );
        assert!(templates.reads("count") && templates.reads("limits") && !templates.reads("other"));
    }

    #[test]
    fn a_template_that_would_say_something_else_is_refused() {
        let mut holes = Holes::default();
        let (real, marked) = example(&mut holes);
        let mut templates = Templates::new(&holes);
        let mut other = real.clone();
        other["spec"]["count"] = 4.into();
        let error = templates
            .object(&other, &marked, &[], &[])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("Thing") && error.contains("thing"),
            "{error}"
        );
        assert!(
            templates
                .object(&real, &marked, &[("/spec/none", "none")], &[])
                .is_err()
        );

        // Two objects whose common part is not common.
        let limits = Helper {
            name: "limits",
            pointer: "/spec/limits",
            argument: ".",
            members: &[],
        };
        assert!(templates.object(&real, &marked, &[], &[limits]).is_ok());
        let (mut real, mut marked) = (real, marked);
        for object in [&mut real, &mut marked] {
            object["spec"]["limits"]["cpu"] = "2".into();
        }
        assert!(templates.object(&real, &marked, &[], &[limits]).is_err());
    }
}
