//! The namespaces in which components live, and what these must allow.

use std::collections::BTreeMap;

use istio_types::labels::DataplaneMode;
use k8s_openapi::api::core::v1::Namespace;
use kube_vocab::{Finding, ObjectId, Severity};
use stack_builder::{Bundle, ComponentError, Contribution};

/// The id, the namespace and the role of a component that lives at `self.home`; with `requires: home` also that it requires
/// nothing else.
macro_rules! at_home {
    ($id:expr, requires: home) => {
        $crate::home::at_home!($id);

        fn requires(&self) -> Vec<&str> {
            self.home.requires().collect()
        }
    };
    ($id:expr) => {
        fn id(&self) -> &str {
            $id
        }

        fn namespace(
            &self,
            _: &stack_builder::Context<'_>,
        ) -> Result<Option<String>, stack_builder::ComponentError> {
            Ok(Some(self.home.name().to_owned()))
        }

        fn roles(&self) -> Vec<&str> {
            self.home.roles().collect()
        }
    };
}

pub(crate) use at_home;

/// The label by which a namespace says which pods it takes.
pub const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// The levels of the Pod Security Standards, the strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodSecurity {
    /// Pods that follow today's hardening advice.
    Restricted,
    /// Pods without known ways out of their sandbox.
    Baseline,
    /// Any pod: of the host's network, with paths of the node.
    Privileged,
}

impl PodSecurity {
    /// As the label has it: `restricted`.
    pub fn name(self) -> &'static str {
        match self {
            PodSecurity::Restricted => "restricted",
            PodSecurity::Baseline => "baseline",
            PodSecurity::Privileged => "privileged",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Restricted, Self::Baseline, Self::Privileged]
            .into_iter()
            .find(|level| level.name() == name)
    }
}

/// The namespace in which a component lives, and whether the component makes it.
///
/// A namespace of the component's own gets the Pod Security level that its pods need, and no lower one. Of several components
/// in one namespace one owns it, and the others [share](Home::shared) it; where one of these needs more than the owner gives,
/// [`Bundle::check`] says so, and [`Home::allowing`] gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    name: String,
    /// `namespace/NAME`, which its owner fills and who shares it requires.
    role: String,
    origin: Origin,
    allowing: Option<PodSecurity>,
    labels: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Own,
    Shared,
    Existing,
}

impl Home {
    fn of(name: &str, origin: Origin) -> Self {
        Home {
            name: name.to_owned(),
            role: format!("namespace/{name}"),
            origin,
            allowing: None,
            labels: BTreeMap::new(),
        }
    }

    /// A namespace that the component makes.
    pub fn own(name: &str) -> Self {
        Self::of(name, Origin::Own)
    }

    /// A namespace that another component of the stack makes, which comes before this one.
    pub fn shared(name: &str) -> Self {
        Self::of(name, Origin::Shared)
    }

    /// A namespace that is there without the stack, such as `kube-system`.
    pub fn existing(name: &str) -> Self {
        Self::of(name, Origin::Existing)
    }

    /// The same, open to pods of this level whatever the owner itself needs. Of no effect on a namespace of others.
    #[must_use]
    pub fn allowing(mut self, level: PodSecurity) -> Self {
        self.allowing = Some(level);
        self
    }

    /// The same with a label. Of no effect on a namespace of others.
    #[must_use]
    pub fn labelled(mut self, key: &str, value: &str) -> Self {
        self.labels.insert(key.to_owned(), value.to_owned());
        self
    }

    /// The same, with its pods in Istio's ambient mesh. Under STRICT mutual TLS these refuse callers outside the mesh: the API
    /// server that asks a webhook, and Prometheus where it is not in the mesh itself.
    #[must_use]
    pub fn in_ambient_mesh(self) -> Self {
        let (key, value) = DataplaneMode::Ambient.label();
        self.labelled(key, value)
    }

    /// The namespace's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its owner adds to [`Component::roles`](stack_builder::Component::roles); nothing for who does not own it.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        (self.origin == Origin::Own)
            .then_some(self.role.as_str())
            .into_iter()
    }

    /// What who shares it adds to [`Component::requires`](stack_builder::Component::requires); nothing for others.
    pub fn requires(&self) -> impl Iterator<Item = &str> {
        (self.origin == Origin::Shared)
            .then_some(self.role.as_str())
            .into_iter()
    }

    /// Adds the namespace where the component owns it, as `namespace.yaml`, and a check that it takes pods of the level
    /// that the component needs.
    ///
    /// # Errors
    /// [`ComponentError`] when the name cannot be that of a namespace.
    pub fn contribute(
        &self,
        needs: PodSecurity,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        if self.origin == Origin::Own {
            let level = self.allowing.map_or(needs, |level| level.max(needs));
            let mut namespace = Namespace::default();
            namespace.metadata.name = Some(self.name.clone());
            let mut labels = self.labels.clone();
            labels.insert(ENFORCE.to_owned(), level.name().to_owned());
            namespace.metadata.labels = Some(labels);
            out.object("namespace.yaml", namespace)?;
        }
        let name = self.name.clone();
        out.check(move |bundle, findings| takes(bundle, &name, needs, findings));
        Ok(())
    }
}

/// A finding where a namespace of the stack enforces more than pods in it can meet.
fn takes(bundle: &Bundle, name: &str, needs: PodSecurity, findings: &mut Vec<Finding>) {
    let Some(namespace) = bundle.object("Namespace", None, name) else {
        return;
    };
    let labels = &namespace.value()["metadata"]["labels"];
    let enforced = labels[ENFORCE].as_str().and_then(PodSecurity::named);
    if let Some(enforced) = enforced.filter(|enforced| *enforced < needs) {
        let id = ObjectId::new("v1", "Namespace", None, name);
        let message = format!(
            "it takes pods of the level {} alone, and a component in it runs {} ones",
            enforced.name(),
            needs.name()
        );
        let finding = Finding::new("namespace-level", Severity::Error, id, message);
        findings.push(
            finding
                .at(format!("metadata.labels[{ENFORCE}]"))
                .remedy(format!(
                    "let its owner allow {}, or give the component a namespace of its own",
                    needs.name()
                )),
        );
    }
}

impl From<&str> for Home {
    /// A namespace that the component makes.
    fn from(name: &str) -> Self {
        Home::own(name)
    }
}
