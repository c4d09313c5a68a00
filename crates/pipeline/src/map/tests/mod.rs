//! Rules as a whole: the catalogue of wrong translations, types, keys and refusals.

mod asim;
mod catalogue;
mod cim;
mod ecs;
mod inferred;
mod left_out;
mod refused;
mod securityevent;
mod sequences;
mod splunk;
mod xdr;
