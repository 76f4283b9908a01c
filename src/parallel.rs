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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_in_the_order_of_the_things() {
        for count in [0, 1, 2, 100] {
            assert_eq!(map(0..count, |at| at * 2), (0..count).map(|at| at * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn one_thing_is_done_on_the_thread_that_asks() {
        assert_eq!(map([()], |()| std::thread::current().id()), [std::thread::current().id()]);
    }
}
