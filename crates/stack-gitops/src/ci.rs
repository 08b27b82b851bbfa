//! A workflow that guards what is generated.

use crate::checksums;
use crate::laid::Laid;
use crate::settings::GitOps;

/// To be copied to `.github/workflows/`, which lies outside the folder that is written.
pub(crate) const FILE: &str = "ci/github-actions.yaml";

pub(crate) fn text(gitops: &GitOps, laid: &[Laid<'_>]) -> String {
    let folder = match gitops.path.as_str() {
        "" => ".",
        path => path,
    };
    let environments: Vec<&str> = laid.iter().map(Laid::environment).collect();
    format!(
        r#"# Copy to .github/workflows/gitops.yaml. It refuses edits by hand, checks every object as an API server would, and tells a
# pull request what it changes.
name: gitops
on:
  pull_request:
    paths: ['{folder}/**']
permissions:
  contents: read
  pull-requests: write
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
    - uses: actions/checkout@v4
      with:
        fetch-depth: 0
    - name: Nothing was edited by hand
      run: cd '{folder}' && sha256sum --check --quiet {manifest}
    - name: Install stackctl
      run: cargo install --locked stackctl
    - name: What an API server would refuse
      run: stackctl check --format github {checked}
    - name: What Argo CD would do
      run: stackctl sync-plan '{folder}'
    - name: What changes
      run: |
        git worktree add --detach ../before "origin/$GITHUB_BASE_REF"
        stackctl diff --format markdown '../before/{folder}' '{folder}' > changes.md || [ $? -eq 1 ]
    - name: Tell the pull request
      env:
        GH_TOKEN: ${{{{ github.token }}}}
      run: gh pr comment '${{{{ github.event.number }}}}' --body-file changes.md --edit-last --create-if-none
"#,
        manifest = checksums::FILE,
        checked = environments
            .iter()
            .map(|name| format!("'{folder}/{name}'"))
            .collect::<Vec<_>>()
            .join(" "),
    )
}
