//! Values of a release that no template of its chart reads.

use std::collections::BTreeSet;

use kube_vocab::{Finding, Severity, Subject};
use serde_json::Value;

use super::ChartSource;
use crate::release::Release;

/// The stable name of the finding.
const CODE: &str = "value-without-effect";

/// What some templates read.
#[derive(Clone, Debug, Default)]
struct Reads {
    /// Paths from the chart's own values on.
    paths: BTreeSet<Vec<String>>,
    /// Whether values are taken as a whole somewhere: then nobody can tell what is read.
    all: bool,
}

/// Findings on values of a release that no template reads, each at the outermost key of which that is true.
///
/// What a template takes as a whole counts as read, down to the last key. Where a chart hands on all its values nothing is said.
pub(super) fn values(release: &Release, chart: &ChartSource) -> Vec<Finding> {
    let mut anywhere = Reads::default();
    helpers(chart, &mut anywhere);
    // Values may hold templates themselves.
    anywhere.of_texts_in(&release.values);
    let mut unread = Vec::new();
    compare(
        &release.values,
        chart,
        &anywhere,
        &mut Vec::new(),
        &mut unread,
    );
    unread
        .into_iter()
        .map(|path: String| {
            let subject = Subject::Release(release.name.clone());
            let message = format!(
                "no template of the chart {} {} reads `{path}`",
                chart.name, chart.version
            );
            Finding::new(CODE, Severity::Warning, subject, message)
                .at(path)
                .remedy("look the key up in the chart's values, or leave it out")
        })
        .collect()
}

/// What named templates read, of this chart and those inside.
fn helpers(chart: &ChartSource, reads: &mut Reads) {
    chart
        .helpers
        .iter()
        .for_each(|text| reads.of_template(text));
    chart.charts.iter().for_each(|inner| helpers(inner, reads));
}

fn compare(
    values: &Value,
    chart: &ChartSource,
    anywhere: &Reads,
    above: &mut Vec<String>,
    unread: &mut Vec<String>,
) {
    let Value::Object(members) = values else {
        return;
    };
    let mut own = anywhere.clone();
    chart.texts.iter().for_each(|text| own.of_template(text));
    let conditions = chart.conditions.iter();
    own.paths
        .extend(conditions.map(|path| path.split('.').map(str::to_owned).collect()));
    for (key, value) in members {
        above.push(key.clone());
        let name = chart.keys.get(key);
        let inner = name.and_then(|name| chart.charts.iter().find(|inner| inner.name == *name));
        match (key.as_str(), inner) {
            // Any chart may read what is global; tags switch dependencies on.
            ("global" | "tags", _) => {}
            // A dependency whose chart is not there.
            (_, None) if name.is_some() => {}
            (_, Some(_)) if own.reads(std::slice::from_ref(key)) && own.whole(key) => {}
            (_, Some(inner)) => {
                let mut found = Vec::new();
                compare(value, inner, anywhere, above, &mut found);
                let depth = above.len();
                found.retain(|path| {
                    // The chart around it may read it as well.
                    let below = path.split('.').skip(depth - 1);
                    let below: Vec<String> = below.map(str::to_owned).collect();
                    !own.reads(&below)
                });
                unread.append(&mut found);
            }
            (_, None) => own.walk(value, &mut vec![key.clone()], above, unread),
        }
        above.pop();
    }
}

impl Reads {
    /// Whether anything at, above or below a path is read.
    fn reads(&self, path: &[String]) -> bool {
        self.all
            || (1..=path.len()).any(|length| self.paths.contains(&path[..length]))
            || self
                .paths
                .range(path.to_vec()..)
                .next()
                .is_some_and(|next| next.starts_with(path))
    }

    /// Whether a key is read as a whole.
    fn whole(&self, key: &str) -> bool {
        self.all || self.paths.contains(std::slice::from_ref(&key.to_owned()))
    }

    fn walk(
        &self,
        value: &Value,
        path: &mut Vec<String>,
        above: &mut Vec<String>,
        unread: &mut Vec<String>,
    ) {
        if !self.reads(path) {
            unread.push(above.join("."));
            return;
        }
        if let Value::Object(members) = value {
            for (key, value) in members {
                path.push(key.clone());
                above.push(key.clone());
                self.walk(value, path, above, unread);
                above.pop();
                path.pop();
            }
        }
    }

    fn of_texts_in(&mut self, value: &Value) {
        match value {
            Value::String(text) if text.contains("{{") => self.of_template(text),
            Value::Array(items) => items.iter().for_each(|item| self.of_texts_in(item)),
            Value::Object(members) => members.values().for_each(|item| self.of_texts_in(item)),
            _ => {}
        }
    }

    /// Notes every `.Values.a.b`, `index .Values "a"` and the like. Comments count, too: too much is read rather than too little.
    fn of_template(&mut self, text: &str) {
        for (at, _) in text.match_indices(".Values") {
            let rest = &text[at + ".Values".len()..];
            if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let path = match rest.strip_prefix('.') {
                Some(_) => dotted(rest),
                None => quoted(rest),
            };
            match path.is_empty() {
                true => self.all = true,
                false => drop(self.paths.insert(path)),
            }
        }
    }
}

/// The keys of `.a.b`.
fn dotted(mut rest: &str) -> Vec<String> {
    let mut path = Vec::new();
    while let Some(after) = rest.strip_prefix('.') {
        let end = after
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(after.len());
        if end == 0 {
            break;
        }
        path.push(after[..end].to_owned());
        rest = &after[end..];
    }
    path
}

/// The keys of ` "a" "b"`, as `index`, `get` and `hasKey` take them.
fn quoted(mut rest: &str) -> Vec<String> {
    let mut path = Vec::new();
    while let Some(after) = rest.trim_start_matches([' ', '\t']).strip_prefix('"') {
        let Some((key, behind)) = after.split_once('"') else {
            break;
        };
        path.push(key.to_owned());
        rest = behind;
    }
    path
}
