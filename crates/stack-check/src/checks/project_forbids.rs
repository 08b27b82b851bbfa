//! Applications that their project does not allow.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Entry;
use stack_model::Value;

pub(super) const CHECK: Check = Check {
    code: "project-forbids",
    group: Group::References,
    severity: Severity::Error,
    title: "An Argo CD project does not allow what an application does",
    explanation: "The project of an Application lists the repositories and destinations that are allowed. What is not on the \
        list is not synced: the Application stays in an error that only its status shows.",
    remedy: "add the repository or destination to the project, or move the application to another one",
    silent: "Applications whose project is not in the input; clusters that are named in one place by name and in the other \
        by address.",
    failing: include_str!("../../fixtures/project-forbids/failing.yaml"),
    passing: include_str!("../../fixtures/project-forbids/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for application in context.model.objects("argoproj.io", "Application") {
        let name = application.text_at("spec.project").unwrap_or_default();
        let Some(project) =
            context
                .model
                .get("argoproj.io", "AppProject", application.namespace(), name)
        else {
            continue;
        };
        if !context.are_near(application, project) {
            continue;
        }
        for (at, source) in sources(application) {
            let repository = source
                .get("repoURL")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if !repository.is_empty()
                && !is_allowed(
                    project.items_at("spec.sourceRepos"),
                    |allowed| allowed.as_str(),
                    &[repository],
                )
            {
                sink.report(
                    application,
                    path(&at).field("repoURL"),
                    format!("{project} does not allow the repository {repository}"),
                );
            }
        }
        look_at_destination(application, project, sink);
    }
}

fn sources(application: &Entry) -> Vec<(String, &Value)> {
    let several = application.items_at("spec.sources").iter().enumerate();
    let mut found: Vec<(String, &Value)> = several
        .map(|(number, source)| (format!("spec.sources[{number}]"), source))
        .collect();
    found.extend(
        application
            .at("spec.source")
            .map(|source| ("spec.source".to_owned(), source)),
    );
    found
}

fn look_at_destination(application: &Entry, project: &Entry, sink: &mut Sink<'_, '_>) {
    let Some(destination) = application.at("spec.destination") else {
        return;
    };
    let text = |value: &Value, member: &str| {
        value
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (server, cluster, namespace) = (
        text(destination, "server"),
        text(destination, "name"),
        text(destination, "namespace"),
    );
    let allowed = project.items_at("spec.destinations");
    let fits = |row: &Value, deny: bool| {
        let clean = |member: &str| {
            let pattern = text(row, member);
            let is_denied = pattern.starts_with('!');
            (is_denied, pattern.trim_start_matches('!').to_owned())
        };
        let (no_server, row_server) = clean("server");
        let (no_namespace, row_namespace) = clean("namespace");
        let row_cluster = text(row, "name");
        // Which address belongs to a name is written nowhere: one of the two has to be comparable.
        let comparable = (!server.is_empty() && !row_server.is_empty())
            || (!cluster.is_empty() && !row_cluster.is_empty());
        let place = !comparable
            || matches(&row_server, &server) && !server.is_empty()
            || matches(&row_cluster, &cluster) && !cluster.is_empty();
        (no_server || no_namespace) == deny && place && matches(&row_namespace, &namespace)
    };
    let permitted =
        allowed.iter().any(|row| fits(row, false)) && !allowed.iter().any(|row| fits(row, true));
    let is_template = server.contains("{{") || namespace.contains("{{");
    if !permitted && !is_template {
        let place = if server.is_empty() { cluster } else { server };
        sink.report(
            application,
            path("spec.destination"),
            format!("{project} does not allow namespace `{namespace}` of {place}"),
        );
    }
}

/// Whether a list of patterns allows a value: one does, and none that begins with `!` forbids it.
fn is_allowed(list: &[Value], pattern: impl Fn(&Value) -> Option<&str>, values: &[&str]) -> bool {
    let hit = |pattern: &str| values.iter().any(|value| matches(pattern, value));
    let mut allowed = false;
    for pattern in list.iter().filter_map(pattern) {
        match pattern.strip_prefix('!') {
            Some(forbidden) if hit(forbidden) => return false,
            Some(_) => {}
            None => allowed |= hit(pattern),
        }
    }
    allowed
}

/// Whether a pattern with `*` fits a text. The end of an address may or may not say `.git`.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (
        pattern.trim_end_matches(".git"),
        text.trim_end_matches(".git"),
    );
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_anything() {
        let cases = [
            ("*", "", true),
            ("a*c", "abc", true),
            ("a*c", "ab", false),
            ("web-*", "web-", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c", false),
            ("a*bb*b", "abb", false),
            ("https://x/y.git", "https://x/y", true),
            ("demo", "demo2", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
