//! What the store says to the database, heard by diesel's instrumentation.

use std::cell::RefCell;
use std::sync::Once;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

thread_local! {
    static HEARD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Listens on every connection opened from now on; to be called before a store is opened.
///
/// # Panics
/// Never: nothing of ours locks what it sets.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_default_instrumentation(|| Some(Box::new(Ear))).expect("an ear"));
}

struct Ear;

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            HEARD.with_borrow_mut(|heard| heard.push(query.to_string()));
        }
    }
}

/// The statements this thread ran meanwhile, with their values behind ` -- binds: `.
pub fn of<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    HEARD.with_borrow_mut(Vec::clear);
    let result = work();
    (result, HEARD.with_borrow_mut(std::mem::take))
}
