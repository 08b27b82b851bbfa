//! `setup.sh`: the steps of the installation, in order.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::script::Script;
use super::tools;
use crate::bundle::{Bundle, Part};
use crate::contribution::Action;
use crate::render::install::Installation;
use crate::render::readme;
use crate::whole::{LeftOut, SetupOption, Whole};

const END: &str = r#"
if "$dry_run"; then
  exit 0
fi
printf '\n@Noun@ %s is installed after %s s.\n' "$environment" "$SECONDS"
"#;
/// Programs that a program of the tree may call, and that not every machine has.
const CALLED: [&str; 3] = ["curl", "kubectl", "openssl"];

pub(super) fn text(bundle: &Bundle) -> String {
    let mut script = Script::new(&bundle.whole, "Installs the @noun@.");
    let steps = bundle.parts().iter().map(Part::step).max().unwrap_or(0);
    script.assign("environment", bundle.environment().name());
    script.assign("steps", &steps.to_string());
    script.assign("cluster", cluster(bundle).unwrap_or_default());
    script.assign("mark", &bundle.whole.mark());
    tools::write(bundle, &programs(bundle), &mut script);
    script.fixed(Script::COMMON);
    script.fixed(Script::CLUSTER);
    script.fixed(&with_options(&bundle.whole));
    for part in bundle.parts() {
        script.blank();
        step(bundle, part, &mut script);
    }
    script.fixed(END);
    ending(bundle, &mut script);
    script.into_text()
}

/// The name of the kind cluster, where the stack makes one.
pub(super) fn cluster(bundle: &Bundle) -> Option<&str> {
    bundle.cluster()?["name"].as_str()
}

/// The variable of bash that holds whether an option is set.
fn variable(option: &SetupOption) -> String {
    option.flag.trim_start_matches('-').replace('-', "_")
}

fn left_out(whole: &Whole) -> impl Iterator<Item = (&SetupOption, &LeftOut)> {
    let options = whole.setup_options.iter();
    options.filter_map(|option| Some((option, option.leaves_out.as_ref()?)))
}

/// The fixed part with the options of the stack in their places.
fn with_options(whole: &Whole) -> String {
    // The column at which the help of the other options begins.
    const COLUMN: usize = 17;
    let (mut flags, mut help, mut cases, mut guards) = Default::default();
    for option in &whole.setup_options {
        let mut head = format!("  {:<width$}", option.flag, width = COLUMN - 2);
        for line in &option.help {
            help = format!("{help}{head}{line}\n");
            head = " ".repeat(COLUMN);
        }
        let action = match option.leaves_out {
            Some(_) => format!(" {}=true", variable(option)),
            None => String::new(),
        };
        cases = format!("{cases}    {}){action} ;;\n", option.flag);
    }
    for (option, left_out) in left_out(whole) {
        let (variable, flag) = (variable(option), &option.flag);
        let (title, word) = (&left_out.title, &left_out.word);
        flags = format!("{flags}{variable}=false\n");
        guards = format!(
            r#"{guards}# Something that only makes sense with {title}.
{word}() {{
  if "${variable}"; then
    note "left out with {flag}: ${{*: -1}}"
  else
    "$@"
  fi
}}

"#
        );
    }
    let text: String = include_str!("setup.sh").into();
    [
        ("@flags@", flags),
        ("@options@", help),
        ("@cases@", cases),
        ("@guards@", guards),
    ]
    .into_iter()
    .fold(text, |text, (place, lines): (&str, String)| {
        text.replace(place, &lines)
    })
}

fn step(bundle: &Bundle, part: &Part, script: &mut Script<'_>) {
    script.call(0, &["begin", &part.step().to_string(), part.id()]);
    let whole = left_out(&bundle.whole).find(|(_, left_out)| left_out.component == part.id());
    if let Some((option, _)) = whole {
        script.fixed(&format!(
            "if \"${}\"; then\n  note 'left out with {}'\nelse\n",
            variable(option),
            option.flag
        ));
    }
    let level = usize::from(whole.is_some());
    let installation = Installation::of(bundle, part);
    for action in part.plan() {
        let guards: Vec<&str> = left_out(&bundle.whole)
            .filter(|(_, left_out)| left_out.component != part.id())
            .filter(|(_, left_out)| installation.applies_group(action, &left_out.groups))
            .map(|(_, left_out)| left_out.word.as_str())
            .collect();
        for command in installation.commands(action) {
            let mut words = guards.clone();
            let purpose;
            let name;
            match action {
                Action::CreateCluster(place) => {
                    name = cluster(bundle).unwrap_or_default();
                    words.extend(["create_cluster", name, place.path()]);
                    script.call(level, &words);
                    continue;
                }
                Action::Wait { purpose, .. } => words.extend(["wait_for", purpose]),
                Action::Install(release) => {
                    purpose = format!("release {release} is ready");
                    words.extend(["wait_for", &purpose]);
                }
                Action::Run { purpose, .. } | Action::Program { purpose, .. } => {
                    words.extend(["run", purpose])
                }
                Action::Apply(_) => words.extend(["run", ""]),
            }
            words.extend(command.iter().map(AsRef::as_ref));
            script.call(level, &words);
        }
    }
    if whole.is_some() {
        script.fixed("fi\n");
    }
    script.call(0, &["finish"]);
}

/// Every program that the installation calls, once.
fn programs(bundle: &Bundle) -> Vec<String> {
    // It asks the cluster what it holds.
    let mut programs = BTreeSet::from(["kubectl".to_owned()]);
    for part in bundle.parts() {
        let installation = Installation::of(bundle, part);
        for action in part.plan() {
            let commands = installation.commands(action).into_iter();
            programs.extend(
                commands.filter_map(|command| command.into_iter().next().map(Cow::into_owned)),
            );
            if let Action::Program { place, .. } = action {
                let text = installation.program(place.path());
                let words: BTreeSet<&str> =
                    text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
                programs.extend(
                    CALLED
                        .iter()
                        .filter(|program| words.contains(*program))
                        .map(|program| (*program).to_owned()),
                );
            }
        }
    }
    programs.into_iter().collect()
}

fn ending(bundle: &Bundle, script: &mut Script<'_>) {
    let mut lines = vec!["printf".to_owned(), "%s\\n".to_owned(), "Pages:".to_owned()];
    let pages = bundle.parts().iter().flat_map(Part::access);
    lines.extend(pages.map(|page| format!("  {:<13} {}", page.service, page.url)));
    lines.push("Once, so that their names resolve:".to_owned());
    lines.push(format!("  {}", readme::hosts_command(bundle)));
    lines.push(format!("Next: bash {}", super::VERIFY));
    script.call(0, &lines);
}
