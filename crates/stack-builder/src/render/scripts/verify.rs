//! `verify-all.sh`: every documented check, with a verdict per line.

use super::every;
use super::script::Script;
use super::{setup, tools};
use crate::bundle::Bundle;
use crate::pods::Count;
use crate::verify::{Expectation, Question};

pub(super) fn text(bundle: &Bundle) -> String {
    let mut script = Script::new(&bundle.whole, "Checks the running @noun@.");
    script.assign("environment", bundle.environment().name());
    script.assign("cluster", setup::cluster(bundle).unwrap_or_default());
    script.assign("mark", &bundle.whole.mark());
    tools::write(bundle, &["helm", "kubectl"].map(str::to_owned), &mut script);
    script.fixed(Script::COMMON);
    script.fixed(Script::CLUSTER);
    script.fixed(include_str!("verify.sh"));
    for (heading, questions) in every::groups(bundle) {
        if !questions.is_empty() {
            script.assign("heading", heading);
        }
        for question in questions {
            write(&question, &mut script);
        }
    }
    script.fixed(END);
    script.into_text()
}

fn write(check: &Question, script: &mut Script<'_>) {
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
    let range = |count: &Count| {
        let most = count.most.map(|most| most.to_string());
        [count.least.to_string(), most.unwrap_or_else(|| "-".into())]
    };
    let named = |name: &str, arguments: &[String]| [&[name.to_owned()], arguments].concat();
    match expectation {
        Expectation::Pods { count, ready } => {
            let mut words = named("pods", &range(count));
            words.extend(ready.clone());
            words
        }
        Expectation::Lines { count, .. } => named("lines", &range(count)),
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
  exit 2
fi
"#;
