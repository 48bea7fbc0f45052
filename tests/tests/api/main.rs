//! Tests of the API over HTTP, on both databases; modules mirror URLs. One binary, because each
//! links everything.

mod delivery;
mod desk;
mod editorial;
mod meta;
mod nodes;
