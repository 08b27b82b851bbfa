//! ChaosCenter: Litmus' portal.

use serde_json::{Value, json};
use stack_builder::{
    Component, ComponentError, Context, Contribution, Count, ImageRef, Overlay, Pods, Release,
};

use crate::chart_release::{ChartRelease, ImageForm, Upstream};
use crate::home::{Home, PodSecurity, at_home};
use crate::ids::LITMUS_PORTAL;
use crate::provide;
use crate::sizes::{Resources, Size, Volume, quantity, refused};

/// The chart of the portal that is known.
pub const PORTAL_UPSTREAM: Upstream =
    Upstream::new(super::REPOSITORY, "litmus", "3.29.1").aliased("litmuschaos");

/// ChaosCenter: a page, an API and accounts for chaos in several clusters. It does nothing to a cluster by itself: that is what
/// [`LitmusAgent`](super::LitmusAgent) is for.
///
/// The chart's own MongoDB is an archived one of Bitnami, whose images get no updates: name a server of your own where you have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LitmusPortal {
    /// Where it runs. Default: a namespace `litmus-portal` of its own, at the level `baseline`.
    pub home: Home,
    /// The chart's version. Default: that of [`PORTAL_UPSTREAM`].
    pub version: String,
    /// The Secret of the namespace with `ADMIN_USERNAME`, `ADMIN_PASSWORD`, `JWT_SECRET`, `DB_USER` and `DB_PASSWORD`; else the chart
    /// would let in `admin` with the password `litmus`. Default: `litmus-admin`.
    pub secret: String,
    /// Where it keeps what it knows. Default: in a MongoDB of its own.
    pub database: LitmusDatabase,
    /// How many pods of the page and of the service for accounts. Default: 2; one in a small stack.
    pub replicas: u32,
    /// What one pod asks for and may use.
    pub resources: Resources,
    /// Values of one's own, merged over the others.
    pub overlay: Overlay,
    /// Where its images come from.
    pub images: LitmusPortalImages,
}

/// Where ChaosCenter keeps what it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LitmusDatabase {
    /// In a MongoDB of the release: a set of replicas with an arbiter.
    Own {
        /// The Secret of the namespace with `mongodb-root-password` and `mongodb-replica-set-key`; else the chart draws the key anew at
        /// each rendering, and the password is `1234`.
        secret: String,
        /// How many replicas.
        replicas: u32,
        /// The volume of each.
        volume: Volume,
    },
    /// In a MongoDB that is there, by its address: `mongodb://mongo.example.com:27017`.
    At(String),
}

/// The images of the portal. The chart puts them together of one registry and many names, so all must lie in one folder but those of
/// MongoDB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LitmusPortalImages {
    /// `portal.frontend.image`.
    pub frontend: String,
    /// `portal.server.graphqlServer.image`.
    pub server: String,
    /// `portal.server.authServer.image`.
    pub auth: String,
    /// `portal.server.waitForMongodb.image`.
    pub wait: String,
    /// What the portal hands to clusters that join, by its key below `portal.server.graphqlServer.imageEnv`.
    pub handed_on: Vec<(String, String)>,
    /// `mongodb.image`.
    pub mongodb: String,
    /// `mongodb.volumePermissions.image`.
    pub volume_permissions: String,
}

impl Default for LitmusPortalImages {
    fn default() -> Self {
        let image = |name: &str| format!("litmuschaos.docker.scarf.sh/litmuschaos/{name}");
        let handed_on = [
            ("SUBSCRIBER_IMAGE", "litmusportal-subscriber:3.29.0"),
            ("EVENT_TRACKER_IMAGE", "litmusportal-event-tracker:3.29.0"),
            (
                "ARGO_WORKFLOW_CONTROLLER_IMAGE",
                "workflow-controller:v3.3.1",
            ),
            ("ARGO_WORKFLOW_EXECUTOR_IMAGE", "argoexec:v3.3.1"),
            ("LITMUS_CHAOS_OPERATOR_IMAGE", "chaos-operator:3.29.0"),
            ("LITMUS_CHAOS_RUNNER_IMAGE", "chaos-runner:3.29.0"),
            ("LITMUS_CHAOS_EXPORTER_IMAGE", "chaos-exporter:3.29.0"),
        ];
        LitmusPortalImages {
            frontend: image("litmusportal-frontend:3.29.0"),
            server: image("litmusportal-server:3.29.0"),
            auth: image("litmusportal-auth-server:3.29.0"),
            wait: image("mongo:6"),
            handed_on: handed_on
                .map(|(key, name)| (key.to_owned(), image(name)))
                .into(),
            mongodb: "docker.io/bitnamilegacy/mongodb:8.0.13-debian-12-r0".into(),
            volume_permissions: "docker.io/bitnamilegacy/os-shell:12-debian-12-r51".into(),
        }
    }
}

impl Default for LitmusPortal {
    fn default() -> Self {
        LitmusPortal {
            home: Home::own("litmus-portal"),
            version: PORTAL_UPSTREAM.version.into(),
            secret: "litmus-admin".into(),
            database: LitmusDatabase::Own {
                secret: "litmus-mongo".into(),
                replicas: 3,
                volume: Volume::new("8Gi"),
            },
            replicas: 2,
            resources: Resources::new("100m", "256Mi").memory_limit("712Mi"),
            overlay: Overlay::new(),
            images: LitmusPortalImages::default(),
        }
    }
}

/// The release; the chart's names come of it.
const RELEASE: &str = "litmus";

impl LitmusPortal {
    fn release(&self, out: &mut Contribution) -> Result<Release, ComponentError> {
        if self.replicas == 0 {
            return Err(refused("replicas", 0, "at least 1"));
        }
        let resources = self.resources.to_value("resources")?;
        let pods = json!({"replicas": self.replicas, "resources": resources});
        let mut release = ChartRelease::new(
            RELEASE,
            &PORTAL_UPSTREAM,
            &self.version,
            &json!({
                "existingSecret": self.secret,
                "portal": {
                    "frontend": pods,
                    "server": {
                        "graphqlServer": {"resources": resources},
                        "authServer": pods,
                        "waitForMongodb": {"resources": resources},
                    },
                },
            }),
        )?;
        self.keep(&mut release, out)?;
        self.write_images(&mut release, out)?;
        release.finish(self.home.name(), &self.overlay)
    }

    fn keep(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        match &self.database {
            LitmusDatabase::At(address) => {
                if !address.starts_with("mongodb") {
                    let expected = "an address such as mongodb://mongo.example.com:27017";
                    return Err(refused("database", address, expected));
                }
                release.set("mongodb.enabled", false);
                release.set("adminConfig.DB_SERVER", address.as_str());
            }
            LitmusDatabase::Own {
                secret,
                replicas,
                volume,
            } => {
                if *replicas == 0 {
                    return Err(refused("database.replicas", 0, "at least 1"));
                }
                quantity("database.volume.size", &volume.size)?;
                let resources = Resources::new("100m", "256Mi").memory_limit("1Gi");
                release.set("mongodb.replicaCount", *replicas);
                release.set("mongodb.auth.existingSecret", secret.as_str());
                release.set("mongodb.persistence.size", volume.size.as_str());
                let class = volume.class.as_deref();
                release.set_some("mongodb.persistence.storageClass", class);
                release.set("mongodb.resources", resources.to_value("database")?);
                let small = Resources::new("20m", "64Mi").memory_limit("256Mi");
                release.set("mongodb.arbiter.resources", small.to_value("database")?);
                let (images, default) = (&self.images, LitmusPortalImages::default());
                let form = ImageForm::Split;
                let (image, known) = (&images.mongodb, &default.mongodb);
                release.image(out, "mongodb.image", form, image, known)?;
                let key = "mongodb.volumePermissions.image";
                let (image, known) = (&images.volume_permissions, &default.volume_permissions);
                release.image(out, key, form, image, known)?;
                provide::secret(out, self.home.name(), secret);
            }
        }
        Ok(())
    }

    fn write_images(
        &self,
        release: &mut ChartRelease,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        let images = &self.images;
        let mut folder = None;
        let mut below = |image: &ImageRef| {
            let (there, name) = image.name().rsplit_once('/').unwrap_or_default();
            let folder = folder.get_or_insert_with(|| there.to_owned());
            match *folder == there {
                true => Ok(name.to_owned()),
                false => {
                    let expected = format!("an image below {folder}, as the others");
                    Err(refused("images", image, &expected))
                }
            }
        };
        for (part, image) in [
            ("frontend", &images.frontend),
            ("server.graphqlServer", &images.server),
            ("server.authServer", &images.auth),
            ("server.waitForMongodb", &images.wait),
        ] {
            let key = format!("portal.{part}.image");
            let image = out.image(&key, image)?;
            release.set(&format!("{key}.repository"), below(&image)?);
            release.set_some(&format!("{key}.tag"), image.tag().map(tag));
        }
        for (variable, image) in &images.handed_on {
            let key = format!("portal.server.graphqlServer.imageEnv.{variable}");
            let image = out.commented_image(&key, image, "handed to clusters that join")?;
            let name = below(&image)?;
            let tag = image.tag().unwrap_or("latest");
            release.set(&key, format!("{name}:{tag}"));
        }
        release.set_some("image.imageRegistryName", folder);
        Ok(())
    }
}

/// The chart has the tag `6` as a number.
fn tag(text: &str) -> Value {
    text.parse::<u64>()
        .map_or_else(|_| text.into(), Value::from)
}

impl Component for LitmusPortal {
    at_home!(LITMUS_PORTAL, requires: home);

    fn resize(&mut self, profile: &str) {
        if let Some(size) = Size::named(profile) {
            self.replicas = if size == Size::Small { 1 } else { 2 };
        }
    }

    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        out.licences(super::LICENCES)?;
        let namespace = self.home.name();
        self.home.contribute(PodSecurity::Baseline, out)?;
        let release = self.release(out)?;
        // The databases, and the arbiter among them.
        let databases = match &self.database {
            LitmusDatabase::Own { replicas, .. } => replicas.saturating_add(1),
            LitmusDatabase::At(_) => 0,
        };
        let pods = Pods::exactly(self.replicas * 2 + 1 + databases);
        out.release(release.running(pods));
        provide::secret(out, namespace, &self.secret);
        provide::service(out, namespace, "litmus-frontend-service", &[9091]);
        let ports = [9002, 8000, 8889];
        provide::service(out, namespace, "litmus-server-service", &ports);
        let ports = [9003, 3030];
        provide::service(out, namespace, "litmus-auth-server-service", &ports);
        let questions = out.questions();
        for (at, (part, number)) in (1..).zip([
            ("frontend", self.replicas),
            ("auth-server", self.replicas),
            ("server", 1),
        ]) {
            questions.pods(
                &format!("CHAOSCENTER-{at}"),
                &format!("`litmus-{part}` runs"),
                namespace,
                &format!("app.kubernetes.io/component=litmus-{part}"),
                Count::exactly(number),
                None,
            );
        }
        Ok(())
    }
}
