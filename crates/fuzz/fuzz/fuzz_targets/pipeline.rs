#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rulecast_fuzz::pipeline(bytes));
