//! What the containers of a pod may mount.

/// The volumes that the containers of a pod may mount: those without a fault.
#[derive(Default)]
pub(super) struct Volumes<'a> {
    named: Vec<(&'a str, bool)>,
}

impl<'a> Volumes<'a> {
    /// Lets containers mount the volume; as a device, too, if it is a claim.
    pub(super) fn add(&mut self, name: &'a str, claim: bool) {
        self.named.push((name, claim));
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.is_claim(name).is_some()
    }

    /// Whether the volume of this name is a claim, so that it can be a device.
    pub(super) fn is_claim(&self, name: &str) -> Option<bool> {
        self.named
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, claim)| *claim)
    }
}
