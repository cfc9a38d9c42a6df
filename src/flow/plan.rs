//! What an acquisition is to do, checked whole before it begins.

use crate::catalogue;
use crate::config::Config;
use crate::descriptor::Descriptor;
use crate::digest::sha256;
use crate::discovery::{self, Place};
use crate::error::{Error, Fault};
use crate::request::{self, Source};
use crate::secret::Secret;
use crate::text::{concat, split_before};
use crate::time::Millis;
use crate::value::{Host, Value};

/// A call that was checked whole: nothing in it can be refused any more.
#[derive(Clone)]
pub struct Plan {
    /// The provider.
    pub descriptor: Descriptor,
    /// The caller's config.
    pub config: Config,
    /// Whether it fetches an issuer's metadata, and no token.
    pub is_of_metadata: bool,
}

impl Plan {
    /// Checks a call. Whatever is wrong with it is found here, before anything is
    /// sent and before any function of the caller's is asked.
    pub fn new(provider: &Value, config: &Value, host: Host) -> Result<Self, Box<Error>> {
        Self::of(catalogue::resolve(provider, host)?, config, host)
    }

    /// The same, for a descriptor that is known already.
    pub fn of(descriptor: Descriptor, config: &Value, host: Host) -> Result<Self, Box<Error>> {
        let checked = || -> Result<Config, Fault> {
            let config = Config::new(config, &descriptor, host)?;
            let source = Source {
                descriptor: &descriptor,
                config: &config,
                host,
                wall: 0,
                id: "",
                signed: &[],
            };
            request::preview(source)?;
            if config.is_discovered(&descriptor) {
                let (id, issuer) = (descriptor.id(), config.text("issuer"));
                discovery::source(id, issuer, Place::Connect, &config, host)?;
            } else {
                request::unsigned(source, &Secret::new(String::new()), "")?;
            }
            request::usage(source)?;
            Ok(config)
        };
        match checked() {
            Ok(config) => Ok(Self {
                descriptor,
                config,
                is_of_metadata: false,
            }),
            Err(fault) => {
                let mut error = Box::<Error>::from(fault);
                error.provider = Some(descriptor.id().to_owned());
                Err(error)
            }
        }
    }

    /// What requests are made of at the time `wall`.
    #[must_use]
    pub fn source(&self, host: Host, wall: Millis) -> Source<'_> {
        Source {
            descriptor: &self.descriptor,
            config: &self.config,
            host,
            wall,
            id: "",
            signed: &[],
        }
    }

    /// What fetches the metadata that names the token endpoint.
    pub fn metadata(&self, host: Host) -> Result<Self, Fault> {
        let (id, issuer) = (self.descriptor.id(), self.config.text("issuer"));
        Ok(Self {
            descriptor: discovery::source(id, issuer, Place::Connect, &self.config, host)?,
            config: discovery::config(&self.config),
            is_of_metadata: true,
        })
    }

    /// What fetches the same metadata from the other place.
    pub fn elsewhere(&self, host: Host) -> Option<Self> {
        let (id, issuer) = (self.descriptor.id(), discovery::issuer(&self.descriptor));
        let descriptor = discovery::source(id, issuer, Place::OAuth, &self.config, host).ok()?;
        Some(Self {
            descriptor,
            ..self.clone()
        })
    }

    /// What the token is cached under: everything that could change which token the
    /// server would give, by its digest, so that no secret is kept for it.
    #[must_use]
    pub fn key(&self) -> String {
        let parts = [self.descriptor.canonical(), "\n", &self.config.canonical()];
        concat(&[self.descriptor.id(), "\n", &sha256(&concat(&parts))])
    }
}

/// The id of the provider that a key is for.
#[must_use]
pub fn provider_of(key: &str) -> &str {
    split_before(key, b"\n").0
}
