//! Files: walk, read, atomic write.
