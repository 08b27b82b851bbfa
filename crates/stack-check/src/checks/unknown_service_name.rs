//! Names of Services in settings that lead nowhere.

use crate::check::{Check, Group};
use crate::context::path;
use crate::context::{Context, Sink};
use kube_vocab::FieldPath;
use kube_vocab::Severity;
use serde_json::Value;
use stack_model::{Entry, Resolution};

pub(super) const CHECK: Check = Check {
    code: "unknown-service-name",
    group: Group::References,
    severity: Severity::Warning,
    title: "A program is told a Service name that leads nowhere",
    explanation: "An environment variable, an argument or a ConfigMap holds the DNS name of a Service (`name.namespace.svc`) \
        that does not exist, or a port that it does not have. The program starts, and fails when it calls.",
    remedy: "correct the name or the port",
    silent: "Names without `.svc`, which may be anything. What lies outside the input is unknown: in a part of a stack \
        something is missing only where its name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/unknown-service-name/failing.yaml"),
    passing: include_str!("../../fixtures/unknown-service-name/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for workload in context.model.workloads() {
        for container in workload.containers() {
            for member in ["command", "args"] {
                for (number, value) in container.items(member).iter().enumerate() {
                    let at = || {
                        path(&container.path().to_string())
                            .field(member)
                            .index(number)
                    };
                    look(context, sink, workload.template_entry(), value, at);
                }
            }
            for (number, variable) in container.items("env").iter().enumerate() {
                if let Some(value) = variable.get("value") {
                    let at = || {
                        path(&container.path().to_string())
                            .field("env")
                            .index(number)
                            .field("value")
                    };
                    look(context, sink, workload.template_entry(), value, at);
                }
            }
        }
    }
    for map in context.model.objects("", "ConfigMap") {
        for (key, value) in map
            .at("data")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            look(context, sink, map, value, || {
                FieldPath::root().field("data").key(key.as_str())
            });
        }
    }
}

fn look(
    context: &Context<'_>,
    sink: &mut Sink<'_, '_>,
    entry: &Entry,
    value: &Value,
    at: impl Fn() -> FieldPath,
) {
    let mut seen = Vec::new();
    for name in names_in(value.as_str().unwrap_or_default()) {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        if let Some(message) = problem(context, name) {
            sink.report(entry, at(), message);
        }
    }
}

/// Service, namespace and port of a DNS name.
type Name<'t> = (&'t str, &'t str, Option<u16>);

fn problem(context: &Context<'_>, (service, namespace, port): Name<'_>) -> Option<String> {
    let model = context.model;
    let Some(found) = model.service(namespace, service) else {
        let missing = matches!(
            model.look_up("", "Service", Some(namespace), service, context.extent),
            Resolution::Missing
        );
        return missing.then(|| format!("there is no Service {namespace}/{service}"));
    };
    let port = port?;
    // A headless name leads to the pods, which listen where they like.
    let open =
        found.is_headless() || found.external_name().is_some() || found.ports().next().is_none();
    let has = found.ports().any(|own| own.port == port);
    (!open && !has).then(|| format!("{found} has no port {port}"))
}

/// Every name of the form `service.namespace.svc` in a text, with the port behind it.
fn names_in(text: &str) -> impl Iterator<Item = Name<'_>> {
    text.match_indices(".svc").filter_map(move |(end, _)| {
        let rest = &text[end + 4..];
        if rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            return None;
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let start = text[..end]
            .rfind(|c: char| !is_part(c))
            .map_or(0, |at| at + 1);
        // What a template or a variable fills in is no name yet, nor what a wildcard or a pattern stands for.
        if text[..start].ends_with(['}', ')', '*', '$', '%', '_', '\\', ']', '>', '+', '|', '^']) {
            return None;
        }
        let mut labels = text[start..end].rsplit('.');
        let (namespace, service) = (labels.next()?, labels.next()?);
        if namespace.is_empty() || service.is_empty() {
            return None;
        }
        let rest = rest.strip_prefix(".cluster.local").unwrap_or(rest);
        let port = rest
            .trim_start_matches('.')
            .strip_prefix(':')
            .and_then(|port| {
                let digits = port
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(port.len());
                port[..digits].parse().ok()
            });
        Some((service, namespace, port))
    })
}

#[cfg(test)]
mod tests {
    use super::names_in;

    #[test]
    fn names_are_found_in_urls_lists_and_sentences() {
        let cases: [(&str, &[super::Name<'_>]); 8] = [
            (
                "http://web.demo.svc:8080/path",
                &[("web", "demo", Some(8080))],
            ),
            (
                "a.b.svc.cluster.local:9092,c.d.svc:1",
                &[("a", "b", Some(9092)), ("c", "d", Some(1))],
            ),
            ("web-0.web.demo.svc", &[("web", "demo", None)]),
            ("http://{{ .Name }}.demo.svc", &[]),
            ("http://$(HOST).demo.svc", &[]),
            ("*.demo.svc", &[]),
            ("web.demo.svcs", &[]),
            (".svc", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(names_in(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
