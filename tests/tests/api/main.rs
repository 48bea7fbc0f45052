//! Tests of the API over HTTP, on both databases; modules mirror URLs. One binary, because each
//! links everything.

mod admin;
mod auth;
mod desk;
mod editorial;
mod meta;
mod nodes;
