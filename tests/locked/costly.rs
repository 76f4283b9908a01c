//! Files that ask for work without end are refused at once, and said to be such.

use std::time::{Duration, Instant};

use pemlint::input::Content;
use pemlint::input::locked::Fault;
use pemlint::issue::{der, pem};

use crate::asked::{PASSWORD, only_key, read};

const PBES2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 13];
const PBKDF2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 12];
const SCRYPT: &[u64] = &[1, 3, 6, 1, 4, 1, 11_591, 4, 11];
const AES_256_CBC: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 1, 42];

/// An encrypted key whose scheme has this function and these parameters behind its salt.
fn key(function: &[u64], salt: usize, numbers: &[u64]) -> Vec<u8> {
    let mut parameters = vec![der::octet_string(&vec![7; salt])];
    parameters.extend(numbers.iter().map(|number| der::unsigned(*number)));
    let function = der::sequence([der::oid(function), der::sequence(parameters)]);
    let cipher = der::sequence([der::oid(AES_256_CBC), der::octet_string(&[9; 16])]);
    let scheme = der::sequence([der::oid(PBES2), der::sequence([function, cipher])]);
    der::sequence([scheme, der::octet_string(&[5; 64])])
}

fn armoured(key: &[u8]) -> String {
    pem::encode("ENCRYPTED PRIVATE KEY", key)
}

/// Why a key was not opened, and how long that took.
fn fault(key: &[u8]) -> (Option<Fault>, Duration) {
    let start = Instant::now();
    let input = read(armoured(key).as_bytes(), &[PASSWORD, "one", "two"]);
    (only_key(&input).lock.clone(), start.elapsed())
}

#[test]
fn counts_beyond_the_caps_are_refused_at_once() {
    let beyond = 5_000_001;
    for (function, salt, numbers) in [
        (PBKDF2, 16, &[beyond][..]),
        (PBKDF2, 16, &[u64::from(u32::MAX)]),
        (PBKDF2, 16, &[u64::MAX]),
        (PBKDF2, 2_000, &[1]),
        (SCRYPT, 16, &[1 << 20, 8, 1]),
        (SCRYPT, 16, &[1 << 63, 8, 1]),
        (SCRYPT, 16, &[2, 1 << 30, 1]),
        (SCRYPT, 16, &[2, 1, 1 << 40]),
        (SCRYPT, 16, &[1 << 15, 8, 100]),
        (SCRYPT, 16, &[1 << 10, u64::MAX, u64::MAX]),
    ] {
        let (fault, time) = fault(&key(function, salt, numbers));
        assert!(matches!(fault, Some(Fault::TooCostly(_))), "{numbers:?}: {fault:?}");
        assert!(time < Duration::from_secs(1), "{numbers:?} took {time:?}");
    }
    for numbers in [&[0, 8, 1][..], &[3, 8, 1], &[1, 8, 1], &[1024, 0, 1], &[1024, 8, 0]] {
        let (fault, _) = fault(&key(SCRYPT, 16, numbers));
        assert!(matches!(fault, Some(Fault::Malformed(_))), "{numbers:?}: {fault:?}");
    }
    assert!(matches!(fault(&key(PBKDF2, 16, &[0])).0, Some(Fault::Malformed(_))));
    assert!(matches!(fault(&key(PBKDF2, 16, &[1, 16])).0, Some(Fault::Malformed(_))));
}

#[test]
fn the_largest_scrypt_that_is_done_takes_little_time_and_memory() {
    let (fault, time) = fault(&key(SCRYPT, 16, &[1 << 15, 8, 1]));
    assert_eq!(fault, Some(Fault::PasswordWrong));
    assert!(time < Duration::from_secs(30), "three passwords took {time:?}");
}

/// A file may hold many keys that are each within the caps.
#[test]
fn all_keys_of_a_file_have_one_budget() {
    let one = armoured(&key(SCRYPT, 16, &[1 << 10, 100, 40]));
    let start = Instant::now();
    let input = read(one.repeat(2_000).as_bytes(), &[PASSWORD]);
    let count = |wanted: fn(&Fault) -> bool| {
        let locks = input.blocks.iter().filter_map(|block| match &block.content {
            Content::Key(key) => key.lock.as_ref(),
            _ => None,
        });
        locks.filter(|fault| wanted(fault)).count()
    };
    // Each takes more than a half of the budget.
    assert_eq!(count(|fault| *fault == Fault::PasswordWrong), 1);
    assert_eq!(count(|fault| matches!(fault, Fault::TooCostly(_))), 1_999);
    assert!(start.elapsed() < Duration::from_secs(60), "it took {:?}", start.elapsed());
}

#[test]
fn many_keys_as_programs_write_them_are_within_the_budget() {
    let one = armoured(&key(PBKDF2, 16, &[10]));
    let input = read(one.repeat(500).as_bytes(), &["one", "two"]);
    assert_eq!(input.blocks.len(), 500);
    for block in &input.blocks {
        let Content::Key(key) = &block.content else { panic!("{block:?}") };
        assert_eq!(key.lock, Some(Fault::PasswordWrong));
    }
}
