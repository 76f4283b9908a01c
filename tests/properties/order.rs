//! The same inputs give the same bytes, whatever the order in which they are
//! named and the number of threads.

use std::fs;

use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use crate::edits::FIXTURES;
use crate::run::{NOW, program, settings};

/// Files of a run; more than threads, so that these have something to share.
const FILES: usize = 12;

proptest! {
    #![proptest_config(settings(6))]

    #[test]
    fn a_report_depends_neither_on_order_nor_on_threads(
        chosen in prop::collection::vec(any::<Index>(), FILES),
        shuffled in subsequence((0..FILES).collect::<Vec<_>>(), FILES).prop_shuffle(),
        join in any::<bool>(),
        format in prop::sample::select(&["human", "json", "sarif"][..]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..FILES).map(|at| format!("file{at}.pem")).collect();
        for (name, index) in names.iter().zip(&chosen) {
            fs::write(folder.path().join(name), &index.get(&FIXTURES).1).unwrap();
        }
        let run = |order: &[usize], threads: &str| {
            let mut arguments = vec!["check", "--at", NOW, "--format", format, "--threads", threads];
            arguments.extend(join.then_some("--join"));
            arguments.extend(order.iter().map(|at| names[*at].as_str()));
            let output = program(folder.path(), &arguments);
            prop_assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
            prop_assert!(output.stdout.len() > 100);
            Ok((output.status.code(), String::from_utf8(output.stdout).unwrap()))
        };
        let in_order: Vec<usize> = (0..FILES).collect();
        let first = run(&in_order, "1")?;
        prop_assert_eq!(&first, &run(&in_order, "4")?, "four threads");
        prop_assert_eq!(&first, &run(&shuffled, "1")?, "another order");
        prop_assert_eq!(&first, &run(&shuffled, "4")?, "another order, four threads");
    }
}
