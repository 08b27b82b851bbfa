//! Programs that are no charts: how large they are, and how they come into the stack.

use stack_builder::{ComponentError, Contribution, ImageRef, Workload};

/// What a program asks for, and how much memory it may use. It may use any CPU that is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// CPU request, as in `100m`.
    pub request_cpu: String,
    /// Memory that it asks for, in MiB.
    pub request_memory_mib: u32,
    /// Memory beyond which it is killed, in MiB.
    pub limit_memory_mib: u32,
}

impl Footprint {
    /// A program that satisfies the restricted Pod Security Standard, asks the API server for nothing, and uses so much.
    pub(super) fn program(
        &self,
        namespace: &str,
        name: &str,
        image: &ImageRef,
        user: i64,
    ) -> Workload {
        let mib = |mib: u32| format!("{mib}Mi");
        Workload::new(namespace, name, image)
            .user(user)
            .group(user)
            .read_only()
            .without_api_token()
            .requests([
                ("cpu", self.request_cpu.clone()),
                ("memory", mib(self.request_memory_mib)),
            ])
            .limits([("memory", mib(self.limit_memory_mib))])
    }
}

/// Adds a program's objects below a folder, and the wait for its pods.
pub(super) fn contribute(
    program: &Workload,
    folder: &str,
    out: &mut Contribution,
) -> Result<(), ComponentError> {
    if let Some(config) = program.config_map() {
        out.object(format!("{folder}/config.yaml"), config)?;
    }
    out.object(format!("{folder}/deployment.yaml"), program.deployment())?;
    out.object(format!("{folder}/service.yaml"), program.service())?;
    let waited = format!("deployment/{}", program.name());
    super::wait_for(out, program.namespace(), &waited);
    Ok(())
}
