//! Which requests a policy is about.

use std::collections::BTreeSet;

use stack_model::{Operator, Selector, Value};

use crate::bounds::Bounds;
use crate::case::{Case, NAME_OF_NAMESPACE};

/// `matchConstraints` of a policy, or `matchResources` of a binding.
#[derive(Clone, Debug, Default)]
pub(super) struct Matching {
    /// Nothing where the field is not there: everything then.
    rules: Option<Vec<Rule>>,
    excluded: Vec<Rule>,
    namespaces: Option<Selector>,
    objects: Option<Selector>,
    exact: bool,
}

#[derive(Clone, Debug, Default)]
struct Rule {
    groups: Vec<String>,
    versions: Vec<String>,
    operations: Vec<String>,
    resources: Vec<String>,
    names: Vec<String>,
    scope: Option<String>,
}

/// Whether both hold; a refusal by one counts whatever the other does not know.
pub(super) fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

impl Matching {
    pub(super) fn read(value: Option<&Value>) -> Self {
        let Some(value) = value else {
            return Self::default();
        };
        let rules = |member: &str| {
            let rules = value.get(member)?.as_array()?;
            Some(rules.iter().map(Rule::read).collect::<Vec<_>>())
        };
        // A selector that no server takes selects nothing.
        let selector = |member: &str| {
            let selector = value.get(member).filter(|selector| !selector.is_null())?;
            Some(Selector::read(selector).unwrap_or_else(|_| Selector::nothing()))
        };
        Self {
            rules: rules("resourceRules").filter(|rules| !rules.is_empty()),
            excluded: rules("excludeResourceRules").unwrap_or_default(),
            namespaces: selector("namespaceSelector"),
            objects: selector("objectSelector"),
            exact: value
                .get("matchPolicy")
                .is_some_and(|policy| policy == "Exact"),
        }
    }

    /// What it can be about at most, with the resources of its rules as kinds.
    pub(super) fn bounds(&self) -> Bounds {
        let requirements = self.namespaces.iter().flat_map(Selector::requirements);
        // Where other labels are asked for, too, it may not be known what they are.
        let by_name = requirements
            .clone()
            .all(|one| &*one.key == NAME_OF_NAMESPACE);
        let named = requirements.filter(|one| by_name && one.operator == Operator::In);
        let mut named = named.map(|one| one.values.iter().map(ToString::to_string).collect());
        let resources = self.rules.as_ref().map(|rules| {
            let resources = rules.iter().flat_map(|rule| &rule.resources);
            resources.cloned().collect::<BTreeSet<_>>()
        });
        Bounds {
            namespaces: named.next(),
            // Selectors of namespaces are about no others.
            cluster_wide: true,
            kinds: resources.filter(|all| !all.contains("*") && !all.contains("*/*")),
        }
    }

    /// Whether the creation of an object is meant; `None` where that is not known.
    pub(super) fn selects(&self, case: &Case<'_>, resource: &str) -> Option<bool> {
        let fits = |rule: &Rule| rule.fits(case, resource, self.exact);
        let by_rules = self
            .rules
            .as_ref()
            .is_none_or(|rules| rules.iter().any(fits));
        if !by_rules || self.excluded.iter().any(fits) {
            return Some(false);
        }
        let labels = case.labels();
        if self
            .objects
            .as_ref()
            .is_some_and(|selector| !selector.matches(&labels))
        {
            return Some(false);
        }
        match &self.namespaces {
            Some(selector) => case.in_selected_namespace(selector),
            None => Some(true),
        }
    }
}

impl Rule {
    fn read(value: &Value) -> Self {
        let texts = |member: &str| {
            let items = value.get(member).and_then(Value::as_array);
            let items = items.into_iter().flatten().filter_map(Value::as_str);
            items.map(str::to_owned).collect()
        };
        Self {
            groups: texts("apiGroups"),
            versions: texts("apiVersions"),
            operations: texts("operations"),
            resources: texts("resources"),
            names: texts("resourceNames"),
            scope: value
                .get("scope")
                .and_then(Value::as_str)
                .map(str::to_owned),
        }
    }

    fn fits(&self, case: &Case<'_>, resource: &str, exact: bool) -> bool {
        let any = |list: &[String], text: &str| list.iter().any(|one| one == "*" || one == text);
        // A request in one version is asked about in the others, unless the policy says otherwise.
        let version = !exact || any(&self.versions, case.version());
        let resources = |one: &String| matches!(one.as_str(), "*" | "*/*") || one == resource;
        let scope = match self.scope.as_deref() {
            Some("Cluster") => case.namespace_name().is_none(),
            Some("Namespaced") => case.namespace_name().is_some(),
            _ => true,
        };
        any(&self.groups, case.group())
            && version
            && any(&self.operations, "CREATE")
            && self.resources.iter().any(resources)
            && (self.names.is_empty() || self.names.iter().any(|name| name == case.name()))
            && scope
    }
}
