//! What lies below a stack: its cluster, as files that make it.

use serde::Serialize;
use stack_builder::render::yaml;
use stack_builder::{Component, ComponentError, Context, Contribution, Nodes};
use stack_cluster::{ClusterNeeds, terraform};

/// The version of the EKS module that is written.
const MODULE: &str = "~> 20.31";

/// The cluster of a stack: `main.tf`, `eksctl.yaml` and `kind.yaml` make it, each on its own.
/// The stack is installed into the cluster that kubectl points to.
#[derive(Clone, Debug, PartialEq)]
pub struct Foundation {
    /// What the stack needs.
    pub needs: ClusterNeeds,
}

impl Foundation {
    /// The component's id.
    pub const ID: &'static str = "cluster";
}

impl Component for Foundation {
    fn id(&self) -> &str {
        Self::ID
    }

    fn step(&self) -> Option<u8> {
        Some(1)
    }

    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let terraform =
            terraform::eks(&self.needs, MODULE).map_err(|error| ComponentError::Field {
                field: "needs".into(),
                found: "what Terraform cannot say".into(),
                expected: error.to_string(),
            })?;
        out.file("main.tf", terraform)?;
        out.file("eksctl.yaml", yaml::document(&self.needs.eksctl()))?;
        out.file(
            "kind.yaml",
            yaml::document(&value("kind.yaml", self.needs.kind())?),
        )?;
        // What the pools begin with; the control plane is the cloud's.
        let workers = self.needs.pools.iter().map(|pool| pool.desired).sum();
        out.nodes(Nodes {
            control_planes: 0,
            workers,
        });
        Ok(())
    }
}

fn value(path: &str, config: impl Serialize) -> Result<serde_json::Value, ComponentError> {
    serde_json::to_value(config).map_err(|source| ComponentError::Serialize {
        path: path.to_owned(),
        source,
    })
}
