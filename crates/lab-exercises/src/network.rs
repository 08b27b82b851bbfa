//! Who reaches whom: exercises 2-1, 2-3, 3-1, 3-2 and 4-1.

use lab_builder::Bundle;
use serde_json::{Value, json};
use stack_gateway::{Question, Request, Routing};
use stack_model::Model;
use stack_reach::{Answer, Flow, Reach};

use crate::cluster::{Cluster, applied, missing, pod, wiring};
use crate::{ExerciseError, Lesson, Step};

/// The outcome of a flow in a word, and the steps on its way.
fn told(action: String, answer: &Answer) -> Step {
    let text = answer.to_string();
    let (outcome, steps) = text.split_once('\n').unwrap_or((&text, ""));
    let steps: Vec<&str> = steps.lines().map(str::trim).collect();
    Step::new(action, outcome, steps.join("\n"))
}

/// A request to the backend, from a workload.
fn call(
    lab: &Bundle,
    exercise: &'static str,
    cluster: &Cluster,
    from: (&str, &str),
    request: (&str, &str),
) -> Result<Step, ExerciseError> {
    let demo = &wiring(lab, exercise)?.demo;
    let model = cluster.model();
    let flow = Flow::from_workload(from.0, from.1)
        .to_service(&demo.namespace, &demo.backend, demo.backend_port)
        .http(request.0, request.1);
    let answer = Reach::of(&model).flow(&flow);
    Ok(told(
        format!("{} {} from {}/{}", request.0, request.1, from.0, from.1),
        &answer,
    ))
}

/// Exercise 2-1.
pub(crate) fn restrict_pods(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "2-1";
    let wiring = wiring(lab, EXERCISE)?;
    let demo = &wiring.demo;
    let mut cluster = Cluster::of(lab, EXERCISE)?;
    let mut client = pod(lab, EXERCISE, "test-cnp")?;
    client["spec"]["containers"][0]["image"] = "curlimages/curl:8.5.0".into();
    cluster.apply(client);
    let (frontend, other) = (
        (&*demo.namespace, &*demo.frontend),
        (&*demo.namespace, "test-cnp"),
    );
    let get = ("GET", "/status/200");
    let mut steps = vec![
        call(lab, EXERCISE, &cluster, frontend, get)?,
        call(lab, EXERCISE, &cluster, other, get)?,
    ];
    let policy = applied(lab, EXERCISE)?;
    steps.push(applying(&policy));
    cluster.apply(policy);
    steps.push(call(lab, EXERCISE, &cluster, frontend, get)?);
    steps.push(call(lab, EXERCISE, &cluster, other, get)?);
    let gateway = (&*wiring.gateway.namespace, &*wiring.gateway.name);
    steps.push(call(lab, EXERCISE, &cluster, gateway, get)?);
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Restrict who reaches a pod with a CiliumNetworkPolicy",
        steps,
    })
}

fn applying(object: &Value) -> Step {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let action = format!(
        "kubectl apply: {} {}",
        text(&object["kind"]),
        text(&object["metadata"]["name"])
    );
    Step::new(action, "applied", "")
}

/// Exercise 2-3. The documented answers suppose that Cilium's proxy sees the requests: the namespace is out of the mesh for them,
/// and at the end in it.
pub(crate) fn restrict_requests(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "2-3";
    let demo = &wiring(lab, EXERCISE)?.demo;
    let mut cluster = Cluster::of(lab, EXERCISE)?;
    cluster.apply(pod(lab, EXERCISE, "test-cnp")?);
    let in_mesh = cluster.clone();
    out_of_mesh(&mut cluster, &demo.namespace);
    let (frontend, other) = (
        (&*demo.namespace, &*demo.frontend),
        (&*demo.namespace, "test-cnp"),
    );
    let policy = applied(lab, EXERCISE)?;
    let mut steps = Vec::new();
    for request in [("GET", "/get"), ("POST", "/post"), ("DELETE", "/delete")] {
        steps.push(call(lab, EXERCISE, &cluster, frontend, request)?);
    }
    steps.push(applying(&policy));
    cluster.apply(policy.clone());
    for request in [
        ("GET", "/status/200"),
        ("GET", "/get"),
        ("POST", "/post"),
        ("GET", "/delay/1"),
        ("DELETE", "/delete"),
    ] {
        steps.push(call(lab, EXERCISE, &cluster, frontend, request)?);
    }
    steps.push(call(lab, EXERCISE, &cluster, other, ("GET", "/get"))?);
    let mut in_mesh = in_mesh;
    in_mesh.apply(policy);
    let mut last = call(lab, EXERCISE, &in_mesh, frontend, ("GET", "/get"))?;
    last.action.push_str(", with both in the mesh");
    steps.push(last);
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Restrict requests by method and path",
        steps,
    })
}

/// Takes the label of the mesh from a namespace.
fn out_of_mesh(cluster: &mut Cluster, namespace: &str) {
    cluster.change("Namespace", namespace, |object| {
        if let Some(labels) = object["metadata"]["labels"].as_object_mut() {
            labels.remove("istio.io/dataplane-mode");
        }
    });
}

/// A request from outside through the lab's gateway: status, and the route that decides.
fn through_gateway(
    lab: &Bundle,
    exercise: &'static str,
    model: &Model,
    host: &str,
    path: &str,
) -> Result<Step, ExerciseError> {
    let gateway = &wiring(lab, exercise)?.gateway;
    let question = Question {
        gateway: Some(format!("{}/{}", gateway.namespace, gateway.name)),
        port: Some(gateway.http.service),
        request: Request {
            host: Some(host.to_owned()),
            path: Some(path.to_owned()),
            ..Request::default()
        },
        ..Question::default()
    };
    let answer = Routing::of(model).answer(&question);
    // The backend answers with the status that the path asks for.
    let asked = path
        .strip_prefix("/status/")
        .and_then(|status| status.parse().ok());
    let reaches = answer.status == Some(200) && answer.answered_by.is_none();
    let status = asked.filter(|_| reaches).or(answer.status);
    let outcome = match status {
        Some(status) => format!("HTTP {status}"),
        None => answer
            .failure
            .clone()
            .unwrap_or_else(|| "no answer".to_owned()),
    };
    let backends: Vec<&str> = answer.weights.keys().map(String::as_str).collect();
    let reason = match (&answer.rule, answer.backend.as_deref()) {
        (Some(rule), Some(backend)) => format!("{rule} leads to {backend}"),
        (Some(rule), None) => format!("{rule} leads to {}", backends.join(", ")),
        (None, _) => "no route is for this host and path".to_owned(),
    };
    Ok(Step::new(
        format!("GET http://{host}{path}"),
        outcome,
        reason,
    ))
}

/// Exercise 3-1.
pub(crate) fn add_a_route(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "3-1";
    let wiring = wiring(lab, EXERCISE)?;
    let (demo, gateway) = (&wiring.demo, &wiring.gateway);
    let host = lab.environment().host("test");
    let mut cluster = Cluster::of(lab, EXERCISE)?;
    let route = json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
        "metadata": {"name": "test-route", "namespace": demo.namespace},
        "spec": {
            "parentRefs": [{"name": gateway.name, "namespace": gateway.namespace}],
            "hostnames": [host],
            "rules": [{"matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                "backendRefs": [{"name": demo.backend, "port": demo.backend_port}]}],
        },
    });
    let mut steps = vec![applying(&route)];
    cluster.apply(route);
    let model = cluster.model();
    steps.push(through_gateway(lab, EXERCISE, &model, &host, "/get")?);
    let status = Routing::of(&model).status();
    let accepted = status
        .conditions
        .iter()
        .find(|row| row.object.name == "test-route" && row.condition.condition_type == "Accepted");
    let accepted = accepted.ok_or_else(|| missing(EXERCISE, "status of the route"))?;
    steps.push(Step::new(
        "condition Accepted of the route",
        if accepted.condition.status {
            "True"
        } else {
            "False"
        },
        accepted.condition.reason,
    ));
    cluster.delete("HTTPRoute", "test-route");
    steps.push(Step::new(
        "kubectl delete: HTTPRoute test-route",
        "deleted",
        "",
    ));
    steps.push(through_gateway(
        lab,
        EXERCISE,
        &cluster.model(),
        &host,
        "/get",
    )?);
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Add a route, test it, delete it",
        steps,
    })
}

/// Exercise 3-2.
pub(crate) fn reach_each_service(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "3-2";
    let hosts = &wiring(lab, EXERCISE)?.hosts;
    let host = |name: &str| lab.environment().host(name);
    let model = Cluster::of(lab, EXERCISE)?.model();
    let requests = [
        (host(&hosts.api), "/get"),
        (host(&hosts.api), "/headers"),
        (host(&hosts.api), "/status/200"),
        (host(&hosts.grafana), "/login"),
        (host(&hosts.argocd), "/"),
    ];
    let steps = requests
        .iter()
        .map(|(host, path)| through_gateway(lab, EXERCISE, &model, host, path))
        .collect::<Result<_, _>>()?;
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Reach each service through Kong",
        steps,
    })
}

/// A request from outside to the demo app, for the exercise on traffic.
pub(crate) fn from_outside(
    lab: &Bundle,
    exercise: &'static str,
    path: &str,
) -> Result<Step, ExerciseError> {
    let host = lab.environment().host(&wiring(lab, exercise)?.hosts.api);
    let model = Cluster::of(lab, exercise)?.model();
    through_gateway(lab, exercise, &model, &host, path)
}

/// A request from the frontend to the backend, for the exercise on traffic.
pub(crate) fn from_frontend(
    lab: &Bundle,
    exercise: &'static str,
    path: &str,
) -> Result<Step, ExerciseError> {
    let demo = &wiring(lab, exercise)?.demo;
    let cluster = Cluster::of(lab, exercise)?;
    call(
        lab,
        exercise,
        &cluster,
        (&demo.namespace, &demo.frontend),
        ("GET", path),
    )
}

/// Exercise 4-1. Who takes the label from the namespace takes the backend out of the mesh, too; so the client alone leaves it here,
/// which is what the documented refusal is about, and then the whole namespace.
pub(crate) fn leave_the_mesh(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "4-1";
    let demo = &wiring(lab, EXERCISE)?.demo;
    let cluster = Cluster::of(lab, EXERCISE)?;
    let frontend = (&*demo.namespace, &*demo.frontend);
    let get = ("GET", "/status/200");
    let label = |cluster: &Cluster| {
        let mode = cluster.get("Namespace", &demo.namespace);
        let mode = mode
            .and_then(|object| object["metadata"]["labels"]["istio.io/dataplane-mode"].as_str());
        mode.unwrap_or("not set").to_owned()
    };
    let mut steps = vec![
        Step::new(
            "label istio.io/dataplane-mode of the namespace",
            label(&cluster),
            "",
        ),
        call(lab, EXERCISE, &cluster, frontend, get)?,
    ];
    let mut outside = cluster.clone();
    outside.change("Deployment", &demo.frontend, |object| {
        object["spec"]["template"]["metadata"]["labels"]["istio.io/dataplane-mode"] = "none".into();
    });
    let named = |mut step: Step, more: &str| {
        step.action.push_str(more);
        step
    };
    steps.push(named(
        call(lab, EXERCISE, &outside, frontend, get)?,
        ", the client out of the mesh",
    ));
    let mut permitted = outside.clone();
    permitted.change("PeerAuthentication", "default", |object| {
        object["spec"]["mtls"]["mode"] = "PERMISSIVE".into();
    });
    // Without an identity no policy lets the client in by its identity, so those are left out as well.
    for policy in authorization_policies(&permitted) {
        permitted.delete("AuthorizationPolicy", &policy);
    }
    steps.push(named(
        call(lab, EXERCISE, &permitted, frontend, get)?,
        ", under PERMISSIVE and without policies that ask who calls",
    ));
    let mut without = cluster.clone();
    out_of_mesh(&mut without, &demo.namespace);
    steps.push(Step::new("the label is taken away", label(&without), ""));
    steps.push(named(
        call(lab, EXERCISE, &without, frontend, get)?,
        ", both out of the mesh",
    ));
    steps.push(named(
        call(lab, EXERCISE, &cluster, frontend, get)?,
        ", the label is back",
    ));
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Leave the mesh and come back",
        steps,
    })
}

fn authorization_policies(cluster: &Cluster) -> Vec<String> {
    let model = cluster.model();
    let policies = model.objects("security.istio.io", "AuthorizationPolicy");
    policies.map(|entry| entry.name().to_owned()).collect()
}
