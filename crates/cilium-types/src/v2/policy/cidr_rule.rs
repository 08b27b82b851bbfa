//! Blocks of addresses with exceptions.

use crd_core::{Object, Union};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use crate::cidr::Cidr;

/// Blocks of addresses outside of the cluster, less some blocks within them.
///
/// A block never matches an address that Cilium knows as an endpoint or a node of the
/// cluster.
///
/// ```
/// use cilium_types::v2::{Cidr, CidrRule};
///
/// let office: Cidr = "10.0.0.0/8".parse()?;
/// let services: Cidr = "10.96.0.0/12".parse()?;
/// let rule = CidrRule::cidr(office).except([services]);
/// # Ok::<(), cilium_types::v2::CidrError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Object)]
pub struct CidrRule {
    /// The blocks meant: `cidr`, `cidrGroupRef` or `cidrGroupSelector`, exactly one of them.
    #[field(embed)]
    pub block: CidrBlock,
    /// Blocks that are left out again. They must lie within [`CidrBlock::Cidr`]; with the
    /// other two the agent does not support them. Empty and absent are the same.
    pub except: Vec<Cidr>,
}

/// Where the blocks of a [`CidrRule`] come from.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum CidrBlock {
    /// One block, written here.
    Cidr(Cidr),
    /// The blocks of the `CiliumCIDRGroup` with this name: a DNS subdomain name, at most
    /// 253 characters.
    #[schemars(
        length(max = 253),
        regex(pattern = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
    )]
    CidrGroupRef(String),
    /// The blocks of each `CiliumCIDRGroup` with these labels. The empty selector picks
    /// all groups.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    CidrGroupSelector(LabelSelector),
}

impl CidrRule {
    /// One block without exceptions.
    pub fn cidr(cidr: Cidr) -> Self {
        Self {
            block: CidrBlock::Cidr(cidr),
            except: Vec::new(),
        }
    }

    /// The blocks of the `CiliumCIDRGroup` with this name.
    pub fn group(name: impl Into<String>) -> Self {
        Self {
            block: CidrBlock::CidrGroupRef(name.into()),
            except: Vec::new(),
        }
    }

    /// Leaves blocks out again.
    #[must_use]
    pub fn except(mut self, blocks: impl IntoIterator<Item = Cidr>) -> Self {
        self.except.extend(blocks);
        self
    }
}
