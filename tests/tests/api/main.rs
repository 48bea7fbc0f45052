//! Tests of the API over HTTP, on both databases; modules mirror URLs. One binary, because each
//! links everything.

mod meta;
mod nodes;
