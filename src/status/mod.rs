//! What is wanted against what is observed.
