//! Short constructors for what people write daily.

use k8s_openapi::api::admissionregistration::v1::Validation;
use serde_json::{Value, json};

use crate::policies::v1::{ValidatingPolicySpec, ValidationAction};
use crate::v1::{
    Cel, Deny, FailureAction, Generation, ImageVerification, Mutation, PodSecurity,
    PodSecurityLevel, PolicySpec, Rule, RuleMatch, RuleValidation,
};
use crate::v2::{ResourceDescription, ResourceFilter};

fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Vec<String> {
    texts.into_iter().map(Into::into).collect()
}

impl PolicySpec {
    /// These rules, for new objects and, in reports, for those that are there.
    pub fn of_rules(rules: impl IntoIterator<Item = Rule>) -> Self {
        Self {
            rules: rules.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl Rule {
    /// Something must hold of what matches.
    pub fn validate(name: impl Into<String>, about: RuleMatch, validation: RuleValidation) -> Self {
        Self {
            validate: Some(validation),
            ..Self::about(name.into(), about)
        }
    }

    /// What matches is changed on its way in.
    pub fn mutate(name: impl Into<String>, about: RuleMatch, mutation: Mutation) -> Self {
        Self {
            mutate: Some(mutation),
            ..Self::about(name.into(), about)
        }
    }

    /// Something else is made when an object that matches comes.
    pub fn generate(name: impl Into<String>, about: RuleMatch, generation: Generation) -> Self {
        Self {
            generate: Some(generation),
            ..Self::about(name.into(), about)
        }
    }

    /// The images of what matches must be signed.
    pub fn verify_images(
        name: impl Into<String>,
        about: RuleMatch,
        images: impl IntoIterator<Item = ImageVerification>,
    ) -> Self {
        Self {
            verify_images: images.into_iter().collect(),
            ..Self::about(name.into(), about)
        }
    }

    /// The same rule, but not for this.
    #[must_use]
    pub fn except(mut self, exclude: RuleMatch) -> Self {
        self.exclude = Some(exclude);
        self
    }

    fn about(name: String, match_: RuleMatch) -> Self {
        Self {
            match_,
            name,
            cel_preconditions: Vec::new(),
            context: Vec::new(),
            exclude: None,
            generate: None,
            image_extractors: Default::default(),
            mutate: None,
            preconditions: None,
            report_properties: Default::default(),
            skip_background_requests: None,
            validate: None,
            verify_images: Vec::new(),
        }
    }
}

impl RuleMatch {
    /// Objects of these kinds: `Pod`, `apps/v1/Deployment`, `*`.
    pub fn kinds<K: Into<String>>(kinds: impl IntoIterator<Item = K>) -> Self {
        Self::any([ResourceFilter::kinds(kinds)])
    }

    /// What one of the filters fits.
    pub fn any(filters: impl IntoIterator<Item = ResourceFilter>) -> Self {
        Self {
            any: filters.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl ResourceFilter {
    /// Objects of these kinds.
    pub fn kinds<K: Into<String>>(kinds: impl IntoIterator<Item = K>) -> Self {
        Self::objects(ResourceDescription {
            kinds: texts(kinds),
            ..ResourceDescription::default()
        })
    }

    /// Whatever lies in these namespaces, whose names may hold `*` and `?`.
    pub fn namespaces<N: Into<String>>(namespaces: impl IntoIterator<Item = N>) -> Self {
        Self::objects(ResourceDescription {
            namespaces: texts(namespaces),
            ..ResourceDescription::default()
        })
    }

    /// Objects that are described so, whoever asks for them.
    pub fn objects(resources: ResourceDescription) -> Self {
        Self {
            resources: Some(resources),
            ..Self::default()
        }
    }
}

impl RuleValidation {
    /// The object must have a part like this.
    pub fn pattern(message: impl Into<String>, pattern: Value) -> Self {
        Self {
            pattern: Some(pattern),
            ..Self::telling(message.into())
        }
    }

    /// The object is refused when one of the conditions is met. Each has `key`, `operator` and `value`.
    pub fn deny_any(
        message: impl Into<String>,
        conditions: impl IntoIterator<Item = Value>,
    ) -> Self {
        let conditions: Vec<Value> = conditions.into_iter().collect();
        Self {
            deny: Some(Deny {
                conditions: Some(json!({"any": conditions})),
            }),
            ..Self::telling(message.into())
        }
    }

    /// The expression in CEL must be true.
    pub fn cel(message: impl Into<String>, expression: impl Into<String>) -> Self {
        let expression = Validation {
            expression: expression.into(),
            message: Some(message.into()),
            ..Validation::default()
        };
        Self {
            cel: Some(Cel {
                expressions: vec![expression],
                ..Cel::default()
            }),
            ..Self::default()
        }
    }

    /// Pods must keep to a level of the Pod Security Standards.
    pub fn pod_security(level: PodSecurityLevel) -> Self {
        Self {
            pod_security: Some(PodSecurity {
                level: Some(level),
                ..PodSecurity::default()
            }),
            ..Self::default()
        }
    }

    /// The same, and what does not hold is refused rather than reported.
    #[must_use]
    pub fn enforced(mut self) -> Self {
        self.failure_action = Some(FailureAction::Enforce);
        self
    }

    fn telling(message: String) -> Self {
        Self {
            message: Some(message),
            ..Self::default()
        }
    }
}

impl Mutation {
    /// Merges a part of an object over it, as `kubectl patch` does by default.
    pub fn merge(patch: Value) -> Self {
        Self {
            patch_strategic_merge: Some(patch),
            ..Self::default()
        }
    }
}

impl Generation {
    /// An object of this kind, with these members beside its name; it follows later changes of the rule.
    pub fn of(
        api_version: impl Into<String>,
        kind: impl Into<String>,
        name: impl Into<String>,
        data: Value,
    ) -> Self {
        Self {
            api_version: Some(api_version.into()),
            data: Some(data),
            kind: Some(kind.into()),
            name: Some(name.into()),
            synchronize: Some(true),
            ..Self::default()
        }
    }

    /// The same object, made in this namespace, which may be a variable: `{{request.object.metadata.name}}`.
    #[must_use]
    pub fn in_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }
}

impl ValidatingPolicySpec {
    /// Refuses requests of which one of the expressions is not true.
    pub fn denying(validations: impl IntoIterator<Item = Validation>) -> Self {
        Self {
            validation_actions: vec![ValidationAction::Deny],
            validations: validations.into_iter().collect(),
            ..Self::default()
        }
    }
}
