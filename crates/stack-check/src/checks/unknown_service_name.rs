//! Names of Services in settings that lead nowhere.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Call, Entry, NameForm, Resolution};

pub(super) const CHECK: Check = Check {
    code: "unknown-service-name",
    group: Group::References,
    severity: Severity::Warning,
    title: "A program is told a Service name that leads nowhere",
    explanation: "An environment variable, an argument or a ConfigMap holds the DNS name of a Service (`name.namespace.svc`) \
        that does not exist, or a port that it does not have. The program starts, and fails when it calls.",
    remedy: "correct the name or the port",
    silent: "Hosts of the world, and names that a template or a variable completes; short names that are not nearly those of a \
        Service, which may be containers or aliases. What lies outside the input is unknown: in a part of a stack \
        something is missing only where its name is one letter away from one that is there.",
    failing: include_str!("../../fixtures/unknown-service-name/failing.yaml"),
    passing: include_str!("../../fixtures/unknown-service-name/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for entry in context.model.entries() {
        for call in context.model.calls_of(entry) {
            if let Some((message, meant)) = problem(context, &call) {
                match meant {
                    Some(meant) => {
                        sink.report_with(entry, call.path, message, format!("write {meant}"));
                    }
                    None => sink.report(entry, call.path, message),
                }
            }
        }
    }
}

/// What is wrong with a name, and what it was meant to be if that is known.
fn problem<'m>(context: &Context<'m>, call: &Call<'_>) -> Option<(String, Option<&'m str>)> {
    let model = context.model;
    let Call {
        namespace,
        service,
        port,
        form,
        ..
    } = call;
    let Some(found) = model.service(namespace, service) else {
        let outcome = model.look_up("", "Service", Some(namespace), service, context.extent);
        let meant = model.nearly("", "Service", namespace, service);
        // A short name may be that of a container beside it, an alias, or a host of the network.
        let is_sure = *form == NameForm::Full || meant.is_some();
        let missing = matches!(outcome, Resolution::Missing) && is_sure;
        let message = format!("there is no Service {namespace}/{service}");
        return missing.then(|| (message, meant.map(Entry::name)));
    };
    let port = (*port)?;
    // A headless name leads to the pods, which listen where they like.
    let open = found.is_headless()
        || found.external_name().is_some()
        || found.ports().next().is_none()
        || context.is_ambiguous(found.entry());
    let has = found.ports().any(|own| own.port == port);
    (!open && !has).then(|| (format!("{found} has no port {port}"), None))
}
