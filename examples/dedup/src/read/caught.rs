//! What if another library's parser panics on damaged input? The panic becomes an error and is not shown.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread's panics are caught.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs work that may panic. After a panic, the data that it changed must not be used. The work must stay on this thread.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(hide_caught);
    let outer = CAUGHT.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(outer);
    done.map_err(|panic| message(panic.as_ref()))
}

/// Installs a hook that hides caught panics; other panics are shown as before.
fn hide_caught() {
    let shown = take_hook();
    set_hook(Box::new(move |panic| {
        if !CAUGHT.get() {
            shown(panic);
        }
    }));
}

fn message(panic: &(dyn Any + Send)) -> String {
    let owned = || panic.downcast_ref::<String>().map(String::as_str);
    let text = panic.downcast_ref::<&str>().copied().or_else(owned);
    // The message of an assertion has several lines; only the first is kept.
    let line = text.and_then(|text| text.lines().next());
    line.unwrap_or("it is not as it should be").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_and_later_work_goes_on() {
        let none: Option<u8> = std::hint::black_box(None);
        assert_eq!(caught(|| none.expect("nothing")), Err("nothing".to_owned()));
        assert_eq!(caught(|| 7), Ok(7));
        assert!(!CAUGHT.get());
    }
}
