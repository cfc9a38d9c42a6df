//! What is learned of servers, beside a list of all that they said.

use tokenlet::facts::Facts;
use tokenlet::time::Millis;

use super::World;

/// What is learned, and what the servers said, the one that said something last at the end.
#[derive(Default)]
pub(super) struct Learned {
    facts: Facts,
    said: Vec<(String, Option<String>, Option<Millis>)>,
}

/// So many servers are remembered.
const MOST: usize = 200;

impl World {
    /// A server gives a nonce.
    pub fn learn_nonce(&mut self, [server, nonce]: [i64; 2]) {
        let nonce = nonce.to_string();
        self.learned.facts.learn_nonce(&server.to_string(), &nonce);
        self.learned.note(server, Some(nonce), None);
    }

    /// A server tells the time.
    pub fn learn_skew(&mut self, [server, skew]: [i64; 2]) {
        self.learned.facts.learn_skew(&server.to_string(), skew);
        self.learned.note(server, None, Some(skew));
    }
}

impl Learned {
    fn note(&mut self, server: i64, nonce: Option<String>, skew: Option<Millis>) {
        let server = server.to_string();
        let known = self.said.iter().position(|(known, ..)| *known == server);
        let (_, old_nonce, old_skew) = match known {
            Some(at) => self.said.remove(at),
            None => Default::default(),
        };
        self.said
            .push((server, nonce.or(old_nonce), skew.or(old_skew)));
        if self.said.len() > MOST {
            let (gone, ..) = self.said.remove(0);
            assert_eq!(self.facts.known(&gone), Default::default());
        }
        for (server, nonce, skew) in &self.said {
            let known = (nonce.clone().unwrap_or_default(), skew.unwrap_or_default());
            assert_eq!(self.facts.known(server), known);
        }
    }
}
