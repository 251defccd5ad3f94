//! The console and everything that is written to it.
