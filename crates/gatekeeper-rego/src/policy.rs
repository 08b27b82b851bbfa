//! One template's Rego, ready to be evaluated.

use std::sync::Arc;

use regorus::{Engine, Value as RegoValue};
use serde_json::{Value, json};

use crate::error::{Position, RegoError, locate};
use crate::format::replace_sprintf;
use crate::inventory::Inventory;
use crate::review::Review;
use crate::safety::first_unsafe;
use crate::source::end_before_parentheses;
use gatekeeper_types::templates::{RegoVersion, Target};

/// What the interpreter says of a rule that no module has.
const NO_SUCH_RULE: &str = "not a valid rule path";

/// One template's Rego, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct Policy {
    template: String,
    rule: String,
    engine: Engine,
}

/// One element of a template's rule `violation`.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyViolation {
    /// The policy's `msg`: what is wrong, for people.
    pub message: String,
    /// More about it: `details`; null where the policy gives none.
    pub details: Value,
}

impl Policy {
    /// Reads the Rego of a template's targets.
    ///
    /// # Errors
    ///
    /// A template without Rego, Rego that cannot be read or does not define `violation`, and libraries outside of `lib`.
    pub fn compile(template: &str, targets: &[Target]) -> Result<Self, RegoError> {
        let Some(source) = targets.iter().find_map(Target::rego_source) else {
            return Err(RegoError::NoRego {
                template: template.to_owned(),
            });
        };
        let mut engine = Engine::new();
        engine.set_rego_v0(source.version != Some(RegoVersion::V1));
        // As OPA does: a builtin that fails leaves its expression undefined.
        engine.set_strict_builtin_errors(false);
        replace_sprintf(&mut engine);
        let mut add = |module: &str, text: String| {
            engine
                .add_policy(module.to_owned(), end_before_parentheses(&text))
                .map_err(|error| {
                    let (position, message) = locate(&error.to_string());
                    RegoError::Compile {
                        template: template.to_owned(),
                        position,
                        message,
                    }
                })
        };
        for (number, library) in source.libs.into_iter().enumerate() {
            let module = format!("libs[{number}]");
            let package = add(&module, library)?;
            if package != "data.lib" && !package.starts_with("data.lib.") {
                let package = package.trim_start_matches("data.").to_owned();
                return Err(RegoError::LibraryPackage {
                    template: template.to_owned(),
                    module,
                    package,
                });
            }
        }
        let package = add(MODULE, source.rego)?;
        let rule = format!("{package}.violation");
        check_safety(&engine, template)?;
        let template = template.to_owned();
        match engine.compile_with_entrypoint(&Arc::from(rule.as_str())) {
            Ok(_) => Ok(Self {
                template,
                rule,
                engine,
            }),
            // The interpreter has no other sign for it; a test keeps the text.
            Err(error) if error.to_string() == NO_SUCH_RULE => {
                Err(RegoError::NoViolationRule { template })
            }
            Err(error) => {
                let (position, message) = locate(&error.to_string());
                Err(RegoError::Compile {
                    template,
                    position,
                    message,
                })
            }
        }
    }

    /// The violations of one request, with the parameters of one constraint.
    ///
    /// # Errors
    ///
    /// Rego that fails, and violations without a text in `msg`.
    pub fn violations(
        &self,
        review: &Review,
        parameters: &Value,
        inventory: &Inventory,
    ) -> Result<Vec<PolicyViolation>, RegoError> {
        let failed = |error: &dyn std::fmt::Display| {
            let (position, message) = locate(&error.to_string());
            RegoError::Evaluate {
                template: self.template.clone(),
                position,
                message,
            }
        };
        let mut engine = self.engine.clone();
        let input = json!({ "review": review.as_value(), "parameters": parameters });
        let data = json!({ "inventory": inventory.as_value() });
        engine.set_input(RegoValue::from(input));
        engine
            .add_data(RegoValue::from(data))
            .map_err(|error| failed(&error))?;
        let found = engine
            .eval_rule(self.rule.clone())
            .map_err(|error| failed(&error))?;
        if found == RegoValue::Undefined {
            return Ok(Vec::new());
        }
        match serde_json::to_value(&found).map_err(|error| failed(&error))? {
            Value::Array(found) => found
                .into_iter()
                .map(|found| self.violation(found))
                .collect(),
            other => Err(self.not_a_violation(&other)),
        }
    }

    fn violation(&self, mut found: Value) -> Result<PolicyViolation, RegoError> {
        let Some(message) = found.get("msg").and_then(Value::as_str).map(str::to_owned) else {
            return Err(self.not_a_violation(&found));
        };
        let details = found
            .get_mut("details")
            .map(Value::take)
            .unwrap_or_default();
        Ok(PolicyViolation { message, details })
    }

    fn not_a_violation(&self, found: &Value) -> RegoError {
        RegoError::Violation {
            template: self.template.clone(),
            found: found.to_string(),
        }
    }
}

/// Refuses what OPA refuses and the interpreter evaluates.
fn check_safety(engine: &Engine, template: &str) -> Result<(), RegoError> {
    let refuse = |position, message| {
        Err(RegoError::Compile {
            template: template.to_owned(),
            position,
            message,
        })
    };
    let tree: Value = match engine.get_ast_as_json() {
        Ok(text) => match serde_json::from_str(&text) {
            Ok(tree) => tree,
            Err(error) => return refuse(None, error.to_string()),
        },
        Err(error) => return refuse(None, error.to_string()),
    };
    let Some(found) = first_unsafe(&tree) else {
        return Ok(());
    };
    let position = Position {
        module: found.module,
        line: found.line,
        column: found.column,
    };
    let message = format!("rego_unsafe_var_error: var {} is unsafe", found.variable);
    refuse(Some(position), message)
}

/// The name of the main module in messages.
const MODULE: &str = "rego";
