//! What the clusters of a fleet share.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::json;

use crate::bundle::Bundle;

/// One thing that clusters of a fleet have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `release NAME`, or an object's kind, namespace and name.
    pub what: String,
    /// The clusters that have it, in groups of those that have it in the same form: one group of all clusters is what they share.
    pub groups: Vec<Vec<String>>,
}

/// What the clusters of a fleet share, and what differs between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The names of all clusters that were compared, in the fleet's order.
    pub clusters: Vec<String>,
    /// What all clusters have in the same form.
    pub shared: Vec<String>,
    /// What some clusters lack, or have in another form.
    pub different: Vec<Row>,
}

impl Comparison {
    pub(super) fn of(members: &[(&str, &Bundle)]) -> Self {
        let clusters: Vec<String> = members.iter().map(|(name, _)| (*name).to_owned()).collect();
        // By what it is, then by its form; forms are compared as texts, so that nothing grows with the square.
        let mut things: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
        for (name, bundle) in members {
            for (what, form) in forms(bundle) {
                let forms = things.entry(what).or_default();
                forms.entry(form).or_default().push((*name).to_owned());
            }
        }
        let mut comparison = Self {
            clusters,
            ..Self::default()
        };
        for (what, forms) in things {
            let mut groups: Vec<Vec<String>> = forms.into_values().collect();
            groups.sort();
            let is_shared = groups
                .first()
                .is_some_and(|group| group.len() == members.len());
            match is_shared {
                true => comparison.shared.push(what),
                false => comparison.different.push(Row { what, groups }),
            }
        }
        comparison
    }
}

/// Each release and object of a bundle, and its form.
fn forms(bundle: &Bundle) -> Vec<(String, String)> {
    let releases = bundle.releases().map(|release| {
        let chart = &release.chart;
        let form = json!([chart.repository, chart.name, chart.version, release.values]);
        (format!("release {}", release.name), form.to_string())
    });
    let objects = bundle
        .objects()
        .map(|object| (object.id().to_string(), object.value().to_string()));
    releases.chain(objects).collect()
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} things are the same in {}",
            self.shared.len(),
            self.clusters.join(", ")
        )?;
        for row in &self.different {
            let groups: Vec<String> = row.groups.iter().map(|group| group.join(", ")).collect();
            writeln!(f, "{}: {}", row.what, groups.join(" | "))?;
        }
        Ok(())
    }
}
