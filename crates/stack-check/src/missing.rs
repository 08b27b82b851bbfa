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
        sink.report(reference.from, reference.path.to_field_path(), message);
    }
}
