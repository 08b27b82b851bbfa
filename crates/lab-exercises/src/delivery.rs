//! Charts, releases and images: exercises 11-1, 11-2, 11-4, 12-6, and the canary.

use istio_types::networking::v1::{Destination, HttpRoute, StringMatch, VirtualServiceSpec};
use lab_builder::{Bundle, Environment, Image, Lab, Registry};
use serde_json::Value;

use crate::chart::{chart, values};
use crate::cluster::{Cluster, applied, missing, wiring};
use crate::{ExerciseError, Lesson, Step};

/// Exercise 11-1.
pub(crate) fn chart_structure(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "11-1";
    let files = chart(lab, EXERCISE)?;
    let mut steps: Vec<Step> = files
        .iter()
        .map(|(path, text)| {
            Step::new(
                format!("chart file {path}"),
                format!("{} lines", text.lines().count()),
                "",
            )
        })
        .collect();
    let part = lab
        .part("demo-app")
        .ok_or_else(|| missing(EXERCISE, "demo app"))?;
    let labels = ["app", "env", "team"];
    let of_chart = |object: &Value| {
        let kind = object["kind"].as_str().unwrap_or_default();
        // What the chart renders; the others belong to the mesh and the gateway.
        matches!(kind, "Deployment" | "Service" | "ServiceAccount" | "Job")
    };
    for (_, object) in part
        .objects()
        .filter(|(_, object)| of_chart(object.value()))
    {
        let own = &object.value()["metadata"]["labels"];
        let has: Vec<&str> = labels
            .into_iter()
            .filter(|label| own.get(label).is_some())
            .collect();
        steps.push(Step::new(
            format!("labels of {}", object.id()),
            has.join(", "),
            "",
        ));
    }
    Ok(Lesson {
        exercise: EXERCISE,
        title: "The chart of the demo app",
        steps,
    })
}

/// The revisions of a Helm release, as `helm history` tells them.
struct Releases {
    revisions: Vec<(Value, String)>,
}

impl Releases {
    fn install(values: Value) -> Self {
        let done = "Install complete".to_owned();
        Self {
            revisions: vec![(values, done)],
        }
    }

    fn upgrade(&mut self, set: &[(&str, Value)]) {
        let Some((mut values, _)) = self.revisions.last().cloned() else {
            return;
        };
        for (path, value) in set {
            let mut at = &mut values;
            for key in path.split('.') {
                at = &mut at[key];
            }
            *at = value.clone();
        }
        self.revisions.push((values, "Upgrade complete".to_owned()));
    }

    /// A rollback is a revision of its own, with the values of an older one.
    fn roll_back(&mut self, to: usize) {
        if let Some((values, _)) = self.revisions.get(to - 1).cloned() {
            self.revisions.push((values, format!("Rollback to {to}")));
        }
    }

    fn history(&self) -> String {
        let last = self.revisions.len();
        let row = |(at, (_, done)): (usize, &(Value, String))| {
            let status = if at + 1 == last {
                "deployed"
            } else {
                "superseded"
            };
            format!("{} {status} {done}", at + 1)
        };
        self.revisions
            .iter()
            .enumerate()
            .map(row)
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn replicas(&self) -> String {
        let last = self.revisions.last();
        last.map_or(Value::Null, |(values, _)| {
            values["backend"]["replicas"].clone()
        })
        .to_string()
    }
}

/// Exercise 11-2.
pub(crate) fn upgrade_and_roll_back(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "11-2";
    let files = chart(lab, EXERCISE)?;
    let about = values(&files, "Chart.yaml", EXERCISE)?;
    let text = |member: &str| about[member].as_str().unwrap_or_default().to_owned();
    let mut releases = Releases::install(values(&files, "values.yaml", EXERCISE)?);
    let mut steps = vec![Step::new(
        "helm install demo-app",
        format!(
            "{}-{} (app {})",
            text("name"),
            text("version"),
            text("appVersion")
        ),
        releases.history(),
    )];
    let replicas =
        |releases: &Releases| Step::new("replicas of the backend", releases.replicas(), "");
    steps.push(replicas(&releases));
    releases.upgrade(&[("backend.replicas", 3.into())]);
    steps.push(Step::new(
        "helm upgrade --set backend.replicas=3",
        "revision 2",
        releases.history(),
    ));
    steps.push(replicas(&releases));
    releases.roll_back(1);
    let revision = format!("revision {}", releases.revisions.len());
    steps.push(Step::new(
        "helm rollback demo-app 1",
        revision,
        releases.history(),
    ));
    steps.push(replicas(&releases));
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Install, upgrade and roll back with Helm",
        steps,
    })
}

/// Exercise 11-4.
pub(crate) fn argo_cd_and_helm(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "11-4";
    let demo = &wiring(lab, EXERCISE)?.demo;
    let application = applied(lab, EXERCISE)?;
    let wanted = values(&chart(lab, EXERCISE)?, "values.yaml", EXERCISE)?;
    let wanted = &wanted["backend"]["replicas"];
    let mut cluster = Cluster::of(lab, EXERCISE)?;
    cluster.change("Deployment", &demo.backend, |object| {
        object["spec"]["replicas"] = 5.into()
    });
    let replicas = |cluster: &Cluster| {
        let backend = cluster.get("Deployment", &demo.backend);
        backend.map_or(Value::Null, |object| object["spec"]["replicas"].clone())
    };
    let mut steps = vec![Step::new(
        "kubectl scale deploy backend --replicas=5",
        replicas(&cluster).to_string(),
        "",
    )];
    let heals =
        application.pointer("/spec/syncPolicy/automated/selfHeal") == Some(&Value::Bool(true));
    if heals {
        cluster.change("Deployment", &demo.backend, |object| {
            object["spec"]["replicas"] = wanted.clone()
        });
    }
    let reason = match heals {
        true => "the Application heals itself: the cluster drifted from what the chart says",
        false => "the Application leaves what was changed by hand",
    };
    steps.push(Step::new(
        "Argo CD compares",
        replicas(&cluster).to_string(),
        reason,
    ));
    // A release is a Secret that Helm writes when it installs; Argo CD renders with Helm and applies.
    let model = cluster.model();
    let secrets = model.objects_in("", "Secret", &demo.namespace);
    let releases = secrets
        .filter(|secret| secret.text_at("type") == Some("helm.sh/release.v1"))
        .count();
    let renders = application.pointer("/spec/source/helm").is_some();
    let reason = if renders {
        "Argo CD renders the chart and applies what comes out"
    } else {
        ""
    };
    steps.push(Step::new(
        "helm list -n demo",
        format!("{releases} releases"),
        reason,
    ));
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Argo CD and Helm together",
        steps,
    })
}

/// Exercise 12-6.
pub(crate) fn mirror_images(lab: &Bundle) -> Result<Lesson, ExerciseError> {
    const EXERCISE: &str = "12-6";
    const REGISTRY: &str = "registry.example.com";
    let read = |message: String| ExerciseError::Read {
        exercise: EXERCISE,
        message,
    };
    let registry: Registry = REGISTRY.parse().map_err(|error| read(format!("{error}")))?;
    let environment: Environment = lab
        .environment()
        .name()
        .parse()
        .map_err(|error| read(format!("{error}")))?;
    let mirrored = Lab::new(environment)
        .registry(registry)
        .build()
        .map_err(|source| ExerciseError::Build {
            exercise: EXERCISE,
            source: Box::new(source),
        })?;
    let mut steps = Vec::new();
    for component in ["cilium", "istio"] {
        let part = mirrored
            .part(component)
            .ok_or_else(|| missing(EXERCISE, component))?;
        for image in part.images() {
            let becomes = image
                .mirrored
                .as_ref()
                .map_or_else(String::new, ToString::to_string);
            steps.push(Step::new(image.full_source(), becomes, ""));
        }
        // Those of which there is nothing to say are in the documented list as they are.
        let documented = |image: &&Image| image.mirrored.is_some() && image.comment.is_empty();
        let count = part.images().iter().filter(documented).count();
        let reason = match part.images().len() - count {
            0 => String::new(),
            others => format!("and {others} of which the documented list says something else"),
        };
        let action = format!("images of {component}");
        steps.push(Step::new(action, count.to_string(), reason));
    }
    let script = mirrored
        .files()
        .into_iter()
        .find(|file| file.path == "mirror.sh");
    let script = script.ok_or_else(|| missing(EXERCISE, "mirror.sh"))?;
    steps.push(Step::new(
        "where charts are pushed",
        pushed_to(&script.text),
        "",
    ));
    let cilium = mirrored
        .release("cilium")
        .ok_or_else(|| missing(EXERCISE, "release cilium"))?;
    for (path, pointer) in [
        ("image.repository", "/image/repository"),
        ("image.useDigest", "/image/useDigest"),
    ] {
        let value = cilium.values.pointer(pointer).map_or_else(
            || "not set".to_owned(),
            |value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            },
        );
        steps.push(Step::new(
            format!("{path} of the release cilium"),
            value,
            "",
        ));
    }
    Ok(Lesson {
        exercise: EXERCISE,
        title: "Mirror images and charts into a registry",
        steps,
    })
}

/// What the script pushes charts to, with its variables filled in.
fn pushed_to(script: &str) -> String {
    let push = script
        .lines()
        .find_map(|line| Some(line.split_once("helm push ")?.1));
    let target = push.and_then(|arguments| arguments.split_whitespace().last());
    let mut target = target.unwrap_or_default().trim_matches('"').to_owned();
    for (name, value) in script.lines().filter_map(|line| line.split_once('=')) {
        // An assignment, not some other line with the sign.
        if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            target = target.replace(&format!("${name}"), value);
        }
    }
    target
}

/// The canary: nine requests in ten to what is stable, one to what is new, and all of those who ask for it.
pub(crate) fn canary() -> Lesson {
    let service = "webapp-service";
    let spec = VirtualServiceSpec::weighted(service, [("stable", 90), ("canary", 10)])
        .with_header_route(
            "canary",
            StringMatch::exact("true"),
            Destination::host(service).subset("canary"),
        );
    let share = |headers: &[(&str, &str)]| {
        let route = spec.http.iter().find(|route| is_for(route, headers));
        let destinations = route.map_or(&[][..], |route| route.route.as_slice());
        // A single destination without a weight takes all.
        let weight =
            |weight: Option<i32>| weight.unwrap_or(if destinations.len() == 1 { 100 } else { 0 });
        let total: i32 = destinations.iter().map(|one| weight(one.weight)).sum();
        let each = destinations.iter().map(|one| {
            let subset = one.destination.subset.as_deref().unwrap_or("any");
            format!("{subset} {} %", weight(one.weight) * 100 / total.max(1))
        });
        each.collect::<Vec<_>>().join(", ")
    };
    Lesson {
        exercise: "canary",
        title: "Ten percent for the canary",
        steps: vec![
            Step::new("a request", share(&[]), "the weights of the VirtualService"),
            Step::new(
                "a request with the header canary: true",
                share(&[("canary", "true")]),
                "the first route that matches counts",
            ),
        ],
    }
}

/// Whether a route of a VirtualService is for a request with these headers. Without conditions it is for all.
fn is_for(route: &HttpRoute, headers: &[(&str, &str)]) -> bool {
    route.r#match.is_empty()
        || route.r#match.iter().any(|one| {
            let mut wanted = one.headers.iter();
            wanted.all(|(name, value)| {
                let exact = |text: &str| *value == StringMatch::exact(text);
                headers
                    .iter()
                    .any(|(of, text)| *of == name.as_str() && exact(text))
            })
        })
}
