//! A machine whose programs are stubs: what the scripts call is written down, and answered as a test says.

use lab_builder::Environment;
use lab_builder::Lab;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use tempfile::TempDir;

/// A rendered lab, and a machine on which nothing is installed but what a test asks for.
pub(crate) struct Machine {
    pub(crate) folder: TempDir,
}

/// What every machine has.
pub(crate) const BASICS: [&str; 10] = [
    "bash", "sh", "cat", "cut", "dirname", "grep", "head", "sed", "sleep", "tr",
];

/// Writes down its call, and answers what lies under the call's name; a call without an answer fails. Scripts call it hundreds of
/// times: the shell does by itself what it can.
pub(crate) const STUB: &str = r#"#!/bin/bash
printf -v arguments ' %s' "$@"
printf '%s\n' "${0##*/}$arguments" >>"$CALLS"
call="${0##*/} $*"
call=${call//[^A-Za-z0-9]/_}
answer=$ANSWERS/${call:0:200}
if [ -e "$answer" ]; then
  [ ! -s "$answer" ] || cat "$answer"
  exit 0
fi
[ -e "$ANSWERS/EVERYTHING_WORKS" ]
"#;

impl Machine {
    pub(crate) fn new(lab: Lab, programs: &[&str]) -> Self {
        let machine = Machine {
            folder: tempfile::tempdir().unwrap(),
        };
        lab.build()
            .unwrap()
            .write_tree(machine.path("tree of the lab"))
            .unwrap();
        for folder in ["bin", "answers", "elsewhere"] {
            fs::create_dir(machine.path(folder)).unwrap();
        }
        for program in BASICS {
            let found = ["/usr/bin", "/bin"]
                .iter()
                .map(|folder| PathBuf::from(folder).join(program))
                .find(|p| p.exists());
            symlink(found.unwrap(), machine.path("bin").join(program)).unwrap();
        }
        for program in programs {
            let path = machine.path("bin").join(program);
            fs::write(&path, STUB).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        machine
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lets a call of a stub succeed with an answer.
    pub(crate) fn answer(&self, call: &str, text: &str) {
        let name: String = call
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() {
                    b as char
                } else {
                    '_'
                }
            })
            .take(200)
            .collect();
        fs::write(self.path("answers").join(name), text).unwrap();
    }

    /// Lets a call fail again.
    pub(crate) fn forget(&self, call: &str) {
        let name: String = call
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() {
                    b as char
                } else {
                    '_'
                }
            })
            .take(200)
            .collect();
        fs::remove_file(self.path("answers").join(name)).unwrap();
    }

    pub(crate) fn run(&self, script: &str, arguments: &[&str]) -> Output {
        Command::new("/bin/bash")
            .arg(self.path("tree of the lab").join(script))
            .args(arguments)
            .current_dir(self.path("elsewhere"))
            .env_clear()
            .env("PATH", self.path("bin"))
            .env("CALLS", self.path("calls"))
            .env("ANSWERS", self.path("answers"))
            .output()
            .unwrap()
    }

    /// Runs a program that must succeed, and gives what it prints.
    pub(crate) fn output(&self, script: &str, arguments: &[&str]) -> String {
        let output = self.run(script, arguments);
        assert!(
            output.status.success(),
            "{script} {arguments:?}: {}",
            text(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// The calls of stubs so far.
    pub(crate) fn calls(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("calls")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

pub(crate) fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// The lab in a cluster of the user's own.
pub(crate) fn without_kind() -> Lab {
    dev()
        .without("kind")
        .detach("cilium", "kind")
        .rewire(|wiring| wiring.cluster.api_server = Some("10.0.0.1".into()))
}

pub(crate) fn dev() -> Lab {
    Lab::new(Environment::Dev)
}

/// How the scripts ask which environment the kind cluster holds.
pub(crate) const HELD: &str = "kubectl --context kind-lab --request-timeout=10s get configmap lab-builder-environment \
    --namespace kube-system --ignore-not-found -o jsonpath={.data.environment}";

/// How the scripts ask whether the kind cluster answers.
pub(crate) const ANSWERS_AT_ALL: &str = "kubectl --context kind-lab --request-timeout=10s version";

/// A command as it is called once it is pinned to the kind cluster.
pub(crate) fn pinned(command: &str) -> String {
    match command.split_once(' ') {
        Some(("kubectl", rest)) => format!("kubectl --context kind-lab {rest}"),
        Some(("helm", rest)) => format!("helm --kube-context kind-lab {rest}"),
        _ => command.to_owned(),
    }
}

pub(crate) const ALL: [&str; 6] = ["kind", "kubectl", "helm", "docker", "openssl", "curl"];
