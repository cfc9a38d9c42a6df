//! What was learned of servers, beside their tokens: the nonces that they want in proofs
//! (RFC 9449, section 8), and how far their clocks are off.

use std::cell::RefCell;

use crate::time::Millis;

/// What was learned, by origin. All acquisitions share it.
#[derive(Default)]
pub struct Facts(RefCell<Vec<Fact>>);

struct Fact {
    origin: String,
    nonce: String,
    skew: Millis,
}

/// More servers than anybody asks for tokens at a time; a forgotten fact costs one
/// request.
const MOST: usize = 200;
/// Longer nonces would make headers that no server takes, and are not kept.
const LONGEST_NONCE: usize = 1_024;

impl Facts {
    /// The nonce that the server gave last, which is empty when it gave none, and how far its
    /// clock is ahead of this one, as far as assertions go.
    #[must_use]
    pub fn known(&self, origin: &str) -> (String, Millis) {
        for fact in &*self.0.borrow() {
            if fact.origin == origin {
                return (fact.nonce.clone(), fact.skew);
            }
        }
        Default::default()
    }

    /// Takes the nonce for the next proof.
    pub fn learn_nonce(&self, origin: &str, nonce: &str) {
        if nonce.len() <= LONGEST_NONCE {
            self.change(origin, &mut |fact| fact.nonce = nonce.to_owned());
        }
    }

    /// Takes how far the server's clock is ahead.
    pub fn learn_skew(&self, origin: &str, skew: Millis) {
        self.change(origin, &mut |fact| fact.skew = skew);
    }

    /// Changes the fact of an origin, which becomes the youngest.
    fn change(&self, origin: &str, change: &mut dyn FnMut(&mut Fact)) {
        let mut facts = self.0.borrow_mut();
        let known = facts.iter().position(|fact| fact.origin == origin);
        let mut fact = match known {
            Some(at) => facts.remove(at),
            None => Fact {
                origin: origin.to_owned(),
                nonce: String::new(),
                skew: 0,
            },
        };
        change(&mut fact);
        facts.push(fact);
        if facts.len() > MOST {
            facts.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_kept_by_origin_and_the_oldest_go_first() {
        let facts = Facts::default();
        for number in 0..=MOST {
            let origin = number.to_string();
            facts.learn_nonce(&origin, &origin);
            facts.learn_skew("0", 7);
        }
        assert_eq!(facts.known("0"), ("0".to_owned(), 7), "what is used stays");
        assert_eq!(facts.known("1"), (String::new(), 0), "the oldest went");
        assert_eq!(facts.known("2"), ("2".to_owned(), 0));
        facts.learn_nonce("2", "other");
        assert_eq!(facts.known("2"), ("other".to_owned(), 0));
    }
}
