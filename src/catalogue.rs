//! The built-in vendors, as data: one descriptor a file of `src/catalogue`, which
//! `build.rs` puts together in alphabetical order.

use crate::descriptor::{Descriptor, merge};
use crate::error::Fault;
use crate::shape::Guess;
use crate::text::concat;
use crate::value::{Host, Value, take};

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// The descriptor that a caller's `provider` means: a built-in's id, or an
/// object in the descriptor language, merged with what it extends.
pub fn resolve(provider: &Value, host: Host) -> Result<Descriptor, Fault> {
    let mut merged = match provider {
        Value::String(id) => built_in("provider", id, host)?,
        Value::Object(_) if provider.member("id").is_none() => {
            return Err(Fault::at("descriptor.id", "required, but missing"));
        }
        Value::Object(_) => provider.clone(),
        other => {
            return Err(Fault::at(
                "provider",
                &concat(&[
                    "expected a provider's name or a descriptor, got ",
                    other.kind(),
                ]),
            ));
        }
    };
    // A built-in may extend another, and none comes back to itself.
    while let Value::Object(members) = &mut merged
        && let Some(base) = take(members, "extends")
    {
        let mut base = built_in("descriptor.extends", base.own_text(), host)?;
        merge(&mut base, merged);
        merged = base;
    }
    Descriptor::new(merged)
}

fn built_in(path: &str, id: &str, host: Host) -> Result<Value, Fault> {
    let mut guess = Guess::new(id);
    for (known, text) in &CATALOGUE {
        if *known == id {
            return (host.read_json)(text)
                .ok_or_else(|| Fault::at(path, "the runtime's JSON.parse does not work"));
        }
        guess.consider(known);
    }
    let unknown = guess.unknown("provider");
    Err(Fault::at(
        path,
        &concat(&[&unknown, " (providers() lists the built-in ones)"]),
    ))
}
