//! Grafana's dashboards, as far as people write them by hand.
//!
//! See <https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/>.

use kube_vocab::{Finding, Severity};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::finding::in_file;

/// The label by which Grafana's sidecar finds ConfigMaps with dashboards; its value is `"1"` by custom.
pub const SIDECAR_LABEL: &str = "grafana_dashboard";

/// A dashboard: what a file for provisioning holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    /// The stable name in links, at most 40 characters. Absent: Grafana makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// What people see; unique in its folder.
    pub title: String,
    /// The panels, in the order of reading.
    pub panels: Vec<Panel>,
    /// What has no member here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Dashboard {
    /// A dashboard of these panels.
    pub fn new(title: impl Into<String>, panels: impl IntoIterator<Item = Panel>) -> Self {
        Self {
            title: title.into(),
            panels: panels.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Puts the panels side by side, `columns` in a row of 24 columns, each so many rows high, and numbers them.
    #[must_use]
    pub fn arranged(mut self, columns: u32, height: u32) -> Self {
        let columns = columns.clamp(1, 24);
        let width = 24 / columns;
        for (panel, at) in self.panels.iter_mut().zip(0_u32..) {
            panel.id = Some(at + 1);
            panel.grid_pos = Some(GridPos {
                h: height,
                w: width,
                x: at % columns * width,
                y: at / columns * height,
            });
        }
        self
    }

    /// The body of a call of Grafana's HTTP API, `POST /api/dashboards/db`. A file for provisioning holds the dashboard itself.
    pub fn import(self) -> Import {
        Import { dashboard: self }
    }
}

/// The body of a call of Grafana's HTTP API.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// What is created or overwritten.
    pub dashboard: Dashboard,
}

/// A box of the dashboard: a diagram, a number, a text or a row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Panel {
    /// Its number in the dashboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u32>,
    /// What stands above it.
    pub title: String,
    /// The plugin that draws it: `timeseries`, `stat`, `table`, `gauge`, `logs` ...
    #[serde(rename = "type")]
    pub kind: String,
    /// Its place on a grid of 24 columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid_pos: Option<GridPos>,
    /// What it asks its data source; several are drawn into one diagram.
    pub targets: Vec<Target>,
    /// What has no member here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Panel {
    /// A panel of a kind with these queries.
    pub fn new(
        kind: impl Into<String>,
        title: impl Into<String>,
        targets: impl IntoIterator<Item = Target>,
    ) -> Self {
        Self {
            kind: kind.into(),
            title: title.into(),
            targets: targets.into_iter().collect(),
            ..Self::default()
        }
    }
}

/// Where a panel stands, in a grid of 24 columns; a row is 30 pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridPos {
    /// Height in rows of 30 pixels.
    pub h: u32,
    /// Width in columns, at most 24.
    pub w: u32,
    /// First column, from 0 to 23.
    pub x: u32,
    /// First row, from 0; Grafana pushes boxes up where there is room.
    pub y: u32,
}

/// One query of a panel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// The query, in the language of the data source.
    pub expr: String,
    /// What the legend says of each series, with `{{label}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legend_format: Option<String>,
    /// What has no member here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Target {
    /// A query and its legend.
    pub fn new(expr: impl Into<String>, legend: impl Into<String>) -> Self {
        Self {
            expr: expr.into(),
            legend_format: Some(legend.into()),
            ..Self::default()
        }
    }
}

/// The queries of a dashboard, in its wrapper or without, each with its place.
pub fn queries(dashboard: &Value) -> Vec<(String, String)> {
    let (inner, before) = match dashboard.get("dashboard") {
        Some(inner) if dashboard.get("panels").is_none() => (inner, "dashboard."),
        _ => (dashboard, ""),
    };
    let mut found = Vec::new();
    let panels = inner["panels"].as_array();
    for (panel, value) in panels.into_iter().flatten().enumerate() {
        let targets = value["targets"].as_array();
        for (target, value) in targets.into_iter().flatten().enumerate() {
            if let Some(query) = value["expr"].as_str() {
                let place = format!("{before}panels[{panel}].targets[{target}].expr");
                found.push((place, query.to_owned()));
            }
        }
    }
    found
}

/// What is wrong with a file that holds a dashboard, called `file` in the findings.
pub fn check(dashboard: &Value, file: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let wrapped = dashboard.get("dashboard").filter(|inner| {
        inner.is_object() && dashboard.get("title").is_none() && dashboard.get("panels").is_none()
    });
    if wrapped.is_some() {
        findings.push(in_file(
            "dashboard-in-wrapper",
            Severity::Error,
            file,
            "dashboard",
            "the body of a call of Grafana's HTTP API: read from a file, the dashboard has no title and is refused",
            "put the inner object into the file",
        ));
    }
    let before = if wrapped.is_some() { "dashboard." } else { "" };
    let panels = wrapped.unwrap_or(dashboard)["panels"].as_array();
    for (number, panel) in panels.into_iter().flatten().enumerate() {
        if panel["type"] == "graph" {
            findings.push(in_file(
                "dashboard-old-panel",
                Severity::Warning,
                file,
                &format!("{before}panels[{number}].type"),
                "`graph` was drawn by AngularJS, which Grafana 12 no longer has",
                "write `timeseries`",
            ));
        }
    }
    findings
}
