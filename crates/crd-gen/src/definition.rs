//! What a CustomResourceDefinition says beside its schemas.

use serde_json::Value;

use crate::error::Error;

/// One kind.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) group: String,
    pub(crate) kind: String,
    pub(crate) plural: String,
    /// Where it is not the kind in lower case.
    pub(crate) singular: Option<String>,
    /// Where it is not the kind with `List` behind it.
    pub(crate) list_kind: Option<String>,
    pub(crate) short_names: Vec<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) namespaced: bool,
    /// The newest first.
    pub(crate) versions: Vec<Served>,
}

/// One version of a kind.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    pub(crate) name: String,
    pub(crate) served: bool,
    pub(crate) stored: bool,
    pub(crate) deprecated: bool,
    pub(crate) warning: Option<String>,
    pub(crate) columns: Vec<Column>,
    pub(crate) status: bool,
    pub(crate) scale: Option<Scale>,
    pub(crate) selectable: bool,
    pub(crate) schema: Value,
}

/// A column of `kubectl get`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) type_: String,
    pub(crate) path: String,
    pub(crate) priority: i64,
}

/// Where the scale endpoint finds its numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) spec: String,
    pub(crate) status: String,
    pub(crate) selector: Option<String>,
}

/// Reads the definitions among the documents, ordered by group and kind.
pub(crate) fn read(documents: &[Value]) -> Result<Vec<Definition>, Error> {
    let mut found = Vec::new();
    for document in documents {
        match document["kind"].as_str() {
            Some("CustomResourceDefinition") => found.push(one(document)?),
            Some("CustomResourceDefinitionList" | "List") => {
                let items = document["items"].as_array().into_iter().flatten();
                let items = items.filter(|item| item["kind"] == "CustomResourceDefinition");
                found.extend(items.map(one).collect::<Result<Vec<_>, _>>()?);
            }
            _ => {}
        }
    }
    if found.is_empty() {
        return Err(Error::NoDefinitions);
    }
    found.sort_by(|a, b| (&a.group, &a.kind).cmp(&(&b.group, &b.kind)));
    for pair in found.windows(2) {
        if (&pair[0].group, &pair[0].kind) == (&pair[1].group, &pair[1].kind) {
            return Err(Error::Twice {
                group: pair[0].group.clone(),
                kind: pair[0].kind.clone(),
            });
        }
    }
    Ok(found)
}

fn one(document: &Value) -> Result<Definition, Error> {
    let name = document["metadata"]["name"]
        .as_str()
        .unwrap_or("a definition without a name");
    let spec = &document["spec"];
    let text = |path: &str| {
        spec.pointer(path)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| Error::Incomplete {
                name: name.to_owned(),
                path: format!("spec{}", path.replace('/', ".")),
            })
    };
    let kind = text("/names/kind")?;
    let names = &spec["names"];
    let mut versions: Vec<Served> = elements(&spec["versions"])
        .map(|version| one_version(version, name))
        .collect::<Result<_, _>>()?;
    if versions.is_empty() {
        return Err(Error::Incomplete {
            name: name.to_owned(),
            path: "spec.versions".to_owned(),
        });
    }
    versions.sort_by_key(|version| std::cmp::Reverse(priority(&version.name)));
    let other = |key: &str, usual: String| {
        let said = names[key].as_str().filter(|said| *said != usual);
        said.map(str::to_owned)
    };
    Ok(Definition {
        group: text("/group")?,
        plural: text("/names/plural")?,
        singular: other("singular", kind.to_lowercase()),
        list_kind: other("listKind", format!("{kind}List")),
        short_names: texts(&names["shortNames"]),
        categories: texts(&names["categories"]),
        namespaced: spec["scope"] != "Cluster",
        versions,
        kind,
    })
}

fn one_version(version: &Value, name: &str) -> Result<Served, Error> {
    let missing = |path: &str| Error::Incomplete {
        name: name.to_owned(),
        path: format!("spec.versions[].{path}"),
    };
    let columns = elements(&version["additionalPrinterColumns"]).map(|column| Column {
        name: column["name"].as_str().unwrap_or_default().to_owned(),
        type_: column["type"].as_str().unwrap_or_default().to_owned(),
        path: column["jsonPath"].as_str().unwrap_or_default().to_owned(),
        priority: column["priority"].as_i64().unwrap_or_default(),
    });
    let scale = &version["subresources"]["scale"];
    let path = |key: &str| scale[key].as_str().map(str::to_owned);
    let scale = match (path("specReplicasPath"), path("statusReplicasPath")) {
        (Some(spec), Some(status)) => Some(Scale {
            spec,
            status,
            selector: path("labelSelectorPath"),
        }),
        _ => None,
    };
    Ok(Served {
        name: version["name"]
            .as_str()
            .ok_or_else(|| missing("name"))?
            .to_owned(),
        served: version["served"] != false,
        stored: version["storage"] == true,
        deprecated: version["deprecated"] == true,
        warning: version["deprecationWarning"].as_str().map(str::to_owned),
        columns: columns.collect(),
        status: version["subresources"]["status"].is_object(),
        scale,
        selectable: elements(&version["selectableFields"]).next().is_some(),
        schema: version["schema"]["openAPIV3Schema"].clone(),
    })
}

/// Kubernetes' order of versions: `v2` before `v1` before `v1beta2` before `v1alpha1` before anything else.
pub(crate) fn priority(version: &str) -> (u8, u64, u64) {
    let parse = || {
        let rest = version.strip_prefix('v')?;
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let major: u64 = rest[..digits].parse().ok()?;
        let rest = &rest[digits..];
        let rank = |stage: &str| {
            rest.strip_prefix(stage)
                .and_then(|minor| minor.parse().ok())
        };
        match (rest.is_empty(), rank("beta"), rank("alpha")) {
            (true, _, _) => Some((3, major, 0)),
            (_, Some(minor), _) => Some((2, major, minor)),
            (_, _, Some(minor)) => Some((1, major, minor)),
            _ => None,
        }
    };
    parse().unwrap_or((0, 0, 0))
}

pub(crate) fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn texts(value: &Value) -> Vec<String> {
    elements(value)
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_are_ordered_as_kubernetes_orders_them() {
        let mut versions = ["v1alpha1", "v10", "foo", "v2", "v1beta2", "v1beta1", "v1"];
        versions.sort_by_key(|version| std::cmp::Reverse(super::priority(version)));
        assert_eq!(
            versions,
            ["v10", "v2", "v1", "v1beta2", "v1beta1", "v1alpha1", "foo"]
        );
    }
}
