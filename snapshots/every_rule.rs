//! Placeholder until the first snapshot.
