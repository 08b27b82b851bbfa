//! What components say of the licences of their images.

use stack_builder::{Component, ComponentError, Context, Contribution, Licence, Stack};

#[derive(Debug)]
struct Tools(&'static [Licence<'static>]);

impl Component for Tools {
    fn id(&self) -> &str {
        "tools"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        for image in [
            "memcached:1.6",
            "registry.example:5000/acme/tools:2@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "quay.io/acme/silent:1",
        ] {
            out.image("tools", image)?;
        }
        out.licences(self.0)
    }
}

const LICENCES: &[Licence<'_>] = &[
    Licence::of(
        "docker.io/library/memcached",
        "BSD-3-Clause",
        "https://memcached.org",
    ),
    Licence::unknown("registry.example:5000/acme/tools", "https://acme.example"),
    Licence::of("quay.io/acme/somebody-else", "MIT", "https://acme.example"),
];

#[test]
fn a_licence_holds_for_every_version_however_the_image_is_spelled() {
    let bundle = Stack::new("dev", "dev.example.com")
        .with(Tools(LICENCES))
        .build()
        .unwrap();
    let images = bundle.pulled_images();
    let said: Vec<_> = images
        .iter()
        .map(|image| {
            (
                image.source.split(':').next().unwrap(),
                image.licence.as_deref(),
                image.page.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (
                "docker.io/memcached",
                Some("BSD-3-Clause"),
                Some("https://memcached.org")
            ),
            ("registry.example", None, Some("https://acme.example")),
            ("quay.io/acme/silent", None, None),
        ]
    );
}

#[test]
fn what_is_no_spdx_expression_is_refused() {
    const WRONG: &[Licence<'_>] = &[Licence::of("quay.io/acme/silent", "<b>MIT</b>", "")];
    let error = Stack::new("dev", "dev.example.com")
        .with(Tools(WRONG))
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("quay.io/acme/silent"), "{error}");
}
