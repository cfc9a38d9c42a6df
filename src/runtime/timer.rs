//! Waiting, by the runtime's timers.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use gloo_timers::future::TimeoutFuture;

use crate::time::Millis;

/// Waits `span`.
pub(super) async fn sleep(span: Millis) {
    timer(span).await;
}

/// What `task` gives, unless `span` passes first. The timer is cleared with the
/// task, so that it keeps no process alive.
pub(super) async fn within<T>(span: Millis, task: impl Future<Output = T>) -> Option<T> {
    let mut task = pin!(task);
    let mut timer = pin!(timer(span));
    poll_fn(|context| match task.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
    .await
}

fn timer(span: Millis) -> TimeoutFuture {
    TimeoutFuture::new(u32::try_from(span.max(0)).unwrap_or(u32::MAX))
}
