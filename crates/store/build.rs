//! Builds the crate again when a migration is added: the macro that embeds them sees only changes
//! of files it knows.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../../migrations");
}
