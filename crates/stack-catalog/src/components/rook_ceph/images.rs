//! Which images run, and where the charts look for them.

use stack_builder::{ComponentError, Contribution};

use crate::chart_release::{ChartRelease, ImageForm};

/// The images of Rook, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RookCephImages {
    /// `image`: the operator.
    pub rook: String,
    /// `ceph-csi-operator.controllerManager.manager.image`: makes the drivers.
    pub csi_operator: String,
    /// `csi.cephcsi`: the drivers.
    pub csi_plugin: String,
    /// `csi.registrar`, beside each driver.
    pub csi_registrar: String,
    /// `csi.provisioner`, beside each controller.
    pub csi_provisioner: String,
    /// `csi.snapshotter`, beside each controller.
    pub csi_snapshotter: String,
    /// `csi.attacher`, beside each controller.
    pub csi_attacher: String,
    /// `csi.resizer`, beside each controller.
    pub csi_resizer: String,
    /// `csi.csiAddons`, beside drivers where CSI-Addons are switched on.
    pub csi_addons: String,
    /// `cephImage` of the cluster's chart: Ceph itself.
    pub ceph: String,
}

impl Default for RookCephImages {
    fn default() -> Self {
        let side = |name: &str| format!("registry.k8s.io/sig-storage/csi-{name}");
        RookCephImages {
            rook: "docker.io/rook/ceph:v1.20.6".into(),
            csi_operator: "quay.io/cephcsi/ceph-csi-operator:v1.0.4".into(),
            csi_plugin: "quay.io/cephcsi/cephcsi:v3.17.0".into(),
            csi_registrar: side("node-driver-registrar:v2.17.0"),
            csi_provisioner: side("provisioner:v6.2.0"),
            csi_snapshotter: side("snapshotter:v8.5.0"),
            csi_attacher: side("attacher:v4.12.0"),
            csi_resizer: side("resizer:v2.1.0"),
            csi_addons: "quay.io/csiaddons/k8s-sidecar:v0.14.0".into(),
            ceph: "quay.io/ceph/ceph:v20.2.4".into(),
        }
    }
}

/// Which image stands at which key, of the stack and of the version that is known.
type Key = (&'static str, fn(&RookCephImages) -> &str);

const OPERATORS: [Key; 9] = [
    ("image", |images| &images.rook),
    (
        "ceph-csi-operator.controllerManager.manager.image",
        |images| &images.csi_operator,
    ),
    ("csi.cephcsi", |images| &images.csi_plugin),
    ("csi.registrar", |images| &images.csi_registrar),
    ("csi.provisioner", |images| &images.csi_provisioner),
    ("csi.snapshotter", |images| &images.csi_snapshotter),
    ("csi.attacher", |images| &images.csi_attacher),
    ("csi.resizer", |images| &images.csi_resizer),
    ("csi.csiAddons", |images| &images.csi_addons),
];

/// The images of the operators, and of the drivers that they make.
pub(super) fn of_operators(
    images: &RookCephImages,
    release: &mut ChartRelease,
    out: &mut Contribution,
) -> Result<(), ComponentError> {
    let default = RookCephImages::default();
    for (key, of) in OPERATORS {
        release.image(out, key, ImageForm::Repository, of(images), of(&default))?;
    }
    Ok(())
}

/// The image of Ceph.
pub(super) fn of_cluster(
    images: &RookCephImages,
    release: &mut ChartRelease,
    out: &mut Contribution,
) -> Result<(), ComponentError> {
    let default = RookCephImages::default();
    let form = ImageForm::Repository;
    release.image(out, "cephImage", form, &images.ceph, &default.ceph)
}
