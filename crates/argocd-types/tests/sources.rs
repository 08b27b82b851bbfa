//! Where an Application's manifests come from, and which tool makes them.

use argocd_types::v1alpha1::{
    ApplicationSource, ApplicationSourceHelm, ApplicationSourceKustomize, ApplicationSourceType,
    ApplicationSpec,
};

#[test]
fn several_sources_win_over_one() {
    let git = |path| ApplicationSource::git("https://git.example/x", path);
    let spec = ApplicationSpec::new("p").from_source(git("one"));
    assert_eq!(spec.effective_sources(), [git("one")]);
    assert_eq!(
        spec.from_sources([git("two"), git("three")])
            .effective_sources(),
        [git("two"), git("three")]
    );
    assert_eq!(ApplicationSpec::new("p").effective_sources(), []);
}

#[test]
fn two_tools_are_one_too_many() {
    let mut source = ApplicationSource::git("https://git.example/x", ".");
    assert_eq!(source.explicit_type(), Ok(None));
    source.helm = Some(ApplicationSourceHelm::default());
    assert_eq!(
        source.explicit_type(),
        Ok(Some(ApplicationSourceType::Helm))
    );
    source.kustomize = Some(ApplicationSourceKustomize::default());
    let error = source.explicit_type().unwrap_err();
    assert_eq!(
        error.to_string(),
        "a source can name one tool only, and names Helm and Kustomize"
    );
}
