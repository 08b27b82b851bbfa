//! Data that is kept until the volume is full.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::text;
use crate::group::Group;
use kube_vocab::Quantity;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "retention-exceeds-volume",
    group: Group::Capacity,
    severity: Severity::Warning,
    title: "More data is kept than the volume holds",
    explanation: "The server may keep as much data as its volume is large, or more. The volume fills, writing \
        stops, and it does not start again by itself.",
    remedy: "keep at most 80 % of the volume (`retentionSize`), or enlarge it",
    silent: "Servers that keep data by time alone: how much comes in is not known.",
    failing: include_str!("../../fixtures/retention-exceeds-volume/failing.yaml"),
    passing: include_str!("../../fixtures/retention-exceeds-volume/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for entry in context.model.objects("monitoring.coreos.com", "Prometheus") {
        let kept = entry.text_at("spec.retentionSize").and_then(size);
        let volume =
            entry.text_at("spec.storage.volumeClaimTemplate.spec.resources.requests.storage");
        let volume: Option<Quantity> = volume.and_then(|volume| volume.parse().ok());
        if let (Some(kept), Some(volume)) = (kept, volume)
            && kept >= volume
        {
            sink.report(
                entry,
                path("spec.retentionSize"),
                format!("{kept} are kept, the volume holds {volume}"),
            );
        }
    }
    for set in context.model.objects("apps", "StatefulSet") {
        let claims = set.items_at("spec.volumeClaimTemplates");
        let [claim] = claims else { continue };
        let volume: Option<Quantity> =
            text(claim, "spec.resources.requests.storage").and_then(|volume| volume.parse().ok());
        let Some((workload, volume)) = context.model.workload(set.entry_id()).zip(volume) else {
            continue;
        };
        for container in workload.containers() {
            for (number, word) in container.items("args").iter().enumerate() {
                let kept = word
                    .as_str()
                    .and_then(|word| size(word.strip_prefix("--storage.tsdb.retention.size=")?));
                if let Some(kept) = kept.filter(|kept| *kept >= volume) {
                    let at = container.path().field("args").index(number);
                    sink.report(
                        set,
                        at,
                        format!("{kept} are kept, the volume holds {volume}"),
                    );
                }
            }
        }
    }
}

/// `50GB`, as Prometheus reads it: in powers of two.
fn size(text: &str) -> Option<Quantity> {
    let text = text.strip_suffix('B')?.trim_end_matches('i');
    let unit = if text.ends_with(|c: char| c.is_ascii_digit()) {
        ""
    } else {
        "i"
    };
    format!("{text}{unit}").parse().ok()
}
