//! Properties of the table and of random walks through it.
