//! Work on several things at once. Threads are started for nothing less than two things: that takes longer than most
//! certificates.

use rayon::prelude::*;

/// What a function makes of things, in their order.
pub fn map<T: Send, R: Send>(
    things: impl IntoIterator<Item = T>,
    make: impl Fn(T) -> R + Send + Sync,
) -> Vec<R> {
    let things: Vec<T> = things.into_iter().collect();
    if things.len() < 2 {
        things.into_iter().map(make).collect()
    } else {
        things.into_par_iter().map(make).collect()
    }
}
