//! The whole stack as one JSON value, for other programs.

use std::io;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use crate::bundle::{Bundle, Part};

impl Bundle {
    /// The whole stack as one JSON value, for other programs. Its keys are `environment`, `profile`, `kind`, `objects`,
    /// `releases`, `images`, `components` and `exercises`; the README describes each.
    pub fn to_json(&self) -> Value {
        json!(View(self))
    }

    /// As [`Bundle::to_json`], written as it is made: of the objects' values there is one at a time.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: impl io::Write) -> io::Result<()> {
        Ok(serde_json::to_writer(out, &View(self))?)
    }
}

struct View<'a>(&'a Bundle);

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bundle = self.0;
        let environment = bundle.environment();
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry(
            "environment",
            &json!({"name": environment.name(), "domain": environment.domain()}),
        )?;
        members.serialize_entry("profile", bundle.profile())?;
        members.serialize_entry("registry", &bundle.registry().map(ToString::to_string))?;
        members.serialize_entry("kind", &bundle.cluster())?;
        members.serialize_entry("objects", &List(|| bundle.objects()))?;
        members.serialize_entry("releases", &of_parts(bundle, releases))?;
        members.serialize_entry("images", &of_parts(bundle, images))?;
        members.serialize_entry("components", &of_parts(bundle, component))?;
        members.serialize_entry("exercises", &of_parts(bundle, exercises))?;
        members.end()
    }
}

/// A list whose elements are made while it is written.
struct List<F>(F);

impl<I, F> Serialize for List<F>
where
    I: Iterator<Item: Serialize>,
    F: Fn() -> I,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

fn of_parts(bundle: &Bundle, rows: fn(&Part) -> Vec<Value>) -> impl Serialize {
    List(move || bundle.parts().iter().flat_map(rows))
}

fn releases(part: &Part) -> Vec<Value> {
    let releases = part.releases().iter().map(|release| {
        json!({
            "component": part.id,
            "name": release.name,
            "namespace": release.namespace,
            "chart": release.chart.name,
            "repository": release.chart.repository,
            "version": release.chart.version,
            "step": part.step,
            "values": release.values,
        })
    });
    releases.collect()
}

fn images(part: &Part) -> Vec<Value> {
    let images = part.images().iter().map(|image| {
        json!({
            "component": part.id,
            "source": image.full_source(),
            "mirrored": image.mirrored.as_ref().map(ToString::to_string),
            "comment": image.comment,
        })
    });
    images.collect()
}

fn component(part: &Part) -> Vec<Value> {
    vec![json!({
        "id": part.id,
        "namespace": part.namespace,
        "depth": part.depth,
        "dependsOn": part.depends_on,
        "step": part.step,
        "folder": part.folder(),
    })]
}

fn exercises(part: &Part) -> Vec<Value> {
    let exercises = part.exercises().map(
        |(exercise, file, object)| json!({"exercise": exercise, "file": file, "object": object}),
    );
    exercises.collect()
}
