//! A stack with all that one of the catalogue has as a whole.

use lab_builder::Wiring;
pub use lab_builder::check::add_definitions;
use stack_builder::{Bundle, ComponentError, Context, Finding, Redirect, Stack, Whole};

/// An empty stack of an environment: its short name, and the domain below which its hosts live. It has the checks of the
/// catalogue and shares the [`Wiring`] that the components of `lab-builder` read; everything else is what you add.
///
/// ```
/// use stack_catalog::components::{CertManager, MetricsServer};
///
/// let bundle = stack_catalog::platform("dev", "dev.example.com")
///     .with(CertManager::default())
///     .with(MetricsServer::default())
///     .build()?;
/// bundle.check().into_result()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn platform(environment: impl Into<String>, domain: impl Into<String>) -> Stack {
    Stack::new(environment, domain)
        .wire(Wiring::default())
        .whole(whole)
        .check(check)
}

/// What holds for any stack: all checks of `lab-builder`, which ask for what is there and not for the lab; every object is
/// judged with the definitions of all families of this workspace. Components add checks of their own.
pub fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    lab_builder::check::run(bundle, add_definitions, findings);
}

/// Domains to which registries and file servers redirect: what each serves, and who redirects to it.
const REDIRECTS: [[&str; 3]; 5] = [
    ["auth.docker.io", "sign-in of Docker Hub", "docker.io"],
    [
        "production.cloudflare.docker.com",
        "layers of Docker Hub",
        "docker.io",
    ],
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

fn whole(_: &Context<'_>, whole: &mut Whole) -> Result<(), ComponentError> {
    whole.noun = "platform".into();
    whole.program = env!("CARGO_PKG_NAME").into();
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
