//! Configuration: layers to settings, each value with its origin.
