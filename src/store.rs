//! Bounded storage of entries: the least recently used one goes first.
//!
//! Entries stand in numbered slots, so that a hit finds its own without a
//! look-up, and are linked in the order of their use, so that no call costs
//! more when there are more entries.

use core::cmp::Ordering;
use std::rc::Rc;

/// The entries, by slot and by key.
pub(crate) struct Store<E> {
    slots: Vec<Option<Node<E>>>,
    free: Vec<u32>,
    /// The slots in the order of their keys. To insert one moves the numbers behind
    /// it, which costs a microsecond among thousands; a tree or a table costs
    /// kilobytes of wasm.
    by_key: Vec<u32>,
    newest: u32,
    oldest: u32,
}

struct Node<E> {
    key: Rc<str>,
    entry: E,
    newer: u32,
    older: u32,
}

/// No slot: the end of the chain.
const NOWHERE: u32 = u32::MAX;

impl<E> Store<E> {
    pub(crate) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            by_key: Vec::new(),
            newest: NOWHERE,
            oldest: NOWHERE,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.by_key.len()
    }

    pub(crate) fn slot(&self, key: &str) -> Option<u32> {
        let at = self.position(key).ok()?;
        self.by_key.get(at).copied()
    }

    pub(crate) fn get(&mut self, slot: u32) -> Option<&mut E> {
        self.node(slot).map(|node| &mut node.entry)
    }

    /// The key of the entry in `slot`.
    pub(crate) fn key(&self, slot: u32) -> Option<Rc<str>> {
        Some(self.peek(slot)?.key.clone())
    }

    /// Makes `slot` the most recently used.
    pub(crate) fn touch(&mut self, slot: u32) {
        if self.newest != slot {
            self.unlink(slot);
            self.link(slot);
        }
    }

    /// Puts a new entry where there is none for `key` yet.
    pub(crate) fn insert(&mut self, key: Rc<str>, entry: E) -> u32 {
        let at = self.position(&key).unwrap_or_else(|at| at);
        let node = Node {
            key,
            entry,
            newer: NOWHERE,
            older: NOWHERE,
        };
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.slots.push(None);
                u32::try_from(self.slots.len())
                    .unwrap_or(NOWHERE)
                    .saturating_sub(1)
            }
        };
        if let Some(place) = self.place(slot) {
            *place = Some(node);
        }
        self.by_key.insert(at, slot);
        self.link(slot);
        slot
    }

    /// Drops the least recently used entries that are not `pinned` until `most`
    /// are left, and gives what went. Pinned ones are passed over, and may keep the
    /// store above it.
    pub(crate) fn shrink(&mut self, most: usize, pinned: &dyn Fn(&E) -> bool) -> Vec<(Rc<str>, E)> {
        let mut gone = Vec::new();
        let mut slot = self.oldest;
        while self.len() > most {
            let Some(node) = self.node(slot) else {
                break;
            };
            let newer = node.newer;
            if !pinned(&node.entry) {
                gone.extend(self.remove(slot));
            }
            slot = newer;
        }
        gone
    }

    fn remove(&mut self, slot: u32) -> Option<(Rc<str>, E)> {
        self.unlink(slot);
        if let Ok(at) = self.position(&self.peek(slot)?.key) {
            self.by_key.remove(at);
        }
        let node = self.place(slot)?.take()?;
        self.free.push(slot);
        Some((node.key, node.entry))
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.by_key.binary_search_by(|slot| match self.peek(*slot) {
            Some(node) => (*node.key).cmp(key),
            None => Ordering::Less,
        })
    }

    fn peek(&self, slot: u32) -> Option<&Node<E>> {
        self.slots.get(usize::try_from(slot).ok()?)?.as_ref()
    }

    fn place(&mut self, slot: u32) -> Option<&mut Option<Node<E>>> {
        self.slots.get_mut(usize::try_from(slot).ok()?)
    }

    fn node(&mut self, slot: u32) -> Option<&mut Node<E>> {
        self.place(slot)?.as_mut()
    }

    fn link(&mut self, slot: u32) {
        let older = self.newest;
        if let Some(node) = self.node(slot) {
            node.newer = NOWHERE;
            node.older = older;
        }
        match self.node(older) {
            Some(node) => node.newer = slot,
            None => self.oldest = slot,
        }
        self.newest = slot;
    }

    fn unlink(&mut self, slot: u32) {
        let Some(node) = self.node(slot) else {
            return;
        };
        let (newer, older) = (node.newer, node.older);
        match self.node(newer) {
            Some(node) => node.older = older,
            None => self.newest = older,
        }
        match self.node(older) {
            Some(node) => node.newer = newer,
            None => self.oldest = newer,
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_goes_first_and_pinned_ones_stay() {
        let mut store = Store::new();
        let slots: Vec<u32> = ["a", "b", "c", "d"]
            .into_iter()
            .map(|key| store.insert(key.into(), key))
            .collect();
        store.touch(slots[0]);
        store.shrink(2, &|entry| *entry == "b");
        assert_eq!(
            ["a", "b", "c", "d"].map(|key| store.slot(key).is_some()),
            [true, true, false, false]
        );
        let reused = store.insert("e".into(), "e");
        assert!(
            slots.contains(&reused),
            "a slot that was freed is used again"
        );
        store.shrink(1, &|_| false);
        assert_eq!(store.slot("e"), Some(reused));
    }

    proptest::proptest! {
        #[test]
        fn it_behaves_like_a_list(steps in proptest::collection::vec((0_u8..8, 0_u8..3), 0..200), most in 1_usize..6) {
            let mut store = Store::new();
            let mut model: Vec<u8> = Vec::new(); // oldest first
            for (key, step) in steps {
                let text = key.to_string();
                match (step, store.slot(&text)) {
                    (0, None) => {
                        store.insert(text.as_str().into(), key);
                        model.push(key);
                        store.shrink(most, &|_| false);
                        while model.len() > most {
                            model.remove(0);
                        }
                    }
                    (1, Some(slot)) => {
                        store.touch(slot);
                        model.retain(|known| *known != key);
                        model.push(key);
                    }
                    (_, slot) => assert_eq!(slot.and_then(|slot| store.get(slot).copied()), model.iter().copied().find(|known| *known == key)),
                }
                assert_eq!(store.len(), model.len());
            }
        }
    }
}
