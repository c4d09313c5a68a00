//! A test-only package: see `every_rule.rs`.
