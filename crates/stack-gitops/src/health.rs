//! The health of Applications, without which waves of Applications do not wait.

use serde_json::{Map, Value};

/// The key in `configs.cm` of the chart `argo-cd`, and in the ConfigMap `argocd-cm`.
pub(crate) const KEY: &str = "resource.customizations.health.argoproj.io_Application";

/// An Application is as healthy as it says itself.
const LUA: &str = "\
hs = { status = \"Progressing\", message = \"\" }
local status = obj.status
if status ~= nil and status.health ~= nil and status.health.status ~= nil then
  hs.status = status.health.status
  hs.message = status.health.message or \"\"
end
return hs
";

/// Adds the health of Applications to the values of the chart `argo-cd`, unless the user has set one.
pub(crate) fn add_to(values: &mut Value) {
    let mut at = values;
    for key in ["configs", "cm"] {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        at = &mut at[key];
    }
    if !at.is_object() {
        *at = Value::Object(Map::new());
    }
    if let Some(settings) = at.as_object_mut() {
        settings.entry(KEY).or_insert_with(|| Value::from(LUA));
    }
}
