//! What the README of the lab's tree says beside what the engine writes.

use stack_builder::{Bundle, Pods};
use stack_draw::READABLE;
use stack_model::{Amounts, Model, Value};

use crate::environment::Profile;
use crate::model::Whole;

/// What the machine must have, how the lab is installed, and how requests go.
pub(crate) fn sections(bundle: &Bundle) -> Vec<String> {
    // What charts make is not always known, and the text must not depend on it.
    let model = Whole::of_declared(bundle).model;
    vec![machine(bundle, &model), install(bundle), traffic(&model)]
}

/// What the machine must have: nodes, pods, CPU and memory.
fn machine(bundle: &Bundle, model: &Model) -> String {
    let mut text = String::from("## What the machine needs\n\n");
    if let Some(nodes) = bundle.nodes() {
        let plural = |number: u32, what: &str| match number {
            1 => format!("1 {what}"),
            number => format!("{number} {what}s"),
        };
        text.push_str(&format!(
            "kind makes {} and {}, each a container. ",
            plural(nodes.control_planes, "control plane"),
            plural(nodes.workers, "worker"),
        ));
    }
    let (pods, _) = bundle.pods();
    let more = if pods.most == Some(pods.least) {
        ""
    } else {
        " or more"
    };
    let asked = asked(bundle, model);
    let amount = |resource: &str| {
        asked
            .get(resource)
            .map_or_else(|| "nothing".to_owned(), |amount| amount.to_string())
    };
    text.push_str(&format!("On them run {}{more} pods.", pods.least));
    if let Some(documented) = documented(bundle) {
        text.push_str(&format!(" {documented}"));
    }
    // The sum of a part, told as the need of the whole, would make people buy too little.
    let releases = bundle.releases().count();
    text.push_str(&format!(
        " What the machine needs for all of them is not known from here: most pods come from the {releases} charts, whose templates \
         say what they ask for. The manifests of the stack, and the values that it gives to charts, ask for {} CPU and {} of \
         memory; that is the least, and not the whole. `stackctl report --charts helm --out report.html env:{}` renders the charts \
         and counts them.\n",
        amount("cpu"),
        amount("memory"),
        bundle.environment().name(),
    ));
    text
}

/// What the documentation says of the machines of a profile, where it does.
fn documented(bundle: &Bundle) -> Option<&'static str> {
    (bundle.profile() == Profile::DataCenter.name()).then_some(
        "The documentation counts 45 CPU and 150 GB of memory for the workloads of a data centre, on ten workers of 8 CPU and \
         32 GB each.",
    )
}

/// What pods ask for together, as far as manifests and values of releases say it.
fn asked(
    bundle: &Bundle,
    model: &Model,
) -> std::collections::BTreeMap<String, kube_vocab::Quantity> {
    let mut sum: std::collections::BTreeMap<String, kube_vocab::Quantity> =
        std::collections::BTreeMap::new();
    let mut add = |amounts: &Amounts<'_>| {
        for (resource, amount) in amounts.iter() {
            sum.entry(resource.to_owned())
                .and_modify(|known| *known = *known + amount)
                .or_insert(amount);
        }
    };
    for workload in model.workloads() {
        add(&workload.amounts().requests.times(workload.replicas().min));
    }
    for release in bundle.releases() {
        of_values(
            &Value::from(&release.values),
            bundle.count(Pods::exactly(1)).least,
            &mut add,
        );
    }
    sum
}

/// Requests in the values of a chart stand beside the number of replicas, where that is not one.
fn of_values(values: &Value, times: u32, add: &mut impl FnMut(&Amounts<'_>)) {
    let Some(members) = values.as_object() else {
        return;
    };
    let replicas = ["replicas", "replicaCount"]
        .iter()
        .find_map(|name| members.get(name)?.as_u64());
    let replicas = replicas
        .and_then(|number| u32::try_from(number).ok())
        .unwrap_or(times);
    for (name, member) in members {
        match name.as_str() {
            "resources" => add(&Amounts::read(member.get("requests")).times(replicas)),
            _ => of_values(member, 1, add),
        }
    }
}

/// The order of installation as a picture that Git hosts draw.
fn install(bundle: &Bundle) -> String {
    let graph = stack_draw::install_of_bundle(bundle).folded(READABLE);
    section("How it is installed", &graph.to_mermaid())
}

/// The way of requests as a picture that Git hosts draw.
fn traffic(model: &Model) -> String {
    let graph = stack_draw::traffic(model).folded(READABLE);
    match graph.is_empty() {
        true => String::new(),
        false => section("How requests go", &graph.to_mermaid()),
    }
}

fn section(heading: &str, picture: &str) -> String {
    format!("## {heading}\n\n```mermaid\n{picture}```\n")
}
