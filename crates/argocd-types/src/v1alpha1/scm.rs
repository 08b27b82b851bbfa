//! Generators that ask a source code host: for its repositories, or for the pull requests of one.

use std::collections::BTreeMap;

use crd_core::string_enum;
use serde::{Deserialize, Serialize};

use super::application_set::ApplicationSetTemplate;

crd_core::object! {
    /// One set of parameters per repository of an organisation: `organization`, `repository`, `url`, `branch`, `sha`, `labels`.
    pub struct ScmProviderGenerator {
        /// The host.
        #[embed]
        pub provider: ScmProvider,
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
}

crd_core::union! {
    /// A source code host with many repositories.
    pub enum ScmProvider {
        /// GitHub, or GitHub Enterprise.
        GitHub(ScmProviderGeneratorGithub) = "github",
        /// GitLab.
        GitLab(ScmProviderGeneratorGitlab) = "gitlab",
        /// Bitbucket Cloud.
        Bitbucket(ScmProviderGeneratorBitbucket) = "bitbucket",
        /// Bitbucket Server and Data Center.
        BitbucketServer(ScmProviderGeneratorBitbucketServer) = "bitbucketServer",
        /// Gitea.
        Gitea(ScmProviderGeneratorGitea) = "gitea",
        /// Azure DevOps.
        AzureDevOps(ScmProviderGeneratorAzureDevOps) = "azureDevOps",
        /// AWS CodeCommit.
        AwsCodeCommit(ScmProviderGeneratorAwsCodeCommit) = "awsCodeCommit",
    }
}

crd_core::object! {
    /// One set of parameters per open pull request of a repository: `number`, `title`, `branch`, `branch_slug`,
    /// `target_branch`, `head_sha`, `labels`, `author` and the like.
    pub struct PullRequestGenerator {
        /// The host and repository.
        #[embed]
        pub provider: PullRequestProvider,
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
}

crd_core::union! {
    /// A source code host with pull requests.
    pub enum PullRequestProvider {
        /// GitHub, or GitHub Enterprise.
        GitHub(PullRequestGeneratorGithub) = "github",
        /// GitLab, where they are called merge requests.
        GitLab(PullRequestGeneratorGitlab) = "gitlab",
        /// Gitea.
        Gitea(PullRequestGeneratorGitea) = "gitea",
        /// Bitbucket Server and Data Center.
        BitbucketServer(PullRequestGeneratorBitbucketServer) = "bitbucketServer",
        /// Bitbucket Cloud.
        Bitbucket(PullRequestGeneratorBitbucket) = "bitbucket",
        /// Azure DevOps.
        AzureDevOps(PullRequestGeneratorAzureDevOps) = "azuredevops",
    }
}

/// Which repositories are taken; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScmProviderGeneratorFilter {
    /// A regular expression of the repository's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository_match: Option<String>,
    /// Paths that the repository must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths_exist: Vec<String>,
    /// Paths that the repository must not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths_do_not_exist: Vec<String>,
    /// A regular expression of one of the repository's labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_match: Option<String>,
    /// A regular expression of the branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_match: Option<String>,
}

/// The repositories of an organisation of GitHub.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScmProviderGeneratorGithub {
    /// The organisation.
    pub organization: String,
    /// The URL of a GitHub Enterprise. Absent means github.com.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// A token. Absent asks without one, which GitHub limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_ref: Option<SecretRef>,
    /// The Secret of a GitHub App, in place of a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_secret_name: Option<String>,
    /// Whether all branches are taken. Absent means the default branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_branches: Option<bool>,
}

/// The projects of a group of GitLab.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScmProviderGeneratorGitlab {
    /// The group, by number or path.
    pub group: String,
    /// Whether projects of groups below are taken. Absent means no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_subgroups: Option<bool>,
    /// Whether projects shared with the group are taken. Absent means yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_shared_projects: Option<bool>,
    /// The URL of a GitLab. Absent means gitlab.com.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// A token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_ref: Option<SecretRef>,
    /// Whether all branches are taken. Absent means the default branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_branches: Option<bool>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
    /// A topic that the project must have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Certificates of authorities to trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_ref: Option<ConfigMapKeyRef>,
}

/// The repositories of a workspace of Bitbucket Cloud.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScmProviderGeneratorBitbucket {
    /// The workspace.
    pub owner: String,
    /// The user of the password.
    pub user: String,
    /// An app password.
    pub app_password_ref: SecretRef,
    /// Whether all branches are taken. Absent means the main branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_branches: Option<bool>,
}

/// The repositories of a project of Bitbucket Server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScmProviderGeneratorBitbucketServer {
    /// The project's key.
    pub project: String,
    /// The URL of the API, with `/rest` at its end.
    pub api: String,
    /// User and password. Either this or `bearerToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic_auth: Option<BasicAuth>,
    /// A token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer_token: Option<BearerToken>,
    /// Whether all branches are taken. Absent means the default branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_branches: Option<bool>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
    /// Certificates of authorities to trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_ref: Option<ConfigMapKeyRef>,
}

/// The repositories of an organisation of Gitea.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScmProviderGeneratorGitea {
    /// The organisation or user.
    pub owner: String,
    /// The URL of the Gitea.
    pub api: String,
    /// A token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_ref: Option<SecretRef>,
    /// Whether all branches are taken. Absent means the default branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_branches: Option<bool>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
}

/// The repositories of a project of Azure DevOps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScmProviderGeneratorAzureDevOps {
    /// The organisation.
    pub organization: String,
    /// The URL of the server. Absent means dev.azure.com.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The project.
    pub team_project: String,
    /// A personal access token.
    pub access_token_ref: SecretRef,
    /// Whether all branches are taken. Absent means the default branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_branches: Option<bool>,
}

/// The repositories of an AWS account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScmProviderGeneratorAwsCodeCommit {
    /// Tags that the repository must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tag_filters: Vec<TagFilter>,
    /// The ARN of a role to assume. Absent means that of the controller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The region. Absent means that of the controller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Whether all branches are taken. Absent means the default branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_branches: Option<bool>,
}

/// A tag of an AWS resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TagFilter {
    /// The tag.
    pub key: String,
    /// Its value. Absent means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Which pull requests are taken; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PullRequestGeneratorFilter {
    /// A regular expression of the branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch_match: Option<String>,
    /// A regular expression of the branch that it is to be merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_branch_match: Option<String>,
    /// A regular expression of the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_match: Option<String>,
}

/// The pull requests of a repository of GitHub.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PullRequestGeneratorGithub {
    /// The organisation or user.
    pub owner: String,
    /// The repository.
    pub repo: String,
    /// The URL of a GitHub Enterprise. Absent means github.com.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// A token. Absent asks without one, which GitHub limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_ref: Option<SecretRef>,
    /// The Secret of a GitHub App, in place of a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_secret_name: Option<String>,
    /// Labels that the pull request must have, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

/// The merge requests of a project of GitLab.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PullRequestGeneratorGitlab {
    /// The project, by number or path.
    pub project: String,
    /// The URL of a GitLab. Absent means gitlab.com.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// A token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_ref: Option<SecretRef>,
    /// Labels that the merge request must have, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// `opened`, `closed`, `merged` or `locked`. Absent means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request_state: Option<String>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
    /// Certificates of authorities to trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_ref: Option<ConfigMapKeyRef>,
}

/// The pull requests of a repository of Gitea.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PullRequestGeneratorGitea {
    /// The organisation or user.
    pub owner: String,
    /// The repository.
    pub repo: String,
    /// The URL of the Gitea.
    pub api: String,
    /// A token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_ref: Option<SecretRef>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
    /// Labels that the pull request must have, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

/// The pull requests of a repository of Bitbucket Server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PullRequestGeneratorBitbucketServer {
    /// The project's key.
    pub project: String,
    /// The repository.
    pub repo: String,
    /// The URL of the API, with `/rest` at its end.
    pub api: String,
    /// User and password. Either this or `bearerToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic_auth: Option<BasicAuth>,
    /// A token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer_token: Option<BearerToken>,
    /// Whether the host's certificate is not checked. Absent means that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insecure: Option<bool>,
    /// Certificates of authorities to trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_ref: Option<ConfigMapKeyRef>,
}

/// The pull requests of a repository of Bitbucket Cloud.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PullRequestGeneratorBitbucket {
    /// The workspace.
    pub owner: String,
    /// The repository.
    pub repo: String,
    /// The URL of the API. Absent means that of Bitbucket Cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// User and app password. Either this or `bearerToken`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic_auth: Option<BasicAuth>,
    /// A token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer_token: Option<BearerToken>,
}

/// The pull requests of a repository of Azure DevOps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PullRequestGeneratorAzureDevOps {
    /// The organisation.
    pub organization: String,
    /// The project.
    pub project: String,
    /// The repository.
    pub repo: String,
    /// The URL of the server. Absent means dev.azure.com.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// A personal access token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_ref: Option<SecretRef>,
    /// Labels that the pull request must have, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

/// A key of a Secret in the namespace of Argo CD.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SecretRef {
    /// The Secret.
    pub secret_name: String,
    /// The key.
    pub key: String,
}

/// A key of a ConfigMap in the namespace of Argo CD.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConfigMapKeyRef {
    /// The ConfigMap.
    pub config_map_name: String,
    /// The key.
    pub key: String,
}

/// User and password.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BasicAuth {
    /// The user.
    pub username: String,
    /// The password.
    pub password_ref: SecretRef,
}

/// A token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BearerToken {
    /// The token.
    pub token_ref: SecretRef,
}

string_enum! {
    /// The protocol of a repository's URL.
    #[open]
    pub enum CloneProtocol {
        /// SSH.
        Ssh = "ssh",
        /// HTTPS.
        Https = "https",
    }
}
