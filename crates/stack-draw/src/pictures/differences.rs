//! What comes, goes and changes between two sets of objects.

use std::collections::{BTreeMap, HashMap};

use stack_diff::{Change, Diff};

use super::boxes::icon_of;
use crate::graph::{Direction, Graph, Group, GroupId, Mark, Node};

/// Every object that comes, goes or changes, in its namespace, with what changes in it. `names` are those of the two sides.
#[must_use]
pub fn differences(diff: &Diff, names: (&str, &str)) -> Graph {
    let mut graph = Graph::new(format!("From {} to {}", names.0, names.1), Direction::Down);
    let count = |change| diff.count(change);
    graph.description = match diff.is_empty() {
        true => "Nothing changes.".into(),
        false => format!(
            "{} objects come, {} go, {} change.",
            count(Change::Added),
            count(Change::Removed),
            count(Change::Changed)
        ),
    };
    let mut images: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for image in diff.images() {
        let text = image.to_string();
        if let Some((object, change)) = text.split_once(", ") {
            images
                .entry(object.to_owned())
                .or_default()
                .push(change.to_owned());
        }
    }
    let mut frames: HashMap<String, GroupId> = HashMap::new();
    for changed in &diff.objects {
        let id = &changed.object;
        let namespace = id.namespace.as_deref().unwrap_or("cluster-wide");
        let frame = *frames
            .entry(namespace.to_owned())
            .or_insert_with(|| graph.add_group(Group::new(format!("ns_{namespace}"), namespace)));
        let mark = match changed.change {
            Change::Added => Mark::Added,
            Change::Removed => Mark::Removed,
            Change::Changed => Mark::Changed,
        };
        let mut node = Node::new(id.to_string(), icon_of(&id.kind), &id.name)
            .detail(&id.kind)
            .marked(mark)
            .within(frame);
        for image in images.get(&id.to_string()).into_iter().flatten() {
            node = node.detail(image);
        }
        let paths: Vec<String> = changed
            .fields
            .iter()
            .map(|field| field.path.to_string())
            .collect();
        node = match paths.as_slice() {
            [] => node,
            [path] => node.detail(path),
            [path, more @ ..] => node
                .detail(path)
                .detail(format!("and {} more fields", more.len())),
        };
        graph.add(node.tip(paths.join(", ")));
    }
    graph
}
