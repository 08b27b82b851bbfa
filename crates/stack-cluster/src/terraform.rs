//! Terraform for EKS, written and read.
//!
//! The modules are those of <https://registry.terraform.io/namespaces/terraform-aws-modules>.

use hcl::expr::{ObjectKey, Traversal, TraversalOperator, Variable};
use hcl::{Block, Body, Expression, Object};
use kube_vocab::{Finding, Severity, Subject};

use crate::needs::{Cloud, ClusterNeeds, KubernetesMinor, NodePool, Role};

/// The module that makes an EKS cluster.
pub const EKS_MODULE: &str = "terraform-aws-modules/eks/aws";
/// The module that makes a role for a service account, as its version 5 has it.
pub const ROLE_MODULE: &str =
    "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks";

/// Why nothing was written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TerraformError {
    /// A name that Terraform does not take, or a value that its language does not have.
    #[error("Terraform's language cannot say this: {0}")]
    Hcl(#[from] hcl::Error),
    /// A version of the module that is no constraint such as `~> 20.31`.
    #[error("`{0}` does not say which version of the module is wanted: write `~> 20.31`")]
    Version(String),
}

/// What is written for one module call: the arguments changed their names with version 21.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arguments {
    UpTo20,
    Since21,
}

impl Arguments {
    fn of(constraint: &str) -> Result<Self, TerraformError> {
        let wrong = || TerraformError::Version(constraint.to_owned());
        let major = major(constraint).ok_or_else(wrong)?;
        Ok(if major >= 21 {
            Self::Since21
        } else {
            Self::UpTo20
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::UpTo20 => "cluster_name",
            Self::Since21 => "name",
        }
    }

    fn version(self) -> &'static str {
        match self {
            Self::UpTo20 => "cluster_version",
            Self::Since21 => "kubernetes_version",
        }
    }
}

/// The first number of a constraint: 20 of `~> 20.31`.
fn major(constraint: &str) -> Option<u32> {
    let number = constraint.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = number
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(number.len());
    number[..end].parse().ok()
}

/// A cluster, its nodes and the roles of its service accounts. `module_version` is a constraint on the EKS module. Network and subnets
/// are the caller's: `var.vpc_id`, `var.subnet_ids`.
///
/// # Errors
/// [`TerraformError`] for a version without a number.
pub fn eks(needs: &ClusterNeeds, module_version: &str) -> Result<String, TerraformError> {
    let arguments = Arguments::of(module_version)?;
    let mut body = Body::builder()
        .add_block(provider(&needs.region))
        .add_block(variable(
            "vpc_id",
            "The network in which the cluster lies.",
            "string",
        ))
        .add_block(variable(
            "subnet_ids",
            "The subnets of its nodes, one for each zone.",
            "list(string)",
        ));
    let mut module = Block::builder("module")
        .add_label("eks")
        .add_attribute(("source", EKS_MODULE))
        .add_attribute(("version", module_version))
        .add_attribute((arguments.name(), needs.name.as_str()))
        .add_attribute((arguments.version(), needs.version.to_string()))
        .add_attribute(("vpc_id", var("vpc_id")))
        .add_attribute(("subnet_ids", var("subnet_ids")))
        .add_attribute(("enable_irsa", true));
    if needs.own_network {
        // The stack's own network comes instead.
        let none = || Expression::from(Object::<ObjectKey, Expression>::new());
        let left = object(needs.additions().map(|name| (name, none())));
        module = match arguments {
            Arguments::UpTo20 => module
                .add_attribute(("bootstrap_self_managed_addons", false))
                .add_attribute(("cluster_addons", left)),
            Arguments::Since21 => module.add_attribute(("addons", left)),
        };
    }
    let groups = needs
        .pools
        .iter()
        .map(|pool| (pool.name.as_str(), node_group(pool)));
    module = module.add_attribute(("eks_managed_node_groups", object(groups)));
    body = body.add_block(module.build());
    for role in &needs.roles {
        body = body.add_block(role_module(needs, role));
    }
    Ok(hcl::to_string(&body.build())?)
}

/// The cluster as the guide prints it: without a version of the module, and with a number of nodes alone.
///
/// # Errors
/// [`TerraformError`] for names that Terraform does not take.
pub fn eks_as_printed(needs: &ClusterNeeds) -> Result<String, TerraformError> {
    let group = |pool: &NodePool| {
        object([
            ("desired_size", Expression::from(pool.desired)),
            ("instance_types", texts(&pool.machines)),
        ])
    };
    let groups = needs
        .pools
        .iter()
        .map(|pool| (pool.name.as_str(), group(pool)));
    let module = Block::builder("module")
        .add_label("eks")
        .add_attribute(("source", EKS_MODULE))
        .add_attribute((Arguments::UpTo20.name(), needs.name.as_str()))
        .add_attribute((Arguments::UpTo20.version(), needs.version.to_string()))
        .add_attribute(("vpc_id", var("vpc_id")))
        .add_attribute(("subnet_ids", var("subnet_ids")))
        .add_attribute(("eks_managed_node_groups", object(groups)))
        .build();
    let body = Body::builder()
        .add_block(provider(&needs.region))
        .add_block(module);
    Ok(hcl::to_string(&body.build())?)
}

fn provider(region: &str) -> Block {
    Block::builder("provider")
        .add_label("aws")
        .add_attribute(("region", region))
        .build()
}

fn variable(name: &str, description: &str, kind: &str) -> Block {
    // A type is written without quotes.
    let kind = kind
        .parse()
        .unwrap_or_else(|_: hcl::Error| Expression::from(kind));
    Block::builder("variable")
        .add_label(name)
        .add_attribute(("description", description))
        .add_attribute(("type", kind))
        .build()
}

fn var(name: &str) -> Expression {
    reference("var", &[name])
}

/// `ROOT.MEMBER.MEMBER`.
fn reference(root: &str, members: &[&str]) -> Expression {
    let members = members
        .iter()
        .map(|member| TraversalOperator::GetAttr(hcl::Identifier::sanitized(*member)));
    let root = Variable::sanitized(root);
    Expression::from(Traversal::new(root, members.collect::<Vec<_>>()))
}

fn object<'a>(members: impl IntoIterator<Item = (&'a str, Expression)>) -> Expression {
    let members = members.into_iter().map(|(key, value)| {
        let key = match hcl::Identifier::new(key) {
            Ok(name) => ObjectKey::Identifier(name),
            Err(_) => ObjectKey::Expression(Expression::from(key)),
        };
        (key, value)
    });
    Expression::Object(members.collect())
}

fn texts(texts: &[String]) -> Expression {
    Expression::Array(
        texts
            .iter()
            .map(|text| Expression::from(text.as_str()))
            .collect(),
    )
}

fn node_group(pool: &NodePool) -> Expression {
    let mut members = vec![
        ("min_size", Expression::from(*pool.nodes.start())),
        ("max_size", Expression::from(*pool.nodes.end())),
        ("desired_size", Expression::from(pool.desired)),
        ("instance_types", texts(&pool.machines)),
        ("disk_size", Expression::from(pool.disk_gib)),
        // Without it the size is that of the launch template, which the module would write.
        ("use_custom_launch_template", Expression::from(false)),
    ];
    if pool.spot {
        members.push(("capacity_type", Expression::from("SPOT")));
    }
    if !pool.labels.is_empty() {
        let labels = pool.labels.iter();
        let labels = labels.map(|(key, value)| (key.as_str(), Expression::from(value.as_str())));
        members.push(("labels", object(labels)));
    }
    if !pool.taints.is_empty() {
        let taints = pool.taints.iter().zip(0..).map(|(taint, number)| {
            let entry = object([
                ("key", Expression::from(taint.key.as_str())),
                ("value", Expression::from(taint.value.as_str())),
                ("effect", Expression::from(taint.effect.of_eks())),
            ]);
            (format!("taint{number}"), entry)
        });
        let taints: Vec<(String, Expression)> = taints.collect();
        let taints = taints
            .iter()
            .map(|(key, value)| (key.as_str(), value.clone()));
        members.push(("taints", object(taints)));
    }
    object(members)
}

fn role_module(needs: &ClusterNeeds, role: &Role) -> Block {
    let account = format!("{}:{}", role.namespace, role.account);
    let provider = object([
        (
            "provider_arn",
            reference("module", &["eks", "oidc_provider_arn"]),
        ),
        ("namespace_service_accounts", texts(&[account])),
    ]);
    let mut module = Block::builder("module")
        .add_label(format!("role-{}", role.name()))
        .add_attribute(("source", ROLE_MODULE))
        .add_attribute(("version", "~> 5.52"))
        .add_attribute(("role_name", format!("{}-{}", needs.name, role.name())))
        .add_attribute(("oidc_providers", object([("main", provider)])));
    module = match &role.may {
        Cloud::EbsCsi => module.add_attribute(("attach_ebs_csi_policy", true)),
        Cloud::ExternalSecrets => module.add_attribute(("attach_external_secrets_policy", true)),
        Cloud::CertManager => module.add_attribute(("attach_cert_manager_policy", true)),
        Cloud::ClusterAutoscaler => module
            .add_attribute(("attach_cluster_autoscaler_policy", true))
            .add_attribute((
                "cluster_autoscaler_cluster_names",
                texts(std::slice::from_ref(&needs.name)),
            )),
        Cloud::Velero(buckets) => module
            .add_attribute(("attach_velero_policy", true))
            .add_attribute(("velero_s3_bucket_arns", texts(buckets))),
        Cloud::Policies(policies) => {
            let policies = policies.iter().zip(0..).map(|(policy, number)| {
                (format!("policy{number}"), Expression::from(policy.as_str()))
            });
            let policies: Vec<(String, Expression)> = policies.collect();
            let policies = policies
                .iter()
                .map(|(key, value)| (key.as_str(), value.clone()));
            module.add_attribute(("role_policy_arns", object(policies)))
        }
    };
    module.build()
}

/// The oldest version that EKS runs in a month, extended support included; AWS announces its end fourteen months and a year ahead.
/// Years before 2025 and after what is announced give the nearest that is known.
pub fn oldest_of_eks(year: u16, month: u8) -> KubernetesMinor {
    // The version, and the last month in which EKS ran or runs it.
    const LAST: [(u16, (u16, u8)); 7] = [
        (28, (2025, 11)),
        (29, (2026, 3)),
        (30, (2026, 7)),
        (31, (2026, 11)),
        (32, (2027, 3)),
        (33, (2027, 7)),
        (34, (2027, 12)),
    ];
    let mut still = LAST.iter().filter(|(_, last)| *last >= (year, month));
    let minor = still.next().map_or(35, |(minor, _)| *minor);
    KubernetesMinor { minor }
}

/// What is wrong with a file of Terraform that calls the EKS module, in a month of a year.
///
/// # Errors
/// [`TerraformError`] for a text that is no Terraform.
pub fn check(text: &str, file: &str, year: u16, month: u8) -> Result<Vec<Finding>, TerraformError> {
    let body = hcl::parse(text)?;
    let mut findings = Vec::new();
    let modules = body.blocks().filter(|block| block.identifier() == "module");
    for module in modules {
        let name = module.labels().first().map_or("", |label| label.as_str());
        let argument = |wanted: &str| {
            let mut attributes = module.body().attributes();
            let found = attributes.find(|attribute| attribute.key() == wanted)?;
            match found.expr() {
                Expression::String(text) => Some(text.clone()),
                Expression::Number(number) => Some(number.to_string()),
                _ => Some(String::new()),
            }
        };
        let mut add = |code: &'static str, severity, at: &str, message: String, remedy: &str| {
            let finding = Finding::new(code, severity, Subject::File(file.to_owned()), message);
            findings.push(finding.at(format!("module.{name}.{at}")).remedy(remedy));
        };
        let source = argument("source").unwrap_or_default();
        // A path of one's own has no versions.
        let is_of_registry =
            !source.starts_with('.') && source.split('/').count() >= 3 && !source.contains("::");
        let version = argument("version");
        if is_of_registry && version.is_none() {
            add(
                "module-floats",
                Severity::Warning,
                "version",
                format!("`{source}` is taken in its newest version, whatever that changes"),
                "write `version = \"~> 20.31\"`, or the version of your choice",
            );
        }
        if source != EKS_MODULE {
            continue;
        }
        // Without a version it is the newest.
        let newest = version
            .as_deref()
            .and_then(major)
            .is_none_or(|major| major >= 21);
        for (old, new) in [
            ("cluster_name", "name"),
            ("cluster_version", "kubernetes_version"),
        ] {
            if newest && argument(old).is_some() {
                add(
                    "module-argument-gone",
                    Severity::Error,
                    old,
                    format!(
                        "version 21 of the module calls it `{new}`: Terraform refuses the argument"
                    ),
                    "write the new name, or a version below 21",
                );
            }
        }
        let oldest = oldest_of_eks(year, month);
        for place in ["cluster_version", "kubernetes_version"] {
            let wanted = argument(place).and_then(|text| text.parse::<KubernetesMinor>().ok());
            if let Some(wanted) = wanted.filter(|wanted| *wanted < oldest) {
                add(
                    "kubernetes-too-old",
                    Severity::Error,
                    place,
                    format!("EKS runs no {wanted} any more; the oldest is {oldest}"),
                    "ask for a version that EKS runs",
                );
            }
        }
    }
    Ok(findings)
}
