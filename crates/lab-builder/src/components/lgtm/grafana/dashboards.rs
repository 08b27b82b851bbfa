//! Dashboards of grafana.com, and how they get into a cluster that cannot reach it.

use serde_json::{Map, Value};
use stack_builder::Release;
use stack_builder::render::shell;

/// A dashboard that others publish at grafana.com; it is downloaded, never committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dashboard {
    /// The name of its file and of what is made of it: lower-case letters, digits and `-`.
    pub name: String,
    /// The number in its address at grafana.com.
    pub id: u32,
    /// The published revision; pinned, since authors change them in place.
    pub revision: u32,
}

impl Dashboard {
    /// URL of the JSON of this revision.
    pub fn url(&self) -> String {
        url(self.id.into(), self.revision.into())
    }

    /// The ConfigMap that holds it where Grafana cannot download it. A ConfigMap holds a megabyte at most, so each
    /// dashboard has one of its own.
    pub fn config_map(&self) -> String {
        format!("grafana-dashboard-{}", self.name)
    }
}

fn url(id: u64, revision: u64) -> String {
    format!("https://grafana.com/api/dashboards/{id}/revisions/{revision}/download")
}

/// The dashboards that Grafana downloads itself, a user's own in the overlay too: URL, and name of the file.
pub(super) fn downloaded(release: &Release) -> Vec<(String, String)> {
    let folders = release.values["dashboards"].as_object();
    let boards = folders
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_object)
        .flatten();
    boards
        .filter_map(|(name, board)| {
            let (id, revision) = (board["gnetId"].as_u64()?, board["revision"].as_u64()?);
            Some((url(id, revision), format!("{name}.json")))
        })
        .collect()
}

/// Downloads the dashboards next to itself; runs where there is Internet.
pub(super) fn fetch_script(dashboards: &[Dashboard]) -> String {
    let mut script = String::from(
        r#"#!/usr/bin/env bash
# Downloads Grafana's dashboards into the folder `dashboards` beside this file. Run it on a machine with Internet, then
# carry the tree, with that folder, to the machine from which the lab is installed.
set -euo pipefail

folder=$(cd "$(dirname "$0")" && pwd)/dashboards
mkdir -p "$folder"

fetch() {
  echo "$2"
  curl --fail --silent --show-error --location --output "$folder/$1.json.part" "$2"
  mv "$folder/$1.json.part" "$folder/$1.json"
}

"#,
    );
    for one in dashboards {
        script.push_str(&format!(
            "fetch {} {}\n",
            shell::quote(&one.name),
            shell::quote(&one.url())
        ));
    }
    script
}

/// Makes a ConfigMap of each dashboard that was fetched; runs before Grafana is installed.
///
/// A downloaded dashboard asks for its data source by a variable that only the import page of Grafana fills in.
pub(super) fn load_script(dashboards: &[Dashboard], namespace: &str, data_source: &str) -> String {
    let mut script = format!(
        r#"#!/usr/bin/env bash
# Makes a ConfigMap of each dashboard that fetch-dashboards.sh has put into the folder `dashboards` beside this file.
set -euo pipefail

folder=$(cd "$(dirname "$0")" && pwd)/dashboards
namespace={namespace}
data_source={data_source}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

load() {{
  if [ ! -s "$folder/$1.json" ]; then
    echo "error: $folder/$1.json is missing: run fetch-dashboards.sh where there is Internet, and bring the folder here" >&2
    exit 1
  fi
  # ${{DS_...}} stands for the data source.
  sed "s/\${{DS_[A-Za-z0-9_-]*}}/$data_source/g" "$folder/$1.json" >"$work/$1.json"
  # Applied by the server: a dashboard is longer than the annotation that the client would write.
  kubectl create configmap "$2" --namespace "$namespace" --from-file="$1.json=$work/$1.json" --dry-run=client --output=yaml |
    kubectl apply --server-side --force-conflicts --filename=-
}}

"#,
        namespace = shell::quote(namespace),
        data_source = shell::quote(data_source),
    );
    for one in dashboards {
        script.push_str(&format!(
            "load {} {}\n",
            shell::quote(&one.name),
            shell::quote(&one.config_map())
        ));
    }
    script
}
