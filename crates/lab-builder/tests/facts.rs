//! The documented facts of the lab, as data in `facts/`, checked one by one against what is rendered.
//!
//! A fact is either asserted there, or listed with the reason why it is not: `not_visible.yaml` (what only a running
//! cluster, a user interface or a person shows), `general_knowledge.yaml` (concepts, comparisons, the history of the
//! real servers), or in `reference_stacks.yaml` (other stacks, which the crate `reference-stacks` asserts).

mod data;
mod expectation;
mod locator;
mod rendered;

use data::{Check, Facts, expand};
use rendered::{Inputs, Rendered};
use std::collections::{BTreeMap, BTreeSet};

/// Ids by class; `asserted` are those with at least one check.
fn classes(facts: &Facts) -> Result<BTreeMap<&str, Vec<String>>, String> {
    let asserted: BTreeSet<&String> = facts.checks.iter().map(|check| &check.id).collect();
    let mut classes = BTreeMap::from([("asserted", asserted.into_iter().cloned().collect())]);
    for (class, unchecked) in &facts.unchecked {
        let entries = unchecked
            .groups
            .iter()
            .flat_map(|group| group.ids.iter().chain(&group.derived));
        let ids = entries
            .map(|entry| expand(entry))
            .collect::<Result<Vec<_>, _>>()?
            .concat();
        classes.insert(class, ids);
    }
    Ok(classes)
}

fn problems_with(rendered: &Rendered, check: &Check) -> Result<(), String> {
    let expectation = check
        .expectation()
        .map_texts(&|text| rendered.fill_in(text));
    if expectation.exists == Some(false) && !rendered.has_surroundings(check)? {
        return Err("what should lack it is not there either".to_owned());
    }
    expectation.check(rendered.look_up(check)?.as_ref())
}

#[test]
fn each_fact_is_in_exactly_one_class() {
    let facts = Facts::read().unwrap();
    let classes = classes(&facts).unwrap();
    let known = facts.register.ids();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for (class, ids) in &classes {
        for id in ids {
            if !known.contains(id) {
                problems.push(format!("{id}: there is no such fact ({class})"));
            }
            if let Some(other) = seen.insert(id, class) {
                problems.push(format!("{id}: in {other} and in {class}"));
            }
        }
    }
    problems.extend(
        known
            .iter()
            .filter(|id| !seen.contains_key(id.as_str()))
            .map(|id| format!("{id}: in no class")),
    );
    assert!(problems.is_empty(), "{}", problems.join("\n"));

    let counts: BTreeMap<String, usize> = classes
        .iter()
        .map(|(class, ids)| ((*class).to_owned(), ids.len()))
        .collect();
    assert_eq!(counts, facts.register.counts, "counts of the register");
    assert_eq!(known.len(), 925);
}

#[test]
fn what_nobody_printed_is_marked() {
    let facts = Facts::read().unwrap();
    let derived: BTreeSet<&String> = facts.register.derived.iter().collect();
    let mut problems: Vec<String> = facts
        .checks
        .iter()
        .filter(|check| check.derived != derived.contains(&check.id))
        .map(|check| {
            format!(
                "{}: derived is {} here and not in the register",
                check.id, check.derived
            )
        })
        .collect();
    for group in facts
        .unchecked
        .values()
        .flat_map(|unchecked| &unchecked.groups)
    {
        assert!(
            !group.reason.trim().is_empty(),
            "a group without a reason: {:?}",
            group.ids
        );
        for (entries, marked) in [(&group.ids, false), (&group.derived, true)] {
            for id in entries.iter().flat_map(|entry| expand(entry).unwrap()) {
                if derived.contains(&id) != marked {
                    problems.push(format!(
                        "{id}: derived is {marked} here and not in the register"
                    ));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_asserted_fact_holds_in_every_environment() {
    let facts = Facts::read().unwrap();
    let mut labs: BTreeMap<Inputs, Rendered> = BTreeMap::new();
    // The same failure in several environments is one problem.
    let mut problems: Vec<(String, Vec<&str>)> = Vec::new();
    for check in &facts.checks {
        for environment in &check.env {
            let inputs = Inputs {
                environment: environment.clone(),
                profile: check.profile.clone(),
                skip_istio: check.skip_istio,
                registry: check.registry.clone(),
            };
            let lab = labs.entry(inputs).or_insert_with_key(|inputs| {
                Rendered::build(inputs).unwrap_or_else(|error| panic!("{inputs:?}: {error}"))
            });
            if let Err(problem) = problems_with(lab, check) {
                let problem = format!("{} in {}: {problem}", check.id, check.place());
                match problems.iter_mut().find(|(known, _)| *known == problem) {
                    Some((_, environments)) => environments.push(environment),
                    None => problems.push((problem, vec![environment])),
                }
            }
        }
    }
    let lines: Vec<String> = problems
        .iter()
        .map(|(problem, environments)| format!("[{}] {problem}", environments.join(" ")))
        .collect();
    assert!(
        lines.is_empty(),
        "{} checks fail:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

#[test]
fn no_fact_holds_for_a_lab_that_renders_nothing() {
    let facts = Facts::read().unwrap();
    let nothing = Rendered::new("dev", serde_json::json!({}), BTreeMap::new());
    let mut refuted = BTreeSet::new();
    for check in &facts.checks {
        if problems_with(&nothing, check).is_err() {
            refuted.insert(&check.id);
        }
    }
    let unproven: BTreeSet<&String> = facts
        .checks
        .iter()
        .map(|check| &check.id)
        .filter(|id| !refuted.contains(id))
        .collect();
    assert!(
        unproven.is_empty(),
        "these would hold without a lab: {unproven:?}"
    );
}

#[test]
fn a_lab_that_says_otherwise_is_noticed() {
    let check = |text: &str| serde_yaml::from_str::<Check>(text).unwrap();
    let lab = Rendered::new(
        "stg",
        serde_json::json!({
            "kind": {"nodes": [{"role": "worker"}]},
            "releases": [{"name": "kong", "namespace": "kong", "values": {"gateway": {"replicaCount": 1}}}],
            "components": [{"id": "kong", "step": 3}],
            "objects": [{"kind": "HTTPRoute", "metadata": {"namespace": "demo", "name": "demo-api"}, "spec": {"hostnames": ["api.lab-stg.local"]}}],
        }),
        BTreeMap::from([
            ("charts.tsv".to_owned(), "chart\tversion\ningress\t0.22.0\n".to_owned()),
            (
                "verify-all.sh".to_owned(),
                "check VFY-001 agents '3 pods' cluster pods 3 3 -- \\\n  kubectl get pods -l k8s-app=cilium\n\
                 check VFY-002 operator 2 cluster pods 2 2 -- \\\n  kubectl get pods -l name=cilium-operator\n"
                    .to_owned(),
            ),
        ]),
    );
    let holding = [
        "{id: A, kind: 'nodes[*role=worker]', count: 1}",
        "{id: A, values: kong, path: gateway.replicaCount, is: 1}",
        "{id: A, release: kong, path: namespace, is: kong}",
        "{id: A, component: kong, path: step, is: 3}",
        "{id: A, object: HTTPRoute/demo/demo-api, path: spec.hostnames, is: ['api.{domain}']}",
        "{id: A, object: HTTPRoute/demo/*, path: metadata.name, is: demo-api}",
        "{id: A, file: charts.tsv, path: '[chart=ingress].version', is: 0.22.0}",
        "{id: A, file: charts.tsv, contains: [ingress]}",
        "{id: A, lab: files, is: [charts.tsv, verify-all.sh]}",
        "{id: A, verify: VFY-001, contains: ['pods 3 3', k8s-app=cilium]}",
        "{id: A, verify: VFY-001, lacks: [name=cilium-operator]}",
        "{id: A, verify: VFY-001, is: pods 3 3 -- kubectl get pods -l k8s-app=cilium}",
        "{id: A, object: Job/demo/load-generator, exists: false}",
        "{id: A, values: kong, path: gateway.env, exists: false}",
    ];
    let failing = [
        "{id: A, kind: 'nodes[*role=worker]', count: 2}",
        "{id: A, values: kong, path: gateway.replicas, is: 1}",
        "{id: A, release: cilium, path: namespace, is: kube-system}",
        "{id: A, object: HTTPRoute/demo/demo-api, path: spec.hostnames, is: [api.lab-dev.local]}",
        "{id: A, object: HTTPRoute/kong/*, path: metadata.name, is: demo-api}",
        "{id: A, file: images.tsv, contains: [kong]}",
        "{id: A, file: charts.tsv, lacks: [ingress]}",
        "{id: A, values: kong, path: getaway.env, exists: false}",
        "{id: A, verify: VFY-003, contains: [pods]}",
        // What it is called, and what it says that it expects.
        "{id: A, verify: VFY-001, contains: [agents]}",
        "{id: A, verify: VFY-001, contains: ['3 pods']}",
    ];
    for text in holding {
        assert_eq!(problems_with(&lab, &check(text)), Ok(()), "{text}");
    }
    for text in failing {
        assert!(problems_with(&lab, &check(text)).is_err(), "{text}");
    }
}

#[test]
fn ranges_of_ids_expand() {
    assert_eq!(
        expand("ABC-009..011"),
        Ok(["ABC-009", "ABC-010", "ABC-011"]
            .map(str::to_owned)
            .to_vec())
    );
    assert_eq!(expand("ABC-009"), Ok(vec!["ABC-009".to_owned()]));
    assert!(expand("ABC-009..001").is_err());
    assert!(expand("ABC..4").is_err());
}
