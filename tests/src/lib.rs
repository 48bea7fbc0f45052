//! The tests of the API live in `tests/`; folders mirror URLs. Nothing is built from here.
