//! Generators that ask a source code host: for its repositories, or for the pull requests of one.

use std::collections::BTreeMap;

use super::template::ApplicationSetTemplate;
use crd_core::{Object, StringEnum, Union};

/// One set of parameters per repository of an organisation: `organization`, `repository`, `url`, `branch`, `sha`, `labels`.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ScmProviderGenerator {
    /// The host. Without one the API server takes the generator, and Argo CD reports an error; of several it asks one.
    #[field(embed)]
    pub provider: Option<ScmProvider>,
    /// Which repositories are taken; one filter that fits is enough. Empty takes all.
    pub filters: Vec<ScmProviderGeneratorFilter>,
    /// The protocol of the `url` parameter: `ssh` or `https`. Absent leaves it to the host.
    pub clone_protocol: Option<CloneProtocol>,
    /// How often the host is asked, in seconds. Absent means 1800.
    pub requeue_after_seconds: Option<i64>,
    /// Overrides parts of the template for this generator.
    pub template: Option<ApplicationSetTemplate>,
    /// More parameters, as `values.KEY`.
    pub values: BTreeMap<String, String>,
}

/// A source code host with many repositories.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum ScmProvider {
    /// GitHub, or GitHub Enterprise.
    #[arm(member = "github")]
    GitHub(ScmProviderGeneratorGithub),
    /// GitLab.
    #[arm(member = "gitlab")]
    GitLab(ScmProviderGeneratorGitlab),
    /// Bitbucket Cloud.
    Bitbucket(ScmProviderGeneratorBitbucket),
    /// Bitbucket Server and Data Center.
    BitbucketServer(ScmProviderGeneratorBitbucketServer),
    /// Gitea.
    Gitea(ScmProviderGeneratorGitea),
    /// Azure DevOps.
    AzureDevOps(ScmProviderGeneratorAzureDevOps),
    /// AWS CodeCommit.
    AwsCodeCommit(ScmProviderGeneratorAwsCodeCommit),
    /// More than one of the others, which the API server takes and Argo CD does not: it asks one of them.
    #[arm(several)]
    Several(Vec<Self>),
}

/// One set of parameters per open pull request of a repository: `number`, `title`, `branch`, `branch_slug`,
/// `target_branch`, `head_sha`, `labels`, `author` and the like.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PullRequestGenerator {
    /// The host and repository. Without one the API server takes the generator, and Argo CD reports an error; of several it
    /// asks one.
    #[field(embed)]
    pub provider: Option<PullRequestProvider>,
    /// Which pull requests are taken; one filter that fits is enough. Empty takes all.
    pub filters: Vec<PullRequestGeneratorFilter>,
    /// How often the host is asked, in seconds. Absent means 1800.
    pub requeue_after_seconds: Option<i64>,
    /// Overrides parts of the template for this generator.
    pub template: Option<ApplicationSetTemplate>,
    /// Whether a repository that does not exist counts as one without pull requests. Absent means an error.
    pub continue_on_repo_not_found_error: Option<bool>,
    /// More parameters, as `values.KEY`.
    pub values: BTreeMap<String, String>,
}

/// A source code host with pull requests.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum PullRequestProvider {
    /// GitHub, or GitHub Enterprise.
    #[arm(member = "github")]
    GitHub(PullRequestGeneratorGithub),
    /// GitLab, where they are called merge requests.
    #[arm(member = "gitlab")]
    GitLab(PullRequestGeneratorGitlab),
    /// Gitea.
    Gitea(PullRequestGeneratorGitea),
    /// Bitbucket Server and Data Center.
    BitbucketServer(PullRequestGeneratorBitbucketServer),
    /// Bitbucket Cloud.
    Bitbucket(PullRequestGeneratorBitbucket),
    /// Azure DevOps.
    #[arm(member = "azuredevops")]
    AzureDevOps(PullRequestGeneratorAzureDevOps),
    /// More than one of the others, which the API server takes and Argo CD does not: it asks one of them.
    #[arm(several)]
    Several(Vec<Self>),
}

/// Which repositories are taken; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ScmProviderGeneratorFilter {
    /// A regular expression of the repository's name.
    pub repository_match: Option<String>,
    /// Paths that the repository must have.
    pub paths_exist: Vec<String>,
    /// Paths that the repository must not have.
    pub paths_do_not_exist: Vec<String>,
    /// A regular expression of one of the repository's labels.
    pub label_match: Option<String>,
    /// A regular expression of the branch.
    pub branch_match: Option<String>,
}

/// The repositories of an organisation of GitHub.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ScmProviderGeneratorGithub {
    /// The organisation's name, as in its URL.
    pub organization: String,
    /// The URL of a GitHub Enterprise. Absent means github.com.
    pub api: Option<String>,
    /// A token. Absent asks without one, which GitHub limits.
    pub token_ref: Option<SecretRef>,
    /// The Secret of a GitHub App, in place of a token.
    pub app_secret_name: Option<String>,
    /// Whether all branches are taken. Absent means the default branch.
    pub all_branches: Option<bool>,
}

/// The projects of a group of GitLab.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ScmProviderGeneratorGitlab {
    /// The group, by number or path.
    pub group: String,
    /// Whether projects of groups below are taken. Absent means no.
    pub include_subgroups: Option<bool>,
    /// Whether projects shared with the group are taken. Absent means yes.
    pub include_shared_projects: Option<bool>,
    /// The URL of a GitLab. Absent means gitlab.com.
    pub api: Option<String>,
    /// Where the access token stands. Absent asks without one, and sees public repositories only.
    pub token_ref: Option<SecretRef>,
    /// Whether all branches are taken. Absent means the default branch.
    pub all_branches: Option<bool>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    pub insecure: Option<bool>,
    /// A topic that the project must have.
    pub topic: Option<String>,
    /// Certificates of authorities to trust.
    pub ca_ref: Option<ConfigMapKeyRef>,
}

/// The repositories of a workspace of Bitbucket Cloud.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ScmProviderGeneratorBitbucket {
    /// The workspace's identifier, as in its URL.
    pub owner: String,
    /// The user whom the app password belongs to.
    pub user: String,
    /// Where the app password stands; it needs to read repositories.
    pub app_password_ref: SecretRef,
    /// Whether all branches are taken. Absent means the main branch.
    pub all_branches: Option<bool>,
}

/// The repositories of a project of Bitbucket Server.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ScmProviderGeneratorBitbucketServer {
    /// The project's key, such as `SHOP`.
    pub project: String,
    /// The URL of the API, with `/rest` at its end.
    pub api: String,
    /// User and password. Either this or `bearerToken`.
    pub basic_auth: Option<BasicAuth>,
    /// An access token. Either this or `basicAuth`.
    pub bearer_token: Option<BearerToken>,
    /// Whether all branches are taken. Absent means the default branch.
    pub all_branches: Option<bool>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    pub insecure: Option<bool>,
    /// Certificates of authorities to trust.
    pub ca_ref: Option<ConfigMapKeyRef>,
}

/// The repositories of an organisation of Gitea.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ScmProviderGeneratorGitea {
    /// The organisation or user whom the repositories belong to.
    pub owner: String,
    /// The server's URL, such as `https://gitea.example.com/`.
    pub api: String,
    /// Where the access token stands. Absent asks without one, and sees public repositories only.
    pub token_ref: Option<SecretRef>,
    /// Whether all branches are taken. Absent means the default branch.
    pub all_branches: Option<bool>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    pub insecure: Option<bool>,
}

/// The repositories of a project of Azure DevOps.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ScmProviderGeneratorAzureDevOps {
    /// The organisation's name, as in its URL.
    pub organization: String,
    /// The URL of the server. Absent means dev.azure.com.
    pub api: Option<String>,
    /// The project's name within the organisation.
    pub team_project: String,
    /// Where the personal access token stands; it needs to read code.
    pub access_token_ref: SecretRef,
    /// Whether all branches are taken. Absent means the default branch.
    pub all_branches: Option<bool>,
}

/// The repositories of an AWS account.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ScmProviderGeneratorAwsCodeCommit {
    /// Tags that the repository must have.
    pub tag_filters: Vec<TagFilter>,
    /// The ARN of a role to assume. Absent means that of the controller.
    pub role: Option<String>,
    /// The region. Absent means that of the controller.
    pub region: Option<String>,
    /// Whether all branches are taken. Absent means the default branch.
    pub all_branches: Option<bool>,
}

/// A tag of an AWS resource.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TagFilter {
    /// The tag's key.
    pub key: String,
    /// Its value. Absent means any.
    pub value: Option<String>,
}

/// Which pull requests are taken; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PullRequestGeneratorFilter {
    /// A regular expression of the branch.
    pub branch_match: Option<String>,
    /// A regular expression of the branch that it is to be merged into.
    pub target_branch_match: Option<String>,
    /// A regular expression of the title.
    pub title_match: Option<String>,
}

/// The pull requests of a repository of GitHub.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PullRequestGeneratorGithub {
    /// The organisation or user whom the repositories belong to.
    pub owner: String,
    /// The repository's name, without its owner.
    pub repo: String,
    /// The URL of a GitHub Enterprise. Absent means github.com.
    pub api: Option<String>,
    /// A token. Absent asks without one, which GitHub limits.
    pub token_ref: Option<SecretRef>,
    /// The Secret of a GitHub App, in place of a token.
    pub app_secret_name: Option<String>,
    /// Labels that the pull request must have, all of them.
    pub labels: Vec<String>,
}

/// The merge requests of a project of GitLab.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PullRequestGeneratorGitlab {
    /// The project, by number or path.
    pub project: String,
    /// The URL of a GitLab. Absent means gitlab.com.
    pub api: Option<String>,
    /// Where the access token stands. Absent asks without one, and sees public repositories only.
    pub token_ref: Option<SecretRef>,
    /// Labels that the merge request must have, all of them.
    pub labels: Vec<String>,
    /// `opened`, `closed`, `merged` or `locked`. Absent means any.
    pub pull_request_state: Option<String>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    pub insecure: Option<bool>,
    /// Certificates of authorities to trust.
    pub ca_ref: Option<ConfigMapKeyRef>,
}

/// The pull requests of a repository of Gitea.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PullRequestGeneratorGitea {
    /// The organisation or user whom the repositories belong to.
    pub owner: String,
    /// The repository's name, without its owner.
    pub repo: String,
    /// The server's URL, such as `https://gitea.example.com/`.
    pub api: String,
    /// Where the access token stands. Absent asks without one, and sees public repositories only.
    pub token_ref: Option<SecretRef>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    pub insecure: Option<bool>,
    /// Labels that the pull request must have, all of them.
    pub labels: Vec<String>,
}

/// The pull requests of a repository of Bitbucket Server.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PullRequestGeneratorBitbucketServer {
    /// The project's key, such as `SHOP`.
    pub project: String,
    /// The repository's name, without its owner.
    pub repo: String,
    /// The URL of the API, with `/rest` at its end.
    pub api: String,
    /// User and password. Either this or `bearerToken`.
    pub basic_auth: Option<BasicAuth>,
    /// An access token. Either this or `basicAuth`.
    pub bearer_token: Option<BearerToken>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    pub insecure: Option<bool>,
    /// Certificates of authorities to trust.
    pub ca_ref: Option<ConfigMapKeyRef>,
}

/// The pull requests of a repository of Bitbucket Cloud.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PullRequestGeneratorBitbucket {
    /// The workspace's identifier, as in its URL.
    pub owner: String,
    /// The repository's name, without its owner.
    pub repo: String,
    /// The URL of the API. Absent means that of Bitbucket Cloud.
    pub api: Option<String>,
    /// User and app password. Either this or `bearerToken`.
    pub basic_auth: Option<BasicAuth>,
    /// An access token. Either this or `basicAuth`.
    pub bearer_token: Option<BearerToken>,
}

/// The pull requests of a repository of Azure DevOps.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PullRequestGeneratorAzureDevOps {
    /// The organisation's name, as in its URL.
    pub organization: String,
    /// The project's name within the organisation.
    pub project: String,
    /// The repository's name, without its owner.
    pub repo: String,
    /// The URL of the server. Absent means dev.azure.com.
    pub api: Option<String>,
    /// Where the personal access token stands. Absent asks without one.
    pub token_ref: Option<SecretRef>,
    /// Labels that the pull request must have, all of them.
    pub labels: Vec<String>,
}

/// A key of a Secret in the namespace of Argo CD.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SecretRef {
    /// The Secret's name.
    pub secret_name: String,
    /// Which of its entries holds the value.
    pub key: String,
}

/// A key of a ConfigMap in the namespace of Argo CD.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ConfigMapKeyRef {
    /// The ConfigMap's name.
    pub config_map_name: String,
    /// Which of its entries holds the value.
    pub key: String,
}

/// User and password.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct BasicAuth {
    /// The user's name, in plain text.
    pub username: String,
    /// Where the password stands.
    pub password_ref: SecretRef,
}

/// An access token that is sent as a bearer.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct BearerToken {
    /// Where the token stands.
    pub token_ref: SecretRef,
}

/// The protocol of a repository's URL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[string_enum(rename_all = "camelCase")]
pub enum CloneProtocol {
    /// URLs for SSH: `git@host:owner/repository.git`.
    Ssh,
    /// URLs for HTTPS: `https://host/owner/repository.git`.
    Https,
    /// A text that this version of the types does not know.
    Other(String),
}
