//! References that lead nowhere: what the checks on them share.

use stack_model::{Purpose, Reference, Resolution};

use crate::context::{Context, Sink};

/// Reports references for some purposes whose target is missing, if a check wants to see them.
pub(crate) fn report(
    context: &Context<'_>,
    sink: &mut Sink<'_, '_>,
    purposes: &[Purpose],
    wanted: impl Fn(&Reference<'_>) -> bool,
) {
    for (reference, resolution) in &context.broken {
        if !purposes.contains(&reference.purpose) || !wanted(reference) {
            continue;
        }
        let target = match reference.namespace {
            Some(namespace) => format!("{} {namespace}/{}", reference.kind, reference.name),
            None => format!("{} {}", reference.kind, reference.name),
        };
        let message = match (resolution, reference.key) {
            (Resolution::KeyMissing(_), Some(key)) => format!("{target} has no key `{key}`"),
            _ => format!("there is no {target}"),
        };
        let meant = reference.namespace.and_then(|namespace| {
            let model = context.model;
            model.nearly(reference.group, reference.kind, namespace, reference.name)
        });
        let path = reference.path.to_field_path();
        match meant {
            Some(meant) => {
                sink.report_with(
                    reference.from,
                    path,
                    message,
                    format!("write {}", meant.name()),
                );
            }
            None => sink.report(reference.from, path, message),
        }
    }
}
