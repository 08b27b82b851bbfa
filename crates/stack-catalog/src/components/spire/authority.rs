//! Who signs, and where what is registered is kept.

use crate::sizes::Volume;

/// Who the root of the domain says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaSubject {
    /// The country, two letters. Default: `ZZ`, none that there is.
    pub country: String,
    /// The organization. Default: `Platform`.
    pub organization: String,
    /// The name; `None` for the trust domain. Default: none.
    pub common_name: Option<String>,
}

impl Default for CaSubject {
    fn default() -> Self {
        CaSubject {
            country: "ZZ".into(),
            organization: "Platform".into(),
            common_name: None,
        }
    }
}

/// Where the server keeps what is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// In a file on a volume: one server.
    File(Volume),
    /// In PostgreSQL, from where several servers read; the keys lie on a volume.
    Postgres {
        /// The host.
        host: String,
        /// The database.
        database: String,
        /// The user.
        user: String,
        /// The Secret of the namespace with the password, in the key `password`.
        secret: String,
        /// The volume of the keys.
        volume: Volume,
    },
}

impl Default for Store {
    fn default() -> Self {
        Store::File(Volume::new("5Gi"))
    }
}

/// Who signs the server's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Authority {
    /// Its root signs itself, and is made anew in each cluster.
    #[default]
    Own,
    /// A CA whose certificate and key lie in this Secret of the namespace, as `tls.crt` and `tls.key`.
    Secret(String),
}
