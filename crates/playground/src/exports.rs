//! What a page calls: three functions over one buffer for the question and one for the answer.
//!
//! A page asks [`question`] for room, writes the question there as UTF-8, calls [`compile`], and reads as many bytes as
//! that returns from where [`answer`] says. No pointer is read here: both buffers are ours, and stay until the next call.
#![allow(
    unsafe_code,
    reason = "a symbol that another language finds by its name has an unsafe attribute; no block is unsafe"
)]

use std::sync::{Mutex, MutexGuard, PoisonError};

static QUESTION: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ANSWER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn held(buffer: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    buffer.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Room for a question of so many bytes.
#[unsafe(no_mangle)]
extern "C" fn question(length: usize) -> *mut u8 {
    let mut buffer = held(&QUESTION);
    buffer.clear();
    buffer.resize(length, 0);
    buffer.as_mut_ptr()
}

/// Answers the question that was written; how many bytes the answer has.
#[unsafe(no_mangle)]
extern "C" fn compile() -> usize {
    let question = held(&QUESTION);
    let text = crate::answer_json(&String::from_utf8_lossy(&question));
    let mut answer = held(&ANSWER);
    *answer = text.into_bytes();
    answer.len()
}

/// Where the last answer stands.
#[unsafe(no_mangle)]
extern "C" fn answer() -> *const u8 {
    held(&ANSWER).as_ptr()
}
