//! Where a request goes.

use super::Builder;
use crate::config::Reader;
use crate::encode;
use crate::error::Fault;
use crate::text::{concat, split};
use crate::url::HttpUrl;
use crate::value::Entries;

impl Builder<'_> {
    /// The token endpoint, as it is without the query that a request adds.
    pub(super) fn endpoint(&self) -> Result<HttpUrl, Fault> {
        let reader = Reader {
            host: self.source.host,
            allow_http: self.config.allow_http,
        };
        reader.url("request.url", &self.address())
    }

    fn address(&self) -> String {
        let template = match self.config.text("tokenEndpoint") {
            "" => self.descriptor.text("request.url", ""),
            _ => "{tokenEndpoint}",
        };
        self.expand(template, true).unwrap_or_default()
    }

    pub(super) fn url(&self, query: &Entries) -> Result<String, Fault> {
        let text = if self.config.is_discovered(self.descriptor) {
            // Only previews are made before the metadata is known.
            concat(&["{token_endpoint of ", self.config.text("issuer"), "}"])
        } else if self.masked {
            // What is masked need not be a URL: a mask may stand for a port.
            self.address()
        } else {
            self.endpoint()?.whole().to_owned()
        };
        let added = self.pasted(query, encode::component);
        let (base, own) = split(&text, "?").unwrap_or((&text, ""));
        let (mark, and) = match (own, added.as_str()) {
            ("", "") => ("", ""),
            ("", _) | (_, "") => ("?", ""),
            _ => ("?", "&"),
        };
        Ok(concat(&[base, mark, own, and, &added]))
    }
}
