//! What belongs to the documented lab as a whole and to none of its components.

use stack_builder::{
    ComponentError, Context, Domain, LeftOut, Licence, Redirect, SetupOption, Whole,
};

use crate::ids::ISTIO;
use crate::readme;
use crate::wiring::Wiring;

pub(crate) fn add(context: &Context<'_>, whole: &mut Whole) -> Result<(), ComponentError> {
    let wiring: &Wiring = context.wiring()?;
    whole.noun = "lab".into();
    whole.program = env!("CARGO_PKG_NAME").into();
    whole.hosts = wiring.hosts.in_hosts_order(context.environment).into();
    whole.setup_options = options();
    whole.sections = readme::sections;
    for (image, comment) in EXERCISES {
        whole.air_gap.exercise_image(image, comment)?;
    }
    whole.air_gap.licences(LICENCES)?;
    for row in DOMAINS {
        let [name, purpose, images, comment] = row.map(str::to_owned);
        whole.air_gap.domain(Domain {
            name,
            purpose,
            images,
            comment,
        });
    }
    for row in REDIRECTS {
        let [name, purpose, from] = row.map(str::to_owned);
        whole.air_gap.redirect(Redirect {
            name,
            purpose,
            from,
        });
    }
    Ok(())
}

fn options() -> Vec<SetupOption> {
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    vec![
        SetupOption {
            flag: "--light".into(),
            help: lines(&[
                "the documented footprint, which every lab has; accepted because the documentation writes it",
            ]),
            leaves_out: None,
        },
        SetupOption {
            flag: "--skip-istio".into(),
            help: lines(&[
                "leave out the Istio step and every file with objects of Istio's API groups, and nothing else:",
                "namespace labels for the mesh stay, without effect, and verify-all.sh still asks for Istio;",
                "a lab that is rendered without Istio has none of it",
            ]),
            leaves_out: Some(LeftOut {
                component: ISTIO.into(),
                title: "Istio".into(),
                word: "mesh".into(),
                groups: "istio.io".into(),
            }),
        },
    ]
}

/// Images that the exercises run, besides those of the lab.
const EXERCISES: [(&str, &str); 2] = [
    (
        "busybox",
        "exercises 6-1, 6-2 and 8-1; documented without a tag, which means latest",
    ),
    ("curlimages/curl:8.5.0", "exercise 2-1"),
];

/// What the makers of the programs in those images state.
const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "docker.io/library/busybox",
        "GPL-2.0-only",
        "https://busybox.net/license.html",
    ),
    Licence::of(
        "docker.io/curlimages/curl",
        "curl",
        "https://curl.se/docs/copyright.html",
    ),
];

/// The six domains of section 12-1, and the two that its last row names inside: what each serves, the host of image
/// references whose images come from it, and how the documented list of its users differs from what the lab does.
const DOMAINS: [[&str; 4]; 8] = [
    [
        "registry-1.docker.io",
        "images of Docker Hub",
        "docker.io",
        "the documented row leaves out Alloy, the images beside Mimir and Loki, and the demo app, which 12-2 has on docker.io",
    ],
    [
        "quay.io",
        "images of Quay",
        "quay.io",
        "the documented row names Grafana's sidecar; 12-2 has it on docker.io, and it is Loki's",
    ],
    [
        "ghcr.io",
        "images of GitHub",
        "ghcr.io",
        "the documented row names the Redis exporter, which is not in 12-2 and is off",
    ],
    [
        "public.ecr.aws",
        "public images of AWS",
        "public.ecr.aws",
        "",
    ],
    [
        "registry.k8s.io",
        "images of Kubernetes",
        "registry.k8s.io",
        "those of the control plane are inside kind's node image, so nothing is pulled from it",
    ],
    [
        "docker.io",
        "sign-in and files of Docker Hub",
        "docker.io",
        "documented for the two domains below it",
    ],
    [
        "auth.docker.io",
        "sign-in of Docker Hub",
        "docker.io",
        "named inside the row of docker.io",
    ],
    [
        "production.cloudflare.docker.com",
        "layers of Docker Hub",
        "docker.io",
        "named inside the row of docker.io",
    ],
];

/// Domains to which others redirect, from general knowledge: what each serves, and who redirects to it.
const REDIRECTS: [[&str; 3]; 3] = [
    [
        "cdn01.quay.io",
        "layers of Quay; cdn02 and cdn03 too",
        "quay.io",
    ],
    [
        "pkg-containers.githubusercontent.com",
        "layers of GitHub's images",
        "ghcr.io",
    ],
    [
        "release-assets.githubusercontent.com",
        "files of GitHub's releases",
        "github.com",
    ],
];
