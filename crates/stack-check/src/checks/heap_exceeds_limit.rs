//! Programs that are told to use more memory than they may.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::fields::{list, text};
use crate::group::Group;
use kube_vocab::Severity;
use kube_vocab::{FieldPath, Quantity};
use stack_model::Value;
use stack_model::{Container, Workload};

pub(super) const CHECK: Check = Check {
    code: "heap-exceeds-limit",
    group: Group::Capacity,
    severity: Severity::Error,
    title: "A program is told to use more memory than its container may",
    explanation: "The heap that arguments or variables allow is as large as the memory limit of the container, or \
        larger. When it fills the kernel kills the program, long before the program itself would save memory. \
        Memory-backed volumes count, too.",
    remedy: "keep heap and memory-backed volumes well below the limit",
    silent: "Sizes that the program works out by itself; containers without a limit.",
    failing: include_str!("../../fixtures/heap-exceeds-limit/failing.yaml"),
    passing: include_str!("../../fixtures/heap-exceeds-limit/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.model.workloads() {
        for container in workload.containers() {
            let heap = heap_of(container);
            let Some((at, what, heap)) = heap else {
                continue;
            };
            let limit = workload.container_amounts(container).limits.get("memory");
            if let Some(limit) = limit.filter(|limit| heap >= *limit) {
                let message = format!("{what} allows {heap}, and the container may use {limit}");
                sink.report(workload.template_entry(), at, message);
            }
        }
        look_at_volumes(&workload, sink);
    }
}

/// Volumes in memory that alone fill the limit of a container which mounts them.
fn look_at_volumes(workload: &Workload<'_>, sink: &mut Sink<'_, '_>) {
    let volumes = workload
        .pod_spec()
        .map_or(&[] as &[Value], |spec| list(spec, "volumes"));
    for volume in volumes
        .iter()
        .filter(|volume| text(volume, "emptyDir.medium") == Some("Memory"))
    {
        let size: Option<Quantity> =
            text(volume, "emptyDir.sizeLimit").and_then(|size| size.parse().ok());
        let Some(size) = size else { continue };
        for container in workload.containers() {
            let mounts = container.items("volumeMounts").iter().enumerate();
            let mut own = mounts.filter(|(_, mount)| mount.get("name") == volume.get("name"));
            let limit = workload.container_amounts(container).limits.get("memory");
            if let (Some((number, _)), Some(limit)) = (own.next(), limit)
                && size > limit
            {
                let at = container.path().field("volumeMounts").index(number);
                let message =
                    format!("a volume in memory of {size}, and the container may use {limit}");
                sink.report(workload.template_entry(), at, message);
            }
        }
    }
}

/// Where a container is told how large its heap may grow.
fn heap_of(container: Container<'_>) -> Option<(FieldPath, &'static str, Quantity)> {
    let words = ["command", "args"].into_iter().flat_map(|member| {
        let items = container.items(member).iter().enumerate();
        items.map(move |(number, word)| (member, number, word))
    });
    for (member, number, word) in words {
        let heap = word.as_str().and_then(heap_in);
        if let Some((what, heap)) = heap {
            return Some((container.path().field(member).index(number), what, heap));
        }
    }
    container
        .items("env")
        .iter()
        .enumerate()
        .find_map(|(number, variable)| {
            let value = text(variable, "value")?;
            let (what, heap) = match text(variable, "name")? {
                "GOMEMLIMIT" => ("GOMEMLIMIT", go_size(value)?),
                _ => heap_in(value)?,
            };
            Some((
                container.path().field("env").index(number).field("value"),
                what,
                heap,
            ))
        })
}

/// The heap that options of the Java machine or of Node.js in a text allow.
fn heap_in(text: &str) -> Option<(&'static str, Quantity)> {
    text.split_whitespace().find_map(|word| {
        if let Some(size) = word.strip_prefix("-Xmx") {
            return Some(("-Xmx", java_size(size)?));
        }
        let size = word
            .strip_prefix("--max-old-space-size=")
            .or(word.strip_prefix("--max_old_space_size="))?;
        Some((
            "--max-old-space-size",
            format!("{}Mi", size.parse::<u32>().ok()?).parse().ok()?,
        ))
    })
}

/// `512m`, `2g`: binary in Java, whatever the letter's case.
fn java_size(text: &str) -> Option<Quantity> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.get(digits.len()..)?.to_ascii_lowercase().as_str() {
        "" => "",
        "k" => "Ki",
        "m" => "Mi",
        "g" => "Gi",
        _ => return None,
    };
    format!("{}{unit}", digits.parse::<u64>().ok()?)
        .parse()
        .ok()
}

/// `512MiB`, `2GiB`, or bytes.
fn go_size(text: &str) -> Option<Quantity> {
    text.trim_end_matches('B').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_each_program_reads_them() {
        let quantity = |text: &str| text.parse::<Quantity>().unwrap();
        assert_eq!(heap_in("-Xms1g -Xmx2G"), Some(("-Xmx", quantity("2Gi"))));
        assert_eq!(
            heap_in("node --max-old-space-size=512 app.js"),
            Some(("--max-old-space-size", quantity("512Mi")))
        );
        assert_eq!(heap_in("-Xmx$(HEAP)"), None);
        assert_eq!(go_size("900MiB"), Some(quantity("900Mi")));
        assert_eq!(go_size("off"), None);
    }
}
