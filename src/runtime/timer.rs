//! Waiting, by the runtime's timers.

use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::time::Millis;

/// Waits `span`.
pub(super) async fn sleep(span: Millis) {
    Timer::new(span).await;
}

/// What `task` gives, unless `span` passes first. The timer is cleared with the
/// task, so that it keeps no process alive.
pub(super) async fn within(span: Millis, task: &mut JsFuture) -> Option<Result<JsValue, JsValue>> {
    let mut timer = Timer::new(span);
    poll_fn(move |context| match Pin::new(&mut *task).poll(context) {
        Poll::Ready(given) => Poll::Ready(Some(given)),
        Poll::Pending => Pin::new(&mut timer).poll(context).map(|()| None),
    })
    .await
}

/// A timer that is waited for by one task. The library's own future would bring
/// a channel between threads along, for a bell that rings once.
struct Timer {
    bell: Rc<Bell>,
    _timeout: Timeout,
}

#[derive(Default)]
struct Bell {
    rang: Cell<bool>,
    sleeper: RefCell<Option<Waker>>,
}

impl Timer {
    fn new(span: Millis) -> Self {
        let bell = Rc::new(Bell::default());
        let own = bell.clone();
        let timeout = Timeout::new(u32::try_from(span.max(0)).unwrap_or(u32::MAX), move || {
            own.rang.set(true);
            if let Some(sleeper) = own.sleeper.take() {
                sleeper.wake();
            }
        });
        Self {
            bell,
            _timeout: timeout,
        }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.bell.rang.get() {
            return Poll::Ready(());
        }
        self.bell.sleeper.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}
