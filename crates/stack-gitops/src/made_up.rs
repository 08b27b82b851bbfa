//! Finds the values that charts make up: by rendering twice, or by what components declare.

use serde_json::Value;
use stack_builder::charts::Generates;
use stack_builder::{Bundle, Release};
use stack_diff::{Change, Diff};

use crate::generated::{Generated, GeneratedValue, KnownBy};
use crate::settings::GitOps;

impl GitOps {
    /// The same, knowing which values differ between two renderings of a bundle's charts: the same bundle, with the charts rendered
    /// once more. It counts before what components declare.
    #[must_use]
    pub fn compared(mut self, bundle: &Bundle, again: &Bundle) -> Self {
        let of = |bundle: &Bundle, release: &Release| -> Option<Vec<Value>> {
            let objects = bundle.charts()?.of_release(&release.name);
            Some(objects.map(|object| (*object.value).clone()).collect())
        };
        let compared = bundle.releases().filter_map(|release| {
            let diff = Diff::of(of(bundle, release)?, of(again, release)?);
            Some(Generated {
                release: release.name.clone(),
                by: KnownBy::Comparing,
                values: values(&diff),
            })
        });
        let environment = bundle.environment().name().to_owned();
        self.compared.insert(environment, compared.collect());
        self
    }

    /// Which values the charts of a bundle make up, by release in the order of installation. Without the objects of the charts
    /// ([`Bundle::with_charts`]) nothing is known.
    #[must_use]
    pub fn generated(&self, bundle: &Bundle) -> Vec<Generated> {
        if let Some(compared) = self.compared.get(bundle.environment().name()) {
            return compared.clone();
        }
        let parts = bundle.parts().iter();
        let releases = parts.flat_map(|part| part.releases().iter().map(move |one| (part, one)));
        releases
            .map(|(part, release)| {
                let charts = bundle.charts();
                let known = charts.and_then(|charts| Some((charts, part.generates(release)?)));
                let (by, values) = match known {
                    None => (KnownBy::Nobody, Vec::new()),
                    Some((charts, declared)) => {
                        let objects = charts.of_release(&release.name);
                        let objects: Vec<&Value> = objects.map(|object| &*object.value).collect();
                        let values = declared_values(&objects, declared, &release.values);
                        (KnownBy::Declaration, values)
                    }
                };
                Generated {
                    release: release.name.clone(),
                    by,
                    values,
                }
            })
            .collect()
    }
}

fn values(diff: &Diff) -> Vec<GeneratedValue> {
    let objects = diff
        .objects
        .iter()
        .filter(|object| object.change != Change::Removed);
    objects
        .flat_map(|object| {
            let whole = object.fields.is_empty().then(String::new);
            let fields = object.fields.iter().map(|field| field.path.clone());
            whole.into_iter().chain(fields).map(|path| GeneratedValue {
                object: object.object.clone(),
                path,
            })
        })
        .collect()
}

/// The declared values that are there: found by taking them away, so that their paths are written as those of a comparison.
fn declared_values(
    objects: &[&Value],
    declared: &[Generates],
    settings: &Value,
) -> Vec<GeneratedValue> {
    let is_made_up = |one: &&Generates| {
        one.unless.is_empty() || settings.pointer(one.unless).is_none_or(Value::is_null)
    };
    let made_up: Vec<&Generates> = declared.iter().filter(is_made_up).collect();
    let others = objects.iter().map(|object| {
        let mut other = (*object).clone();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (kind, name) = (text(&object["kind"]), text(&object["metadata"]["name"]));
        for one in made_up.iter().filter(|one| one.is_of(&kind, &name)) {
            let path: Vec<&str> = one.path.split('.').collect();
            empty(&mut other, &path);
        }
        other
    });
    let others: Vec<Value> = others.collect();
    let objects = objects.iter().map(|object| (*object).clone());
    values(&Diff::of(objects, others))
}

/// Empties each text at the path and below it.
fn empty(value: &mut Value, path: &[&str]) {
    let Some((first, rest)) = path.split_first() else {
        return empty_all(value);
    };
    let (name, is_list) = match first.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (*first, false),
    };
    let Some(member) = value.get_mut(name) else {
        return;
    };
    match member {
        Value::Array(items) if is_list => items.iter_mut().for_each(|item| empty(item, rest)),
        _ if is_list => {}
        member => empty(member, rest),
    }
}

fn empty_all(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(empty_all),
        Value::Array(items) => items.iter_mut().for_each(empty_all),
        other => *other = Value::Null,
    }
}

/// What a person must know before a rendering goes into Git.
pub(crate) fn section(gitops: &GitOps, bundle: &Bundle) -> String {
    let all = gitops.generated(bundle);
    let mut text = format!(
        "\n### Made up anew by each rendering: {}\n\n",
        bundle.environment().name()
    );
    let rows: Vec<(&str, &GeneratedValue)> = all
        .iter()
        .flat_map(|one| one.values.iter().map(|value| (one.release.as_str(), value)))
        .collect();
    if !rows.is_empty() {
        text.push_str(
            "Each rendering changes these, and with them Git. Where it is no Secret, give the chart the value; a Secret's data is \
             read from the store, so what belongs together must lie there together.\n\n| release | object | field |\n|---|---|---|\n",
        );
        for (release, value) in rows {
            text.push_str(&format!(
                "| {release} | {} | `{}` |\n",
                value.object, value.path
            ));
        }
        text.push('\n');
    }
    let names = |by: KnownBy| {
        let of = all.iter().filter(|one| one.by == by);
        of.map(|one| one.release.as_str()).collect::<Vec<_>>()
    };
    let nothing = all
        .iter()
        .filter(|one| one.by != KnownBy::Nobody && one.values.is_empty());
    let nothing: Vec<&str> = nothing.map(|one| one.release.as_str()).collect();
    if !nothing.is_empty() {
        text.push_str(&format!("Nothing is made up for {}.\n", nothing.join(", ")));
    }
    let unknown = names(KnownBy::Nobody);
    if !unknown.is_empty() {
        text.push_str(&format!(
            "Not known for {}: render them twice and compare.\n",
            unknown.join(", ")
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn declared_values_are_those_that_are_there() {
        let declared = [
            Generates {
                kind: "Secret",
                name: "*-keys",
                path: "data",
                unless: "",
            },
            Generates {
                kind: "Hook",
                name: "*",
                path: "webhooks[].caBundle",
                unless: "",
            },
            Generates {
                kind: "Secret",
                name: "admin",
                path: "data.password",
                unless: "/password",
            },
        ];
        let objects = [
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a-keys"}, "type": "Opaque", "data": {"tls.crt": "YQ=="}}),
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "other"}, "data": {"a": "YQ=="}}),
            json!({"apiVersion": "v1", "kind": "Hook", "metadata": {"name": "h"}, "webhooks": [{"name": "w", "caBundle": "YQ=="}]}),
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "admin"}, "data": {"password": "YQ==", "user": "YQ=="}}),
        ];
        let objects: Vec<&Value> = objects.iter().collect();
        let found = |settings: Value| -> Vec<String> {
            let values = declared_values(&objects, &declared, &settings);
            values.iter().map(ToString::to_string).collect()
        };
        let given = found(json!({"password": "known"}));
        assert_eq!(given.len(), 2, "{given:?}");
        assert!(
            given[0].starts_with("Hook h: webhooks[name=w].caBundle"),
            "{given:?}"
        );
        assert!(given[1].starts_with("Secret a-keys: data"), "{given:?}");
        let made = found(json!({}));
        assert_eq!(made.len(), 3);
        assert!(
            made.contains(&"Secret admin: data.password".to_owned()),
            "{made:?}"
        );
    }
}
