//! `verify-all.sh`: every documented check, with a verdict per line.

use super::checks::{self, Check, Expectation};
use super::script::Script;
use super::setup;
use crate::bundle::Bundle;

pub(super) fn text(bundle: &Bundle) -> String {
    let mut script = Script::new("Checks the running lab. Written by lab-builder; see --help.");
    script.assign("environment", bundle.environment().name());
    script.assign("cluster", setup::cluster(bundle).unwrap_or_default());
    script.fixed(Script::COMMON);
    script.fixed(include_str!("verify.sh"));
    let mut component = String::new();
    for check in checks::all(bundle) {
        if component != check.component {
            component.clone_from(&check.component);
            script.call(0, &["printf", "\\n%s\\n", &component]);
        }
        write(&check, &mut script);
    }
    script.fixed(END);
    script.into_text()
}

fn write(check: &Check, script: &mut Script) {
    if let Some(reason) = &check.lenient {
        script.assign("lenient", reason);
    }
    let expected = check.expectation.to_string();
    let mut words = vec![
        "check".to_owned(),
        check.id.clone(),
        check.what.clone(),
        expected,
        check.needs.join(" "),
    ];
    words.extend(matcher(&check.expectation));
    words.push("--".to_owned());
    script.call_with(&words, &check.command);
    if check.lenient.is_some() {
        script.assign("lenient", "");
    }
}

/// The matcher of bash for an expectation, and its arguments.
fn matcher(expectation: &Expectation) -> Vec<String> {
    let range = |least: u32, most: &Option<u32>| {
        [
            least.to_string(),
            most.map_or("-".to_owned(), |most| most.to_string()),
        ]
    };
    let named = |name: &str, arguments: &[String]| [&[name.to_owned()], arguments].concat();
    match expectation {
        Expectation::Pods { least, most, ready } => {
            let mut words = named("pods", &range(*least, most));
            words.extend(ready.clone());
            words
        }
        Expectation::Lines { least, most, .. } => named("lines", &range(*least, most)),
        Expectation::Patterns { patterns, .. } => named("patterns", patterns),
        Expectation::Names(names) => named("names", names),
        Expectation::Nothing => named("nothing", &[]),
        Expectation::Success => named("success", &[]),
    }
}

const END: &str = r#"
if "$list"; then
  exit 0
fi
printf '\n%s ok, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
if [ "$failed" -gt 0 ]; then
  exit 1
fi
if [ -n "$no_cluster" ]; then
  printf 'error: %s\n' "$no_cluster" >&2
  exit 2
fi
"#;
