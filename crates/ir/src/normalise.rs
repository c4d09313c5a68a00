//! Rewrites that never change meaning.
