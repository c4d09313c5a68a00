//! Rules as a whole: the catalogue of wrong translations, types, keys and refusals.

mod catalogue;
mod inferred;
mod left_out;
mod refused;
mod sequences;
mod xdr;
