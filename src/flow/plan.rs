//! What an acquisition is to do, checked whole before it begins.

use crate::catalogue;
use crate::config::Config;
use crate::descriptor::Descriptor;
use crate::digest::sha256;
use crate::discovery;
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
    /// What is asked instead where the server refuses the first.
    pub other: Option<Descriptor>,
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
                signed: &[],
            };
            request::preview(source)?;
            if config.is_discovered(&descriptor) {
                discovery::sources(descriptor.id(), &config, host)?;
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
                other: None,
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
            signed: &[],
        }
    }

    /// What fetches the metadata that names the token endpoint.
    pub fn metadata(&self, host: Host) -> Result<Self, Fault> {
        let (descriptor, other, config) =
            discovery::sources(self.descriptor.id(), &self.config, host)?;
        Ok(Self {
            descriptor,
            config,
            is_of_metadata: true,
            other: Some(other),
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
